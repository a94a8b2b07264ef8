"""`khabar ask --batch` and `khabar grid` on a real library, with the real model, and killed in the middle."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Assistant
from qa.batch import BatchState
from tests.support import batch_worker
from tests.support.command import Run
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from ui.cli.progress import questions_bar

pytestmark = pytest.mark.system

QUESTIONS = "who disputed the ISIS threat?\nكم بلغ سعر الفائدة؟\nCombien de morts dans l'explosion du port ?\n"


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_every_question_of_a_file_is_answered_in_a_table(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    questions, out = written(tmp_path, "q.txt", QUESTIONS), tmp_path / "a.csv"
    done = khabar("ask", "--batch", questions, "-o", out, "--library", shelf, "--interface", "en")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"3 questions written to {out}: ")
    table = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    assert [row["question"] for row in table] == QUESTIONS.splitlines()
    with Assistant.open(shelf) as assistant:
        answers = [assistant.ask(question) for question in QUESTIONS.splitlines()]
    assert [row["quote"] for row in table] == [answer.used[0].quote for answer in answers]
    assert [row["state"] for row in table] == [answer.state for answer in answers]


def test_a_bad_question_is_a_row_and_the_exit_status(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    questions = written(tmp_path, "q.csv", f"question,desk\n,world\n[/x] {'x' * 5000},a\nمن نفى خطر داعش؟,b\n")
    done = khabar("ask", "--batch", questions, "--output", tmp_path / "a.jsonl", "--language", "ar", "--library", shelf)
    assert (done.status, done.err) == (1, "")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["desk"], bool(row["error"])) for row in rows] == [("world", True), ("a", True), ("b", False)]
    assert rows[2]["outlet"] == "وكالة الضفاف"


def test_the_summary_is_in_the_readers_language(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    questions = written(tmp_path, "q.txt", "من نفى خطر داعش؟\n")
    for language, said in (
        ("ar", "الأسئلة المكتوبة في {}: 1، منها 1 لها جواب"),
        ("fr", "1 question écrite dans {}\u00a0: 1 avec réponse"),
    ):
        out = tmp_path / f"{language}.xlsx"
        done = khabar("ask", "--batch", questions, "-o", out, "--library", shelf, "--interface", language)
        assert done.out.startswith(said.format(out))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "--batch", "nowhere.csv", "-o", "a.csv"], "khabar: There is no file 'nowhere.csv'. Check the path.\n"),
        (["ask", "--batch", "q.txt", "-o", "a.pdf"], "khabar: 'a.pdf' ends in none of .csv, .tsv, .xlsx, .jsonl."),
        (["ask", "--batch", "q.txt"], "khabar: Invalid value: --batch needs a table to write"),
        (["ask", "who?", "--batch", "q.txt", "-o", "a.csv"], "khabar: Invalid value: --batch asks the questions of a"),
        (["ask", "--batch", "q.txt", "-o", "a.csv", "--json"], "khabar: Invalid value: --batch asks the questions"),
        (["ask", "--batch", "q.txt", "-o", "a.csv", "--after", "soon"], "khabar: 'soon' is not a date"),
        (["ask", "who?", "-o", "a.csv"], "khabar: Invalid value: --output is the table"),
        (["ask"], "khabar: Missing argument 'QUESTION'."),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_status_two(
    khabar: Run, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "q.txt", QUESTIONS)
    done = khabar(*arguments, "--library", shelf)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(message)
    assert done.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["q.txt"]


def test_a_run_that_was_killed_goes_on_where_it_was(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    questions, out = written(tmp_path, "q.txt", QUESTIONS), tmp_path / "a.csv"
    worker = [sys.executable, batch_worker.__file__, str(shelf), str(questions), str(out), "explosion"]
    with subprocess.Popen(
        worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"halted\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
    assert not out.exists()
    done = khabar("ask", "--batch", questions, "-o", out, "--library", shelf, "--interface", "en")
    assert done.status == 0
    assert done.out.splitlines()[1] == "2 of them answered by the run before"
    with out.open(encoding="utf-8-sig", newline="") as table:
        assert [row["question"] for row in csv.DictReader(table)] == QUESTIONS.splitlines()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "q.txt"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_the_question_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with questions_bar() as update:
        update(BatchState(1, 3, "[/b] who?"))
    assert "[/b] who?" in terminal.getvalue()
    assert "1/3" in terminal.getvalue()


# A grid.


def test_a_grid_of_one_question_counts_what_it_has(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "grid.csv"
    question = "Combien de camions dans le premier convoi ?"
    done = khabar("grid", question, "-o", out, "--language", "en", "--interface", "fr", "--library", shelf)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"1 question, 2 colonnes écrites dans {out}\u00a0; avec une contradiction\u00a0: 0\n"
    (row,) = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline=""))
    assert (row["question"], row["Rafidain Wire"]) == (question, "n’en dit rien")
    assert "A column of 64 military trucks left the Wadi Hajar air base" in row["Tigris Herald"]


def test_a_grid_of_a_file_tells_what_could_not_be_asked(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    questions = written(tmp_path, "q.csv", "question,desk\nمن نفى خطر داعش؟,a\n,b\n")
    arguments = ["--across", "days", "--after", "2025-10-05", "--before", "2025-10-05"]
    done = khabar("grid", questions, *arguments, "-o", tmp_path / "grid.jsonl", "--interface", "ar", "--library", shelf)
    assert (done.status, done.err) == (1, "")
    first, second = [json.loads(line) for line in (tmp_path / "grid.jsonl").read_text(encoding="utf-8").splitlines()]
    assert list(first) == ["question", "2025-10-05", "contradictions", "error"]
    assert "الزيدي" in first["2025-10-05"]
    assert (second["2025-10-05"], second["error"]) == ("", "السؤال فارغ. اسأل عن شيء في المقالات.")


def test_articles_without_an_outlet_are_counted(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    done = khabar("grid", "?", "-o", tmp_path / "grid.xlsx", "--interface", "en", "--library", shelf)
    assert done.status == 1
    assert done.out.splitlines()[1] == "1 article is in no column: it names no outlet or no day"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv", "-o", "grid.csv"], "khabar: There is no file 'nowhere.csv'. Check the path.\n"),
        (["who?"], "khabar: Invalid value: a grid needs a table to write"),
        (["who?", "-o", "grid.pdf"], "khabar: 'grid.pdf' ends in none of .csv, .tsv, .xlsx, .jsonl."),
        (["who?", "-o", "grid.csv", "--across", "towns"], "khabar: Invalid value for '--across'"),
        (["who?", "-o", "grid.csv", "--category", "none"], "khabar: There are no outlets to put across"),
    ],
)
def test_a_grid_that_cannot_be_made_says_so_in_one_line(
    khabar: Run, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = khabar("grid", *arguments, "--library", shelf)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(message)
    assert done.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_questions_are_not_written_over(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    questions = written(tmp_path, "q.csv", "question\nwho disputed the ISIS threat?\n")
    for arguments in (["ask", "--batch", questions], ["grid", questions]):
        done = khabar(*arguments, "-o", questions, "--library", shelf)
        assert (done.status, done.out) == (2, "")
        assert done.err == f"khabar: {questions} holds the questions. Name another file for the answers.\n"
    assert questions.read_text(encoding="utf-8") == "question\nwho disputed the ISIS threat?\n"


def test_a_question_longer_than_a_name_may_be_is_a_question(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    arguments = ["--language", "ar", "--after", "2025-11-13", "-o", tmp_path / "grid.csv", "--library", shelf]
    assert khabar("grid", f"من أوصى بإقالة مدير الميناء {'رائد الشمري ' * 30}؟", *arguments).status == 0
