"""How likely two articles tell of one event: a logistic model of their vectors, their rare names and their days.

Fitted by benchmarks/training/stories.py, which also writes what is known of news before the first article comes: how
often a name occurs in it, and the mean vector of each language.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from index.store.stories.traits import Keys, StoryTraits, Vector, unit

# The articles that what is known of news beforehand counts for, beside the library's own: of names, and of vectors.
_KNOWN_FOR_NAMES = 200
_KNOWN_FOR_VECTORS = 20
_TELLING = 5
# Between articles one of which has no date.
_UNKNOWN_GAP = 30

FEATURES = ("nearness", "names", "telling", "gap", "same_language", "nearness_within", "names_within")
GAP = FEATURES.index("gap")


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of news before a library has any: the share of articles that have a key, and mean vectors.

    `keys` (n,) are sorted, `shares` (n,) are theirs; a key that is not there is in hardly any article. `means` are by
    the language, for the encoder of a name.
    """

    keys: Keys
    shares: NDArray[np.float64]
    encoder: str
    means: Mapping[str, Vector]

    def share(self, keys: Keys) -> NDArray[np.float64]:
        """Return the share of articles, 0 to 1, that have each of some keys."""
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found: NDArray[np.float64] = np.where(self.keys[places] == keys, self.shares[places], 0.0)
        return found


@dataclass(frozen=True, slots=True)
class Likeness:
    """The model: the weights of the features, in their order, the bias, and the log odds from which one joins."""

    weights: tuple[float, ...]
    bias: float
    least: float

    def log_odds(self, features: tuple[float, ...]) -> float:
        """Return the log odds that two articles tell of one event."""
        return self.bias + math.fsum(weight * value for weight, value in zip(self.weights, features, strict=True))


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much each key of an article says: ln of articles over those that have it.

    `keys` (k,) are the article's, sorted, `weights` (k,) theirs; `norm` is the length of the weights as a vector.
    """

    keys: Keys
    weights: NDArray[np.float64]
    norm: float

    @classmethod
    def of(cls, keys: Keys, having: NDArray[np.int64], articles: int) -> "Weighing":
        """Weigh keys, each of which so many of the library's articles have."""
        known = having + _KNOWN_FOR_NAMES * background().share(keys)
        weights = np.maximum(0.0, np.log((articles + _KNOWN_FOR_NAMES + 1) / (known + 0.5)))
        return cls(keys, weights, float(np.linalg.norm(weights)))

    def rarest(self, most: int) -> Keys:
        """Return the keys that say most, the most telling first."""
        order = np.lexsort((self.keys, -self.weights))
        return self.keys[order[:most]]


@dataclass(frozen=True, slots=True)
class Centre:
    """The middle of a library's articles in each language: how far two are from it, and where, tells them apart.

    A vector says first of all which language a text is in; what is left without that says what it is about.
    """

    means: Mapping[str, Vector]

    @classmethod
    def of(cls, totals: Mapping[str, tuple[int, NDArray[np.float64]]], encoder: str | None) -> "Centre":
        """Make it of how many articles there are in each language, and the sum of their vectors."""
        known = background().means if encoder == background().encoder else {}
        # While another encoder's take their place there are vectors of two lengths.
        longest = max((len(total) for _, total in totals.values()), default=0)
        totals = {language: item for language, item in totals.items() if len(item[1]) == longest}
        count = sum(articles for articles, _ in totals.values())
        everywhere = np.sum([total for _, total in totals.values()], axis=0) / max(1, count)
        means = {}
        for language, (articles, total) in totals.items():
            before = known.get(language, everywhere)
            mean = (total + _KNOWN_FOR_VECTORS * before) / (articles + _KNOWN_FOR_VECTORS)
            means[language] = mean.astype(np.float32)
        return cls(means)

    def away(self, traits: StoryTraits) -> Vector:
        """Return the direction, at unit length, in which an article lies from the middle of its language."""
        mean = self.means.get(traits.language)
        # A library that is being made anew with another encoder has vectors of both.
        return unit(traits.vector - mean) if mean is not None and len(mean) == len(traits.vector) else traits.vector


def features_of(
    mine: StoryTraits, own: Weighing, away: Vector, other: StoryTraits, norm: float, other_away: Vector
) -> tuple[float, ...]:
    """Hold an article against another; the values are in the order of `FEATURES`.

    `nearness` is the cosine, 0 to 1, of where they lie; `names` that of their weighed keys, as its root; `telling` the
    weight of the five rarest keys that they share; `gap` ln of one more than the days between them; `same_language` 1
    or 0, and `nearness_within` and `names_within` the first two where it is 1. `norm` is that of the other's weighed
    keys when it came.
    """
    shared = own.weights[np.isin(own.keys, other.keys, assume_unique=True)]
    # Below nothing it says only that the library is small: the middle of two articles lies between them.
    near = max(0.0, float(away @ other_away)) if len(away) == len(other_away) else 0.0
    names = math.sqrt(float(np.square(shared).sum()) / max(1e-9, own.norm * norm))
    telling = float(np.sort(shared)[-_TELLING:].sum())
    days = abs(mine.day - other.day) if mine.day is not None and other.day is not None else _UNKNOWN_GAP
    same = float(mine.language == other.language)
    return near, names, telling, math.log1p(days), same, same * near, same * names


@cache
def likeness() -> Likeness:
    """Read the checked-in model."""
    data = json.loads(files(__package__).joinpath("likeness.json").read_text(encoding="utf-8"))
    return Likeness(tuple(data["weights"][name] for name in FEATURES), data["bias"], data["least"])


@cache
def background() -> Background:
    """Read what is known of news beforehand."""
    with as_file(files(__package__).joinpath("background.npz")) as path, np.load(path) as data:
        means = {name.removeprefix("mean_"): data[name].astype(np.float32) for name in data if name.startswith("mean_")}
        return Background(data["keys"], data["shares"].astype(np.float64), str(data["encoder"]), means)
