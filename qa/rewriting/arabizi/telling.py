"""Whether a question is Arabic in Latin letters: a logistic model over the runs of characters of its words.

`python -m benchmarks.training.arabizi` trains it. "men nafa khatar daesh" is, "who denied the daesh threat" is not, and
a name alone ("Hassan Nasrallah") is of no language.
"""

import math
import re
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.text.scripts import LATIN, SCRIPTS
from qa.logistic import HashedLogisticModel

_FILE = Path(__file__).parent / "telling.npz"
# Runs of so many characters of a word, its two ends marked, in so many buckets (feature hashing, Weinberger et al.
# 2009).
_SHORTEST, _LONGEST = 1, 5
BUCKETS = 2**16
# From this probability on a question is read as Arabizi: chosen by cross-validation, see benchmarks/results/arabizi.md.
THRESHOLD = 0.6
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class ArabiziTeller(HashedLogisticModel):
    """A logistic model over runs of characters, in `BUCKETS`."""

    __slots__ = ()

    def probability(self, question: str) -> float:
        """Return the probability, 0 to 1, that a question is Arabic in Latin letters; 0 for any other script."""
        if any(script is not LATIN and script.holds(question) for script in SCRIPTS):
            return 0.0
        buckets = runs_of(question)
        if not len(buckets):
            return 0.0
        score = float(self.weights[buckets].sum()) / math.sqrt(len(buckets)) + self.bias
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))

    def tells(self, question: str) -> bool:
        """Tell whether a question is to be read as Arabizi."""
        return self.probability(question) >= THRESHOLD


def runs_of(question: str) -> NDArray[np.int64]:
    """Return the buckets of the runs of characters of a question's words, each once."""
    found: set[int] = set()
    for word in _WORD.findall(question.lower()):
        marked = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(marked) - length + 1):
                found.add(zlib.crc32(marked[start : start + length].encode()) % BUCKETS)
        found.add(zlib.crc32(marked.encode()) % BUCKETS)
    return np.array(sorted(found), dtype=np.int64)


@cache
def fitted() -> ArabiziTeller:
    """Return the model that comes with Khabar."""
    return ArabiziTeller.load(_FILE)
