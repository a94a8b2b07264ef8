"""Several machines that copy one vector index through a folder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index import Library
from index.vectors import dense
from tests.support.small_encoder import SmallEncoder


@pytest.fixture(autouse=True)
def soon_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new index is due after few articles, and is copied when the test says so."""
    monkeypatch.setattr(dense, "_DUE_NEW", 25)
    monkeypatch.setattr(dense.DenseIndex, "_fetch_soon", lambda _: None)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "mount"
    folder.mkdir()
    return folder


@pytest.fixture
def machine(tmp_path: Path, address: str, place: Path) -> Iterator[Callable[[str], Library]]:
    """Opens the library as another machine does, with a folder of its own."""
    with ExitStack() as opened:

        def open_one(name: str) -> Library:
            return opened.enter_context(
                Library.open(tmp_path / name, encoder=SmallEncoder(), catalog=address, copies=place)
            )

        yield open_one
