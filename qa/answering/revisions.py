"""What holds now: the sentence of a later article, where it answers as well, comes before an older one's.

A logistic model tells, over how close the two score and how likely what holds now is asked for. Fitted by
benchmarks/training/revisions.py.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache

from qa.evidence import Evidence
from qa.logistic import LogisticModel, parameters
from qa.question import Question
from qa.reading.reader import READ_ALONE

# Log odds are held within these.
_SURE = 5.0


@dataclass(frozen=True, slots=True)
class RevisionFeatures:
    """What tells whether a later article's sentence holds in place of the best one.

    `gap` is how far it scores below the best (0 or more); `present` the log odds that what holds now is asked for.
    """

    gap: float
    present: float

    @classmethod
    def of(cls, gap: float, present: float) -> "RevisionFeatures":
        """Make it of the gap and of the probability, 0 to 1, that what holds now is asked for."""
        least = 1 / (1 + math.exp(_SURE))
        held = min(1 - least, max(least, present))
        return cls(gap, math.log(held / (1 - held)))


@dataclass(frozen=True, slots=True)
class Revisions:
    """Tells how likely a later sentence holds in place of the best, and from which probability on it comes first."""

    model: LogisticModel
    first: float

    def probability(self, features: RevisionFeatures) -> float:
        """Return the probability, 0 to 1, that the later sentence answers, and the best one does not."""
        return self.model.probability(asdict(features))


def revised(question: Question, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the sentence of a later article that holds in place of the best one, None where there is none.

    `evidence`, of at least one, is best first.
    """
    best, model = evidence[0], fitted()
    likely = [
        (model.probability(RevisionFeatures.of(best.score - item.score, question.meaning.present)), item)
        for item in evidence[1:READ_ALONE]
        if item.fits and _is_later(item, best)
    ]
    probability, found = max(likely, key=lambda pair: pair[0], default=(0.0, None))
    return found if probability >= model.first else None


def _is_later(one: Evidence, other: Evidence) -> bool:
    ours, theirs = one.ranked.candidate.article.published, other.ranked.candidate.article.published
    return ours is not None and theirs is not None and ours > theirs


@cache
def fitted() -> Revisions:
    """Read the checked-in model."""
    data = parameters("qa.answering", "revisions.json")
    return Revisions(LogisticModel.of(data), data["first"])
