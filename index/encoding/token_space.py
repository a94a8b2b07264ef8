"""The space that token vectors are compared in: fewer dimensions, without what tells languages apart; and 4 bits.

Fitted by benchmarks/token_space.py. On XQuAD dev it ranks better than the encoder's own 384 dimensions do, most of
all where paragraphs are in several languages, at 64 bytes a token in place of 768 (benchmarks/results).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

FILE = "token_space.npz"
DIMENSIONS = 128


@dataclass(frozen=True, slots=True)
class TokenSpace:
    """An affine map: `mean` (d,) is taken off, `basis` (d, k) keeps k dimensions."""

    mean: NDArray[np.float32]
    basis: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as arrays:
            return cls(arrays["mean"].astype(np.float32), arrays["basis"].astype(np.float32))

    def save(self, path: Path) -> None:
        """Write the map in float16."""
        np.savez_compressed(path, mean=self.mean.astype(np.float16), basis=self.basis.astype(np.float16))

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map (t, d) vectors, of any length, to (t, k) unit rows."""
        centred = np.asarray(unit(vectors) - self.mean, dtype=np.float32)
        return unit(np.asarray(centred @ self.basis, dtype=np.float32))


@cache
def fitted() -> TokenSpace:
    """Read the map that belongs to the bundled encoder."""
    return TokenSpace.load(Path(str(files("index.encoding").joinpath(FILE))))


def pack(vectors: NDArray[np.float32]) -> bytes:
    """Pack unit rows (t, k), k even, to 4 bits a value: each row by its largest value, which `unpack` restores."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0.0), 1e-9)
    levels = (np.rint(vectors / largest * 7) + 8).astype(np.uint8)
    packed: NDArray[np.uint8] = levels[:, ::2] | (levels[:, 1::2] << 4)
    return packed.tobytes()


def unpack(data: bytes, dimensions: int) -> NDArray[np.float32]:
    """Read back (t, dimensions) unit rows from what `pack` gave."""
    packed = np.frombuffer(data, np.uint8).reshape(-1, dimensions // 2)
    levels = np.empty((len(packed), dimensions), np.float32)
    levels[:, ::2], levels[:, 1::2] = packed & 0x0F, packed >> 4
    return unit(levels - np.float32(8))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale rows to length 1; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(norms, 1e-12)
    return scaled
