"""A catalogue of an earlier format: read as it is where it may not be written, and brought up to this one else."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.article import Article, Repair
from index.errors import LibraryError
from index.store.access.roles import AccessRole
from index.store.access.tokens import TokenTable
from index.store.catalog import Catalog
from index.store.engines.sqlite import FORMAT, SqliteDatabase
from index.store.rows import NewArticle, from_plain, to_plain

PAGED = Article(
    "a", "One.\nTwo.", "T", modified=date(2025, 10, 6), pages=(0, 5), row=3, repair=Repair.VISUAL_ORDER, language="en"
)
_LATER = ("modified", "pages", "row", "repair")


def earlier(path: Path, number: str) -> None:
    """Turn a catalogue into one of an earlier format, whose articles have none of the later columns."""
    with closing(sqlite3.connect(path)) as connection:
        for name in _LATER:
            connection.execute(f"ALTER TABLE article DROP COLUMN {name}")
        connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (number,))
        connection.commit()


def stored(path: Path) -> Catalog:
    catalog = Catalog(path)
    with catalog.writing() as generation:
        catalog.put(NewArticle(Article("old", "An old text.", "Old", language="en"), "old.txt", ()), "x", generation)
    return catalog


def test_pages_rows_and_repairs_come_back_and_so_they_do_from_a_past_revision(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    for article in (PAGED, Article("a", "New.", language="en")):
        with catalog.writing() as generation:
            catalog.put(NewArticle(article, "a.pdf", ()), "x", generation)
    assert catalog.article("a", 1) == PAGED
    assert from_plain(to_plain(PAGED)) == PAGED
    catalog.close()


def test_what_came_later_is_part_of_the_hash_and_changes_none_that_was() -> None:
    plain = Article("a", "One.", "T", language="en")
    # What an earlier version computed of these fields.
    assert plain.content_hash == "6e1cb009474a6121fb2dad30f104dc4df265019e58b717e5019dbcc1618edfb1"
    hashes = {plain.content_hash, Article("a", "One.", "T", language="en", pages=(0,)).content_hash}
    assert len(hashes) == 2


@pytest.mark.parametrize("number", ["2", "3"])
def test_an_earlier_catalogue_is_brought_up_to_date(tmp_path: Path, number: str) -> None:
    stored(tmp_path / "catalog.db").close()
    earlier(tmp_path / "catalog.db", number)
    catalog = Catalog(tmp_path / "catalog.db")
    assert catalog.article("old").text == "An old text."
    with catalog.writing() as generation:
        catalog.put(NewArticle(PAGED, "a.pdf", ()), "x", generation)
    assert catalog.article("a") == PAGED
    # The words of format 2 wait for whoever brings the full text up to date.
    assert catalog.database.has_current_terms == (number == "3")
    catalog.close()


def test_a_catalogue_that_may_not_be_written_is_read_as_it_is(tmp_path: Path) -> None:
    stored(tmp_path / "catalog.db").close()
    earlier(tmp_path / "catalog.db", "3")
    database = SqliteDatabase(tmp_path / "catalog.db", writable=False)
    assert database.one("SELECT id, pages, row FROM article WHERE id = 'old'") == ("old", None, None)
    database.close()
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == ("3",)


def with_tokens_of_before_roles(path: Path) -> str:
    """Make a catalogue with a token, as it was before tokens had a role; returns the token."""
    catalog = stored(path)
    token = TokenTable(catalog.database).add("script", None, AccessRole.EDITOR)
    catalog.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE token DROP COLUMN role")
        # Nor were they for a site.
        connection.execute("ALTER TABLE token DROP COLUMN origin")
        connection.commit()
    return token


def test_tokens_of_before_there_were_roles_are_readers_tokens(tmp_path: Path) -> None:
    token = with_tokens_of_before_roles(tmp_path / "catalog.db")
    with closing(Catalog(tmp_path / "catalog.db")) as catalog:
        tokens = TokenTable(catalog.database)
        tokens.add("writer", None, AccessRole.EDITOR)
        assert [(each.name, each.role.value) for each in tokens.all()] == [("script", "reader"), ("writer", "editor")]
        assert tokens.find(token) == tokens.all()[0]
        tokens.add("site", None, origin="https://site.example")
        assert [each.origin for each in tokens.all()] == [None, "https://site.example", None]


def test_they_are_so_in_a_catalogue_that_may_not_be_written(tmp_path: Path) -> None:
    token = with_tokens_of_before_roles(tmp_path / "catalog.db")
    before = (tmp_path / "catalog.db").read_bytes()
    with closing(SqliteDatabase(tmp_path / "catalog.db", writable=False)) as database:
        found = TokenTable(database).find(token)
    assert found is not None and (found.role, found.origin) == (AccessRole.READER, None)
    assert (tmp_path / "catalog.db").read_bytes() == before


def test_a_catalogue_of_a_format_to_come_is_refused(tmp_path: Path) -> None:
    stored(tmp_path / "catalog.db").close()
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
        connection.commit()
    with pytest.raises(LibraryError, match=rf"format 99, this one reads {FORMAT}"):
        Catalog(tmp_path / "catalog.db")
