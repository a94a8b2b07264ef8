"""What speaks for and against a passage supporting a sentence, and the fitted models that weigh it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from index.languages import language
from index.text.scripts import ANY
from qa.logistic import LogisticModel, parameters
from qa.verification.word_similarity import Nearest

# The sounds of words that are not the same name are this alike often; where they are surely one name.
_UNLIKE, _ALIKE = 0.7, 0.95


@dataclass(frozen=True, slots=True)
class SupportFeatures:
    """What speaks for and against a passage supporting a sentence.

    `missing` counts the sentence's numbers and dates that the passage lacks (at most 2); `name` is how well its
    least supported name is met, 0 to 1, `worst` the same of its two neighbouring words that are met least and `words`
    the mean over them, by information; `swapped` is near 1 where the best sentence has a name that the written one
    lacks, and that one something that the passage lacks; `aligned` is the late-interaction score of the whole
    passage and `nearest` that of its best sentence; `negated` is 1 where sentence and best sentence differ in
    negation; `speaker` is 1 where they name different speakers.
    """

    missing: float
    name: float
    worst: float
    words: float
    swapped: float
    aligned: float
    nearest: float
    negated: float
    speaker: float


# What is checked apart from the rest, and the signs that tell: a sentence has to stand every check. In its passage's
# language a word that is not there tells of a wrong name; across languages it may have been worded otherwise.
CHECKS = {
    "number": ("missing",),
    "name": ("name", "swapped", "worst"),
    "negation": ("negated",),
    "wrong speaker": ("speaker",),
    "wrong passage": ("words", "aligned", "nearest"),
}
FOREIGN_CHECKS = CHECKS | {"name": ("name", "swapped"), "wrong passage": ("words", "nearest")}


@dataclass(frozen=True, slots=True)
class Calibration:
    """A model for each check; from `threshold` on their product counts as support."""

    checks: Mapping[str, LogisticModel]
    threshold: float

    def of(self, signs: SupportFeatures) -> float:
        """Return the product of the probabilities that a sentence with these signs stands each check."""
        values = {name: getattr(signs, name) for names in CHECKS.values() for name in names}
        return math.prod(check.probability(values) for check in self.checks.values())


@dataclass(frozen=True, slots=True)
class WordModel:
    """How likely what is nearest to a word in a text of another script is its counterpart, by its script."""

    cased: LogisticModel
    caseless: LogisticModel

    def of(self, nearest: Nearest, near: float, *, caseless: bool) -> float:
        """Return the probability; `near` is the cosine of the word's tokens, in their sentence, with the text's."""
        return (self.caseless if caseless else self.cased).probability(word_values(nearest, near))


def word_values(nearest: Nearest, near: float) -> dict[str, float]:
    """Return what `WordModel` weighs."""
    sound = min(max((nearest.sound - _UNLIKE) / (_ALIKE - _UNLIKE), 0.0), 1.0)
    return {"sound": sound, "meaning": nearest.meaning, "whole": nearest.whole, "near": max(near, 0.0)}


@dataclass(frozen=True, slots=True)
class Calibrations:
    """The models for a passage in the sentence's own language, for one in another, and for words across scripts.

    `caseless` is for a sentence of a language that does not show which words are names, on a passage in another,
    `foreign` for any other sentence.
    """

    same: Calibration
    foreign: Calibration
    caseless: Calibration
    words: WordModel

    def between(self, written: str, read: str) -> Calibration:
        """Return the model for a sentence in one language on a passage in another or the same."""
        if written == read:
            return self.same
        script = language(written).script
        return self.foreign if script is ANY or script.has_case else self.caseless


@cache
def fitted() -> Calibrations:
    """Read what benchmarks/checking.py fitted."""
    data = parameters("qa.verification", "support_model.json")
    words = WordModel(_logistic(data["words"]["cased"]), _logistic(data["words"]["caseless"]))
    same, foreign, caseless = (_calibration(data[name]) for name in ("same", "foreign", "caseless"))
    return Calibrations(same, foreign, caseless, words)


def _calibration(data: dict[str, Any]) -> Calibration:
    return Calibration({name: _logistic(check) for name, check in data["checks"].items()}, data["threshold"])


def _logistic(data: dict[str, Any]) -> LogisticModel:
    return LogisticModel.unscaled(data["weights"], data["bias"])
