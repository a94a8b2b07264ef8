"""What a server says of its catalog's server and its vector index: the primary or a standby, and how far behind."""

from collections.abc import Callable
from pathlib import Path

import psycopg
from fastapi import FastAPI
from starlette.testclient import TestClient

from index import Library
from index.store.catalog import Catalog
from tests.support.machines import articles
from tests.support.patience import until
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder
from ui.server.health import add_health
from ui.server.metrics import Metrics

Machine = Callable[[str], Library]
PRIMARY = {"role": "primary", "lag_seconds": None}


def health(library: Library) -> dict[str, object]:
    app = FastAPI()
    add_health(app, library, Metrics())
    told: dict[str, object] = TestClient(app).get("/healthz").json()
    return told


def server_check(library: Library) -> str:
    (check,) = (check for check in library.doctor(repair=False).checks if check.name == "server")
    return check.detail


def test_how_far_the_index_is_behind_is_told(machine: Machine) -> None:
    one = machine("one")
    assert health(one) == {"status": "ok", "generation": 0, "database": PRIMARY, "index": None}
    assert server_check(one) == "primary; no vector index is here"
    one.add(articles(0, 30))
    two = machine("two")
    one.add(articles(30, 60))
    one.remove(["a7"])
    index = {"generation": 1, "newest": 2, "behind": 2}
    assert health(two) == {"status": "ok", "generation": 3, "database": PRIMARY, "index": index}
    assert server_check(two) == (
        "primary; the vector index here is of generation 1, commits since then: 2, while there is one of generation 2"
    )
    two.fetch_index()
    assert health(two)["index"] == {"generation": 2, "newest": 2, "behind": 1}
    assert server_check(two) == "primary; the vector index here is of generation 2, commits since then: 1"


def test_a_standby_says_so_and_how_many_seconds_it_is_behind(
    tmp_path: Path, postgres: PostgresServer, address: str
) -> None:
    with Library.open(tmp_path / "one", encoder=SmallEncoder(), catalog=address) as one:
        one.add(articles(0, 30))
        with (
            postgres.standby() as there,
            Library.open(tmp_path / "two", encoder=SmallEncoder(), catalog=there(address)) as two,
        ):
            until(lambda: two.generation == one.generation)
            until(lambda: health(two)["database"] == {"role": "standby", "lag_seconds": 0.0})
            assert two.search("harbour7")[0].article.id == "a7"
            one.add(articles(30, 31))
            until(lambda: two.generation == one.generation)
            with psycopg.connect(there(address), autocommit=True) as standby:
                standby.execute("SELECT pg_wal_replay_pause()")
                until(lambda: standby.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() == ("paused",))
            one.add(articles(31, 32))
            until(lambda: health(two)["database"] != {"role": "standby", "lag_seconds": 0.0})
            told = two.parts.catalog.database.server()
            assert told is not None and told.is_standby and told.lag is not None and told.lag > 0
            # What is asked there is answered from the state that it has, and names it.
            with two.snapshot() as generation:
                assert generation == one.generation - 1
                assert {"a30"} == {"a30", "a31"} & {hit.article.id for hit in two.search("harbour30 harbour31")}
            assert server_check(two).startswith("standby, ")


def test_a_file_has_no_server(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    assert catalog.database.server() is None
    catalog.close()
