"""`khabar audit`: what the commands did, by whom, and what is let go of."""

import json
import os
import pwd
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index import Article, Library
from index.store.access.actors import Actor, Way, acting
from index.store.access.roles import AccessRole
from tests.support.command import Run
from ui.cli.main import run

USER = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
def library(tmp_path: Path, khabar: Run) -> Path:
    """A library of one article that was read from a file by the command."""
    folder, news = tmp_path / "library", tmp_path / "ferry.txt"
    news.write_text("The Samhar ferry resumed on Monday.", encoding="utf-8")
    assert khabar("index", news, "--library", folder).status == 0
    return folder


def cells(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


def test_what_commands_do_is_done_by_whoever_runs_them(library: Path, tmp_path: Path, khabar: Run) -> None:
    assert khabar("tokens", "add", "script", "--library", library).status == 0
    assert khabar("tokens", "revoke", "script", "--library", library).status == 0
    assert khabar("export", tmp_path / "news.khabar", "--library", library).status == 0
    assert khabar("articles", "remove", "ferry.txt", "--library", library).status == 0
    assert khabar("import", tmp_path / "news.khabar", "--library", tmp_path / "moved").status == 0
    shown = cells(khabar("audit", "--library", library).out)
    assert [row[1:] for row in shown] == [
        [USER, "admin", "command", "withdrawn", "ferry.txt", "1"],
        [USER, "admin", "command", "exported", "news.khabar", "1"],
        [USER, "admin", "command", "token-revoked", "script", "1"],
        [USER, "admin", "command", "token-added", "script", "1"],
        [USER, "admin", "command", "added", "ferry.txt", "1"],
    ]
    assert all(row[0].endswith(" UTC") for row in shown)
    assert [row[4:] for row in cells(khabar("audit", "--library", tmp_path / "moved").out)] == [
        ["imported", "news.khabar", "1"]
    ]


def test_a_command_s_user_is_not_whoever_acts_after_it(library: Path) -> None:
    with Library.open(library) as opened:
        opened.remove(["ferry.txt"])
        assert opened.audit.entries(limit=1)[0].actor == Actor(Way.PYTHON)


def test_the_log_is_narrowed_and_written_for_programs(library: Path, khabar: Run) -> None:
    with Library.open(library) as opened, acting(Actor(Way.PAGE, "ليلى", AccessRole.EDITOR)):
        opened.add([Article.create("a\tb\u202e\x1b[2J\nc", "The port is open.")])
    out = khabar("audit", "--who", "ليلى", "--action", "added", "--since", "2025-11-01", "--library", library).out
    # One line, whatever an article is called.
    ((_, *row),) = cells(out)
    assert row == ["ليلى", "editor", "page", "added", "a b⟦U+202E⟧⟦U+001B⟧[2J c", "1"]
    (line,) = khabar("audit", "--who", "ليلى", "--json", "--library", library).out.splitlines()
    entry = json.loads(line)
    assert datetime.now(UTC) >= datetime.fromisoformat(entry.pop("at"))
    assert entry == {
        "number": 2,
        "who": "ليلى",
        "role": "editor",
        "way": "page",
        "action": "added",
        "object": "a\tb\u202e\x1b[2J\nc",
        "count": 1,
    }
    assert khabar("audit", "--action", "withdrawn", "--library", library).out == ""
    assert khabar("audit", "--since", "2999-01-01", "--library", library).out == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 entry removed from the audit log\n"),
        ("fr", "1 entrée retirée du journal d’audit\n"),
        ("ar", "حُذف 1 من سجل التدقيق\n"),
    ],
)
def test_what_is_old_is_let_go_of_and_that_stays(library: Path, khabar: Run, language: str, said: str) -> None:
    done = khabar("audit", "--prune-before", "2999-01-01", "--library", library, "--interface", language)
    assert (done.status, done.out) == (0, said)
    ((_, *row),) = cells(khabar("audit", "--library", library).out)
    assert row == [USER, "admin", "command", "pruned", "2999-01-01", "1"]
    assert date.today().year < 2999


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--action", "read"),
            "--action cannot be 'read'. It is one of added, replaced, withdrawn, ",
        ),
        (("--since", "yesterday"), "'yesterday'"),
        (("--prune-before", "2025-13-01"), "'2025-13-01'"),
        (("--prune-before", "2025-11-01", "--who", "layla"), "--prune-before goes with no other option"),
    ],
)
def test_a_wrong_option_says_what_to_do(library: Path, khabar: Run, options: tuple[str, ...], said: str) -> None:
    done = khabar("audit", *options, "--library", library)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert run(["audit", "--library", str(library)]) == 0


def test_no_library_is_made_for_a_log(tmp_path: Path, khabar: Run) -> None:
    done = khabar("audit", "--library", tmp_path / "nowhere")
    assert done.status == 2 and "There is no library in" in done.err
    assert not (tmp_path / "nowhere").exists()
