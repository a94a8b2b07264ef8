"""One writer at a time: the lock file of a library's folder."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryBusyError, LibraryError

if TYPE_CHECKING:
    from filelock import FileLock

_log = logging.getLogger(__name__)


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
