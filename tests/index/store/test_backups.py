"""A damaged catalog is a clear error, and its last automatic backup brings the articles back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Library, LibraryBusyError, LibraryError
from index.store.backups import backups
from tests.support.small_encoder import SmallEncoder


def article(id_: str, word: str) -> Article:
    return Article.create(id_, f"The {word} was seen near the {id_} harbour on Monday.")


def age(backup: Path) -> None:
    os.utime(backup, (backup.stat().st_atime, backup.stat().st_mtime - 7200))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([article("a", "whale"), article("b", "heron")])
        age(backups(library.path)[0])
        library.add([article("c", "otter")])
        library.add([article("d", "lynx")])
    yield tmp_path / "library"


def ids(folder: Path) -> list[str]:
    with Library.open(folder, encoder=SmallEncoder()) as library:
        return sorted(article.id for article in library.articles())


def test_a_backup_is_made_after_writing_when_the_last_is_an_hour_old_and_three_are_kept(folder: Path) -> None:
    assert [file.name for file in backups(folder)] == ["catalog-000000000002.sqlite3", "catalog-000000000001.sqlite3"]
    with Library.open(folder, encoder=SmallEncoder()) as library:
        for number in range(3):
            age(backups(folder)[0])
            library.add([article(f"n{number}", "crane")])
    assert [int(file.stem[-3:]) for file in backups(folder)] == [6, 5, 4]


def test_a_backup_from_the_future_does_not_stop_new_ones(folder: Path) -> None:
    newest = backups(folder)[0]
    os.utime(newest, (newest.stat().st_atime, newest.stat().st_mtime + 7200))
    with Library.open(folder, encoder=SmallEncoder()) as library:
        library.add([article("e", "crane")])
    assert backups(folder)[0] != newest


@pytest.mark.parametrize("harm", ["nonsense", "cut", "holes", "gone"])
def test_a_damaged_catalog_is_a_clear_error_until_its_backup_is_brought_back(folder: Path, harm: str) -> None:
    catalog = folder / "catalog.sqlite3"
    data = bytearray(catalog.read_bytes())
    if harm == "gone":
        catalog.unlink()
    elif harm == "nonsense":
        catalog.write_bytes(b"not a database, " * 500)
    elif harm == "cut":
        catalog.write_bytes(data[: len(data) // 3])
    else:
        for at in range(4096, len(data), 8192):
            data[at : at + 4096] = b"\xa5" * len(data[at : at + 4096])
        catalog.write_bytes(data)
    with pytest.raises(LibraryError, match="khabar doctor --restore"):
        ids(folder)
    assert Library.restore_backup(folder) == backups(folder)[0]
    assert ids(folder) == ["a", "b", "c"]
    with Library.open(folder, encoder=SmallEncoder()) as library:
        assert library.search("otter")[0].article.id == "c"
        assert library.add([article("d", "lynx")]).added == 1
        assert library.doctor().ok
    assert len(list(folder.glob("damaged-1-catalog.sqlite3"))) == (harm != "gone")


def test_the_doctor_names_the_way_back_when_only_part_of_the_catalog_is_damaged(folder: Path) -> None:
    with Library.open(folder, encoder=SmallEncoder()) as library:
        library._catalog._db.run("DELETE FROM vector")
        (_, check, _) = library.doctor(repair=False).checks
        assert not check.ok
        assert "4 passages have no vector" in check.detail
        assert "khabar doctor --restore" in check.detail


def test_a_damaged_backup_is_passed_over_and_none_is_a_clear_error(folder: Path) -> None:
    newest, oldest = backups(folder)
    newest.write_bytes(newest.read_bytes()[:3000])
    assert Library.restore_backup(folder) == oldest
    assert ids(folder) == ["a", "b"]
    for file in backups(folder):
        file.unlink()
    with pytest.raises(LibraryError, match="no sound backup"):
        Library.restore_backup(folder)


def test_a_damaged_catalog_never_replaces_a_backup(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    catalog = folder / "catalog.sqlite3"
    with Library.open(folder, encoder=SmallEncoder()) as library:
        age(backups(folder)[0])
        kept = backups(folder)
        library._catalog._db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(catalog.read_bytes())
    data[-4096:] = b"\xa5" * 4096
    catalog.write_bytes(data)
    with Library.open(folder, encoder=SmallEncoder()) as library:
        generation = library.generation
        library._catalog._db.run("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
        library._catalog.back_up(folder)
        assert library.generation == generation + 1
    assert backups(folder) == kept
    assert "no backup of the catalog was made" in caplog.text


def test_whoever_has_the_library_open_sees_the_restored_one(folder: Path) -> None:
    with Library.open(folder, encoder=SmallEncoder()) as library:
        assert library.search("lynx")[0].article.id == "d"
        before = library.generation
        Library.restore_backup(folder)
        assert sorted(found.id for found in library.articles()) == ["a", "b", "c"]
        assert library.generation > before
        assert {hit.article.id for hit in library.search("lynx")} == {"a", "b", "c"}


def test_nothing_is_restored_under_a_writer(folder: Path) -> None:
    with (
        Library.open(folder, encoder=SmallEncoder()) as library,
        library._writing(),
        pytest.raises(LibraryBusyError),
    ):
        Library.restore_backup(folder)
