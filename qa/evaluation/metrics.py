"""Exact measures of answers and rankings: pure functions of text and numbers, no model and no judge."""

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis import normalise

RESAMPLES = 2000
CURVE_POINTS = 10

_SEED = 20151217
_BINS = 10
# MLQA's evaluation script drops these words, letter for letter; for Arabic it blanks every "ال", wherever it is.
_ARTICLES = {
    "en": re.compile(r"\b(a|an|the)\b"),
    "es": re.compile(r"\b(un|una|unos|unas|el|la|los|las)\b"),
    "vi": re.compile(r"\b(của|là|cái|chiếc|những)\b"),
    "de": re.compile(r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    "ar": re.compile("ال"),
}
# Written without spaces: every such character is a token. MLQA does so for Chinese; the same is done for its peers.
_UNSPACED = re.compile(r"([\u4e00-\u9fa5\u3040-\u30ff\u0e00-\u0e7f])")
_DIGIT_GROUPING = re.compile(r"(?<=\d)[.,](?=\d)")


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % bootstrap confidence interval of a measure, both ends in the measure's own unit."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Accuracy over the share `coverage` of the questions with the highest scores, all of `score` or above."""

    coverage: float
    accuracy: float
    score: float


def normalise_answer(text: str, language: str) -> str:
    """Normalise a short answer as MLQA's evaluation script does: case, punctuation, articles, white space.

    `language` is the ISO 639-1 code of the answer; one without rules of its own loses no articles.
    """
    kept = "".join(c for c in text.lower() if c not in string.punctuation and unicodedata.category(c)[0] != "P")
    if language in _ARTICLES:
        kept = _ARTICLES[language].sub(" ", kept)
    if language in ("zh", "ja", "th"):
        kept = _UNSPACED.sub(r" \1 ", kept)
    return " ".join(kept.split())


def exact_match(predicted: str, golds: Sequence[str], language: str) -> bool:
    """Tell whether the normalised prediction equals one of the normalised gold answers."""
    normal = normalise_answer(predicted, language)
    return any(normal == normalise_answer(gold, language) for gold in golds)


def token_f1(predicted: str, golds: Sequence[str], language: str) -> float:
    """Return the best token F1 (0 to 1) of the prediction against any of the gold answers."""
    return max((_f1(predicted, gold, language) for gold in golds), default=0.0)


def holds(quote: str, answer: str) -> bool:
    """Tell whether the quote holds the answer as a substring, after `index.analysis.normalise`.

    Punctuation and white space do not count; a number is only held whole ("17" is not in "2017").
    """
    needle = comparable(answer)
    if not needle:
        return False
    before = r"(?<!\d)" if needle[0].isdigit() else ""
    after = r"(?!\d)" if needle[-1].isdigit() else ""
    return re.search(before + re.escape(needle) + after, comparable(quote)) is not None


def token_overlap(text: str, reference: str) -> float:
    """Return the share (0 to 1) of the reference's tokens that are in the text, each as often as it is there."""
    wanted = Counter(comparable(reference).split())
    found = wanted & Counter(comparable(text).split())
    return found.total() / wanted.total() if wanted else 0.0


def same_speaker(name: str, gold: str) -> bool:
    """Tell whether two names fit: the tokens of one are all in the other, as a surname is in the full name.

    At least one shared token has three letters or more, so that a particle ("بن", "de") is no match.
    """
    ours, theirs = set(comparable(name).split()), set(comparable(gold).split())
    return (ours <= theirs or theirs <= ours) and any(len(token) > 2 for token in ours & theirs)


@lru_cache(maxsize=4096)
def comparable(text: str) -> str:
    """Normalise for comparison: `index.analysis.normalise`, then no punctuation or symbols, single spaces."""
    plain = _DIGIT_GROUPING.sub("", normalise(text).text)
    return " ".join("".join(c if unicodedata.category(c)[0] not in "PSZC" else " " for c in plain).split())


def recall_at(ranks: Sequence[int | None], depth: int) -> float:
    """Return the share (0 to 1) of ranks, from 1, that are `depth` or better; None is not found."""
    return mean([rank is not None and rank <= depth for rank in ranks])


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Return the mean of 1/rank, None counting 0."""
    return mean([reciprocal(rank) for rank in ranks])


def reciprocal(rank: int | None) -> float:
    """Return 1/rank, or 0 for None."""
    return 1 / rank if rank else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the mean, NaN of nothing."""
    return math.fsum(values) / len(values) if values else math.nan


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return the chance (0 to 1) that a positive scores above a negative, ties counting half; NaN of nothing."""
    if not positives or not negatives:
        return math.nan
    return _area(np.asarray(positives, dtype=np.float64), np.asarray(negatives, dtype=np.float64))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error: how far the confidence is from the share right, in ten bins."""
    values, hits = np.asarray(confidences), np.asarray(right, dtype=float)
    places = np.minimum((values * _BINS).astype(int), _BINS - 1)
    gaps = [abs(values[places == b].mean() - hits[places == b].mean()) * (places == b).mean() for b in set(places)]
    return float(sum(gaps))


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the interval of the mean of per-question values, by resampling the questions (fixed seed)."""
    array = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(_SEED).integers(0, len(array), (RESAMPLES, len(array)))
    return _interval(array[picks].mean(axis=1))


def auroc_interval(positives: Sequence[float], negatives: Sequence[float]) -> Interval:
    """Return the interval of `auroc`, by resampling positives and negatives each by itself (fixed seed)."""
    above, below = np.asarray(positives, dtype=np.float64), np.asarray(negatives, dtype=np.float64)
    generator = np.random.default_rng(_SEED)
    rows = generator.integers(0, len(above), (RESAMPLES, len(above)))
    columns = generator.integers(0, len(below), (RESAMPLES, len(below)))
    return _interval(np.array([_area(above[r], below[c]) for r, c in zip(rows, columns, strict=True)]))


def coverage_accuracy(scores: Sequence[float], correct: Sequence[bool]) -> tuple[CoveragePoint, ...]:
    """Return the accuracy at growing coverage, the best scores first, in at most ten even steps up to all.

    Questions of one score are taken together, so the curve does not depend on their order.
    """
    ranked = sorted(zip(scores, correct, strict=True), key=lambda pair: -pair[0])
    points: list[CoveragePoint] = []
    for step in range(1, CURVE_POINTS + 1):
        lowest = ranked[math.ceil(len(ranked) * step / CURVE_POINTS) - 1][0] if ranked else math.nan
        taken = [right for score, right in ranked if score >= lowest]
        point = CoveragePoint(len(taken) / len(ranked), mean(taken), lowest) if taken else None
        if point and point not in points:
            points.append(point)
    return tuple(points)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 100) per cent of the values are, linearly interpolated."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), share))


def _f1(predicted: str, gold: str, language: str) -> float:
    ours, theirs = normalise_answer(predicted, language).split(), normalise_answer(gold, language).split()
    shared = (Counter(ours) & Counter(theirs)).total()
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0


def _area(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    # An interval asks this thousands of times, which takes scikit-learn's roc_auc_score seconds, and this a hundredth.
    ordered = np.sort(negatives)
    below, up_to = (np.searchsorted(ordered, positives, side=side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(ordered)))


def _interval(samples: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Interval(float(low), float(high))
