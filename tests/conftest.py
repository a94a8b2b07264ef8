"""Shared by all tests: the real encoder, once, and what can be built of it."""

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index import Encoder, Library, open_encoder
from qa import Assistant

if TYPE_CHECKING:
    from pages import Served
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent

# Started in the background, this process ignores Ctrl-C, and so would each program that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `python -m benchmarks.soak` takes the long tests' results by."""
    parser.addoption("--notes", type=Path, help="a file that a line of JSON is added to for each long test")


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """Write down what a long test measured, under its name, where a file for that is named."""

    def write(measured: object) -> None:
        if (file := request.config.getoption("--notes")) is not None:
            with file.open("a", encoding="utf-8") as notes:
                notes.write(json.dumps({"test": request.node.name, "measured": measured}) + "\n")

    return write


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
