"""What each feature is worth: one at a time, on exams that nothing was fitted on.

    python -m benchmarks.ablation --fit READ.pkl ... --dev READ.pkl ...

`READ` are what `benchmarks.training.ranker read` keeps. Each row is the ranker fitted again on the `fit` questions with
one feature left out, one alone, or one put in that was tried; told is how many points of sentences it costs or wins on
the `dev` questions, with the 95 % interval of the paired bootstrap.
"""

import argparse
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.harness import Table, write
from benchmarks.training.ranker import TRIED, Asked
from qa.tuning.fitting import FIRST, RANKED, Ranker, fit_ranker, matrix

_RESAMPLES = 2000
_NOTE = (
    "The ranker is fitted on held-out training articles and three story libraries; the figures are of the dev exams. A "
    "feature is worth keeping where leaving it out costs; a rule where putting it in wins. Intervals are of the paired "
    "bootstrap over questions, in points of the share of right sentences."
)


@dataclass(frozen=True)
class Row:
    """One variant: the share of right sentences in each exam, and the paired difference over all of them."""

    name: str
    shares: dict[str, float]
    difference: float
    low: float
    high: float


def chosen(asked: Asked, ranker: Ranker) -> bool:
    """Tell whether the sentence that comes first answers."""
    if not asked.sentences:
        return False
    scores = matrix(asked, ranker.names) @ ranker.weights
    return asked.sentences[int(scores.argmax())].right


def compare(fit: Sequence[Asked], dev: Sequence[Asked]) -> list[Row]:
    """Fit every variant and hold it against the whole."""
    plain = [item for item in dev if item.answerable]
    whole = fit_ranker(fit)
    base = np.array([chosen(item, whole) for item in plain], dtype=float)
    variants: dict[str, Callable[[Asked], bool]] = {"all features": lambda item: chosen(item, whole)}
    for name in RANKED:
        variants[f"without {name}"] = _by(fit_ranker(fit, [other for other in RANKED if other != name]))
    variants["without the second look"] = _by(fit_ranker(fit, FIRST))
    for name in ("span", "relevance", "sentence", "passage"):
        variants[f"{name} alone"] = _by(fit_ranker(fit, (name,)))
    for name in TRIED:
        variants[f"with {name}"] = _by(fit_ranker(fit, (*RANKED, name)))
    places = [item.place for item in plain]
    chance = np.random.default_rng(7)
    rows = []
    for name, judge in variants.items():
        hits = np.array([judge(item) for item in plain], dtype=float)
        picks = chance.integers(0, len(plain), (_RESAMPLES, len(plain)))
        low, high = np.percentile((hits - base)[picks].mean(axis=1), [2.5, 97.5])
        shares = {p: float(hits[[place == p for place in places]].mean()) for p in dict.fromkeys(places)}
        rows.append(Row(name, shares, float((hits - base).mean()), float(low), float(high)))
    return rows


def _by(ranker: Ranker) -> Callable[[Asked], bool]:
    return lambda item: chosen(item, ranker)


def main() -> None:
    """Compare and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", type=Path, nargs="+", required=True)
    parser.add_argument("--dev", type=Path, nargs="+", required=True)
    options = parser.parse_args()
    fit, dev = (
        [item.narrowed for path in paths for item in pickle.loads(path.read_bytes())]
        for paths in (options.fit, options.dev)
    )
    rows = compare(fit, dev)
    columns = list(rows[0].shares)
    body = tuple(
        (row.name, *(f"{row.shares[c]:.3f}" for c in columns), f"{100 * row.difference:+.1f}",
         f"{100 * row.low:+.1f} to {100 * row.high:+.1f}")
        for row in rows
    )  # fmt: skip
    table = Table("Sentences right", "", ("", *columns, "difference", "95 % interval"), body)
    print(table.markdown())
    values = {row.name: {**row.shares, "difference": row.difference, "low": row.low, "high": row.high} for row in rows}
    write("ablation_features", "What each feature is worth", _NOTE, values, [table])


if __name__ == "__main__":
    main()
