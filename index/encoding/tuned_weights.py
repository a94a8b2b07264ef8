"""A tuned model's weights: what training changed in the bundled encoder, in 4 bits, and a head where one was added."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32


@dataclass(frozen=True, slots=True)
class TunedWeights:
    """By tensor name: whole tensors in `plain`; matrices' changes in 4 bits, each block of 32 by its own scale.

    `levels[name]` is (blocks, 16) bytes, low nibble first, 8 for no change; `scales[name]` is (blocks,) float16.
    """

    plain: Mapping[str, NDArray[np.float16]]
    levels: Mapping[str, NDArray[np.uint8]]
    scales: Mapping[str, NDArray[np.float16]]

    @classmethod
    def of(cls, tuned: Mapping[str, NDArray[np.float32]], base: Mapping[str, NDArray[np.float32]]) -> Self:
        """Take the difference between trained tensors and the ones they began as; others are taken whole."""
        plain: dict[str, NDArray[np.float16]] = {}
        levels: dict[str, NDArray[np.uint8]] = {}
        scales: dict[str, NDArray[np.float16]] = {}
        for name, value in tuned.items():
            if value.ndim < 2 or name not in base:
                plain[name] = value.astype(np.float16)
                continue
            blocks = (value - base[name]).reshape(-1, _BLOCK)
            scale = np.maximum(np.abs(blocks).max(axis=1) / 7, 1e-7).astype(np.float16)
            level = (np.clip(np.rint(blocks / scale[:, None].astype(np.float32)), -7, 7) + 8).astype(np.uint8)
            levels[name] = level[:, : _BLOCK // 2] | (level[:, _BLOCK // 2 :] << 4)
            scales[name] = scale
        return cls(plain, levels, scales)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        parts: dict[str, dict[str, NDArray[np.generic]]] = {"plain": {}, "levels": {}, "scales": {}}
        with np.load(path) as arrays:
            for key in arrays.files:
                part, _, name = key.partition("/")
                parts[part][name] = arrays[key]
        return cls(**parts)  # type: ignore[arg-type]

    def save(self, path: Path) -> None:
        """Write everything to one .npz file."""
        parts = (("plain", self.plain), ("levels", self.levels), ("scales", self.scales))
        arrays: dict[str, NDArray[np.generic]] = {
            f"{part}/{name}": value for part, values in parts for name, value in values.items()
        }
        np.savez(path, allow_pickle=False, **arrays)

    def restore(self, base: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        """Return the trained tensors, given the ones they began as."""
        restored = {name: value.astype(np.float32) for name, value in self.plain.items()}
        for name, packed in self.levels.items():
            level = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - 8
            change = level * self.scales[name].astype(np.float32)[:, None]
            restored[name] = base[name] + change.reshape(base[name].shape)
        return restored


def digest(path: Path) -> str:
    """Return what names a file of weights: the first twelve digits of its SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
