"""Whether a question asks for what holds now, said or unsaid: a linear classifier over the encoder's vector of it.

`python -m benchmarks.training.present` trains and measures it. "How many were killed?" asks for the last count, "how
many were killed on the first day?" for an old one.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).parent / "present.npz"


@dataclass(frozen=True, slots=True)
class PresentState:
    """A logistic model: `weights` (dimensions,) and `bias`, over the vectors of the encoder that `encoder` names.

    From a probability of `threshold` on, what holds now is asked for.
    """

    weights: NDArray[np.float32]
    bias: float
    encoder: str
    threshold: float

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file) as stored:
            weights = stored["weights"].astype(np.float32)
            return cls(weights, float(stored["bias"]), str(stored["encoder"]), float(stored["threshold"]))

    def save(self, file: Path) -> None:
        """Write the weights in half precision, and the rest."""
        np.savez(
            file,
            weights=self.weights.astype(np.float16),
            bias=np.float32(self.bias),
            encoder=np.array(self.encoder),
            threshold=np.float32(self.threshold),
        )

    def probability(self, vector: NDArray[np.float32]) -> float:
        """Return the probability, 0 to 1, that a question of this unit vector (dimensions,) asks for what holds now."""
        return 1 / (1 + math.exp(-float(self.weights @ vector + self.bias)))

    def is_asked(self, vector: NDArray[np.float32]) -> bool:
        """Tell whether a question of this unit vector (dimensions,) asks for what holds now."""
        return self.probability(vector) >= self.threshold


@cache
def fitted() -> PresentState:
    """Return the model that comes with Khabar."""
    return PresentState.load(_FILE)
