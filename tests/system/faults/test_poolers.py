"""A catalog behind PgBouncer: all of it works where transactions are kept together; what does not is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from index import Article, Library, LibraryError, export_library
from index.store.catalog import Catalog
from index.workers import Dispatch
from tests.support.machines import articles
from tests.support.pooler import pooled
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder
from tests.support.worker_runs import drained


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    """A database of the test's own, which is let go of for the next one."""
    yield postgres.database()


def opened(folder: Path, address: str) -> Library:
    return Library.open(folder, encoder=SmallEncoder(), catalog=address)


def test_by_transaction_many_ask_over_two_connections_while_others_write(database: str, tmp_path: Path) -> None:
    with pooled(database, "transaction", size=2) as address:
        with opened(tmp_path / "one", address) as one, opened(tmp_path / "two", address) as two:
            one.add(articles(0, 30))

            def ask(number: int) -> bool:
                with two.snapshot() as generation:
                    ids = {hit.article.id for hit in two.search(f"harbour{number % 30}")}
                    return f"a{number % 30}" in ids and two.generation == generation

            # Each statement far more often than psycopg would take to prepare it.
            with ThreadPoolExecutor(50) as pool:
                adding = pool.submit(one.add, [Article.create(f"b{n}", f"Bridge{n} fell.") for n in range(30)])
                assert all(pool.map(ask, range(100)))
                adding.result()
            # A snapshot goes on in its state, whatever comes meanwhile.
            with two.snapshot() as generation:
                one.add([Article.create("c", "The museum opened.")])
                assert (two.generation, two.has("c")) == (generation, False)
            assert two.search("the museum")[0].article.id == "c"
            Dispatch(one, waits=False).add([Article.create("d", "The library closed.")])
            drained(two)
            assert one.search("the library")[0].article.id == "d"
            assert one.doctor().ok
        assert export_library(tmp_path / "one", tmp_path / "news.khabar", catalog=address) == 62
        with psycopg.connect(database) as direct:
            direct.execute("SELECT 1")


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_what_is_prepared_for_one_caller_is_never_met_by_another(database: str, mode: str) -> None:
    with pooled(database, mode, size=1) as address:
        for _ in range(2):
            catalog = Catalog(address)
            for _ in range(12):
                with catalog.writing():
                    catalog.set_meta("k", "v")
                assert catalog.meta("k") == "v"
            catalog.close()


def test_by_statement_it_is_refused_when_it_is_opened(database: str) -> None:
    with (
        pooled(database, "statement") as address,
        pytest.raises(LibraryError, match=r"does not keep a transaction together: .* pool_mode = transaction"),
    ):
        Catalog(address)


def test_a_schema_in_the_address_is_refused_where_the_pooler_drops_it_and_is_the_user_s_instead(
    postgres: PostgresServer, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as direct:
        direct.execute("CREATE SCHEMA news")
    told = r"does not pass on what the address asks for \(search_path\)\. .*ALTER ROLE khabar SET search_path"
    for more in ("", "ignore_startup_parameters = options"):
        with pooled(database, "transaction", more=more) as address, pytest.raises(LibraryError, match=told):
            Catalog(f"{address}&options=-csearch_path%3Dnews")
    with psycopg.connect(database, autocommit=True) as direct:
        # Not a table was made in the wrong place.
        assert direct.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'meta'").fetchone() == (0,)
        direct.execute(f"ALTER DATABASE {direct.info.dbname} SET search_path = news")  # type: ignore[arg-type]
    with pooled(database, "transaction") as address:
        Catalog(address).close()
    with psycopg.connect(database) as direct:
        found = direct.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'meta'").fetchall()
        assert found == [("news",)]
