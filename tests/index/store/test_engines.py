"""Both engines hold one library: the same rank of words, the same answers, and either's export is the other's."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import (
    Article,
    Candidate,
    Feedback,
    Filters,
    Library,
    LibraryError,
    QueryError,
    ReaderVerdict,
    StorageError,
    export_library,
    import_library,
)
from index.analysis import query_name_keys, query_terms
from index.encoding.encoder import TextVectors
from index.store.catalog import Catalog
from index.store.engines import postgresql
from index.store.engines.postgresql import PostgresDatabase
from index.store.engines.protocol import Database, PassageWords
from index.store.engines.sqlite import SqliteDatabase
from index.store.fulltext import LexicalIndex, words_of
from qa import Assistant
from tests.support.paths import ROOT
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import FOUR, THREE, change, stand
from ui.cli.main import run

pytestmark = pytest.mark.system

# What this version makes of the schema.
NEWEST = len(postgresql._MIGRATIONS)


class NeverEncodes(SmallEncoder):
    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        assert not texts, "a passage was encoded again"
        return []


@pytest.fixture
def both(tmp_path: Path, postgres: PostgresServer) -> Iterator[tuple[Database, Database]]:
    """An empty catalog of each engine."""
    with (
        closing(SqliteDatabase(tmp_path / "catalog.sqlite3")) as file,
        closing(PostgresDatabase(postgres.schema())) as served,
    ):
        yield file, served


# Words.

# Whatever a term may be of: case that is folded, marks, numbers, signs that part it and signs that do not, and letters
# that came into Unicode late.
_TERMS = st.text("aAéÉßİıſΣς٣3½⑴.-_%'’()\"*:^\u0301\u064b\u200dلإ中𞤀Აŀ🙂", min_size=1, max_size=4)
_TEXTS = st.lists(_TERMS, max_size=6).map(" ".join)
_PASSAGES = st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=8)


def is_whole(words: Database, term: str) -> bool:
    """Tell whether FTS5 takes a term as one token, as nearly every one that Khabar makes."""
    return len(words.words._tokeniser.tokens([term])[term]) <= 1  # type: ignore[attr-defined]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_PASSAGES, st.lists(_TERMS, max_size=4), st.lists(_TERMS, max_size=2), st.integers(0, 3))
def test_any_words_are_ranked_as_fts5_ranks_them(
    both: tuple[Database, Database], texts: list[tuple[str, str]], terms: list[str], names: list[str], without: int
) -> None:
    found, often = [], []
    sought = {"terms": [t for t in terms if is_whole(both[1], t)], "names": [t for t in names if is_whole(both[1], t)]}
    sought = {field: words for field, words in sought.items() if words}
    if not sought:
        return
    for database in both:
        with database.commit():
            database.words.clear()
            database.words.put([PassageWords(number, *text) for number, text in enumerate(texts, 1)])
            database.words.remove(range(2, 2 + without))
        found.append(database.words.ranked(sought, 5, Filters()))
        often.append([database.words.occurs_beyond(field, word, 1) for field in sought for word in sought[field]])
    assert often[0] == often[1]
    assert list(found[0]) == list(found[1])
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_a_term_that_is_taken_apart_is_found_as_it_was_written(both: tuple[Database, Database]) -> None:
    for database in both:
        with database.commit():
            database.words.put(
                [PassageWords(1, "paral·lel", ""), PassageWords(2, "paral", ""), PassageWords(3, "x", "")]
            )
        assert list(database.words.ranked({"terms": ["paral·lel"]}, 9, Filters())) == [1]
        assert set(database.words.ranked({"terms": ["paral"]}, 9, Filters())) == {1, 2}
        assert database.words.ranked({"terms": ["('"]}, 9, Filters()) == {}


def test_real_articles_are_ranked_alike_ties_too(tmp_path: Path, postgres: PostgresServer) -> None:
    address = postgres.schema()
    for catalog in (None, address):
        with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=catalog) as library:
            assert library.sync(ROOT / "samples").ok
            # Word for word the same: their scores are equal.
            library.add(Article.create(f"same{n}", "The convoy of trucks halted.", language="en") for n in range(9))
            library.add(
                [
                    Article.create("f", "Le gouvernement a annoncé la réouverture du port de Sfax.", language="fr"),
                    Article.create("a", "أعلنت الحكومة إعادة فتح ميناء صفاقس أمام السفن.", language="ar"),
                ]
            )
    questions = (
        ("How many trucks were in the first convoy?", "en"),
        ("من نفى خطر داعش؟", "ar"),
        ("متى أعيد فتح ميناء صفاقس؟", "ar"),
        ("Quand le port de Sfax a-t-il rouvert ?", "fr"),
        ("Which embassy warned its citizens in Baghdad?", "en"),
    )
    with closing(Catalog(tmp_path / "library" / "catalog.sqlite3")) as file, closing(Catalog(address)) as served:
        for question, language in questions:
            words = query_terms(question, language, ("ar", "en", "fr")), query_name_keys(question, language)
            for filters in (Filters(), Filters.of(language=language), Filters.of(after="2025-10-01")):
                ours, theirs = (catalog.full_text.search(*words, filters, 50) for catalog in (file, served))
                assert list(ours) == list(theirs)
                assert ours == pytest.approx(theirs, rel=1e-12)
                assert filters or ours
            common = [LexicalIndex(catalog.database, common=9) for catalog in (file, served)]
            assert list(common[0].search(*words, Filters(), 50)) == list(common[1].search(*words, Filters(), 50))


def test_the_size_is_counted_through_every_change(tmp_path: Path, postgres: PostgresServer) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=postgres.schema()) as library:
        database = library._catalog.database
        library.add(Article.create(f"a{n}", f"Bird{n} was seen. " * (1 + n)) for n in range(5))
        library.add([Article.create("a1", "Another text.")])
        library.remove(["a2"])
        library.rebuild()
        counted = "SELECT count(*), sum(length)::bigint FROM lexical"
        assert database.all("SELECT passages, tokens FROM lexical_size") == database.all(counted)
        assert database.one("SELECT count(*) FROM lexical") == database.one("SELECT count(*) FROM passage") == (4,)


# Moving.


@pytest.fixture
def filled(tmp_path: Path, served_at: str | None) -> tuple[Path, str | None]:
    """A library of either engine with something in every table."""
    with Library.open(tmp_path / "filled", encoder=SmallEncoder(), catalog=served_at) as library:
        library.add(Article.create(f"a{n}", f"Here bird{n} met the crew.", source="Wire") for n in range(40))
        library.add([Article.create("a7", "Here bird7 left the crew.", source="Wire", language="fr")])
        library.add([Article.create("ع", "التقى الطاقم بالطائر.", source="وكالة")])
        library.remove(["a8", "ع"])
        library.feeds.follow("https://news.example/feed", 600.5, datetime(2025, 11, 1, tzinfo=UTC))
        library.shared.keep({"question": "من؟\x00"})
        library.visits.keep_stamp("https://news.example/feed", "https://news.example/1", "s")
        library.feedback.record(Feedback("i", ReaderVerdict.GOOD, "?", {"text": "é"}, {"khabar": "0"}))
        change(library, stand(library, "Combien ? 🌊 كم؟", THREE, mail="layla@example.org"), FOUR)
    return tmp_path / "filled", served_at


def rounded(found: list[Candidate]) -> list[Candidate]:
    """One library may have compared exactly what the other has in its vector index."""
    return [replace(hit, similarity=round(hit.similarity, 5) if hit.similarity else None) for hit in found]


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_an_export_of_either_engine_is_the_same_library_in_either(
    filled: tuple[Path, str | None], to: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    folder, address = filled
    other = postgres.schema() if to == "postgresql" else None
    assert export_library(folder, tmp_path / "news.khabar", catalog=address) == 39
    assert import_library(tmp_path / "news.khabar", tmp_path / "other", catalog=other) == 39
    with (
        Library.open(folder, encoder=SmallEncoder(), catalog=address) as ours,
        Library.open(tmp_path / "other", encoder=NeverEncodes(), catalog=other) as theirs,
    ):
        assert theirs.generation == ours.generation
        assert theirs.articles() == ours.articles()
        assert theirs.revisions("a7") == ours.revisions("a7")
        assert theirs.article("a7", revision=1).text == "Here bird7 met the crew."
        assert theirs.stats() == ours.stats()
        assert theirs.feedback.all() == ours.feedback.all()
        assert theirs.visits.stamp("https://news.example/feed", "https://news.example/1") == "s"
        assert theirs.standing_questions.changes() == ours.standing_questions.changes()
        (asked,) = ours.standing_questions.all()
        assert theirs.standing_questions.all() == [replace(asked, mail=None)]
        assert len(ours.standing_questions.deliveries()) == 1 and theirs.standing_questions.deliveries() == []
        assert [(feed.period, feed.paused) for feed in theirs.feeds.all()] == [(600.5, True)]
        kept = ours.shared.keep({"question": "من؟\x00"})
        assert theirs.shared.find(kept.id) is not None
        for question in ("bird7", "bird8", "the crew", "bird39 met", "الطاقم"):
            assert rounded(theirs.search(question)) == rounded(ours.search(question))
        assert theirs.doctor(repair=False).ok
        assert theirs._catalog.meta("id") != ours._catalog.meta("id")
        highest = max(ours._catalog.passages_of("a39").values())
    with Library.open(tmp_path / "other", encoder=SmallEncoder(), catalog=other) as theirs:
        theirs.add([Article.create("new", "A new one.")])
        # No number is given twice, not even that of what was removed last.
        assert min(theirs._catalog.passages_of("new").values()) > highest + 2
    with pytest.raises(LibraryError, match="library already"):
        import_library(tmp_path / "news.khabar", tmp_path / "other", catalog=other)


def test_questions_get_the_same_answers(samples: Assistant, tmp_path: Path, postgres: PostgresServer) -> None:
    address = postgres.schema()
    export_library(samples.library.path, tmp_path / "news.khabar")
    import_library(tmp_path / "news.khabar", tmp_path / "other", catalog=address)
    library = Library.open(tmp_path / "other", encoder=samples.library.encoder, catalog=address)
    with Assistant(library) as served:
        for question in (
            "How many trucks were in the first convoy?",
            "من نفى خطر داعش؟",
            "Qui a démenti la menace de Daech ?",
            "What is the capital of Mongolia?",
        ):
            ours, theirs = samples.ask(question), served.ask(question)
            assert (theirs.text, theirs.state, theirs.citations) == (ours.text, ours.state, ours.citations)
            assert theirs.confidence == pytest.approx(ours.confidence, abs=1e-3)


# Opening.


def test_the_commands_use_the_catalog_that_is_named(
    tmp_path: Path, postgres: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    address, folder = postgres.database(), str(tmp_path / "library")
    at = ["--library", folder, "--catalog", address]
    assert run(["articles", "list", *at]) == 2
    assert "There is no library in postgresql://" in capsys.readouterr().err
    # Looking has made nothing.
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1 FROM pg_tables WHERE tablename = 'meta'").fetchone() is None
    assert run(["doctor", "--restore", *at]) == 2
    assert "the server's own tools" in capsys.readouterr().err
    assert run(["articles", "list", "--library", folder, "--catalog", "mysql://x"]) == 2
    assert "begins with postgresql://" in capsys.readouterr().err


def test_the_doctor_names_engine_server_schema_and_generation(tmp_path: Path, postgres: PostgresServer) -> None:
    address = postgres.database()
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
        library.add([Article.create("a", "One text.")])
        first = library.doctor(repair=False).checks[0]
    name = address.partition("?")[0].rpartition("/")[2]
    assert (first.name, first.ok, first.detail[:11]) == ("engine", True, "PostgreSQL ")
    assert first.detail.endswith(f"at postgresql://{postgres.folder}/{name}, schema version {NEWEST}, generation 1")


def test_an_older_schema_is_brought_up_to_date_by_the_migrations_that_it_lacks(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.schema()
    Catalog(address).close()
    later = (("CREATE TABLE next (number INTEGER)",), ("INSERT INTO next VALUES (3)", "DROP TABLE nowhere"))
    monkeypatch.setattr(postgresql, "_MIGRATIONS", (*postgresql._MIGRATIONS, *later))
    with pytest.raises(LibraryError, match="nowhere"):
        Catalog(address)
    monkeypatch.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[: NEWEST + 1])
    # Nothing of those that failed was left: the first of them is made now.
    with closing(Catalog(address)) as catalog:
        assert catalog.database.describe().endswith(f"schema version {NEWEST + 1}")
        assert catalog.database.all("SELECT * FROM next") == []


def test_a_library_of_the_first_schema_gets_the_tables_that_came_later_and_keeps_its_articles(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.schema()
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:1])
        for at in ("access.audit.AuditLog.record", "queue.handed.HandedTable.forget", "names.table.MentionTable.place"):
            earlier.setattr(f"index.store.{at}", lambda *_: None)
        with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
            library.add([Article.create("a", "One text.")])
            assert (library.standing_questions.all(), library.tokens.all()) == ([], [])
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
        assert [article.id for article in library.articles()] == ["a"]
        assert getattr(library.tokens.find(library.tokens.add("script", None)), "name", None) == "script"
        assert library.doctor(repair=False).checks[0].detail.endswith(f"schema version {NEWEST}, generation 2")


def test_a_newer_schema_is_refused_and_what_is_no_librarys_left_alone(postgres: PostgresServer) -> None:
    address = postgres.schema()
    with closing(Catalog(address)) as catalog:
        catalog.database.run("UPDATE meta SET value = '99' WHERE key LIKE 'schema%'")
    with pytest.raises(LibraryError, match=rf"newer version of Khabar \(schema version 99, this one has {NEWEST}\)"):
        Catalog(address)
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'schema'")
    with pytest.raises(LibraryError, match="tables of something else"):
        Catalog(address)


def test_one_database_holds_two_libraries_in_two_schemas(postgres: PostgresServer) -> None:
    address = postgres.database()
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        connection.execute("CREATE SCHEMA other")
    with closing(Catalog(address)) as one, closing(Catalog(f"{address}&options=-csearch_path%3Dother")) as two:
        one.set_meta("k", "1")
        assert (one.meta("k"), two.meta("k")) == ("1", None)


def test_a_password_is_in_no_message(postgres: PostgresServer) -> None:
    with pytest.raises(StorageError) as failed:
        Catalog(f"postgresql://khabar:secret@/nowhere?host={postgres.folder}")
    assert "nowhere" in str(failed.value) and "secret" not in str(failed.value)
    with pytest.raises(LibraryError, match="cannot be read") as failed:
        Catalog("postgresql://khabar:secret@[/x")
    assert "secret" not in str(failed.value)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LibraryError, match=r"pip install 'khabar\[postgres\]'"):
        Catalog("postgresql://khabar@localhost/news")


def test_who_may_only_read_reads(tmp_path: Path, postgres: PostgresServer) -> None:
    address = postgres.database()
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
        library.add([Article.create("a", "The harbour closed."), Article.create("b", "The museum opened.")])
    reading = f"{address}&options=-cdefault_transaction_read_only%3Don"
    with Library.open(tmp_path / "reader", encoder=SmallEncoder(), catalog=reading) as library:
        assert library.search("harbour")[0].article.id == "a"
        # No index is made that could not be recorded.
        assert not list(tmp_path.glob("reader/index-*/chroma-*"))
        with pytest.raises(LibraryError, match="may not be written"):
            library.feeds.follow("https://news.example/feed", 600, datetime(2025, 11, 1, tzinfo=UTC))


def test_what_no_library_can_hold_is_a_clear_error(tmp_path: Path, postgres: PostgresServer) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=postgres.schema()) as library:
        for ask in (
            lambda: library.article("\ud800"),
            lambda: library.article("\x00"),
            lambda: library.articles(offset=10**30),
        ):
            with pytest.raises(QueryError, match="Check the id or the number"):
                ask()
        library.add([Article.create("n\x00", "A text with \x00 in it.", title="NUL \x00")])
        assert library.article("n\ufffd").text == "A text with \ufffd in it."


def test_each_machine_has_a_vector_index_of_its_own(tmp_path: Path, postgres: PostgresServer) -> None:
    address = postgres.schema()
    question = "harbour7"
    with Library.open(tmp_path / "one", encoder=SmallEncoder(), catalog=address) as one:
        one.add(Article.create(f"a{n}", f"The harbour{n} closed.") for n in range(30))
        with Library.open(tmp_path / "two", encoder=SmallEncoder(), catalog=address) as two:
            # Made when it was opened, under the same number in another folder.
            assert len(list((tmp_path / "one").glob("index-*/chroma-1"))) == 1
            assert len(list((tmp_path / "two").glob("index-*/chroma-1"))) == 1
            one.remove(["a7"])
            one.add([Article.create("b", "The harbour7 opened.")])
            assert rounded(two.search(question)) == rounded(one.search(question))
            assert two.search(question)[0].article.id == "b"
            one._dense.rebuild()
            # What has gone is kept for the one that has not heard of it, and is forgotten when both have.
            assert two._catalog.count_gone(0) == 1
            assert rounded(two.search(question)) == rounded(one.search(question))
            two._dense.rebuild()
            assert two._catalog.count_gone(0) == 0
    with Library.open(tmp_path / "two", encoder=SmallEncoder(), catalog=address) as two:
        assert two.search(question)[0].article.id == "b"
        assert two.doctor(repair=False).ok


def test_words_are_those_of_the_text(both: tuple[Database, Database]) -> None:
    words = words_of("أعلنت الحكومة فتح ميناء صفاقس.", "Sfax", "ar")
    for database in both:
        with database.commit():
            database.words.put([PassageWords(5, words.terms, words.names)])
        with database.snapshot():
            assert list(database.words.stored()) == [PassageWords(5, words.terms, words.names)]
