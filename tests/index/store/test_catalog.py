"""The catalog is the truth: revisions, withdrawal, filters, the lexical index, one generation a commit."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import psutil
import pytest

from index import Article, ArticleNotFoundError, Extent, Filters, LibraryError, Passage
from index.encoding.encoder import TextVectors, TokenVectors
from index.store.catalog import Catalog
from index.store.rows import NewArticle, NewPassage


@pytest.fixture
def catalog(tmp_path: Path, served_at: str | None) -> Iterator[Catalog]:
    opened = Catalog(served_at or tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def new(id_: str, text: str, *, key: bytes = b"k", terms: str = "", names: str = "", **fields: object) -> NewArticle:
    article = Article(id=id_, text=text, **fields)  # type: ignore[arg-type]
    return NewArticle(article, f"/f/{id_}", (NewPassage(0, len(text), key, terms, names),))


VECTORS = TextVectors(np.eye(4, dtype=np.float32)[0], TokenVectors(np.eye(4, dtype=np.float32), np.ones(4, np.float32)))


def put(catalog: Catalog, *articles: NewArticle, origin: str = "folder") -> None:
    with catalog.writing() as generation:
        for article in articles:
            catalog.put(article, origin, generation)
            catalog.put_vectors({passage.key: VECTORS for passage in article.passages})


def test_each_commit_moves_the_generation_by_one_and_a_failed_one_changes_nothing(catalog: Catalog) -> None:
    put(catalog, new("a", "one"))
    assert catalog.generation == 1
    with pytest.raises(RuntimeError), catalog.writing() as generation:
        catalog.put(new("b", "two"), "folder", generation)
        raise RuntimeError
    assert catalog.generation == 1
    assert [article.id for article in catalog.articles(Filters(), None, None, 0)] == ["a"]


def test_a_changed_article_is_a_new_revision_and_the_old_one_stays_readable(catalog: Catalog) -> None:
    put(catalog, new("a", "ten died", published=date(2025, 1, 2)))
    put(catalog, new("a", "two died", key=b"k2"))
    assert catalog.article("a").text == "two died"
    assert catalog.article("a", 1).text == "ten died"
    assert catalog.article("a", 1).published == date(2025, 1, 2)
    assert [(r.number, r.current) for r in catalog.revisions("a")] == [(2, True), (1, False)]
    assert catalog.facets.size() == (1, 1)


def test_a_withdrawn_article_is_gone_in_every_revision_and_its_numbers_are_not_used_again(catalog: Catalog) -> None:
    put(catalog, new("a", "ten died"))
    put(catalog, new("a", "two died", key=b"k2"))
    with catalog.writing() as generation:
        catalog.remove("a", generation)
    for revision in (None, 1, 2):
        with pytest.raises(ArticleNotFoundError, match="'a'"):
            catalog.article("a", revision)
    put(catalog, new("a", "three died", key=b"k3"))
    assert catalog.revisions("a")[0].number == 3
    assert catalog.missing_vectors([b"k2", b"k3"]) == {b"k2"}


def test_an_article_stays_while_another_source_still_brings_it(catalog: Catalog) -> None:
    put(catalog, new("a", "one"))
    with catalog.writing() as generation:
        catalog.claim("a", "other", "/o/a")
        assert catalog.release("a", "folder", generation) is False
    assert catalog.article("a").text == "one"
    with catalog.writing() as generation:
        assert catalog.release("a", "other", generation) is True
    assert catalog.facets.size() == (0, 0)


def test_filters_select_articles_passages_and_lexical_hits_alike(catalog: Catalog) -> None:
    put(
        catalog,
        new("ar", "نص", terms="flood", language="ar", source="Wire", published=date(2025, 3, 1)),
        new("en", "text", terms="flood", language="en", source="Herald", published=date(2025, 4, 1)),
        new("undated", "text", terms="flood", language="en", source=None),
    )
    wanted = {
        Filters(): {"ar", "en", "undated"},
        Filters.of(language="en"): {"en", "undated"},
        Filters.of(source=["Wire", "Herald"]): {"ar", "en"},
        Filters.of(after="2025-03-01", before="2025-03-31"): {"ar"},
        Filters.of(after="2025-03-02"): {"en"},
        Filters.of(category="sport"): set(),
    }
    for filters, ids in wanted.items():
        assert {article.id for article in catalog.articles(filters, None, None, 0)} == ids
        hits = catalog.full_text.search(["flood"], [], filters, 10)
        assert {item.article.id for item in catalog.passages(list(hits), filters).values()} == ids
        assert catalog.facets.extent(filters).articles == len(ids)
        assert all(filters.match(catalog.article(id_)) for id_ in ids)


def test_what_some_articles_are_taken_together(catalog: Catalog) -> None:
    put(
        catalog,
        new("one", "text", language="ar", source="Wire", published=date(2025, 3, 1)),
        new("two", "text", language="ar", source="Wire", published=date(2025, 5, 1)),
        new("three", "text", language="en", source="Herald", published=date(2025, 4, 1)),
        new("four", "text", language="fr", source=None),
    )
    assert catalog.facets.extent(Filters()) == Extent(4, 2, date(2025, 3, 1), date(2025, 5, 1))
    assert catalog.facets.extent(Filters.of(language="ar")) == Extent(2, 1, date(2025, 3, 1), date(2025, 5, 1))
    assert catalog.facets.extent(Filters.of(language="fr")) == Extent(1, 0)
    assert catalog.facets.extent(Filters.of(language="de")) == Extent(0, 0)


def test_lexical_ranks_by_bm25_and_any_word_is_safe_to_look_up(catalog: Catalog) -> None:
    put(
        catalog,
        new("twice", "x", terms="flood flood river"),
        new("once", "y", key=b"k2", terms="flood city market road"),
        new("named", "z", key=b"k3", terms="city", names="nmn"),
    )
    hits = catalog.full_text.search(["flood"], ["nmn"], Filters(), 10)
    found = catalog.passages(list(hits), Filters())
    assert next(found[number].article.id for number in hits if number in found) in {"twice", "named"}
    assert {found[number].article.id for number in hits} == {"twice", "once", "named"}
    assert catalog.full_text.search(['"', "AND", "a:b", "(", "*"], ['"'], Filters(), 10) == {}


def test_passages_join_back_to_the_current_revision_only(catalog: Catalog) -> None:
    put(catalog, new("a", "one"))
    old = next(iter(catalog.vectors())).numbers.tolist()
    put(catalog, new("a", "two!", key=b"k2"))
    current = next(iter(catalog.vectors())).numbers.tolist()
    assert catalog.passages([*old, 999], Filters()) == {}
    stored = catalog.passages(current, Filters())[current[0]]
    assert (stored.passage, stored.revision) == (Passage("a", 0, 4), 2)
    assert catalog.gone(1) == old


def test_threads_that_have_ended_leave_no_file_open(catalog: Catalog) -> None:
    def open_files() -> int:
        return sum("catalog" in file.path for file in psutil.Process().open_files())

    def read() -> None:
        assert catalog.generation == 0

    counts = []
    for _ in range(12):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        counts.append(open_files())
    assert len(set(counts[1:])) == 1


def test_closed_while_threads_read_it_waits_for_what_they_read_and_refuses_the_next(tmp_path: Path) -> None:
    # Closed in the midst of a statement, SQLite takes the whole process along: a few hundred tries do it.
    for turn in range(300):
        catalog = Catalog(tmp_path / f"{turn % 3}.sqlite3")
        begun, refused = threading.Barrier(4), []

        def read(catalog: Catalog = catalog, begun: threading.Barrier = begun, refused: list[str] = refused) -> None:
            begun.wait()
            try:
                while True:
                    assert catalog.generation == 0
            except LibraryError as error:
                refused.append(str(error))

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        begun.wait()
        catalog.close()
        for thread in threads:
            thread.join(60)
        assert len(refused) == 3
        assert all("was closed while it was asked" in message for message in refused)


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_bytes(b"not a database, " * 100)
    with pytest.raises(LibraryError, match="khabar doctor"):
        Catalog(path)
