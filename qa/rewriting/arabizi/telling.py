"""Whether a question is Arabic in Latin letters: a logistic model over the runs of characters of its words.

`python -m benchmarks.training.arabizi` trains it. "men nafa khatar daesh" is, "who denied the daesh threat" is not, and
a name alone ("Hassan Nasrallah") is of no language.
"""

import math
import re
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.text.scripts import LATIN, SCRIPTS

_FILE = Path(__file__).parent / "telling.npz"
# Runs of so many characters of a word, its two ends marked, in so many buckets (feature hashing, Weinberger et al.
# 2009).
_SHORTEST, _LONGEST = 1, 5
BUCKETS = 2**16
# From this probability on a question is read as Arabizi: chosen by cross-validation, see benchmarks/results/arabizi.md.
THRESHOLD = 0.6
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class ArabiziTeller:
    """A logistic model: `weights` (BUCKETS,)."""

    weights: NDArray[np.float32]
    bias: float

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file) as stored:
            return cls(stored["weights"].astype(np.float32), float(stored["bias"]))

    def save(self, file: Path) -> None:
        """Write it in half precision; what is never seen takes no room."""
        np.savez_compressed(file, weights=self.weights.astype(np.float16), bias=np.float32(self.bias))

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
