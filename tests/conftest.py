"""Shared by all tests: the real encoder, once, and what can be built of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Encoder, Library, open_encoder
from qa import Assistant

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder, loaded once for the whole run."""
    return open_encoder()


@pytest.fixture
def library(tmp_path: Path, encoder: Encoder) -> Iterator[Library]:
    """An empty library of one's own."""
    with Library.open(tmp_path / "library", encoder=encoder) as opened:
        yield opened


@pytest.fixture(scope="session")
def samples_folder() -> Path:
    """The articles `make demo` indexes."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, samples_folder: Path) -> Iterator[Assistant]:
    """An assistant over the samples; for reading only."""
    library = Library.open(tmp_path_factory.mktemp("samples") / "library", encoder=encoder)
    assert library.sync(samples_folder).ok
    with Assistant(library) as assistant:
        yield assistant
