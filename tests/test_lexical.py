"""Words in the index: rare ones find, common ones are left out where there are many passages."""

from pathlib import Path

import pytest

from index import Article, Encoder, Filters, Library
from index.backups import CATALOG
from index.database import Database
from index.lexical import LexicalIndex
from tests.small_encoder import SmallEncoder


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    encoder: Encoder = SmallEncoder()
    with Library.open(tmp_path, encoder=encoder) as library:
        library.add(
            Article.create(
                f"a{number}", f"The harbour closed. Ferry word{number}.", language="en" if number % 2 else "ar"
            )
            for number in range(8)
        )
    return LexicalIndex(Database(tmp_path / CATALOG), common=5)


def test_a_common_word_is_left_out_and_a_rare_one_finds(lexical: LexicalIndex) -> None:
    assert lexical.search(["harbour"], [], Filters(), 10) == {}
    assert list(lexical.search(["harbour", "word3"], [], Filters(), 10)) == [4]


def test_filters_are_applied(lexical: LexicalIndex) -> None:
    words = [f"word{number}" for number in range(4)]
    assert set(lexical.search(words, [], Filters(), 10)) == {1, 2, 3, 4}
    assert set(lexical.search(words, [], Filters.of(language="en"), 10)) == {2, 4}


def test_a_filter_that_few_pass_still_finds(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(
            Article.create(f"a{number}", "harbour " * (1 + number // 30), source="Rare" if number < 2 else "Wire")
            for number in range(60)
        )
    lexical = LexicalIndex(Database(tmp_path / CATALOG))
    assert set(lexical.search(["harbour"], [], Filters.of(source="Rare"), 2)) == {1, 2}
    assert len(lexical.search(["harbour"], [], Filters.of(source="Wire"), 2)) == 2


def test_nothing_is_common_in_a_small_library(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(Article.create(f"a{number}", "The harbour closed.") for number in range(4))
    assert len(LexicalIndex(Database(tmp_path / CATALOG)).search(["harbour"], [], Filters(), 10)) == 4
