"""Which words of a sentence are names of people, bodies and places: a linear chain over hashed traits.

Trained by `python -m benchmarks.training.names`: an averaged perceptron (Collins 2002), decoded by Viterbi's rule.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.names.kinds import NameKind
from index.names.traits import SLOTS, TraitedWord, WordPlace, most_traits, place_traits, word_traits

_FILE = Path(__file__).with_name("tagger.npz")
BUCKETS = 2**17


# Outside a name; and of each kind where a name begins, and where it goes on.
LABELS = ("", *(f"{mark}{kind}" for kind in NameKind for mark in ("+", "-")))
# A name goes on only after one of its kind.
ALLOWED = np.array(
    [[not next_.startswith("-") or (before != "" and before[1:] == next_[1:]) for next_ in LABELS] for before in LABELS]
)
_NEVER = np.float32(-1e9)
# Words and places whose buckets are kept.
_KEPT = 1 << 16
# How many keys a word's place and its neighbours have at most, and the word itself in each slot.
_PLACES, _PAIRS = 12, 3
_WIDTHS = tuple(most_traits(slot) for slot in SLOTS)
_Buckets = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name in a sentence: it is `words[first:last]`; `likeness` says of each kind how much it looks like one."""

    kind: NameKind
    first: int
    last: int
    likeness: tuple[float, ...] = ()


@dataclass(frozen=True)
class NameTagger:
    """The model: `weights` (BUCKETS, labels) of hashed traits, `moves` (labels, labels) from one label to the next."""

    weights: NDArray[np.float32]
    moves: NDArray[np.float32]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file) as stored:
            weights = np.zeros((BUCKETS, len(LABELS)), dtype=np.float32)
            weights[stored["buckets"]] = stored["weights"].astype(np.float32) * stored["scale"]
            return cls(weights, stored["moves"].astype(np.float32))

    def save(self, file: Path) -> None:
        """Write the buckets that have any weight, in eighths of a byte's range."""
        buckets = np.flatnonzero(np.abs(self.weights).max(axis=1) > 0)
        scale = np.float32(np.abs(self.weights).max() / 127)
        rounded = np.round(self.weights[buckets] / scale).astype(np.int8)
        kept = np.abs(rounded).max(axis=1) > 0
        np.savez_compressed(
            file, buckets=buckets[kept].astype(np.uint32), weights=rounded[kept], scale=scale, moves=self.moves
        )

    def tag(self, words: Sequence[TraitedWord]) -> list[Tagged]:
        """Return the names among the words of a sentence, in order."""
        if not words:
            return []
        scores = self.scores(words)
        return [replace(name, likeness=_likeness(scores, name)) for name in tagged(self.decode(scores))]

    def scores(self, words: Sequence[TraitedWord]) -> NDArray[np.float32]:
        """Return how much each word (n, labels) looks like each label."""
        pairs = [bucket_of(trait) for word in words for trait in word.pairs]
        own = np.stack([_buckets_of_word(word.token.folded) for word in words])
        buckets = np.full((len(words), _PLACES + _PAIRS + own.shape[1]), BUCKETS)
        buckets[:, :_PLACES] = np.stack([_buckets_of_place(word.place) for word in words])
        buckets[:, _PLACES : _PLACES + _PAIRS] = np.array(pairs).reshape(len(words), _PAIRS)
        column = 0
        for slot, width in zip(SLOTS, _WIDTHS, strict=True):
            first, last = max(0, -slot), len(words) - max(0, slot)
            if first < last:
                of_slot = slice(_PLACES + _PAIRS + column, _PLACES + _PAIRS + column + width)
                buckets[first:last, of_slot] = own[first + slot : last + slot, column : column + width]
            column += width
        summed: NDArray[np.float32] = np.add.reduceat(
            self._padded[buckets.ravel()], np.arange(0, buckets.size, buckets.shape[1]), axis=0
        )
        return summed

    @cached_property
    def _padded(self) -> NDArray[np.float32]:
        """The weights, and behind them none, for the bucket `BUCKETS`."""
        return np.vstack([self.weights, np.zeros((1, len(LABELS)), np.float32)])

    @cached_property
    def _moves(self) -> NDArray[np.float32]:
        return np.where(ALLOWED, self.moves, _NEVER)

    def decode(self, scores: NDArray[np.float32]) -> list[int]:
        """Return the likeliest labels, by their places in `LABELS`, of a sentence's words."""
        best = np.where(ALLOWED[0], scores[0], _NEVER)
        came = np.zeros(scores.shape, dtype=np.int64)
        for at in range(1, len(scores)):
            paths = best[:, None] + self._moves
            came[at] = paths.argmax(axis=0)
            best = paths.max(axis=0) + scores[at]
        labels = [int(best.argmax())]
        for at in range(len(scores) - 1, 0, -1):
            labels.append(int(came[at, labels[-1]]))
        return labels[::-1]


def tagged(labels: Sequence[int]) -> list[Tagged]:
    """Return the names that labels tell of."""
    found: list[Tagged] = []
    for at, number in enumerate(labels):
        label = LABELS[number]
        if label.startswith("+"):
            found.append(Tagged(NameKind(label[1:]), at, at + 1))
        elif label.startswith("-"):
            found[-1] = Tagged(found[-1].kind, found[-1].first, at + 1)
    return found


def _likeness(scores: NDArray[np.float32], name: Tagged) -> tuple[float, ...]:
    """Return how much a name looks like each kind, in their order: the sum of its words' scores."""
    begins, inside = scores[name.first], scores[name.first + 1 : name.last].sum(axis=0)
    labels = [(LABELS.index(f"+{kind}"), LABELS.index(f"-{kind}")) for kind in NameKind]
    return tuple(float(begins[first] + inside[rest]) for first, rest in labels)


def bucket_of(trait: str) -> int:
    """Return the bucket of a trait, 0 to `BUCKETS` - 1."""
    return zlib.crc32(trait.encode()) % BUCKETS


def buckets_of_word(folded: str, slot: int) -> list[int]:
    """Return the buckets of what a word is known by, as seen from `slot` words before it."""
    return [bucket_of(trait) for trait in word_traits(folded, slot)]


@lru_cache(maxsize=_KEPT)
def _buckets_of_word(folded: str) -> _Buckets:
    """Return those buckets for each slot, filled up to as many as there can be (the sum of `_WIDTHS`)."""
    by_slot = zip(SLOTS, _WIDTHS, strict=True)
    return np.concatenate([_filled(buckets_of_word(folded, slot), width) for slot, width in by_slot])


@lru_cache(maxsize=_KEPT)
def _buckets_of_place(place: WordPlace) -> _Buckets:
    return _filled([bucket_of(trait) for trait in place_traits(place)], _PLACES)


def _filled(buckets: list[int], width: int) -> _Buckets:
    filled = np.full(width, BUCKETS, np.int32)
    filled[: len(buckets)] = buckets
    return filled


@cache
def fitted() -> NameTagger:
    """Return the model that comes with Khabar."""
    return NameTagger.load(_FILE)
