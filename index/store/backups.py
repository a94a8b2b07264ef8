"""Automatic backups of the catalog: made after writing, at most one an hour, three kept; and bringing one back."""

import logging
import time
from pathlib import Path

from index.errors import LibraryError
from index.store.engines.protocol import Database
from index.store.engines.sqlite import SqliteDatabase, is_sound

_log = logging.getLogger(__name__)

CATALOG = "catalog.sqlite3"
_FOLDER = "backups"
_KEPT = 3
_EVERY = 3600.0
# Commits that were lost have had numbers: what a running process remembers of them must not be taken for new ones.
_LOST = 1_000_000


def backups(library: Path) -> list[Path]:
    """List a library's backups, the newest first. They are named by generation, so the clock has no say."""
    return sorted((library / _FOLDER).glob("catalog-*.sqlite3"), reverse=True)


def back_up_if_due(database: Database, library: Path, generation: int) -> None:
    """Copy the catalog when the newest backup is an hour old or there is none; only under the write lock.

    A backup that cannot be made or is not sound is a warning, and no reason to give up an older one.
    """
    made = backups(library)
    if made and 0 <= time.time() - made[0].stat().st_mtime < _EVERY:
        return
    folder = library / _FOLDER
    file, partial = folder / f"catalog-{generation:012}.sqlite3", folder / "partial.sqlite3"
    try:
        folder.mkdir(exist_ok=True)
        partial.unlink(missing_ok=True)
        database.copy(partial)
        if not is_sound(partial):
            raise LibraryError("the copy is damaged, and so may be the catalog: `khabar doctor` tells")
        partial.replace(file)
        for old in backups(library)[_KEPT:]:
            old.unlink()
    except (OSError, LibraryError) as error:
        # What was to be written has been committed: that it has no copy yet is no failure of the writer's.
        _log.warning("no backup of the catalog was made: %s", error)


def restore(library: Path) -> Path:
    """Put the newest sound backup in the catalog's place and return it; the damaged catalog is kept beside it.

    To be called under the write lock. Raises `LibraryError` when there is no sound backup.
    """
    for backup in backups(library):
        if is_sound(backup):
            _swap(library, backup)
            return backup
    raise LibraryError(
        f"There is no sound backup in {library / _FOLDER}. Move {library / CATALOG} away and index the articles again."
    )


def _swap(library: Path, backup: Path) -> None:
    partial = library / "catalog.partial"
    try:
        partial.unlink(missing_ok=True)
        source = SqliteDatabase(backup, writable=False)
        source.copy(partial)
        source.close()
        restored = SqliteDatabase(partial)
        restored.run("UPDATE meta SET value = CAST(value AS INTEGER) + ? WHERE key = 'generation'", _LOST)
        restored.close()
        number = 1 + max((int(file.name.split("-")[1]) for file in library.glob("damaged-*-" + CATALOG)), default=0)
        # The log first: it must never meet the restored file.
        for suffix in ("-wal", "-shm", ""):
            file = library / (CATALOG + suffix)
            if file.exists():
                file.rename(library / f"damaged-{number}-{CATALOG}{suffix}")
        partial.rename(library / CATALOG)
    except OSError as error:
        # Whatever was renamed stays beside the catalog's place under its new name: nothing is lost.
        raise LibraryError(f"The backup {backup} cannot be brought back: {error}. Check the disk.") from error
