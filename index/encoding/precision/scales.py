"""The scales by which a bundled model is computed in int8: measured by benchmarks/training/int8.py, shipped beside it.

Channels of a linear map's input that are large are made smaller, and what they meet in the matrix larger (SmoothQuant,
Xiao et al. 2022), so that 256 levels suffice for all of them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

Weights = Mapping[str, NDArray[np.float32]]

_WEIGHTS = "weights"
_PARTS = ("smoothing", "ranges", "corrections")


@dataclass(frozen=True, slots=True)
class Int8Scales:
    """By the name of a linear map; one that is not in `smoothing` is computed in float32.

    `smoothing[name]` (in,) is what each channel of its input is divided by, `ranges[name]` (2,) the least and the most
    of that which 256 levels stand for, `corrections[name]` (out,) what is added to its bias, for what rounding loses on
    average. `weights` tells which weights they were measured with.
    """

    weights: str
    smoothing: Weights
    ranges: Weights
    corrections: Weights

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote; raises `EncoderError` for a file that is none of these."""
        parts: dict[str, dict[str, NDArray[np.float32]]] = {part: {} for part in _PARTS}
        try:
            with np.load(path) as arrays:
                weights = str(arrays[_WEIGHTS])
                for part, _, name in (key.partition("/") for key in arrays.files if key != _WEIGHTS):
                    parts[part][name] = arrays[f"{part}/{name}"].astype(np.float32)
                if len({frozenset(values) for values in parts.values()}) > 1:
                    raise ValueError("some of them are missing")
        except (OSError, KeyError, ValueError) as error:
            raise EncoderError(f"{path.name} holds no scales for int8: {error}. Install Khabar again.") from error
        return cls(weights, **parts)

    def save(self, path: Path) -> None:
        """Write everything to one .npz file, all but the ranges in half precision."""
        arrays: dict[str, NDArray[np.generic]] = {_WEIGHTS: np.array(self.weights)}
        for part, values in zip(_PARTS, (self.smoothing, self.ranges, self.corrections), strict=True):
            kept = np.float32 if part == "ranges" else np.float16
            arrays |= {f"{part}/{name}": value.astype(kept) for name, value in values.items()}
        np.savez_compressed(path, allow_pickle=False, **arrays)

    def check(self, weights: Weights, file: str) -> None:
        """Raise `EncoderError` where they were measured with other weights than these; `file` is what they lie in."""
        if self.weights != weights_digest(weights):
            raise EncoderError(
                f"The scales in {file} are those of other weights. Measure them again by "
                "`python -m benchmarks.training.int8`, or choose float32."
            )


def weights_digest(weights: Weights) -> str:
    """Return what tells a model's weights from all others: twelve digits of a SHA-256 over names and values."""
    made = hashlib.sha256()
    for name in sorted(weights):
        made.update(name.encode())
        made.update(np.ascontiguousarray(weights[name], dtype="<f4").data)
    return made.hexdigest()[:12]
