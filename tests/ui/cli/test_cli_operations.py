"""The commands that keep a library going (bringing back a backup, moving), and those that find no library."""

import shutil
from pathlib import Path

import pytest

from index import Library, LibraryError
from ui.cli.main import run

pytestmark = pytest.mark.system

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
    assert [line.partition(":")[0] for line in lines[1:]] == [
        f"ok\t{name}" for name in ("encoder", "reranker", "reader", "confidence", "engine", "catalog", "vector index")
    ]
    assert run(["articles", "list", "--library", str(library)]) == 0
    assert "Flood in Basra" in capsys.readouterr().out


def test_without_a_backup_the_way_out_is_said(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(library / "backups")
    assert run(["doctor", "--restore", "--library", str(library)]) == 2
    assert "index the articles again" in capsys.readouterr().err


def test_a_chroma_server_is_named_by_flag_and_token_and_its_absence_is_told(
    library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHABAR_CHROMA_TOKEN", "ck-5esame")
    at = ["--library", str(library), "--chroma-url"]
    assert run(["articles", "list", *at, "localhost:8000"]) == 2
    assert "write it as http://localhost:8000" in capsys.readouterr().err
    (library.parent / "news" / "more.txt").write_text(FLOOD.replace("Basra", "Amara"), encoding="utf-8")
    assert run(["index", str(library.parent / "news"), *at, "http://127.0.0.1:9"]) == 0
    assert "1 added" in capsys.readouterr().out
    assert run(["doctor", *at, "http://127.0.0.1:9"]) == 1
    out, err = capsys.readouterr()
    assert (
        "broken\tvector index: the vector index is missing; no rebuild: The Chroma server at http://127.0.0.1:9" in out
    )
    assert "ck-5esame" not in out + err


def test_a_folder_of_index_copies_needs_a_catalog_that_machines_share(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["doctor", "--library", str(library), "--index-copies", str(tmp_path)]) == 2
    assert "Index copies are for a catalog in PostgreSQL, without a Chroma server." in capsys.readouterr().err
    monkeypatch.setenv("KHABAR_INDEX_COPIES", str(tmp_path))
    assert run(["articles", "list", "--library", str(library)]) == 2
    assert "KHABAR_INDEX_COPIES" in capsys.readouterr().err


def test_an_article_whose_date_is_none_is_indexed_and_named(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news" / "rain.txt").write_text(f"Title: Rain\nDate: 31/02/2025\n\n{FLOOD}", encoding="utf-8")
    (tmp_path / "news" / "bad.json").write_text("{not json", encoding="utf-8")
    assert run(["index", str(tmp_path / "news"), "--library", str(library)]) == 1
    (tmp_path / "news" / "bad.json").unlink()
    capsys.readouterr()
    for _ in range(2):
        # Told at each run as long as it is so, like a bad file; only the file that gave nothing is a failure.
        assert run(["index", str(tmp_path / "news"), "--library", str(library)]) == 0
        out, err = capsys.readouterr()
        assert out.startswith("0 added, 0 replaced, 2 unchanged, 0 removed;")
        assert err == (
            "khabar: rain.txt: Its date '31/02/2025' is no day that can be read, so it has none. "
            "Write it as 2025-09-28.\n"
        )
    with Library.open(library) as opened:
        assert opened.article("rain.txt").published is None


# Where there is no library.

READING = [
    ["ask", "who?"], ["chat"], ["articles", "list"], ["articles", "show", "a.txt"], ["articles", "remove", "a.txt"],
    ["eval", "exam.jsonl"], ["feedback", "out.jsonl"], ["export", "out.khabar"], ["doctor"], ["doctor", "--rebuild"],
    ["tune", "exam.jsonl"],
    ["doctor", "--restore"],
]  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_names_a_library_that_is_not_there_and_makes_none(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*command, "--library", "my typo"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "khabar: There is no library in my typo. Name another with --library, or fill it: "
        "khabar index FILES --library 'my typo'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_no_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "news.txt").write_text(FLOOD, encoding="utf-8")
    assert run(["ask", "who?", "--library", str(tmp_path)]) == 2
    assert f"There is no library in {tmp_path}." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["news.txt"]


def test_before_anything_is_indexed_the_usual_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KHABAR_LIBRARY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert run(["ask", "who?"]) == 2
    folder = tmp_path / "khabar" / "library"
    assert capsys.readouterr().err == (
        f"khabar: There is no library in {folder}. Name another with --library, or fill it: "
        f"khabar index FILES --library {folder}\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_in_python_a_library_is_made_unless_it_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no library in"):
        Library.open(tmp_path / "library", create=False)
    assert list(tmp_path.iterdir()) == []
    Library.open(tmp_path / "library").close()
    Library.open(tmp_path / "library", create=False).close()


@pytest.mark.parametrize(
    ("options", "said"), [([], "reader"), (["--role", "editor"], "editor"), (["--role", "admin"], "admin")]
)
def test_a_password_is_set_with_a_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "long enough")
    file = tmp_path / "people"
    assert run(["password", "layla", str(file), *options]) == 0
    assert capsys.readouterr().out == f"layla may sign in: {said}\n"
    assert file.read_text(encoding="utf-8").endswith(f":{said}\n")
    assert run(["password", "layla", str(file)]) == 0
    assert capsys.readouterr().out == f"layla may sign in: {said}\n"


@pytest.mark.parametrize(
    "command",
    [["password", "layla", "people", "--role", "owner"], ["tokens", "add", "script", "--role", "admin"]],
)
def test_a_role_that_cannot_be_given_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command) == 2
    assert not (tmp_path / "people").exists()
