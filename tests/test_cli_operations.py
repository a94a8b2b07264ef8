"""The commands that keep a library going: bringing back a backup, watching folders, moving."""

import shutil
from pathlib import Path

import pytest

from ui.cli import run

FLOOD = "Flood in Basra\n\nHeavy rain flooded the streets of Basra on Monday, and forty families moved to schools.\n"


@pytest.fixture
def library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A library of one article."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "flood.txt").write_text(FLOOD, encoding="utf-8")
    assert run(["index", str(tmp_path / "news"), "--library", str(tmp_path / "library")]) == 0
    capsys.readouterr()
    return tmp_path / "library"


def test_a_damaged_catalog_names_the_command_that_brings_it_back(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (library / "catalog.sqlite3").write_bytes(b"nonsense " * 1000)
    for command in (["ask", "who?"], ["doctor"], ["articles", "list"]):
        assert run([*command, "--library", str(library)]) == 2
        assert "khabar doctor --restore" in capsys.readouterr().err
    assert run(["doctor", "--restore", "--library", str(library)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("restored\tcatalog: from ")
    assert [line.split("\t")[0] for line in lines[1:]] == ["ok", "ok", "ok"]
    assert run(["articles", "list", "--library", str(library)]) == 0
    assert "Flood in Basra" in capsys.readouterr().out


def test_without_a_backup_the_way_out_is_said(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(library / "backups")
    assert run(["doctor", "--restore", "--library", str(library)]) == 2
    assert "index the articles again" in capsys.readouterr().err
