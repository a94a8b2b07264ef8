"""`khabar standing`, and what `khabar index` and `khabar watch` tell after their commits."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.store.backups import CATALOG
from tests.support.command import Run
from tests.support.live_server import COMMAND, ROOT
from tests.support.mail_server import receiving
from tests.support.patience import PATIENCE
from tests.support.web_server import Reply, Site, serving

pytestmark = pytest.mark.system

QUESTION = "How many people died in the flood in Qarfa?"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/hook"] = Reply()
        yield served


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    write(folder, 12)
    return folder


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    monkeypatch.setenv("KHABAR_LIBRARY", str(folder))
    monkeypatch.setenv("KHABAR_INTERFACE", "en")
    return folder


def write(folder: Path, dead: int) -> None:
    """Save what is known of the flood now, as an editor does."""
    partial = folder / ".flood.partial"
    partial.write_text(
        f"Flood in Qarfa\n\nThe flood in Qarfa killed {dead} people, the governor Huda Salim said on Monday.\n",
        encoding="utf-8",
    )
    partial.rename(folder / "flood.txt")


def damage(library: Path) -> None:
    """Put something in the place of a question's last answer that is none."""
    with closing(sqlite3.connect(library / CATALOG)) as connection, connection:
        connection.execute("UPDATE standing SET answer = '{}'")


def test_a_question_is_added_listed_shown_and_removed(khabar: Run, news: Path) -> None:
    assert khabar("index", news).status == 0
    added = khabar("standing", "add", QUESTION, "--source", "Wire", "--source", "Herald", "--after", "2025-11-01")
    assert added.status == 0
    alone = khabar("standing", "add", QUESTION)
    assert "The flood in Qarfa killed 12 people" in alone.out
    id = alone.out.splitlines()[-1].partition(":")[0]
    rows = [line.split("\t") for line in khabar("standing", "list").out.splitlines()]
    assert [row[1:3] for row in rows] == [[QUESTION, "no answer"], [QUESTION, "answered"]]
    assert khabar("standing", "show", id).out.splitlines()[1] == "Its answer has not changed so far."
    write(news, 40)
    # Already asked and printed by the command that commits.
    assert "Before:\n12" in khabar("index", news).out
    assert khabar("standing", "check").out == "Standing questions: 2. Read again: 0. Changed: 0.\n"
    shown = khabar("standing", "show", id, "--interface", "fr").out
    assert "killed 12 people" in shown and "killed 40 people" in shown and "Huda Salim · Flood in Qarfa" in shown
    assert khabar("standing", "pause", id).out == f"{id} is paused\n"
    assert "\tpaused\n" in khabar("standing", "list").out
    assert khabar("standing", "check").out == "Standing questions: 1. Read again: 0. Changed: 0.\n"
    assert khabar("standing", "resume", id).out == f"{id} is asked again from the next check on\n"
    assert khabar("standing", "remove", id).out == f"{id} is asked no more\n"
    assert len(khabar("standing", "list").out.splitlines()) == 1
    gone = khabar("standing", "show", id)
    assert gone.status == 2 and "`khabar standing list` shows the ids" in gone.err


def test_what_cannot_stand_is_refused_with_status_2(khabar: Run, news: Path) -> None:
    assert khabar("standing", "add", QUESTION).status == 2
    khabar("index", news)
    for words, said in (
        ((" ",), "The question is empty"),
        ((QUESTION, "--webhook", "mailto:x@example.org"), "Only http:// and https://"),
        ((QUESTION, "--mail", "layla@example.org"), "set KHABAR_SMTP_HOST and KHABAR_SMTP_FROM"),
        ((QUESTION, "--after", "2025-12-01", "--before", "2025-01-01"), "The dates leave nothing"),
    ):
        refused = khabar("standing", "add", *words)
        assert refused.status == 2 and said in refused.err
    assert khabar("standing", "list").out == ""


def test_index_tells_a_webhook_and_a_mail_address_after_its_commit(
    khabar: Run, news: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    khabar("index", news)
    with receiving() as box:
        for name, value in (("HOST", "127.0.0.1"), ("PORT", box.port), ("TLS", "none"), ("FROM", "k@example.org")):
            monkeypatch.setenv(f"KHABAR_SMTP_{name}", str(value))
        added = khabar("standing", "add", QUESTION, "--webhook", f"{site.url}/hook", "--mail", "layla@example.org")
        assert f"What is sent to {site.url}/hook is signed with this secret: " in added.out
        write(news, 40)
        indexed = khabar("index", news, "--allow-private-hosts")
        assert (indexed.status, indexed.err) == (0, "")
        assert indexed.out.startswith("0 added, 1 replaced")
        assert "The answer has changed: the quote, the short answer" in indexed.out
        (mail,) = box.mails
    (asked,) = site.asked
    assert json.loads(asked.body)["changed"] == ["quote", "short"]
    assert mail["To"] == "layla@example.org" and "killed 40 people" in mail.get_content()
    row = khabar("standing", "list").out.strip().split("\t")
    assert row[-2:] == [f"told to {site.url}/hook", "told to layla@example.org"]
    shown = khabar("standing", "show", row[0]).out.splitlines()
    assert [line.partition(", ")[0] for line in shown[-2:]] == [
        "told to layla@example.org", f"told to {site.url}/hook",
    ]  # fmt: skip


def test_what_could_not_be_told_is_said_and_kept_and_no_failure_of_index(khabar: Run, news: Path, site: Site) -> None:
    khabar("index", news)
    khabar("standing", "add", QUESTION, "--webhook", f"{site.url}/hook")
    write(news, 40)
    indexed = khabar("index", news)
    assert indexed.status == 0
    assert "could not be told to" in indexed.err and "No host on the public internet" in indexed.err
    id = khabar("standing", "list").out.partition("\t")[0]
    assert "could not be told to" in khabar("standing", "show", id).out.splitlines()[-1]
    # Not due yet.
    assert khabar("standing", "check").status == 0
    write(news, 41)
    khabar("standing", "remove", id)
    khabar("standing", "add", QUESTION, "--webhook", f"{site.url}/nowhere")
    write(news, 42)
    khabar("index", news)
    assert khabar("standing", "check", "--allow-private-hosts").status == 0
    assert site.asked == []


def test_check_asks_what_another_process_committed_and_fails_where_somebody_is_not_told(
    khabar: Run, news: Path, site: Site, library: Path
) -> None:
    khabar("index", news)
    khabar("standing", "add", QUESTION, "--webhook", f"{site.url}/nowhere")
    from index import Library

    write(news, 40)
    with Library.open(library) as opened:
        opened.sync(news)
    checked = khabar("standing", "check", "--allow-private-hosts")
    assert checked.status == 1
    assert checked.out.splitlines()[-1] == "Standing questions: 1. Read again: 1. Changed: 1."
    assert "The webhook answered with status 404" in checked.err


def test_a_question_that_cannot_be_asked_loses_no_commit(khabar: Run, news: Path, library: Path) -> None:
    khabar("index", news)
    khabar("standing", "add", QUESTION)
    damage(library)
    write(news, 40)
    indexed = khabar("index", news)
    assert indexed.status == 0 and indexed.out.startswith("0 added, 1 replaced")
    id = khabar("standing", "list").out.partition("\t")[0]
    assert indexed.err == (
        f"khabar: The last answer to the standing question {id} cannot be read. Remove it, and add it again.\n"
    )
    assert "killed 40 people" in khabar("articles", "show", "flood.txt").out
    # The others are asked all the same.
    other = khabar("standing", "add", QUESTION, "--language", "en")
    write(news, 50)
    assert "killed 50 people" in khabar("index", news).out
    assert khabar("standing", "check").status == 1
    assert other.status == khabar("standing", "remove", id).status == khabar("standing", "check").status == 0


def test_what_nobody_thought_of_loses_no_commit_either(khabar: Run, news: Path, library: Path) -> None:
    khabar("index", news)
    khabar("standing", "add", QUESTION)
    with closing(sqlite3.connect(library / CATALOG)) as connection, connection:
        connection.execute("UPDATE standing SET filters = '['")
    write(news, 40)
    indexed = khabar("index", news)
    assert indexed.status == 0 and indexed.out.startswith("0 added, 1 replaced")
    assert "the standing questions could not all be asked again: " in indexed.err


def test_watch_asks_after_each_commit_and_goes_on_where_that_fails(khabar: Run, news: Path, library: Path) -> None:
    khabar("index", news)
    khabar("standing", "add", QUESTION)
    command = [*COMMAND, "watch", str(news)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as watching:
        assert watching.stdout

        def until(shown: str) -> None:
            assert watching.stdout
            seen = []
            for line in watching.stdout:
                seen.append(line)
                if shown in line:
                    return
            raise AssertionError(seen)

        until("watching")
        write(news, 40)
        until("The answer has changed: the quote, the short answer")
        until("killed 40 people")
        damage(library)
        write(news, 50)
        until("cannot be read. Remove it, and add it again.")
        write(news, 60)
        until("1 replaced")
        watching.send_signal(signal.SIGTERM)
        assert watching.stdout.read().endswith("khabar: stopped\n")
        assert watching.wait(PATIENCE) == 0
    assert "killed 60 people" in khabar("articles", "show", "flood.txt").out
