"""Which sentence answers: a few pieces of evidence about each, one linear model, fitted by benchmarks/choice.py."""

import json
import math
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

# Scores over "not here" are held within these, so that one odd score outweighs nothing.
_SURE = 12.0
# What stands in for the reader's score of a sentence that it did not read.
_UNREAD = -5.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for one sentence.

    `passage` and `sentence` are late-interaction scores, of its passage and of itself; `marked` is the reader's
    score of the best answer in it, over "not here"; `best` is 1 where that is the best of its passage; `lead` is 1
    for the article's first sentence; `length` is ln of its characters; `denies` is 1 where a denial is asked for and
    its speaker denies, a half where it only says that something is not so; `names` is 1 where a speaker is asked for
    and it names one.
    """

    passage: float
    sentence: float
    marked: float
    best: float
    lead: float
    length: float
    denies: float
    names: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The weight of each sign; a sentence's score is their sum, the higher the likelier to answer."""

    weights: Signs

    def of(self, signs: Signs) -> float:
        """Score one sentence; scores compare within one question."""
        return math.fsum(value * weight for value, weight in zip(astuple(signs), astuple(self.weights), strict=True))


def held(score: float | None) -> float:
    """Bound the reader's score; None is a sentence that it did not read."""
    return max(-_SURE, min(_SURE, score)) if score is not None else _UNREAD


@cache
def fitted() -> Choice:
    """Read the checked-in weights."""
    data = json.loads(files("qa").joinpath("choice.json").read_text(encoding="utf-8"))
    return Choice(Signs(*(data["weights"][field.name] for field in fields(Signs))))
