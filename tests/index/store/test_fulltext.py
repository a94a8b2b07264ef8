"""Words in the index: rare ones find, common ones are left out where there are many passages."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index import Article, Filters, Library, LibraryError
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from index.store.engines.opening import open_database
from index.store.engines.sqlite import SqliteDatabase
from index.store.engines.tokens import Tokeniser
from index.store.fulltext import LexicalIndex
from tests.support.small_encoder import SmallEncoder


@pytest.fixture
def lexical(tmp_path: Path, served_at: str | None) -> Iterator[LexicalIndex]:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as library:
        library.add(
            Article.create(
                f"a{number}", f"The harbour closed. Ferry word{number}.", language="en" if number % 2 else "ar"
            )
            for number in range(8)
        )
    with closing(open_database(served_at or tmp_path / CATALOG)) as database:
        yield LexicalIndex(database, common=5)


def test_a_common_word_is_left_out_and_a_rare_one_finds(lexical: LexicalIndex) -> None:
    assert lexical.search(["harbour"], [], Filters(), 10) == {}
    assert list(lexical.search(["harbour", "word3"], [], Filters(), 10)) == [4]


def test_filters_are_applied(lexical: LexicalIndex) -> None:
    words = [f"word{number}" for number in range(4)]
    assert set(lexical.search(words, [], Filters(), 10)) == {1, 2, 3, 4}
    assert set(lexical.search(words, [], Filters.of(language="en"), 10)) == {2, 4}


def test_a_filter_that_few_pass_still_finds(tmp_path: Path, served_at: str | None) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as library:
        library.add(
            Article.create(f"a{number}", "harbour " * (1 + number // 30), source="Rare" if number < 2 else "Wire")
            for number in range(60)
        )
        lexical = library._catalog.full_text
        assert set(lexical.search(["harbour"], [], Filters.of(source="Rare"), 2)) == {1, 2}
        assert len(lexical.search(["harbour"], [], Filters.of(source="Wire"), 2)) == 2


def test_nothing_is_common_in_a_small_library(tmp_path: Path, served_at: str | None) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as library:
        library.add(Article.create(f"a{number}", "The harbour closed.") for number in range(4))
        assert len(library._catalog.full_text.search(["harbour"], [], Filters(), 10)) == 4


def stored(library: Path) -> dict[str, tuple[str, str]]:
    """Return the terms and name keys of each article of one passage."""
    with closing(sqlite3.connect(library / CATALOG)) as file:
        rows = file.execute(
            "SELECT article.id, terms, names FROM lexical JOIN passage ON passage.id = lexical.rowid "
            "JOIN article ON article.number = passage.article"
        )
        return {id_: (terms, names) for id_, terms, names in rows}


def make_older(library: Path) -> None:
    """Write a library's words as the earlier format had them: all Latin words by English rules."""
    with closing(sqlite3.connect(library / CATALOG)) as file:
        for id_, words in (("f", "le port de sfax a rouvert hier annonc tunisien"), ("d", "der hafen wurd")):
            file.execute(
                "UPDATE lexical SET terms = ?, names = 'old' WHERE rowid IN (SELECT passage.id FROM passage "
                "JOIN article ON article.number = passage.article WHERE article.id = ?)",
                (words, id_),
            )
        file.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
        file.commit()


ARTICLES = [
    Article.create("f", "Les présidents tunisiens ont annoncé des négociations.", title="Annonces", language="fr"),
    Article.create("d", "Die Wahlen in Berlin.", language="de"),
    Article.create("e", "The elections in Berlin.", language="en"),
    Article.create("a", "الانتخابات في بغداد.", language="ar"),
]


def test_the_words_of_an_older_library_are_made_anew_when_it_is_opened(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(ARTICLES)
    fresh = stored(tmp_path)
    assert fresh["f"][0] == "président tunisien annonc négoci annonc".replace("é", "e")
    make_older(tmp_path)
    assert stored(tmp_path)["f"] != fresh["f"]
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        assert library.generation == 2
        assert [hit.article.id for hit in library.search("négociation")][:1] == ["f"]
    assert stored(tmp_path) == fresh
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        assert library.generation == 2


def test_an_older_library_of_arabic_and_english_is_left_as_it_is(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(ARTICLES[2:])
    fresh = stored(tmp_path)
    make_older(tmp_path)
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        assert library.generation == 1
    assert stored(tmp_path) == fresh


def test_words_are_made_anew_in_one_commit_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(ARTICLES)
    make_older(tmp_path)
    old = stored(tmp_path)
    catalog = Catalog(tmp_path / CATALOG)
    monkeypatch.setattr(SqliteDatabase, "set_current", lambda self: self.run("no statement"))
    with pytest.raises(LibraryError):
        catalog.bring_up_to_date()
    catalog.close()
    assert stored(tmp_path) == old


def test_a_name_is_found_in_articles_of_other_languages(tmp_path: Path, served_at: str | None) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as library:
        library.add(
            [
                Article.create("f", "Le roi Charles a parlé hier.", language="fr"),
                Article.create("p", "Charles mówił wczoraj.", language="pl"),
                Article.create("a", "تحدث الملك تشارلز أمس.", language="ar"),
                *(Article.create(f"x{number}", "Nothing of the kind.", language="en") for number in range(5)),
            ]
        )
        assert {hit.article.id for hit in library.search("What did charles say?", limit=2)} == {"f", "p"}
        assert {hit.article.id for hit in library.search("What did Charles say?", limit=3)} == {"f", "p", "a"}


def test_what_failed_to_be_taken_apart_leaves_nothing_for_the_next() -> None:
    tokeniser = Tokeniser()
    with pytest.raises(UnicodeEncodeError):
        tokeniser.tokens(["before", "\ud800"])
    assert tokeniser.tokens(["after"]) == {"after": ("after",)}
    tokeniser.close()
    with pytest.raises(LibraryError, match="closed"):
        tokeniser.tokens(["later"])
