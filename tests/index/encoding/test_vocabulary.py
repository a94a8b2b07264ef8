"""One vocabulary serves everybody who reads with the bundled model; a few texts are taken apart alike without it."""

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from index.encoding.vocabulary import Encoded, Input, Pieces, Vocabulary
from tests.support.any_text import TEXTS as ANY

pytestmark = pytest.mark.system

TEXTS = ["The army denied it.", "أَكَّدَ ﷲ ١٢٣ ـــ\u200f 😀", "<s> a </s> <pad> <unk> <mask>", "", "long " * 700]
PAIRS = [("query: من نفى؟ <s>b", f"passage: {text}") for text in TEXTS]


@cache
def folder() -> Path:
    return bundled_model(default_cache())


@cache
def file() -> Tokenizer:
    return Tokenizer.from_file(str(folder() / "tokenizer.json"))


def expected(texts: Sequence[Input]) -> list[Encoded]:
    return [
        Encoded(item.ids, item.offsets, item.special_tokens_mask, item.sequence_ids)
        for item in file().encode_batch(list(texts))
    ]


def test_a_shared_vocabulary_tokenizes_as_the_file_does() -> None:
    ours = Vocabulary(folder()).whole
    for one, other in zip(ours.encode_batch(TEXTS), file().encode_batch(TEXTS), strict=True):
        assert (one.ids, one.offsets, one.special_tokens_mask) == (other.ids, other.offsets, other.special_tokens_mask)
        assert [part.ids for part in one.overflowing] == [part.ids for part in other.overflowing]
    assert Vocabulary(folder()).encode(PAIRS) == expected(PAIRS)


def test_each_has_its_own_limit() -> None:
    short, whole = Vocabulary(folder(), longest=16), Vocabulary(folder())
    assert len(short.encode(TEXTS[-1:])[0].ids) == 16
    assert len(whole.encode(TEXTS[-1:])[0].ids) == 512


@given(st.lists(ANY, min_size=1, max_size=3))
def test_pieces_take_any_texts_apart_as_the_whole_vocabulary_does(texts: list[str]) -> None:
    assert Pieces(folder()).encode(texts) == expected(texts)


@pytest.mark.parametrize("texts", [TEXTS, PAIRS])
def test_pieces_take_pairs_and_long_texts_apart_too(texts: list[Input]) -> None:
    assert Pieces(folder()).encode(texts) == expected(texts)


def test_one_question_does_without_the_whole_vocabulary_and_several_load_it() -> None:
    code = """
from index.encoding import vocabulary
from index.encoding.encoder import open_encoder
encoder, loaded = open_encoder(), []
for number in range(4):
    encoder.encode_query(f"who denied it {number}?" + "!" * 1_000)
    encoder.locate_tokens(["The army denied it. " * 2_000])
    loaded.append(vocabulary._loaded.cache_info().currsize)
print(loaded)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[0, 0, 1, 1]"
