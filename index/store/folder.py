"""A library's folder: made for who may begin a library, told of where it holds none, and its one writer's lock."""

import logging
import shlex
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryBusyError, LibraryError, LibraryMismatchError
from index.store.backups import CATALOG, backups

if TYPE_CHECKING:
    from filelock import FileLock

    from index.store.catalog import Catalog

_log = logging.getLogger(__name__)


def folder_of(path: str | Path, *, create: bool = False, served: bool = False) -> Path:
    """Return a library's folder, made where it is missing if that is wanted, or a server keeps the catalog (`served`).

    Raises `LibraryError` when it cannot be made, holds no library and may not be made one, or has lost its catalog.
    """
    folder = Path(path).expanduser()
    if create or served:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"The library folder {folder} cannot be made: {error}.") from error
    else:
        check_library(folder)
    if not served and not (folder / CATALOG).exists() and backups(folder):
        raise LibraryError(
            f"The library {folder} has lost its catalog. Bring the last automatic backup back: khabar doctor --restore."
        )
    return folder


def check_library(folder: Path) -> None:
    """Raise `LibraryError` when a folder holds neither a catalog nor backups of one; makes nothing."""
    if not (folder / CATALOG).exists() and not backups(folder):
        raise LibraryError(
            f"There is no library in {folder}. Name another with --library, or fill it: "
            f"khabar index FILES --library {shlex.quote(str(folder))}"
        )


def index_folder(folder: Path, library: str) -> Path:
    """Return the folder of this machine's own vector index of a library that a server keeps, named by its id.

    The name ends in what tells this index from those of other machines.
    """
    if found := sorted(folder.glob(f"index-{library}-*")):
        return found[0]
    made = folder / f"index-{library}-{uuid.uuid4().hex[:8]}"
    try:
        made.mkdir()
    except OSError as error:
        raise LibraryError(f"The folder {made} of the vector index cannot be made: {error}.") from error
    return made


def check_made_with(catalog: "Catalog", where: str | Path, *, encoder: str, chunking: str) -> None:
    """Record what a new library is made with; raises `LibraryMismatchError` for one that was made with another."""
    for what, wanted in (("encoder", encoder), ("chunking", chunking)):
        made = catalog.settle(what, wanted)
        if made != wanted:
            catalog.close()
            raise LibraryMismatchError(
                f"The library {where} was made with the {what} {made}, and is opened with {wanted}. Use that one, "
                "or make it anew from its own articles: khabar doctor --rebuild."
            )


def lock_of(folder: Path) -> "FileLock":
    """Return the lock that a writer of the library in `folder` holds; the system frees it when its holder dies."""
    from filelock import FileLock

    # Counted for all threads together: which of them writes is settled by the library's own lock.
    return FileLock(folder / "write.lock", thread_local=False)


@contextmanager
def locked(lock: "FileLock", folder: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock; another writer is waited for, with a message, or with `wait=False` is a `LibraryBusyError`."""
    from filelock import Timeout

    # Tried without waiting first, so that whoever has to wait is told why nothing happens.
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        if not wait:
            raise LibraryBusyError(f"Another process is writing to {folder}. Try again when it is done.") from error
        _log.warning("another process is writing to %s; waiting for it", folder)
        lock.acquire()
    except OSError as error:
        # The lock is a file: a folder that is read-only, or has gone, fails here, before anything is begun.
        raise LibraryError(
            f"The library {folder} cannot be written to: {error}. Check the folder's permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()
