"""The `khabar` command on a real library, with the real model, in real processes where that matters."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from index import Library
from qa import Answer, Assistant, Reason
from tests.support.command import Run, command
from tests.support.patience import PATIENCE
from ui.cli.progress import Rate

pytestmark = pytest.mark.system

ANSWERED = "How many people were killed in the port of Umm al-Nakhil?"
UNANSWERED = "What is the capital of Mongolia?"
HEAVY = "torch,sentence_transformers,chromadb,gradio,openvino,trafilatura,langchain_core,langchain,qa,uvicorn"


def test_help_loads_nothing_heavy() -> None:
    script = f"""
import sys
from ui.cli.main import run
status = run(["--help"])
print(status, [name for name in "{HEAVY}".split(",") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
    for name in ("index", "ask", "chat", "serve", "articles", "doctor", "eval"):
        assert re.search(rf"^.? *{name} ", done.stdout, re.MULTILINE)


def test_every_command_takes_a_library(khabar: Run) -> None:
    for arguments in (["index"], ["ask"], ["chat"], ["serve"], ["doctor"], ["eval"]):
        assert "--library" in khabar(*arguments, "--help").out
    for name in ("list", "show", "remove"):
        assert "--library" in khabar("articles", name, "--help").out


def test_a_group_alone_shows_what_it_has(khabar: Run) -> None:
    done = khabar("articles")
    assert (done.status, done.err) == (2, "")
    assert "remove" in done.out


# Indexing.


def test_index_counts_what_it_does(khabar: Run, tmp_path: Path, samples_folder: Path) -> None:
    folder, library = tmp_path / "news", tmp_path / "library"
    folder.mkdir()
    for name in ("embassy-warning.md", "army-denies-warning.txt"):
        shutil.copy(samples_folder / name, folder)
    first = khabar("index", folder, "--library", library)
    assert first.status == 0
    assert re.fullmatch(r"2 added, 0 replaced, 0 unchanged, 0 removed; (\d+) of \1 passages embedded\n", first.out)
    again = khabar("index", folder, "--library", library)
    assert again.out == "0 added, 0 replaced, 2 unchanged, 0 removed; 0 of 0 passages embedded\n"
    (folder / "embassy-warning.md").write_text("The embassy said nothing today.", encoding="utf-8")
    (folder / "army-denies-warning.txt").unlink()
    changed = khabar("index", folder, "--library", library)
    assert changed.out == "0 added, 1 replaced, 0 unchanged, 1 removed; 1 of 1 passages embedded\n"


def test_what_cannot_be_read_is_named_and_the_rest_is_indexed(khabar: Run, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "good.txt").write_text("The dam opened on Monday.", encoding="utf-8")
    (tmp_path / "news" / "bad.json").write_text("{not json", encoding="utf-8")
    done = khabar("index", tmp_path / "news", "--library", tmp_path / "library")
    assert done.status == 1
    assert done.out.startswith("1 added,")
    assert re.match(r"khabar: bad\.json.*: .+\n$", done.err)


def test_standard_input_with_mapped_keys(tmp_path: Path) -> None:
    line = json.dumps({"no": "7", "kicker": "Dam opens", "story": "The dam opened on Monday."})
    arguments = [
        command(),
        "index",
        "-",
        "--map",
        "id=no,title=kicker,text=story",
        "--library",
        str(tmp_path / "library"),
    ]
    done = subprocess.run(arguments, input=line, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 added, 0 replaced, 0 unchanged, 0 removed; 1 of 1 passages embedded\n"
    with Library.open(tmp_path / "library") as library:
        article = library.article("7")
    assert (article.title, article.text) == ("Dam opens", "The dam opened on Monday.")


def test_a_missing_path_is_noticed_before_anything_is_indexed(
    khabar: Run, tmp_path: Path, samples_folder: Path
) -> None:
    done = khabar("index", samples_folder, tmp_path / "nowhere", "--library", tmp_path / "library")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("khabar: ") and "nowhere" in done.err
    with Library.open(tmp_path / "library") as library:
        assert library.stats().articles == 0


def test_no_wait_fails_while_another_writes(khabar: Run, tmp_path: Path, samples_folder: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    with FileLock(library / "write.lock"):
        done = khabar("index", samples_folder, "--no-wait", "--library", library)
    assert (done.status, done.out) == (2, "")
    assert "Another process is writing" in done.err


def test_a_wrong_mapping_names_the_field(khabar: Run, tmp_path: Path) -> None:
    done = khabar("index", tmp_path, "--map", "body=text", "--library", tmp_path / "library")
    assert done.status == 2
    assert done.err.startswith("khabar: 'body' is not a field of an article.")


def test_the_rate_runs_on_over_several_sources() -> None:
    times = iter([0.0, 2.0, 4.0, 5.0])
    rate = Rate(lambda: next(times))
    assert [rate.at(0, 10), rate.at(0, 40), rate.at(1, 10)] == [5.0, 10.0, 10.0]


# Asking.


def test_ask_prints_the_quote_on_its_own_line(khabar: Run, shelf: Path) -> None:
    done = khabar("ask", ANSWERED, "--library", shelf)
    assert (done.status, done.err) == (0, "")
    with Assistant.open(shelf) as assistant:
        answer = assistant.ask(ANSWERED)
    assert answer.used[0].quote in done.out.split("\n")
    (reference,) = [line for line in done.out.split("\n") if line.startswith("[1] ")]
    assert f" {answer.used[0].article.title} · " in reference


def test_ask_json_is_the_answer(khabar: Run, shelf: Path) -> None:
    done = khabar("ask", ANSWERED, "--json", "--library", shelf)
    with Assistant.open(shelf) as assistant:
        expected = assistant.ask(ANSWERED)
    assert done.status == 0
    assert replace(Answer.from_json(done.out), timings=()) == replace(expected, timings=())


def test_filters_are_passed_on_and_an_abstention_has_its_status(khabar: Run, shelf: Path) -> None:
    done = khabar(
        "ask", UNANSWERED, "--language", "ar", "--language", "en", "--after", "2025-10-01", "--json", "--library", shelf
    )
    answer = Answer.from_json(done.out)
    assert (done.status, answer.abstained) == (3, True)
    assert answer.filters.language == ("ar", "en")
    assert str(answer.filters.after) == "2025-10-01"


def test_an_empty_library_says_how_to_fill_it(khabar: Run, tmp_path: Path) -> None:
    Library.open(tmp_path / "library").close()
    done = khabar("ask", ANSWERED, "--library", tmp_path / "library")
    assert done.status == 3
    assert "khabar index" in done.out
    assert Answer.from_json(khabar("ask", "who?", "--json", "--library", tmp_path / "library").out).reason is (
        Reason.EMPTY_LIBRARY
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", " "], "khabar: The question is empty."),
        (["ask", "who?", "--after", "soon"], "khabar: 'soon' is not a date"),
        (["ask", "who?", "--bidi", "mirror"], "khabar: "),
        (["ask", "who?", "--colour"], "khabar: No such option"),
        (["ask"], "khabar: Missing argument"),
        (["sing"], "khabar: No such command"),
        (["ask", "who?", "--llm", "nonsense"], "khabar: "),
        (["articles", "show", "nobody"], "khabar: There is no article 'nobody'"),
        (["articles", "remove", "nobody"], "khabar: No article has the id nobody"),
        (["serve", "--port", "65536"], "khabar: --port cannot be '65536'"),
        (["eval", "missing.json"], "khabar: "),
    ],
)
def test_bad_input_is_one_line_and_status_two(khabar: Run, shelf: Path, arguments: list[str], message: str) -> None:
    name = [] if arguments in (["sing"],) else ["--library", str(shelf)]
    done = khabar(*arguments, *name)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(message)
    assert done.err.count("\n") == 1


def test_an_unknown_setting_is_one_line_in_a_real_process(tmp_path: Path) -> None:
    environment = {**os.environ, "KHABAR_LIBRRY": str(tmp_path)}
    done = subprocess.run(
        [command(), "ask", "who?"], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("khabar: KHABAR_LIBRRY is not a setting. Did you mean KHABAR_LIBRARY?")
    assert done.stderr.count("\n") == 1


def test_what_fails_while_a_model_is_being_loaded_ends_with_its_own_status(shelf: Path) -> None:
    arguments = [command(), "ask", " ", "--library", str(shelf)]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "khabar: The question is empty. Ask about something in the articles.\n"


def test_arabic_is_printed_under_a_plain_locale(shelf: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    arguments = [command(), "articles", "list", "--language", "ar", "--library", str(shelf)]
    done = subprocess.run(arguments, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"army-denies-warning.txt\t2025-10-05\tar\t" in done.stdout


# The chat.


def test_chat_answers_line_by_line(khabar: Run, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"/show 1\n{ANSWERED}\n\n/show 1\n/show 9\n/what\n{'x' * 5000}\n/quit\nnever read\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    done = khabar("chat", "--library", shelf)
    assert done.status == 0
    with Library.open(shelf) as library:
        article = library.article("rw-20251104-umm-nakhil")
    assert article.text in done.out
    assert "The last answer has no [1]." in done.out
    assert "The last answer has no [9]." in done.out
    assert "/quit     leave" in done.out
    assert re.fullmatch(r"khabar: The question has 5000 characters.*\n", done.err)
    assert "never" not in done.out


def test_ctrl_c_ends_with_its_status_and_no_traceback(shelf: Path) -> None:
    arguments = [command(), "chat", "--library", str(shelf)]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write("/help\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("Type a question")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (130, "")


def test_a_reader_that_goes_away_is_no_error(shelf: Path) -> None:
    arguments = [command(), "articles", "list", "--library", str(shelf)]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(arguments, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
