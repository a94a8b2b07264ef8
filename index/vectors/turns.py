"""Who makes a vector index: this machine's writer, or of several machines the one that has the lease."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

from index.errors import LibraryBusyError, LibraryError
from index.store.engines.leases import HISTORY, Lease, LeaseTable
from index.store.engines.protocol import Database

# Seconds that a lease holds without being renewed, as by a machine that is frozen or cut off; three renewals in each.
_HELD = 60.0


class BuilderTurn(Protocol):
    """One builder's turn; `number` is higher than that of every turn before it."""

    @property
    def number(self) -> int:
        """What the index is called by."""
        ...

    def go_on(self) -> None:
        """Raise `LibraryBusyError` when the turn is known to be over."""
        ...

    def end(self) -> None:
        """End the turn, in the commit that records its index; raises `LibraryBusyError` when it was over before."""
        ...


class Turns(Protocol):
    """Lets one builder at a time make an index."""

    def taken(self, last: int) -> AbstractContextManager[BuilderTurn]:
        """Take a turn after that of the index with the number `last`.

        Raises `LibraryBusyError` when another builder has it, and `LibraryError` for who may not write.
        """
        ...

    def describe(self) -> str:
        """Say whose turn it is, empty when nobody is known to have one."""
        ...


class OwnTurns:
    """The turns of an index that nobody else makes: the library's write lock is held by whoever takes one."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @contextmanager
    def taken(self, last: int) -> Iterator[BuilderTurn]:
        """Take the next number."""
        # Who may not record the index is told so before the work, not after it.
        with self._db.commit():
            history = _history(self._db)
        yield _OwnTurn(last + 1, lambda: _history(self._db) == history)

    def describe(self) -> str:
        """Nobody else's."""
        return ""


def _history(database: Database) -> object:
    return database.one(f"SELECT {HISTORY}")


class _OwnTurn:
    def __init__(self, number: int, goes_on: Callable[[], bool]) -> None:
        self.number = number
        self._goes_on = goes_on

    def go_on(self) -> None:
        """It goes on until it is ended."""

    def end(self) -> None:
        if not self._goes_on():
            raise LibraryBusyError(
                f"The vector index {self.number} is of a state that the catalog's server has lost, and is not used. "
                "The next commit, or `khabar doctor`, makes another."
            )


class LeasedTurns:
    """The turns of an index that several machines share, by a lease in the catalog; the number is the fencing number.

    A thread renews the lease while the index is made. A builder that stood still for longer, with all its threads,
    finds its turn over: another one may have begun, and what the first has made is not recorded.
    """

    def __init__(self, leases: LeaseTable, name: str) -> None:
        self._leases = leases
        self._name = name

    @contextmanager
    def taken(self, last: int) -> Iterator[BuilderTurn]:
        """Take the lease, whose number is higher than that of every index before."""
        lease = self._leases.take(self._name, f"{socket.gethostname()}, process {os.getpid()}", _HELD)
        if lease is None:
            raise LibraryBusyError(f"The vector index is {self.describe() or 'being made by another machine'}.")
        turn, done = _LeasedTurn(self._leases, lease), threading.Event()
        renewing = threading.Thread(target=turn.renew, args=(done,), name="lease", daemon=True)
        renewing.start()
        try:
            yield turn
        finally:
            done.set()
            renewing.join()
            # It ends by itself as well: what went wrong before is what is to be told.
            with suppress(LibraryError):
                self._leases.end(lease)

    def describe(self) -> str:
        """Name the holder of the lease, and until when it holds."""
        held = self._leases.held(self._name)
        return f"being made by {held.holder}, whose lease holds for {held.seconds:.0f} s" if held else ""


class _LeasedTurn:
    def __init__(self, leases: LeaseTable, lease: Lease) -> None:
        self._leases = leases
        self._lease = lease
        self._is_over = False

    @property
    def number(self) -> int:
        return self._lease.number

    def renew(self, done: threading.Event) -> None:
        """Renew the lease until it is over, or the work is done."""
        while not self._is_over and not done.wait(_HELD / 3):
            try:
                self._is_over = not self._leases.renew(self._lease, _HELD)
            except LibraryError:
                # The database is out of reach; whether the turn is over is told when it is back.
                continue

    def go_on(self) -> None:
        if self._is_over:
            raise self._late()

    def end(self) -> None:
        if not self._leases.end(self._lease):
            raise self._late()

    def _late(self) -> LibraryBusyError:
        return LibraryBusyError(
            f"The vector index {self.number} took longer than its builder's lease, which was not renewed in time, and "
            "is not used. The next commit, or `khabar doctor`, makes another."
        )
