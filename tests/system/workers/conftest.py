"""A library of several machines, and a folder of news."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index import ChromaServer, Library
from index.workers import dispatch
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder
from tests.support.worker_runs import Machine


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.schema()


@pytest.fixture
def machine(tmp_path: Path, address: str) -> Iterator[Machine]:
    """Opens the library as another machine does, with a folder of its own."""
    with ExitStack() as opened:

        def open_one(name: str, encoder: SmallEncoder | None = None, chroma: ChromaServer | None = None) -> Library:
            library = Library.open(tmp_path / name, encoder=encoder or SmallEncoder(), catalog=address, chroma=chroma)
            return opened.enter_context(library)

        yield open_one


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def four_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_ARTICLES", 4)
