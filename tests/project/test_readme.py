"""What the documents show is so: their commands, their Python and the question on top of the README, run here."""

import contextlib
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Assistant
from tests.support.chat_server import ChatServer, translator
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from ui.cli.main import run

pytestmark = pytest.mark.system

BIN = Path(sys.executable).parent
README = ROOT / "README.md"
# Documents whose blocks are run, in the order in which somebody reads them.
RUN = [README, *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SERVED = "http://127.0.0.1:7860"
_CHAT_MODEL = "http://127.0.0.1:8080/v1"


def blocks(document: Path, kind: str) -> list[str]:
    """Return a document's blocks of one language."""
    return [block for found, block in _BLOCK.findall(document.read_text(encoding="utf-8")) if found == kind]


COMMANDS = list(dict.fromkeys(line for doc in RUN for block in blocks(doc, "bash") for line in block.splitlines()))
KHABAR = [command for command in COMMANDS if command.startswith("khabar ")]
ENDLESS = [c for c in KHABAR if c.split()[1] in ("serve", "watch") or "--every" in c]
ENDING = [command for command in KHABAR if command not in ENDLESS]
MAKE = [command for command in COMMANDS if command.startswith("make ")]
EXTRAS = [command for command in COMMANDS if command.startswith("pip install 'khabar[")]
PYTHON = [(doc.name, block) for doc in RUN for block in blocks(doc, "python")]
ALONE = [block for _, block in PYTHON if _SERVED not in block]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Assistant) -> Path:
    """A folder that looks like the project's own to who runs a command there, with the samples indexed in `library`."""
    # The commands that run in this process share the models that are loaded here.
    samples.ask("Khabar?")
    made = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "samples", made / "samples")
    shutil.copytree(ROOT / "tests" / "data", made / "tests" / "data")
    with inside(made):
        assert run(["index", "samples"]) == 0
    return made


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[io.StringIO]:
    """Work in a folder, with its library; yields what is printed."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder), contextlib.redirect_stdout(said):
        patch.setenv("KHABAR_LIBRARY", str(folder / "library"))
        yield said


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    own = {"KHABAR_LIBRARY": str(folder / "library"), "KHABAR_PORT": "0"}
    return {**os.environ, **own, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def chat_model() -> Iterator[ChatServer]:
    server = ChatServer(translator)
    yield server
    server.close()


def test_every_command_is_of_a_kind_that_is_tested() -> None:
    assert set(COMMANDS) == {*KHABAR, *MAKE, *EXTRAS}


@pytest.mark.parametrize("command", ENDING)
def test_a_command_does_what_it_says(command: str, folder: Path, chat_model: ChatServer) -> None:
    with inside(folder) as said:
        status = run(shlex.split(command.replace(_CHAT_MODEL, chat_model.base_url))[1:])
    assert status == 0, said.getvalue()
    assert said.getvalue()


@pytest.mark.parametrize("command", ENDLESS)
def test_a_command_without_end_works_until_it_is_told_to_stop(
    command: str, folder: Path, environment: dict[str, str]
) -> None:
    arguments = [sys.executable, "-c", "from ui.cli.main import main; main()", *shlex.split(command)[1:]]
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().endswith("khabar: stopped\n")
        assert process.wait(PATIENCE) == 0


def test_the_question_on_top_gets_the_answer_shown(folder: Path) -> None:
    asked = "who disputed the ISIS threat?"
    shown = README.read_text(encoding="utf-8").split(f'khabar ask "{asked}"\n')[1].split("```")[0]
    with inside(folder) as said:
        assert run(["ask", asked, "--interface", "en"]) == 0
    marks = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
    for paragraph in shown.strip().split("\n\n"):
        assert " ".join(paragraph.split()) in " ".join(said.getvalue().translate(marks).split())


def test_the_python_runs(folder: Path) -> None:
    said = []
    for code in ALONE:
        with inside(folder) as printed:
            exec(compile(code, "<document>", "exec"), {"__name__": "document"})
        said.append(printed.getvalue())
    assert all(said)
    assert "used" in said[0]


@pytest.mark.parametrize("client", ["gradio_client", "mcp"])
def test_the_programs_that_use_the_page_run(samples: Assistant, client: str) -> None:
    from tests.support.pages import Served

    (code,) = [block for _, block in PYTHON if f"from {client} import" in block]
    page = Served(samples, mcp_server=client == "mcp", client=False)
    try:
        code = code.replace(_SERVED, page.url.rstrip("/"))
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        assert "مهند الزيدي" in done.stdout
    finally:
        page.close()


def test_the_program_that_calls_the_rest_api_runs(samples: Assistant) -> None:
    from tests.support.pages import Served

    (code,) = [block for _, block in PYTHON if "/api/v1" in block]
    page = Served(samples, client=False)
    token = samples.library.tokens.add("documents", None)
    try:
        code = code.replace(_SERVED, page.url.rstrip("/"))
        environment = {**os.environ, "NEWS_TOKEN": token}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
        assert done.returncode == 0, done.stderr
        assert "مهند الزيدي" in done.stdout
    finally:
        samples.library.tokens.clear()
        page.close()


@pytest.mark.parametrize("command", MAKE)
def test_a_make_target_is_there(command: str) -> None:
    done = subprocess.run(
        ["make", "-n", command.split()[1]], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("target", "does"), [("demo", "khabar serve"), ("test", "pytest"), ("bench", "python -m benchmarks")]
)
def test_the_make_targets_are_sound(target: str, does: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert does in done.stdout


@pytest.mark.parametrize("command", EXTRAS)
def test_an_extra_is_one_of_the_packages(command: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert command.split("[")[1].split("]")[0] in extras
