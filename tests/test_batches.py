"""One vocabulary serves everybody who reads with the bundled model, and a batch never costs more than it may."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.batches import batches, open_tokenizer
from index.bundled import bundled_model
from index.encoder import default_cache

TEXTS = ["The army denied it.", "أَكَّدَ ﷲ ١٢٣ ـــ\u200f 😀", "<s> a </s> <pad> <unk> <mask>", "", "long " * 700]


@dataclass(frozen=True)
class Encoded:
    ids: list[int]


def test_a_shared_vocabulary_tokenizes_as_the_file_does() -> None:
    folder = bundled_model(default_cache())
    ours, theirs = open_tokenizer(folder), Tokenizer.from_file(str(folder / "tokenizer.json"))
    for one, other in zip(ours.encode_batch(TEXTS), theirs.encode_batch(TEXTS), strict=True):
        assert (one.ids, one.offsets, one.special_tokens_mask) == (other.ids, other.offsets, other.special_tokens_mask)
        assert [part.ids for part in one.overflowing] == [part.ids for part in other.overflowing]
    pair = ("query: who?", "passage: " + TEXTS[-1])
    assert ours.encode(*pair).ids == theirs.encode(*pair).ids


def test_each_has_its_own_limit() -> None:
    folder = bundled_model(default_cache())
    short, whole = open_tokenizer(folder, longest=16), open_tokenizer(folder)
    assert len(short.encode(TEXTS[-1]).ids) == 16
    assert len(whole.encode(TEXTS[-1]).ids) == 512


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
