"""How sure it is that a sentence answers: a few features, one logistic model, and the states it makes.

Fitted by qa/tuning/fitting.py: what ships, by benchmarks/training/ranker.py on questions asked of one article, of
fifty and of ten thousand, so that the confidence is held to mean the same in each.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from qa.answer import State
from qa.evidence import Evidence
from qa.logistic import LogisticModel, parameters

# The most that one article's sentence can be ahead of another's, and what a lone article's is.
UNRIVALLED = 6.0


@dataclass(frozen=True, slots=True)
class Confidence:
    """What a logistic model makes of the features, and the states that come of it.

    From `answered` the answer is given as one; from `perhaps` as the closest that the articles come; below, nothing is.
    """

    model: LogisticModel
    answered: float
    perhaps: float

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Confidence":
        """Make it of a logistic model's parameters and the two thresholds."""
        return cls(LogisticModel.of(data), float(data["answered"]), float(data["perhaps"]))

    def to_dict(self) -> dict[str, Any]:
        """Return what `read` takes."""
        return {**self.model.to_dict(), "answered": self.answered, "perhaps": self.perhaps}

    def of(self, question: str, evidence: Sequence[Evidence]) -> float:
        """Return the probability, 0 to 1, that the first sentence, of at least one, answers the question.

        Beside the sentence's own features it goes by the question's length and by how far the sentence is ahead of the
        best of another article.
        """
        best = evidence[0]
        own = best.ranked.candidate.article.id
        rivals = [item.score for item in evidence if item.ranked.candidate.article.id != own]
        values = {**asdict(best.signs), "length": length_of(question), "lead": lead_over(best.score, rivals)}
        return self.model.probability(values)

    def state(self, confidence: float) -> State:
        """Return what a confidence comes to."""
        if confidence >= self.answered:
            return State.ANSWERED
        return State.PERHAPS if confidence >= self.perhaps else State.NOT_FOUND


def length_of(question: str) -> float:
    """Return a question's length as the model takes it: the logarithm of its words and one."""
    return math.log(1 + len(question.split()))


def lead_over(score: float, rivals: Sequence[float]) -> float:
    """Return how far a sentence is ahead of the best of other articles, at most `UNRIVALLED`."""
    return min(UNRIVALLED, score - max(rivals, default=-math.inf))


@cache
def fitted() -> Confidence:
    """Read the checked-in model."""
    return Confidence.read(parameters("qa.reading", "answerability.json"))
