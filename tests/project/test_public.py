"""What is public is listed, importing is cheap, and the layers hold."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import index
import qa
import ui
from tests.support.paths import ROOT

MODULES = sorted(path for package in ("index", "qa", "ui") for path in (ROOT / package).rglob("*.py"))
ROOMS = sorted({path.parent for path in MODULES if path.parent.parent != ROOT})
HEAVY = {"torch", "gradio", "chromadb", "openvino", "transformers", "sentence_transformers", "trafilatura"}


@pytest.mark.parametrize("package", [index, qa, ui])
def test_all_is_the_table_of_contents(package: object) -> None:
    names = package.__all__  # type: ignore[attr-defined]
    assert list(names) == sorted(set(names))
    for name in names:
        assert getattr(package, name) is not None


def test_no_two_public_classes_share_a_name() -> None:
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_the_names_that_others_build_on_are_there() -> None:
    from index import Library
    from qa import Assistant

    for name in ("open", "sync", "add", "remove", "search", "articles", "article", "doctor", "close"):
        assert callable(getattr(Library, name))
    for name in ("open", "ask", "aask", "stream", "astream", "close"):
        assert callable(getattr(Assistant, name))


@pytest.mark.parametrize("package", ["index", "qa", "ui", "ui.cli.main"])
def test_importing_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print([name for name in {sorted(HEAVY)} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_of_the_index() -> None:
    assert _loaded('cli.run(["--help"])', {"index", "qa", "numpy", "sqlite3"}) == set()


@pytest.mark.system
def test_a_question_at_the_command_line_loads_no_torch_or_gradio(indexed: Path, tmp_path: Path) -> None:
    library = ["--library", str(shutil.copytree(indexed, tmp_path / "library"))]
    question = "who disputed the ISIS threat?"
    heavy = {"torch", "gradio", "transformers", "sentence_transformers", "trafilatura", "langchain"}
    asked = _loaded(f'cli.run(["ask", {question!r}, *{library!r}])', heavy | {"chromadb", "openvino"})
    assert asked == {"chromadb", "openvino"}


def _loaded(work: str, names: set[str]) -> set[str]:
    """Run something of `ui.cli.main` in a process of its own, and tell which of the modules it loaded."""
    found = f"print(); print(*(set({sorted(names)}) & set(sys.modules)))"
    code = f"import sys; from ui.cli import main as cli; {work}; {found}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(ROOT).as_posix())
def test_a_room_says_what_it_is_for_and_has_the_entry_that_it_names(room: Path) -> None:
    purpose = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert purpose
    modules = list(room.glob("*.py"))
    assert len(modules) <= 14
    trees = [ast.parse(module.read_text(encoding="utf-8")) for module in modules]
    defined = {node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    first_line = purpose.partition("\n")[0]
    assert set(re.findall(r"`(\w+)(?:\(\))?`", first_line.partition("Entry: ")[2])) <= defined


def test_every_package_lists_what_it_exports() -> None:
    packages = [path for path in MODULES if path.name == "__init__.py"]
    assert [path for path in packages if "\n__all__ = " not in path.read_text(encoding="utf-8")] == []


def test_files_stay_small_and_say_what_they_are_for() -> None:
    paths = [*MODULES, *(path for folder in ("benchmarks", "tests") for path in (ROOT / folder).rglob("*.py"))]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    assert [name for name, text in texts.items() if len(text.splitlines()) > 400 or name.endswith("/utils.py")] == []
    assert [name for name, text in texts.items() if not text.startswith('"""')] == []


def test_the_layers_hold() -> None:
    # A process of its own: the linter configures logging, which would silence this one's.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
