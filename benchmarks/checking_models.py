"""The models that checking weighs signs with, fitted on true and corrupted sentences (`benchmarks.checking`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis import Span
from index.search import Candidate
from qa.logistic import LogisticModel
from qa.verification.support import Comparison
from qa.verification.support_model import Calibration, SupportFeatures, WordModel, word_values
from qa.verification.word_similarity import is_caseless

RIDGE = 0.01
# A true sentence of which a part is left out: no other checked sentence would do without the names of its source.
SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence against a passage: `kind` is "true" or how it was corrupted; `put_in` is another name in it."""

    pair: str
    kind: str
    group: str
    sentence: str
    passage: Candidate
    put_in: tuple[Span, ...] = ()


def fit_words(items: Sequence[Item], looked: Sequence[Comparison], part: NDArray[np.bool_]) -> WordModel:
    """Fit what tells a word's counterpart in another script: words of true sentences against the names put in."""
    values: dict[bool, list[dict[str, float]]] = {True: [], False: []}
    true: dict[bool, list[bool]] = {True: [], False: []}
    for place in np.flatnonzero(part).tolist():
        item, meeting = items[place], looked[place].meeting
        named = {index for name in meeting.names for index in name}
        for index, word in enumerate(meeting.words):
            put_in = any(span.start < word.span.end and word.span.start < span.end for span in item.put_in)
            caseless = is_caseless(word.text)
            # Arabic does not show which words are names.
            counts = put_in or (item.kind == "true" and word.weight > 1.0 and (caseless or index in named))
            if counts and not word.found and word.nearest and not word.text[0].isdigit():
                values[caseless].append(word_values(word.nearest, word.near))
                true[caseless].append(not put_in)
    return WordModel(*(fit(values[caseless], np.array(true[caseless])) for caseless in (False, True)))


def fit_checks(
    items: Sequence[Item],
    signs: Sequence[SupportFeatures],
    part: NDArray[np.bool_],
    checked: Mapping[str, tuple[str, ...]],
) -> Calibration:
    """Fit each check apart: true sentences, shortened too, against those with what it is for."""
    true = part & (of_kind(items, "true") | of_kind(items, SHORTENED))
    checks = {}
    for kind, names in checked.items():
        wrong = part & of_kind(items, kind)
        if wrong.any():
            rows = np.flatnonzero(true | wrong)
            values = [{name: getattr(signs[row], name) for name in names} for row in rows.tolist()]
            checks[kind] = fit(values, true[rows])
    return Calibration(checks, 0.0)


def fit(values: Sequence[dict[str, float]], true: NDArray[np.bool_]) -> LogisticModel:
    """Fit a ridge logistic regression, both classes weighing the same, by Newton's method."""
    names = list(values[0])
    raw = np.array([[row[name] for name in names] for row in values])
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-6
    x = np.column_stack([(raw - mean) / spread, np.ones(len(raw))])
    y = true.astype(float)
    weight = np.where(true, 0.5 / true.sum(), 0.5 / (~true).sum()) * len(y)
    beta = np.zeros(x.shape[1])
    penalty = np.diag([RIDGE * len(y)] * len(names) + [1e-9])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ beta)))
        gradient = x.T @ (weight * (y - p)) - penalty @ beta
        hessian = x.T @ (x * (weight * p * (1 - p))[:, None]) + penalty
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if float(np.abs(step).max()) < 1e-8:
            break
    weights = beta[:-1] / spread
    return LogisticModel.unscaled(dict(zip(names, map(float, weights), strict=True)), float(beta[-1] - weights @ mean))


def of_kind(items: Sequence[Item], kind: str) -> NDArray[np.bool_]:
    """Mark the items of a kind."""
    return np.array([item.kind == kind for item in items])


def named(model: LogisticModel) -> dict[str, Any]:
    """Give a model as it is kept in `qa/verification/support_model.json`."""
    weights = {name: round(feature.weight, 4) for name, feature in model.features.items()}
    return {"weights": weights, "bias": round(model.bias, 4)}
