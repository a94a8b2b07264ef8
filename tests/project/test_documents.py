"""What the documents say of the project is so: links lead somewhere, figures stand in the results, files are there."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
LINKED = [
    README, *PAGES, ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md",
    ROOT / "benchmarks" / "README.md", ROOT / "qa" / "reading" / "reader.md",
]  # fmt: skip

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FIGURE = re.compile(r"(?<![\d.,])0\.\d{3}(?!\d)")
_FILE = re.compile(r"\b(?:index|qa|ui|tests|benchmarks)/[\w/*.-]*\w")


@pytest.mark.parametrize("document", LINKED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def anchors(document: Path) -> set[str]:
    """Return what a document's headings are linked by."""
    headings = _HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", [README, ROOT / "docs" / "measured.md"], ids=lambda path: path.name)
def test_every_figure_stands_in_the_results(document: Path) -> None:
    results = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "benchmarks" / "results").glob("*.md"))
    measured = set(_FIGURE.findall(results))
    assert set(_FIGURE.findall(document.read_text(encoding="utf-8"))) <= measured


@pytest.mark.parametrize(
    "name", ["ARCHITECTURE.md", "NOTICE", "benchmarks/README.md", *(f"docs/{path.name}" for path in PAGES)]
)
def test_every_file_that_is_named_is_there(name: str) -> None:
    named = _FILE.findall((ROOT / name).read_text(encoding="utf-8"))
    assert [path for path in named if not any(ROOT.glob(path))] == []


def test_a_readme_is_read_at_one_sitting() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 200
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 90


def test_every_page_is_in_the_readme() -> None:
    linked = set(_LINK.findall(README.read_text(encoding="utf-8")))
    assert {path.relative_to(ROOT).as_posix() for path in PAGES} <= linked


def test_every_setting_is_in_the_table() -> None:
    from ui.settings import PREFIX, Settings

    using = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
    assert {f"`{PREFIX}{name.upper()}`" for name in Settings.model_fields} <= set(re.findall(r"`\w+`", using))


def test_the_hooks_are_the_linters_of_the_makefile() -> None:
    import yaml

    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local"
    assert {hook["language"] for hook in local["hooks"]} == {"system"}
    linters = re.findall(r"^\t\$\(BIN\)/(ruff \w+|mypy|lint-imports)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    hooks = [hook["entry"].removeprefix(".venv/bin/").split(" --")[0] for hook in local["hooks"]]
    assert hooks == list(dict.fromkeys(linters))


def test_the_project_speaks_of_itself_alone() -> None:
    for path in [*LINKED, *(ROOT / "benchmarks" / "results").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|root)\b", text)
