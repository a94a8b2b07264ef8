"""Shared by all tests: the real encoder, once, and what can be built of it."""

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from index import Encoder, Library, open_encoder
from qa import Assistant
from tests.support.paths import ROOT
from tests.support.read_once import reading_once
from ui.privacy import switch_off_telemetry

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.chroma_server import ChromaProcess
    from tests.support.pages import Served
    from tests.support.postgres_server import PostgresServer


_TESTS = Path(__file__).parent

# No test reaches the network: before anything that could is imported.
switch_off_telemetry()

# Property tests try the same examples in every run, so that none fails by chance, and none by the clock. New examples
# are looked for by a command of its own: `make search`.
settings.register_profile("default", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile("default")

# Started in the background, this process ignores Ctrl-C, and so would each program that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `python -m benchmarks.soak` takes the long tests' results by."""
    parser.addoption("--notes", type=Path, help="a file that a line of JSON is added to for each long test")


# Fixtures that load the model or start a server, and rooms whose tests run browsers, servers and other processes.
_SYSTEM_FIXTURES, _SYSTEM_ROOMS = {"encoder", "chromium", "postgres", "chroma"}, ("browser", "system")
# Where a test takes long because it starts servers, commands or browsers: few of them are as long as many others.
_LONG = (*_SYSTEM_ROOMS, "project", "ui/cli", "ui/server", "ui/mcp", "ui/rest/test_serve.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `make check` leaves out; modules that load a model by themselves say so.

    The long files come first, then those of many tests: `make test` hands out the files in this order, and none of its
    two processes is left alone with a long one at the end.
    """
    for item in items:
        room = item.path.relative_to(_TESTS).parts[0]
        if room in _SYSTEM_ROOMS or not _SYSTEM_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("system")
    many = Counter(item.path for item in items if item.get_closest_marker("system"))
    items.sort(key=lambda item: (not _is_long(item.path), -many[item.path]))


@cache
def _is_long(file: Path) -> bool:
    return any(file.is_relative_to(_TESTS / place) for place in _LONG)


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """Write down what a long test measured, under its name, where a file for that is named."""

    def write(measured: object) -> None:
        if (file := request.config.getoption("--notes")) is not None:
            with file.open("a", encoding="utf-8") as notes:
                notes.write(json.dumps({"test": request.node.name, "measured": measured}) + "\n")

    return write


@pytest.fixture(scope="session", autouse=True)
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The bundled reader computes each question over the same texts once a run, whoever asks it."""
    folder = tmp_path_factory.getbasetemp()
    # Each of several processes has a folder of its own there, below the run's.
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "read"
    shared.mkdir(exist_ok=True)
    with reading_once(shared):
        yield


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
def indexed(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, samples_folder: Path) -> Path:
    """A library of the samples that nobody opens: for copies of it."""
    folder = tmp_path_factory.mktemp("indexed") / "library"
    with Library.open(folder, encoder=encoder) as library:
        assert library.sync(samples_folder).ok
    return folder


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, indexed: Path) -> Iterator[Assistant]:
    """An assistant over the samples; for reading only."""
    folder = shutil.copytree(indexed, tmp_path_factory.mktemp("samples") / "library")
    with Assistant(Library.open(folder, encoder=encoder)) as assistant:
        yield assistant


@pytest.fixture
def own_samples(tmp_path: Path, encoder: Encoder, indexed: Path) -> Iterator[Library]:
    """A library of the samples of one's own, to be changed."""
    with Library.open(shutil.copytree(indexed, tmp_path / "library"), encoder=encoder) as library:
        yield library


@pytest.fixture(scope="session")
def served(samples: Assistant) -> Iterator["Served"]:
    """The page over the samples, served from this process; for reading only."""
    from tests.support.pages import Served

    # What the first question loads is loaded before anybody waits for it.
    samples.ask("Khabar?")
    page = Served(samples)
    yield page
    page.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator["PostgresServer"]:
    """A PostgreSQL server of one's own, for databases of one's own in it."""
    from tests.support.postgres_server import PostgresServer

    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def chroma() -> Iterator["ChromaProcess"]:
    """A Chroma server of one's own; each library has collections of its own in it."""
    from tests.support.chroma_server import ChromaProcess

    server = ChromaProcess()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def served_at(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty catalog, for a test that holds for both engines; None for the file in the folder."""
    if request.param == "sqlite":
        return None
    address: str = request.getfixturevalue("postgres").schema()
    return address


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The system's own Chromium, headless."""
    from playwright.sync_api import sync_playwright

    from tests.support.pages import QUIET

    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed. `make test` installs it, or: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
