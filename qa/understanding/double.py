"""Whether one message asks two questions, and where the second begins: a linear classifier over the words around a gap.

`python -m benchmarks.training.double` trains and measures it. "How many died and who is blamed?" asks twice, "who said
that prices and wages rose?" once.
"""

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.text.normalisation import fold
from qa.logistic import HashedLogisticModel

_FILE = Path(__file__).parent / "double.npz"
BUCKETS = 2**16
# Runs of so many characters of a word, its two ends marked.
_SHORTEST, _LONGEST = 2, 5
# Where a word may stand: so many before the gap, so many after it, first of all, and anywhere on either side.
_NEAR = 3
_BEFORE, _AFTER, _LEFT, _RIGHT, _FIRST, _LENGTHS = 0, 3, 6, 7, 8, 9
_PLACES = 9
# From this probability on a message is cut in two: of questions that are neither learnt nor measured, eight in a
# thousand are cut wrongly.
THRESHOLD = 0.7


class DoubleQuestions(HashedLogisticModel):
    """A logistic model of the gaps between words, in `BUCKETS`."""

    __slots__ = ()

    def probabilities(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return for each gap between `words`, the first one first, the probability that a question begins after it."""
        if len(words) < 2:
            return np.zeros(0)
        shares = np.stack([self._shares(word) for word in words])
        last = len(words)
        # What stands on either side of each gap, whatever its place, is summed up from both ends.
        left, right = np.cumsum(shares[:, _LEFT])[:-1], np.cumsum(shares[::-1, _RIGHT])[::-1][1:]
        scores = left + right + shares[0, _FIRST] + self.bias
        for gap in range(1, last):
            for at in range(min(_NEAR, gap)):
                scores[gap - 1] += shares[gap - 1 - at, _BEFORE + at]
            for at in range(min(_NEAR, last - gap)):
                scores[gap - 1] += shares[gap + at, _AFTER + at]
            scores[gap - 1] += float(self.weights[_length_buckets(gap, last)].sum())
        likely: NDArray[np.float64] = 1 / (1 + np.exp(-scores))
        return likely

    def _shares(self, word: str) -> NDArray[np.float64]:
        """Return what a word adds to the score of a gap at each place that it may stand at."""
        runs = runs_of(word)
        buckets = _tagged(runs[:, None], np.arange(_PLACES, dtype=np.uint64)[None, :])
        weights = self.weights[buckets].astype(np.float64)
        found: NDArray[np.float64] = weights.sum(axis=0)
        # Of words that only stand on a side, their runs do not count.
        found[_LEFT:_FIRST] = weights[0, _LEFT:_FIRST]
        return found

    def likeliest(self, text: str) -> tuple[int, float]:
        """Return where a second question likeliest begins, and the probability that it does; (0, 0) for one word."""
        places = word_places(text)
        if len(places) < _NEAR:
            return 0, 0.0
        shares = self.probabilities([text[start:end] for start, end in places])
        best = int(np.argmax(shares))
        return places[best + 1][0], float(shares[best])

    def second(self, text: str) -> int | None:
        """Return where the second question of a text begins, its joint included; None where it asks but one."""
        place, share = self.likeliest(text)
        return place if share >= THRESHOLD else None


def word_places(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text, with the marks it is written with, begins and ends; a mark alone is none."""
    places, done = [], 0
    for word in text.split():
        start = text.index(word, done)
        done = start + len(word)
        if any(map(str.isalnum, word)):
            places.append((start, done))
        elif places:
            places[-1] = (places[-1][0], done)
    return places


def runs_of(word: str) -> NDArray[np.uint64]:
    """Return the hashes of a word, which comes first, and of its runs of characters."""
    marked = f" {fold(word.lower())} "
    found: set[str] = set()
    for length in range(_SHORTEST, _LONGEST + 1):
        found.update(marked[start : start + length] for start in range(len(marked) - length + 1))
    return np.array([zlib.crc32(run.encode()) for run in (marked, *sorted(found - {marked}))], dtype=np.uint64)


def gap_features(runs: Sequence[NDArray[np.uint64]], gap: int) -> NDArray[np.uint64]:
    """Return the buckets of the gap before word `gap`: of the words beside it by their place, of all others by side."""
    last = len(runs)
    own = [_tagged(runs[0], _FIRST)]
    own += [_tagged(runs[gap - 1 - at], _BEFORE + at) for at in range(min(_NEAR, gap))]
    own += [_tagged(runs[gap + at], _AFTER + at) for at in range(min(_NEAR, last - gap))]
    own += [_tagged(np.array([word[0] for word in runs[:gap]]), _LEFT)]
    own += [_tagged(np.array([word[0] for word in runs[gap:]]), _RIGHT)]
    return np.concatenate([*own, _length_buckets(gap, last)])


def _length_buckets(gap: int, last: int) -> NDArray[np.uint64]:
    return _tagged(np.array([min(gap, 6), 10 + min(last - gap, 6)], dtype=np.uint64), _LENGTHS)


def _tagged(hashes: NDArray[np.uint64], tag: int | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the buckets of hashes that stand at a place."""
    mixed = (hashes + np.asarray(tag, dtype=np.uint64) * np.uint64(0x9E3779B1)) * np.uint64(0x85EBCA6B)
    buckets: NDArray[np.uint64] = (mixed >> np.uint64(13)) % np.uint64(BUCKETS)
    return buckets


@cache
def fitted() -> DoubleQuestions:
    """Return the model that comes with Khabar."""
    return DoubleQuestions.load(_FILE)
