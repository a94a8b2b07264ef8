"""A watched folder and its library stay in step, whatever editors and people do to the files."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Library, SettingsError
from tests.support.live_server import COMMAND, ROOT
from tests.support.patience import PATIENCE, until
from tests.support.small_encoder import SmallEncoder
from ui.cli.index import duration
from ui.cli.watch import Outcome, Watcher

pytestmark = pytest.mark.system


class Watching:
    """A folder, the library that follows it in a thread, and what was told."""

    def __init__(self, at: Path) -> None:
        self.folder = at / "news"
        self.folder.mkdir()
        self.library = Library.open(at / "library", encoder=SmallEncoder())
        self.told: list[Outcome] = []
        self.stop = threading.Event()
        self.watcher = Watcher(self.library, [str(self.folder)], stop=self.stop)
        self.thread = threading.Thread(target=self.watcher.run, args=(self.told.append,), daemon=True)

    def write(self, name: str, word: str) -> Path:
        path = self.folder / name
        path.write_text(f"The {word}\n\nThe {word} was seen near the harbour.\n", encoding="utf-8")
        return path

    def ids(self) -> list[str]:
        return sorted(article.id for article in self.library.articles())

    def titles(self) -> list[str]:
        return sorted(article.title for article in self.library.articles())

    def until(self, found: Callable[[], object]) -> None:
        def is_found() -> object:
            assert self.thread.is_alive(), "the watcher ended by itself"
            return found()

        until(is_found, lambda: (self.ids(), self.told))


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    made = Watching(tmp_path)
    yield made
    made.stop.set()
    if made.thread.ident:
        made.thread.join(PATIENCE)
    made.library.close()


def test_files_that_come_change_move_and_go_are_followed(watching: Watching) -> None:
    watching.write("a.txt", "whale")
    watching.thread.start()
    watching.until(lambda: watching.ids() == ["a.txt"])
    watching.write("b.txt", "heron")
    watching.until(lambda: watching.ids() == ["a.txt", "b.txt"])
    watching.write("a.txt", "otter")
    watching.until(lambda: watching.titles() == ["The heron", "The otter"])
    (watching.folder / "deep").mkdir()
    (watching.folder / "b.txt").rename(watching.folder / "deep" / "b.txt")
    watching.until(lambda: watching.ids() == ["a.txt", "deep/b.txt"])
    (watching.folder / "a.txt").unlink()
    watching.until(lambda: watching.ids() == ["deep/b.txt"])
    assert all(outcome.problem is None for outcome in watching.told)


def test_what_editors_leave_beside_a_file_is_no_article_and_saving_by_rename_withdraws_nothing(
    watching: Watching,
) -> None:
    watching.write("a.txt", "whale")
    watching.thread.start()
    watching.until(lambda: watching.ids() == ["a.txt"])
    for name in (".a.txt.swp", "a.txt~", "#a.txt#", ".#a.txt", "4913", "a.txt.tmp"):
        watching.write(name, "ghost")
    watching.write("a.txt.new", "otter").replace(watching.folder / "a.txt")
    watching.until(lambda: watching.titles() == ["The otter"])
    assert watching.ids() == ["a.txt"]
    assert [revision.number for revision in watching.library.revisions("a.txt")] == [2, 1]


def test_many_changes_at_once_are_one_run(watching: Watching) -> None:
    watching.write("a.txt", "whale")
    watching.thread.start()
    watching.until(lambda: watching.told)
    for number in range(40):
        watching.write(f"n{number}.txt", f"crane{number}")
    watching.until(lambda: len(watching.ids()) == 41)
    assert len([outcome for outcome in watching.told if outcome.report and outcome.report.added]) <= 3


def test_a_folder_that_vanishes_withdraws_nothing_and_is_followed_again_when_it_is_back(watching: Watching) -> None:
    watching.write("a.txt", "whale")
    watching.thread.start()
    watching.until(lambda: watching.ids() == ["a.txt"])
    away = watching.folder.with_name("away")
    watching.folder.rename(away)
    watching.until(lambda: any(outcome.problem for outcome in watching.told))
    assert watching.ids() == ["a.txt"]
    shutil.copytree(away, watching.folder)
    watching.write("b.txt", "heron")
    watching.until(lambda: watching.ids() == ["a.txt", "b.txt"])
    watching.write("c.txt", "crane")
    watching.until(lambda: watching.ids() == ["a.txt", "b.txt", "c.txt"])


def test_a_folder_that_is_not_there_yet_is_awaited_and_a_bad_file_is_told(watching: Watching) -> None:
    watching.folder.rmdir()
    watching.thread.start()
    watching.until(lambda: any(outcome.problem for outcome in watching.told))
    watching.folder.mkdir()
    (watching.folder / "bad.json").write_text("{", encoding="utf-8")
    watching.write("a.txt", "whale")
    watching.until(lambda: watching.ids() == ["a.txt"])
    watching.until(lambda: watching.told[-1].report)
    report = watching.told[-1].report
    assert report is not None
    assert [failure.name for failure in report.failures] == ["bad.json"]


@pytest.mark.parametrize(
    ("words", "shown"), [(["watch", "news"], "watching news"), (["index", "news", "--every", "1s"], "1 added")]
)
def test_the_commands_go_on_until_they_are_told_to_stop(tmp_path: Path, words: list[str], shown: str) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The whale\n\nThe whale was seen.\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*COMMAND, *words, "--library", str(tmp_path / "library")]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not any("1 added" in line for line in lines):
            line = process.stdout.readline()
            assert line, lines
            lines.append(line)
        (tmp_path / "news" / "b.txt").write_text("The heron\n\nThe heron was seen.\n", encoding="utf-8")
        while not any("1 added" in line for line in lines[lines.index(line) + 1 :]):
            line = process.stdout.readline()
            assert line, lines
            lines.append(line)
            if "1 added" in line:
                break
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(PATIENCE) == 0
    assert any(shown in line for line in lines)
    assert rest.endswith("khabar: stopped\n")


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("10m", 600), ("1.5h", 5400), ("1d", 86400)])
def test_how_often_is_read(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "0s", "0.5s", "-1m", "ten minutes", "1w", "9999999m"])
def test_how_often_cannot_be_anything(text: str) -> None:
    with pytest.raises(SettingsError, match="such as 10m"):
        duration(text)
