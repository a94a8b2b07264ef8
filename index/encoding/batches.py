"""Tokenized texts to the padded batches that the bundled model computes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PAD = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that are computed together: their places in the input, and (texts, tokens) ids and mask."""

    places: tuple[int, ...]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


def batches(encodings: Sequence[Any], most_tokens: int) -> Iterator[Batch]:
    """Put tokenized texts into batches of at most `most_tokens`, padding included, or of one text that is longer.

    The longest come first: neighbours have like lengths, so little is padded, and memory peaks at once.
    """
    order = sorted(range(len(encodings)), key=lambda place: -len(encodings[place].ids))
    while order:
        longest = len(encodings[order[0]].ids)
        size = max(1, most_tokens // max(longest, 1))
        places, order = tuple(order[:size]), order[size:]
        ids = np.full((len(places), longest), _PAD, dtype=np.int64)
        mask = np.zeros((len(places), longest), dtype=np.int64)
        for row, place in enumerate(places):
            own = encodings[place].ids
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        yield Batch(places, ids, mask)
