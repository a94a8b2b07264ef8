"""A server asks its standing questions again, whoever changes the library, and goes on when that fails."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from index import Article, Encoder, Library
from index.store.backups import CATALOG
from index.store.standing.questions import Channel
from index.web.client import Client
from qa import Assistant
from qa.standing import StandingQuestions
from tests.support.patience import PATIENCE, until
from tests.support.web_server import Reply, Site, serving
from ui.server.asking import AskingAgain
from ui.standing.telling import Teller
from ui.standing.webhook import WebhookSender

QUESTION = "How many people died in the flood in Qarfa?"
FULL = "CREATE TRIGGER full BEFORE UPDATE ON standing BEGIN SELECT RAISE(FAIL, 'full'); END"


def flood(dead: int) -> Article:
    return Article.create("flood", f"The flood in Qarfa killed {dead} people, the governor said on Monday.")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/hook"] = Reply()
        yield served


@contextmanager
def asking(library: Library, standing: StandingQuestions, ready: threading.Event) -> Iterator[threading.Thread]:
    stop = threading.Event()
    teller = Teller(library, {Channel.WEBHOOK: WebhookSender(Client(private=True))})
    again = AskingAgain(library, standing, teller, stop=stop, is_ready=ready.is_set, every=0.02)
    thread = threading.Thread(target=again.run)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(PATIENCE)


def test_what_another_process_commits_is_asked_and_told_and_a_failure_ends_nothing(
    tmp_path: Path, encoder: Encoder, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    ready = threading.Event()
    ready.set()
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([flood(12)])
        standing = StandingQuestions(Assistant(library))
        question = standing.add(QUESTION, webhook=f"{site.url}/hook")
        with asking(library, standing, ready) as thread:
            with Library.open(tmp_path / "library", encoder=encoder) as other:
                other.add([flood(40)])
            until(lambda: len(site.asked) == 1)
            told = json.loads(site.asked[0].body)
            assert told["changed"] == ["quote", "short"] and "killed 40" in told["after"]["citations"][0]["quote"]
            # A catalog that refuses to be written for a while.
            with closing(sqlite3.connect(tmp_path / "library" / CATALOG)) as connection, connection:
                connection.execute(
                    "CREATE TRIGGER full BEFORE UPDATE ON standing BEGIN SELECT RAISE(FAIL, 'full'); END"
                )
            library.add([flood(50)])
            until(lambda: "could not all be asked again" in caplog.text)
            with closing(sqlite3.connect(tmp_path / "library" / CATALOG)) as connection, connection:
                connection.execute("DROP TRIGGER full")
            library.add([flood(60)])
            until(lambda: len(site.asked) == 2)
            assert thread.is_alive()
        (newest, _) = standing.changes(question.id)
        assert "killed 60" in newest.change.after.used[0].quote and "killed 40" in newest.change.before.used[0].quote


def test_nothing_is_asked_before_the_models_are_loaded(tmp_path: Path, encoder: Encoder, site: Site) -> None:
    ready = threading.Event()
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([flood(12)])
        standing = StandingQuestions(Assistant(library))
        question = standing.add(QUESTION, webhook=f"{site.url}/hook")
        library.add([flood(40)])
        looks = 0

        def is_ready() -> bool:
            nonlocal looks
            looks += 1
            return False

        ready.is_set = is_ready  # type: ignore[method-assign]
        with asking(library, standing, ready):
            until(lambda: looks > 5)
            assert standing.changes(question.id) == [] and site.asked == []
