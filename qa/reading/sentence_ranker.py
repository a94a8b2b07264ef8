"""Which sentence answers: what the reader says of it first, how near it is second; a linear model for each look.

Fitted by qa/tuning/fitting.py, which benchmarks/training/ranker.py and `khabar tune` call.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from functools import cache
from typing import Any

from qa.evidence import SentenceFeatures
from qa.logistic import parameters

# Scores over "not here" are held within these, so that one odd score outweighs nothing.
_SURE = 12.0


@dataclass(frozen=True, slots=True)
class LinearRanker:
    """The weight of each feature; a sentence's score is their sum, the higher the likelier to answer."""

    weights: SentenceFeatures

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "LinearRanker":
        """Make it of `weights`, each by its feature's name."""
        weights = data["weights"]
        return cls(SentenceFeatures(*(float(weights[field.name]) for field in fields(SentenceFeatures))))

    def to_dict(self) -> dict[str, Any]:
        """Return what `read` takes."""
        return {"weights": {name: round(weight, 5) for name, weight in asdict(self.weights).items()}}

    def of(self, signs: SentenceFeatures) -> float:
        """Score one sentence; scores compare within one question."""
        return math.fsum(value * weight for value, weight in zip(astuple(signs), astuple(self.weights), strict=True))


@dataclass(frozen=True, slots=True)
class SentenceRanker:
    """By `first` the sentences of all passages are put in order, by `second` those then read alone as well."""

    first: LinearRanker
    second: LinearRanker

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "SentenceRanker":
        """Make it of what `to_dict` gives."""
        return cls(LinearRanker.read(data["first"]), LinearRanker.read(data["second"]))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"first": self.first.to_dict(), "second": self.second.to_dict()}


def held(score: float | None) -> float:
    """Bound the reader's score; None is a sentence that lies beyond what it can read at once."""
    return max(-_SURE, min(_SURE, score)) if score is not None else -_SURE


@cache
def fitted() -> SentenceRanker:
    """Read the checked-in weights."""
    return SentenceRanker.read(parameters("qa.reading", "sentence_ranker.json"))
