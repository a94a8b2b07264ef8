"""A batch holds every text once, and never costs more than it may."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.batches import batches


@dataclass(frozen=True)
class Encoded:
    ids: list[int]


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 200))
def test_batches_hold_every_text_once_padded_and_within_the_limit(lengths: list[int], most: int) -> None:
    encodings = [Encoded(list(range(5, 5 + length))) for length in lengths]
    made = list(batches(encodings, most))
    assert sorted(place for batch in made for place in batch.places) == list(range(len(lengths)))
    for batch in made:
        assert batch.ids.shape == batch.mask.shape
        assert len(batch.places) == 1 or batch.ids.size <= most
        for row, place in enumerate(batch.places):
            length = lengths[place]
            assert batch.ids[row, :length].tolist() == encodings[place].ids
            assert np.all(batch.ids[row, length:] == 1)
            assert batch.mask[row].tolist() == [1] * length + [0] * (batch.mask.shape[1] - length)
    longest = [max((lengths[place] for place in batch.places), default=0) for batch in made]
    assert longest == sorted(longest, reverse=True)
