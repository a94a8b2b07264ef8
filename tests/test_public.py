"""What is public is listed, importing is cheap, and the layers hold."""

import subprocess
import sys
from pathlib import Path

import pytest

import index
import qa
import ui

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for package in ("index", "qa", "ui") for path in (ROOT / package).glob("*.py"))
HEAVY = {"torch", "gradio", "chromadb", "openvino", "transformers", "sentence_transformers", "trafilatura"}


@pytest.mark.parametrize("package", [index, qa, ui])
def test_all_is_the_table_of_contents(package: object) -> None:
    names = package.__all__  # type: ignore[attr-defined]
    assert list(names) == sorted(set(names))
    for name in names:
        assert getattr(package, name) is not None


def test_the_names_that_others_build_on_are_there() -> None:
    from index import Library
    from qa import Assistant

    for name in ("open", "sync", "add", "remove", "search", "articles", "article", "doctor", "close"):
        assert callable(getattr(Library, name))
    for name in ("open", "ask", "aask", "stream", "astream", "close"):
        assert callable(getattr(Assistant, name))


@pytest.mark.parametrize("package", ["index", "qa", "ui", "ui.cli"])
def test_importing_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print([name for name in {sorted(HEAVY)} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_of_the_index() -> None:
    assert _loaded('cli.run(["--help"])', {"index", "qa", "numpy", "sqlite3"}) == set()


def test_a_question_at_the_command_line_loads_no_torch_gradio_or_langchain(
    samples_folder: Path, tmp_path: Path
) -> None:
    library = ["--library", str(tmp_path / "library")]
    cli = [sys.executable, "-c", "import sys; from ui.cli import main; main()"]
    question = "who disputed the ISIS threat?"
    # The first question on a machine converts the reader, with torch.
    for words in (["index", str(samples_folder)], ["ask", question]):
        subprocess.run([*cli, *words, *library], cwd=ROOT, check=True, capture_output=True)
    heavy = {"torch", "gradio", "transformers", "sentence_transformers", "trafilatura", "langchain_core", "langsmith"}
    asked = _loaded(f'cli.run(["ask", {question!r}, *{library!r}])', heavy | {"chromadb", "openvino"})
    assert asked == {"chromadb", "openvino"}


def _loaded(work: str, names: set[str]) -> set[str]:
    """Run something of `ui.cli` in a process of its own, and tell which of the modules it loaded."""
    code = f"import sys; from ui import cli; {work}; print(); print(*(set({sorted(names)}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.name != "utils.py"


def test_the_layers_hold() -> None:
    # A process of its own: the linter configures logging, which would silence this one's.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
