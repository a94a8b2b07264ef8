"""Every command and every line of Python in the README runs, on the samples."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Assistant

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.strip().splitlines()]
ENDLESS = [command for command in COMMANDS if "khabar watch" in command or "--every" in command]
KHABAR = [
    command for command in COMMANDS if command.startswith("khabar ") and command not in ("khabar serve", *ENDLESS)
]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    library = tmp_path_factory.mktemp("readme") / "library"
    return {**os.environ, "KHABAR_LIBRARY": str(library), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def test_every_command_is_one_that_is_tested() -> None:
    assert set(COMMANDS) == {"make demo", "make test", "make bench", "khabar serve", *KHABAR, *ENDLESS}


@pytest.mark.parametrize("command", KHABAR)
def test_a_command_does_what_it_says(command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(shlex.split(command), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ENDLESS)
def test_a_command_without_end_works_until_it_is_told_to_stop(command: str, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        shlex.split(command), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().endswith("khabar: stopped\n")
        assert process.wait(60) == 0


def test_the_question_on_top_gets_the_answer_shown(environment: dict[str, str]) -> None:
    subprocess.run(["khabar", "index", "samples"], cwd=ROOT, env=environment, check=True, capture_output=True)
    shown = README.split('khabar ask "who disputed the ISIS threat?"\n')[1].split("```")[0]
    asked = ["khabar", "ask", "who disputed the ISIS threat?"]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    marks = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
    for paragraph in shown.strip().split("\n\n"):
        assert " ".join(paragraph.split()) in " ".join(done.stdout.translate(marks).split())


def test_the_python_runs(environment: dict[str, str], tmp_path: Path) -> None:
    (code,) = [block for kind, block in BLOCKS if kind == "python" and "127.0.0.1" not in block]
    code = code.replace('"samples"', repr(str(ROOT / "samples"))).replace('"news"', repr(str(tmp_path / "news")))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "used" in done.stdout


@pytest.mark.parametrize("client", ["gradio_client", "mcp"])
def test_the_programs_that_use_the_page_run(samples: Assistant, client: str) -> None:
    from pages import Served

    (code,) = [block for kind, block in BLOCKS if kind == "python" and f"from {client} import" in block]
    page = Served(samples, mcp_server=client == "mcp", client=False)
    try:
        code = code.replace("http://127.0.0.1:7860", page.url.rstrip("/"))
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "مهند الزيدي" in done.stdout
    finally:
        page.close()


@pytest.mark.parametrize(
    ("target", "does"), [("demo", "khabar serve"), ("test", "pytest"), ("bench", "python -m benchmarks")]
)
def test_the_make_targets_are_sound(target: str, does: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True)
    assert does in done.stdout


def test_the_project_speaks_of_itself_alone() -> None:
    for path in [ROOT / "README.md", *(ROOT / "benchmarks" / "results").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert "/work" not in text
        assert "/root" not in text
