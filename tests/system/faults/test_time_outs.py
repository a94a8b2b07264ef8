"""A server with limits: on the time of a statement, on connections, on the disk. Nothing half, nothing lost."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from index import Article, Library, LibraryBusyError, LibraryError, StorageError
from index.store.catalog import Catalog
from index.store.engines import connections, postgresql
from index.store.queue import JobState
from index.workers import Dispatch
from tests.support.machines import articles, found
from tests.support.patience import PATIENCE
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder
from tests.support.worker_runs import drained, texts

Machine = Callable[..., Library]


@contextmanager
def direct(address: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def slow_commits(address: str, machine: Machine) -> Callable[[str], None]:
    """Lets the server take longer over an article than a statement may, or no longer; what may write is a user's."""
    machine("command")

    def limit(seconds: str) -> None:
        with direct(address) as connection:
            connection.execute(
                "CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$"  # type: ignore[arg-type]
            )
            connection.execute("CREATE OR REPLACE TRIGGER slow BEFORE INSERT ON member EXECUTE FUNCTION dawdle()")

    return limit


def limited(postgres: PostgresServer, address: str, setting: str) -> str:
    """Return the address for a user of one's own, for whom the database sets something."""
    name = f"u{address.rpartition('%3D')[2]}"
    with direct(address) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN SUPERUSER")  # type: ignore[arg-type]
        connection.execute(f"ALTER ROLE {name} {setting}")  # type: ignore[arg-type]
    return address.replace("khabar@", f"{name}@", 1)


def test_a_statement_that_takes_too_long_undoes_its_commit_whole_and_is_tried_again(
    machine: Machine, tmp_path: Path, address: str, postgres: PostgresServer, slow_commits: Callable[[str], None]
) -> None:
    user = limited(postgres, address, "SET statement_timeout = '300ms'")
    with Library.open(tmp_path / "limited", encoder=SmallEncoder(), catalog=user) as library:
        library.add([Article.create("kept", "The harbour closed.")])
        slow_commits("60")
        with pytest.raises(StorageError, match=r"statement timeout.* Nothing of it was written: .* statement_timeout"):
            library.add(articles(0, 3))
        assert (set(texts(library)), library.generation, library.stats().passages) == ({"kept"}, 1, 1)
        # A worker tries three times, and then names the reason.
        Dispatch(library, waits=False).add([Article.create("j", "The museum opened.")])
        drained(library)
        (line,) = library.jobs.lines(JobState.FAILED)
        assert "raise statement_timeout" in line.problem
        slow_commits("0")
        library.add(articles(0, 3))
        library.jobs.retry(line.id)
        drained(library)
        assert set(texts(library)) == {"kept", "a0", "a1", "a2", "j"}
        assert library.doctor().ok


def test_waiting_for_another_commit_takes_nothing_of_the_time_of_a_statement(
    machine: Machine, tmp_path: Path, address: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = machine("other")
    user = limited(postgres, address, "SET statement_timeout = '50ms'")
    monkeypatch.setattr(postgresql, "_LIMITS", ("SET LOCAL lock_timeout = '400ms'",))
    with (
        Library.open(tmp_path / "limited", encoder=SmallEncoder(), catalog=user) as library,
        other.parts.catalog.database.commit(),
        pytest.raises(LibraryBusyError, match="Another writer"),
    ):
        library.add([Article.create("a", "The harbour closed.")])


def test_a_writer_that_stands_still_in_its_commit_is_put_out_and_its_commit_is_not_made(
    machine: Machine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = machine("one")
    limits = (postgresql._LIMITS[0], "SET LOCAL idle_in_transaction_session_timeout = '200ms'")
    held, go_on = threading.Event(), threading.Event()

    def stand_still() -> None:
        with closing(Catalog(address)) as catalog:
            with monkeypatch.context() as patched:
                patched.setattr(postgresql, "_LIMITS", limits)
                commit = catalog.writing()
                commit.__enter__()
            catalog.set_meta("half", "1")
            held.set()
            assert go_on.wait(PATIENCE)
            catalog.set_meta("half", "2")

    with ThreadPoolExecutor() as pool:
        still = pool.submit(stand_still)
        assert held.wait(PATIENCE)
        # Waits until the server puts the other one out, and no longer.
        library.add([Article.create("a", "The harbour closed.")])
        go_on.set()
        with pytest.raises(StorageError, match="does not answer"):
            still.result()
    assert (library.parts.catalog.meta("half"), library.generation) == (None, 1)


def test_a_question_in_the_way_of_what_a_standby_replays_is_told_so(address: str) -> None:
    # What a standby says then, said here by a server that is none.
    conflict = "DO $$ BEGIN RAISE 'canceling statement due to conflict with recovery' USING ERRCODE = '40001'; END $$"
    with closing(Catalog(address)) as catalog:
        with pytest.raises(StorageError, match=r"conflict with recovery .* Ask again; max_standby_streaming_delay"):
            catalog.database.run(conflict)
        assert catalog.generation == 0


@pytest.mark.soak
def test_fifty_ask_over_the_few_connections_that_the_server_gives(
    machine: Machine, tmp_path: Path, address: str, postgres: PostgresServer
) -> None:
    machine("writer").add(articles(0, 30))
    user = limited(postgres, address, "CONNECTION LIMIT 3 NOSUPERUSER")
    with direct(address) as connection:
        schema = address.rpartition("%3D")[2]
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO u{schema}")  # type: ignore[arg-type]
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO u{schema}")  # type: ignore[arg-type]
    expected = found(machine("writer"), "harbour7")
    # Together, so that all of them want a connection before any is given back.
    barrier = threading.Barrier(50)

    def ask(_: int) -> object:
        barrier.wait(PATIENCE)
        return found(library, "harbour7")

    with Library.open(tmp_path / "page", encoder=SmallEncoder(), catalog=user) as library:
        with ThreadPoolExecutor(50) as pool:
            assert [*pool.map(ask, range(50))] == [expected] * 50
        count = "SELECT count(*) FROM pg_stat_activity WHERE usename = ?"
        assert library.parts.catalog.database.all(count, f"u{schema}")[0][0] <= 3


def test_who_gets_no_connection_in_time_is_told_so(
    machine: Machine, tmp_path: Path, address: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("writer")
    user = limited(postgres, address, "CONNECTION LIMIT 1 NOSUPERUSER")
    with direct(address) as connection:
        schema = address.rpartition("%3D")[2]
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO u{schema}")  # type: ignore[arg-type]
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO u{schema}")  # type: ignore[arg-type]
    monkeypatch.setattr(connections, "_PATIENCE", 1)
    with closing(Catalog(user)) as catalog, ThreadPoolExecutor(1) as pool:
        with catalog.snapshot(), pytest.raises(StorageError, match="too many connections"):
            pool.submit(lambda: catalog.generation).result()
        assert catalog.generation == 0


def test_a_full_disk_undoes_the_commit_whole_and_with_room_it_is_made(
    tmp_path: Path, postgres: PostgresServer, address: str
) -> None:
    with postgres.small_disk(2) as (tablespace, grow):
        on_it = f"{address}%20-cdefault_tablespace%3D{tablespace}"
        with Library.open(tmp_path / "one", encoder=SmallEncoder(), catalog=on_it) as library:
            library.add([Article.create("kept", "The harbour closed.")])
            texts_of = (" ".join(f"bridge{n}of{word}" for word in range(200)) for n in range(40))
            many = [Article.create(f"b{n}", text) for n, text in enumerate(texts_of)]
            with pytest.raises(LibraryError, match=r"has no room: .* Nothing that was committed is lost"):
                library.add(many)
            here = texts(library)
            assert here["kept"] == "The harbour closed."
            assert library.doctor(repair=False).ok
            assert library.search("the harbour closed")[0].article.id == "kept"
            grow(200)
            library.add(many)
            assert library.stats().articles == 41
            assert library.doctor().ok
