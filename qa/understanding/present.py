"""Whether a question asks for what holds now, said or unsaid: a linear classifier over the letters of its words.

`python -m benchmarks.training.present` trains and measures it. "How many were killed?" asks for the last count, "how
many were killed on the first day?" for an old one.
"""

import math
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).parent / "present.npz"
# Runs of so many characters of a word, its two ends marked, are counted in so many buckets (feature hashing,
# Weinberger et al. 2009).
_SHORTEST, _LONGEST = 3, 6
BUCKETS = 2**16


@dataclass(frozen=True, slots=True)
class PresentState:
    """A logistic model over runs of characters: of each bucket its rarity (IDF) and its weight, both (BUCKETS,)."""

    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file) as stored:
            return cls(
                stored["rarity"].astype(np.float32), stored["weights"].astype(np.float32), float(stored["bias"])
            )  # fmt: skip

    def save(self, file: Path) -> None:
        """Write it in half precision; what is never seen takes no room."""
        np.savez_compressed(
            file,
            rarity=self.rarity.astype(np.float16),
            weights=self.weights.astype(np.float16),
            bias=np.float32(self.bias),
        )

    def probability(self, question: str) -> float:
        """Return the probability, 0 to 1, that a question asks for what holds now."""
        counts = runs_of(question)
        buckets = np.fromiter(counts, dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        values = (1 + np.log(often)) * self.rarity[buckets]
        length = float(np.linalg.norm(values)) or 1.0
        return 1 / (1 + math.exp(-(float(self.weights[buckets] @ values) / length + self.bias)))


def runs_of(question: str) -> Counter[int]:
    """Count the runs of characters of a question's words by bucket, 0 to `BUCKETS` - 1."""
    found: Counter[int] = Counter()
    for word in question.lower().split():
        marked = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(marked) - length + 1):
                found[zlib.crc32(marked[start : start + length].encode()) % BUCKETS] += 1
    return found


@cache
def fitted() -> PresentState:
    """Return the model that comes with Khabar."""
    return PresentState.load(_FILE)
