"""Moving a library: everything it is made from in one file, and that file made a library with the same answers."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.errors import LibraryError
from index.store.access.audit import AuditAction, AuditLog
from index.store.access.tokens import TokenTable
from index.store.access.tries import forget_tries
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from index.store.engines.copying import copy_rows
from index.store.engines.opening import address_of, open_database
from index.store.engines.protocol import Database
from index.store.engines.sqlite import SqliteDatabase, is_sound
from index.store.feeds import FeedTable
from index.store.folder import folder_of, lock_of, locked
from index.store.standing.questions import StandingTable


def export_library(library: str | Path, file: str | Path, *, catalog: str | None = None) -> int:
    """Write articles, revisions, passages and vectors of the library in a folder to one new file.

    With `catalog` it is the library at that PostgreSQL address. It is one state of the library, whoever writes
    meanwhile. Returns the number of articles. Raises `LibraryError` when there is no library, or the file exists or
    cannot be written.
    """
    at = address_of(catalog) if catalog else folder_of(library) / CATALOG
    target = Path(file).expanduser()
    if target.exists():
        raise LibraryError(f"{target} exists. Remove it, or name another file.")
    partial = target.with_name(target.name + ".partial")
    with closing(open_database(at, create=False)) as database:
        try:
            partial.unlink(missing_ok=True)
            database.copy(partial)
            if not is_sound(partial):
                raise LibraryError("The library's catalog is damaged, and so would be the file. Run khabar doctor.")
            count = _articles(partial)
            if not database.is_writable:
                # Where nothing can be written, nothing can be written down either.
                partial.rename(target)
                return count
            try:
                with database.commit():
                    AuditLog(database).record(AuditAction.EXPORTED, target.name, count)
                    partial.rename(target)
            except BaseException:
                # What is not written down is not done.
                target.unlink(missing_ok=True)
                raise
            return count
        except OSError as error:
            # The disk or the folder; SQLite's own errors are LibraryErrors already.
            raise LibraryError(f"{target} cannot be written: {error}. Check the folder and the disk.") from error
        finally:
            # Half a file must not be taken for an export.
            partial.unlink(missing_ok=True)


def import_library(file: str | Path, library: str | Path, *, catalog: str | None = None) -> int:
    """Make an exported file the library of a folder that has none, and return the number of articles.

    With `catalog` it becomes the library at that PostgreSQL address; the folder is for its vector index. Raises
    `LibraryError` when the file is not an export or is damaged, or there is a library already.
    """
    source, folder = Path(file).expanduser(), Path(library).expanduser()
    if not source.is_file():
        raise LibraryError(f"There is no file {source}. Check the path.")
    if not is_sound(source):
        raise LibraryError(f"{source} is damaged or not an export. Run khabar export again where it came from.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(lock_of(folder), folder, wait=False):
            return _take_in_at(catalog, source, folder) if catalog else _take_in(source, folder)
    except OSError as error:
        # The partial catalog stays under its own name, and is removed by the next try.
        raise LibraryError(f"The library folder {folder} cannot be written: {error}. Check the disk.") from error


def _take_in(source: Path, folder: Path) -> int:
    if (folder / CATALOG).exists():
        raise LibraryError(f"{folder} holds a library already. Name a new folder by --library.")
    with _staged(source, folder) as partial:
        with closing(SqliteDatabase(partial)) as taken, taken.commit():
            AuditLog(taken).record(AuditAction.IMPORTED, source.name, _counted(taken))
        partial.rename(folder / CATALOG)
    return _articles(folder / CATALOG)


def _take_in_at(address: str, source: Path, folder: Path) -> int:
    with _staged(source, folder) as partial, closing(open_database(address_of(address))) as target:
        with closing(Catalog(partial)) as brought:
            # The other engine has no words of an earlier version.
            brought.bring_up_to_date()
        with closing(SqliteDatabase(partial)) as taken, target.commit(), taken.snapshot():
            if target.one("SELECT 1 FROM meta WHERE key = 'encoder'"):
                raise LibraryError("The catalog holds a library already. Name a new database by --catalog.")
            copy_rows(taken, target)
            AuditLog(target).record(AuditAction.IMPORTED, source.name, _counted(target))
        partial.unlink()
        return _counted(target)


@contextmanager
def _staged(source: Path, folder: Path) -> Iterator[Path]:
    """Copy an export to where it is made a library of its own."""
    partial = folder / "catalog.partial"
    partial.unlink(missing_ok=True)
    with closing(SqliteDatabase(source, writable=False)) as exported:
        exported.copy(partial)
    with closing(SqliteDatabase(partial)) as taken:
        # Another library with another vector index, which is made from the stored vectors at the first opening.
        taken.run("DELETE FROM meta WHERE key = 'id' OR key LIKE 'vectors_%'")
        # Who may call that library's server may not call this one's.
        TokenTable(taken).clear()
        # Who has to wait there need not here.
        forget_tries(taken)
        # What was done to that library was not done to this one.
        if taken.has("audit"):
            taken.run("DELETE FROM audit")
        # Two machines that follow the same feeds would ask their servers twice: whoever wants that resumes them.
        feeds = FeedTable(taken)
        for feed in feeds.all():
            feeds.pause(feed.address)
        # And tell the same people twice.
        StandingTable(taken).silence()
    yield partial


def _articles(file: Path) -> int:
    with closing(SqliteDatabase(file, writable=False)) as database:
        return _counted(database)


def _counted(database: Database) -> int:
    found = database.one("SELECT count(*) FROM article")
    return int(found[0]) if found else 0
