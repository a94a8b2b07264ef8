"""A catalog that several machines share: writers and readers beside one another, killed and cut off."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from index import Article, ArticleNotFoundError, Library, LibraryBusyError, LibraryMismatchError, StorageError
from index.encoding.encoder import TextVectors
from index.store.catalog import Catalog
from index.store.engines import postgresql
from tests.support.paths import ROOT
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder

Machine = Callable[..., Library]


class Meeting(SmallEncoder):
    """Two writers who wait for each other before either commits: both have found the articles new."""

    def __init__(self, barrier: threading.Barrier) -> None:
        self.barrier = barrier

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        self.barrier.wait(60)
        return super().encode_passages(texts)


def texts(library: Library) -> dict[str, str]:
    return {article.id: article.text for article in library.articles()}


def cut_off(address: str) -> None:
    """Let the server end every connection to a library."""
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'khabar' AND datname = current_database()"
        )


def found(library: Library, question: str) -> list[str]:
    return [hit.article.id for hit in library.search(question)]


def test_two_writers_at_once_bring_each_article_once(machine: Machine) -> None:
    barrier = threading.Barrier(2)
    writers = [machine(name, Meeting(barrier)) for name in ("one", "two")]
    articles = [Article.create(f"a{n}", f"Bird{n} was seen at the harbour.") for n in range(20)]

    def add(library: Library) -> None:
        library.add(articles)

    with ThreadPoolExecutor() as pool:
        list(pool.map(add, writers))
    library = machine("three")
    assert texts(library) == {article.id: article.text for article in articles}
    assert {revision.number for article in articles for revision in library.revisions(article.id)} == {1}
    assert library.stats().passages == 20
    assert library.generation == 2
    assert library.doctor(repair=False).ok


def test_what_another_writer_lets_go_of_meanwhile_is_encoded_again(machine: Machine) -> None:
    one, text = machine("one"), "The same text in both."
    one.add([Article.create("a", text)])

    class Removing(SmallEncoder):
        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            if one.has("a"):
                one.remove(["a"])
            return super().encode_passages(texts)

    machine("two", Removing()).add([Article.create("b", text), Article.create("c", "Another.")])
    assert set(texts(one)) == {"b", "c"}
    assert one.doctor().ok
    assert found(one, "the same text")[0] == "b"


def test_a_rebuild_takes_in_what_others_bring_and_they_notice(machine: Machine, tmp_path: Path, address: str) -> None:
    one = machine("one")
    one.add([Article.create("a", "The first text."), Article.create("gone", "The second text.")])

    class Other(SmallEncoder):
        name = "other-test-encoder"
        brought = False

        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            if not self.brought:
                self.brought = True
                one.add([Article.create("b", "The third text.")])
                one.remove(["gone"])
            return super().encode_passages(texts)

    with Library.rebuild_at(tmp_path / "two", encoder=Other(), catalog=address) as two:
        assert set(texts(two)) == {"a", "b"}
        assert two.doctor(repair=False).ok
        assert set(found(two, "The third text")) == {"a", "b"}
    with pytest.raises(LibraryMismatchError, match="Open it again"):
        one.add([Article.create("c", "The fourth text.")])
    assert not one.has("c")


def test_a_writer_killed_in_its_commit_leaves_nothing_half_and_holds_nobody_up(
    machine: Machine, tmp_path: Path, address: str
) -> None:
    library = machine("one")
    library.add([Article.create("kept", "The first text.")])
    command = [sys.executable, "-m", "tests.support.held_writer", str(tmp_path / "victim"), address]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        # A reader neither sees it nor waits for it.
        assert texts(library) == {"kept": "The first text."}
        assert library.generation == 1
        writer.kill()
    assert writer.returncode == -9
    library.add([Article.create("next", "A next text.")])
    assert texts(library) == {"kept": "The first text.", "next": "A next text."}
    assert [revision.number for revision in library.revisions("kept")] == [1]
    assert library.generation == 2
    assert library.doctor(repair=False).ok


def test_a_commit_waits_for_another_one_and_not_for_ever(
    machine: Machine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = machine("one")
    monkeypatch.setattr(postgresql, "_LIMITS", ("SET LOCAL lock_timeout = '50ms'",))
    with closing(Catalog(address)) as other:
        with other.writing(), pytest.raises(LibraryBusyError, match="Another writer"):
            library.add([Article.create("a", "A text.")])
        library.add([Article.create("a", "A text.")])
    assert library.generation == 2


def test_a_readers_snapshot_is_not_moved_by_a_commit(machine: Machine) -> None:
    reader, writer = machine("one"), machine("two")
    writer.add([Article.create("a", "The harbour closed."), Article.create("b", "The harbour opened.")])
    with reader.snapshot() as generation:
        before = found(reader, "harbour")
        writer.remove(["a"])
        writer.add([Article.create("b", "The museum opened."), Article.create("c", "The harbour burned.")])
        assert (found(reader, "harbour"), reader.generation) == (before, generation)
        assert reader.article("a").text == "The harbour closed."
        assert reader.stats().articles == 2
    assert (set(found(reader, "harbour")), reader.generation) == ({"b", "c"}, generation + 2)
    with pytest.raises(ArticleNotFoundError):
        reader.article("a")


@pytest.mark.parametrize("how", ["one connection", "the whole server"])
def test_a_connection_lost_in_a_question_is_a_clear_error_and_the_next_question_is_answered(
    machine: Machine, address: str, postgres: PostgresServer, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = machine("one")
    library.add([Article.create("a", "The harbour closed.")])
    search = library._dense.search

    def cut(*given: object) -> object:
        # Between the two legs of one question, in its snapshot.
        if how == "the whole server":
            postgres.stop()
        else:
            cut_off(address)
        return search(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(library._dense, "search", cut)
        with pytest.raises(StorageError, match="does not answer"):
            library.search("harbour")
    if how == "the whole server":
        with pytest.raises(StorageError, match="does not answer"):
            library.search("harbour")
        postgres.start()
    assert found(library, "harbour") == ["a"]
    library.add([Article.create("b", "The harbour opened.")])
    assert set(found(library, "harbour")) == {"a", "b"}


def test_a_commit_whose_connection_is_lost_is_not_made(machine: Machine, address: str) -> None:
    library = machine("one")
    with closing(Catalog(address)) as catalog:
        with pytest.raises(StorageError), catalog.writing():
            catalog.set_meta("k", "1")
            cut_off(address)
            catalog.set_meta("k", "2")
        assert (catalog.meta("k"), catalog.generation) == (None, 0)
    assert library.generation == 0


def test_many_machines_begin_one_library_at_once(address: str) -> None:
    barrier = threading.Barrier(4)

    def begin(_: int) -> str:
        barrier.wait(60)
        with closing(Catalog(address)) as catalog:
            return catalog.settle("id", str(threading.get_ident()))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(begin, range(4)))) == 1


def test_threads_share_connections_and_give_them_back(address: str) -> None:
    with closing(Catalog(address)) as catalog:
        for _ in range(12):
            thread = threading.Thread(target=lambda: catalog.generation)
            thread.start()
            thread.join()
        with pytest.raises(RuntimeError), catalog.snapshot():
            assert catalog.generation == 0
            raise RuntimeError
        assert catalog.generation == 0
        counted = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'khabar'"
        assert catalog.database.one(counted) == (1,)
