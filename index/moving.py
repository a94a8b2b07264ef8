"""Moving a library: everything it is made from in one file, and that file made a library with the same answers."""

from pathlib import Path

from index.backups import CATALOG
from index.database import Database, is_sound
from index.errors import LibraryError
from index.folder import folder_of
from index.locking import lock_of, locked


def export_library(library: str | Path, file: str | Path) -> int:
    """Write articles, revisions, passages and vectors of the library in a folder to one new file.

    It is one state of the library, whoever writes meanwhile. Returns the number of articles. Raises `LibraryError`
    when there is no library, or the file exists or cannot be written.
    """
    folder, target = folder_of(library), Path(file).expanduser()
    if target.exists():
        raise LibraryError(f"{target} exists. Remove it, or name another file.")
    partial = target.with_name(target.name + ".partial")
    catalog = Database(folder / CATALOG)
    try:
        partial.unlink(missing_ok=True)
        catalog.copy(partial)
        if not is_sound(partial):
            raise LibraryError("The library's catalog is damaged, and so would be the file. Run khabar doctor.")
        partial.rename(target)
        return _articles(target)
    except OSError as error:
        # The disk or the folder; SQLite's own errors are LibraryErrors already.
        raise LibraryError(f"{target} cannot be written: {error}. Check the folder and the disk.") from error
    finally:
        # Half a file must not be taken for an export.
        catalog.close()
        partial.unlink(missing_ok=True)


def import_library(file: str | Path, library: str | Path) -> int:
    """Make an exported file the library of a folder that has none, and return the number of articles.

    Raises `LibraryError` when the file is not an export or is damaged, or the folder holds a library already.
    """
    source, folder = Path(file).expanduser(), Path(library).expanduser()
    if not source.is_file():
        raise LibraryError(f"There is no file {source}. Check the path.")
    if not is_sound(source):
        raise LibraryError(f"{source} is damaged or not an export. Run khabar export again where it came from.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(lock_of(folder), folder, wait=False):
            return _take_in(source, folder)
    except OSError as error:
        # The partial catalog stays under its own name, and is removed by the next try.
        raise LibraryError(f"The library folder {folder} cannot be written: {error}. Check the disk.") from error


def _take_in(source: Path, folder: Path) -> int:
    if (folder / CATALOG).exists():
        raise LibraryError(f"{folder} holds a library already. Name a new folder by --library.")
    partial = folder / "catalog.partial"
    partial.unlink(missing_ok=True)
    exported = Database(source, writable=False)
    try:
        exported.copy(partial)
    finally:
        exported.close()
    taken = Database(partial)
    try:
        # Another library with another vector index, which is made from the stored vectors at the first opening.
        taken.run("DELETE FROM meta WHERE key = 'id' OR key LIKE 'vectors_%'")
    finally:
        taken.close()
    partial.rename(folder / CATALOG)
    return _articles(folder / CATALOG)


def _articles(file: Path) -> int:
    database = Database(file, writable=False)
    try:
        found = database.one("SELECT count(*) FROM article")
        return int(found[0]) if found else 0
    finally:
        database.close()
