"""Shared by all tests: the real encoder, once, and what can be built of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index import Encoder, Library, open_encoder
from qa import Assistant

if TYPE_CHECKING:
    from pages import Served
    from playwright.sync_api import Browser

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


@pytest.fixture(scope="session")
def served(samples: Assistant) -> Iterator["Served"]:
    """The page over the samples, served from this process; for reading only."""
    from pages import Served

    # What the first question loads is loaded before anybody waits for it.
    samples.ask("Khabar?")
    page = Served(samples)
    yield page
    page.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The system's own Chromium, headless."""
    from pages import QUIET
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed. `make test` installs it, or: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
