"""Logistic models over named and over hashed features, as the benchmarks fit and write them."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature's mean and spread where the model was fitted, and its weight."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A probability from features: the sigmoid of their weighted, standardised sum."""

    features: Mapping[str, Feature]
    bias: float

    @classmethod
    def unscaled(cls, weights: Mapping[str, float], bias: float) -> "LogisticModel":
        """Make it of weights, by the feature's name, of features that are taken as they are."""
        return cls({name: Feature(0.0, 1.0, weight) for name, weight in weights.items()}, bias)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "LogisticModel":
        """Make it of `mean`, `spread` and `weights`, each by the feature's name, and `bias`."""
        weights = data["weights"]
        return cls(
            {name: Feature(data["mean"][name], data["spread"][name], weight) for name, weight in weights.items()},
            data["bias"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what `of` takes."""
        parts = {"mean": "mean", "spread": "spread", "weights": "weight"}
        named = {
            part: {name: round(getattr(feature, key), 5) for name, feature in self.features.items()}
            for part, key in parts.items()
        }
        return {**named, "bias": round(self.bias, 5)}

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, for the features' values."""
        total = self.bias + math.fsum(
            (values[name] - feature.mean) / feature.spread * feature.weight for name, feature in self.features.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


@dataclass(frozen=True, slots=True)
class HashedLogisticModel:
    """A logistic model over features in buckets (feature hashing, Weinberger et al. 2009): `weights` (buckets,)."""

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


def parameters(package: str, name: str) -> dict[str, Any]:
    """Read a checked-in model's JSON file."""
    found: dict[str, Any] = json.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    return found
