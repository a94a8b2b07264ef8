"""A library in one file: the same articles, revisions and results in another folder, without encoding anything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index import Article, Candidate, Library, LibraryError, export_library, import_library
from index.encoding.encoder import TextVectors
from tests.support.small_encoder import SmallEncoder
from ui.cli.main import run


class NeverEncodes(SmallEncoder):
    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        raise AssertionError("a passage was encoded again")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add(Article.create(f"a{n}", f"Here bird{n} met the crew.", source="Wire") for n in range(40))
        library.add([Article.create("a7", "Here bird7 left the crew.", source="Wire")])
        library.remove(["a8"])
    return tmp_path / "library"


def rounded(found: list[Candidate]) -> list[Candidate]:
    """One library may have compared exactly what the other has in its vector index."""
    return [replace(hit, similarity=round(hit.similarity, 5) if hit.similarity else None) for hit in found]


def test_an_exported_library_is_the_same_in_another_folder(folder: Path, tmp_path: Path) -> None:
    assert export_library(folder, tmp_path / "news.khabar") == 39
    assert import_library(tmp_path / "news.khabar", tmp_path / "other") == 39
    with (
        Library.open(folder, encoder=SmallEncoder()) as ours,
        Library.open(tmp_path / "other", encoder=NeverEncodes()) as theirs,
    ):
        assert theirs.articles() == ours.articles()
        assert theirs.revisions("a7") == ours.revisions("a7")
        assert theirs.article("a7", revision=1).text == "Here bird7 met the crew."
        for question in ("bird7", "bird8", "the crew", "bird39 met"):
            assert rounded(theirs.search(question)) == rounded(ours.search(question))
        assert theirs.doctor(repair=False).ok
        assert theirs._catalog.meta("id") != ours._catalog.meta("id")
    assert [file.name for file in tmp_path.glob("news*")] == ["news.khabar"]


def test_what_was_followed_is_paused_in_the_other_folder(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder, encoder=SmallEncoder()) as library:
        library.feeds.follow("https://news.example/feed", 600, datetime(2025, 11, 1, tzinfo=UTC))
    export_library(folder, tmp_path / "news.khabar")
    import_library(tmp_path / "news.khabar", tmp_path / "other")
    with Library.open(folder, encoder=SmallEncoder()) as ours:
        assert [feed.paused for feed in ours.feeds.all()] == [False]
    with Library.open(tmp_path / "other", encoder=SmallEncoder()) as theirs:
        assert [feed.paused for feed in theirs.feeds.all()] == [True]


def test_an_export_is_one_state_while_another_writes(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder, encoder=SmallEncoder()) as library, library._writing():
        assert export_library(folder, tmp_path / "news.khabar") == 39


def test_nothing_is_overwritten_and_bad_files_are_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.khabar"
    export_library(folder, file)
    with pytest.raises(LibraryError, match="exists"):
        export_library(folder, file)
    with pytest.raises(LibraryError, match="already"):
        import_library(file, folder)
    with pytest.raises(LibraryError, match="no library"):
        export_library(tmp_path / "nowhere", tmp_path / "x")
    file.write_bytes(file.read_bytes()[:9000])
    (tmp_path / "letter.txt").write_text("Dear editor")
    for bad in (file, tmp_path / "letter.txt", tmp_path / "missing"):
        with pytest.raises(LibraryError):
            import_library(bad, tmp_path / "fresh")
    assert not (tmp_path / "fresh" / "catalog.sqlite3").exists()


def test_the_commands_move_a_library(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = str(tmp_path / "news.khabar"), str(tmp_path / "other")
    assert run(["export", file, "--library", str(folder)]) == 0
    assert run(["import", file, "--library", other]) == 0
    assert capsys.readouterr().out == "39 articles exported\n39 articles imported\n"
    assert run(["import", file, "--library", other]) == 2
    assert "already" in capsys.readouterr().err
