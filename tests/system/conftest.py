"""A library of several machines."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index import ChromaServer, Library
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.schema()


@pytest.fixture
def machine(tmp_path: Path, address: str) -> Iterator[Callable[..., Library]]:
    """Opens the library as another machine does: with a folder, and so a lock file, of its own."""
    with ExitStack() as opened:

        def open_one(name: str, encoder: SmallEncoder | None = None, chroma: ChromaServer | None = None) -> Library:
            library = Library.open(tmp_path / name, encoder=encoder or SmallEncoder(), catalog=address, chroma=chroma)
            return opened.enter_context(library)

        yield open_one
