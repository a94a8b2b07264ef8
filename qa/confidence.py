"""How sure it is that the articles answer: a few signals, one logistic model, fitted by benchmarks/choice.py."""

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

import numpy as np

from index.text import name_keys, query_name_keys, question_language
from qa.choice import Signs
from qa.retriever import Ranked

# A question token that tells less than this share of the mean is not asked to be matched.
_TELLING = 0.5
_RIVAL = 3
# The lead where fewer articles are found: somewhat less than it is on average, since nothing speaks for it. With more,
# a lone article seems to answer what is only about the same thing; with less, it hardly answers anything.
_NO_RIVAL = 0.08


@dataclass(frozen=True, slots=True)
class Signals:
    """What the confidence is made of, each about the best sentence and its passage.

    `marked` is the span model's score of the best answer in the sentence, over "not here"; `sentence` and
    `passage` are their late-interaction scores; `similarity` is the passage's cosine; `lead` is how far its score is
    above that of the fourth article (the second and third may well tell the same story); `worst` is the cosine of
    the telling question token that the passage matches least, and `uneven` how far that is below their mean;
    `names` is the share of the question's names and numbers that occur in the passage or its title, `unnamed`
    whether it has none; `foreign` is 1 when question and article differ in language; `length` is ln of the
    question's tokens; `denies` as in `qa.choice.Signs`.
    """

    marked: float
    sentence: float
    passage: float
    similarity: float
    lead: float
    worst: float
    uneven: float
    names: float
    unnamed: float
    foreign: float
    length: float
    denies: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model over standardised signals; below `threshold` the articles are held not to answer."""

    mean: Signals
    spread: Signals
    weights: Signals
    bias: float
    threshold: float

    def of(self, signals: Signals) -> float:
        """Return the probability, 0 to 1, that the articles answer."""
        terms = zip(astuple(signals), astuple(self.mean), astuple(self.spread), astuple(self.weights), strict=True)
        total = self.bias + sum((value - mean) / spread * weight for value, mean, spread, weight in terms)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


def signals(question: str, best: Ranked, signs: Signs, passages: Sequence[Ranked]) -> Signals:
    """Measure the signals for the best sentence, read in passage `best`, among all the passages found."""
    article = best.candidate.article
    alignment = best.alignment
    matched = alignment.matrix.max(axis=1) if alignment.matrix.size else np.zeros(len(alignment.weights))
    telling = matched[alignment.weights >= _TELLING * alignment.weights.mean()]
    worst = float(telling.min()) if len(telling) else 0.0
    asked = set(query_name_keys(question))
    held = set(name_keys(best.candidate.text)) | set(name_keys(article.title)) if asked else set()
    return Signals(
        marked=signs.marked,
        sentence=signs.sentence,
        passage=best.score,
        similarity=best.candidate.similarity or 0.0,
        lead=_lead(best, passages),
        worst=worst,
        uneven=float(telling.mean()) - worst if len(telling) else 0.0,
        names=len(asked & held) / len(asked) if asked else 0.0,
        unnamed=float(not asked),
        foreign=float(question_language(question) != article.language),
        length=math.log(1 + len(alignment.weights)),
        denies=signs.denies,
    )


def _lead(best: Ranked, passages: Sequence[Ranked]) -> float:
    scores: dict[str, float] = {}
    for item in passages:
        scores.setdefault(item.candidate.article.id, item.score)
    scores.pop(best.candidate.article.id, None)
    rivals = sorted(scores.values(), reverse=True)
    return best.score - rivals[_RIVAL - 1] if len(rivals) >= _RIVAL else _NO_RIVAL


@cache
def fitted() -> Confidence:
    """Read the checked-in model."""
    data = json.loads(files("qa").joinpath("confidence.json").read_text(encoding="utf-8"))
    names = [field.name for field in fields(Signals)]
    columns = {part: Signals(*(data[part][name] for name in names)) for part in ("mean", "spread", "weights")}
    return Confidence(**columns, bias=data["bias"], threshold=data["threshold"])
