"""One SQLite file: a connection for each thread, snapshots and commits."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.errors import LibraryError, QueryError
from index.store.engines.fts5 import SCHEMA as WORDS
from index.store.engines.fts5 import Fts5Index
from index.store.engines.schema import BASE, LATER, ON_DEMAND, statements

FORMAT = "4"
# Read as they are, and brought up to date by who may write.
_EARLIER = ("2", "3")
# Its full text has the terms of an earlier version, which takes longer than an opening may.
_EARLIER_TERMS = "2"
# What tables have beside what they had at first: an article since format 4, a token later.
_ADDED = {
    "article": {"modified": "TEXT", "pages": "TEXT", "row": "INTEGER", "repair": "TEXT"},
    "token": {"role": "TEXT NOT NULL DEFAULT 'reader'"},
}

# Rows fetched at once where all are gone through one by one.
_BATCH = 256

_RESTORE = "Bring its last automatic backup back: khabar doctor --restore."
_WRITABLE = "Check that you may write in its folder."
_ADVICE = {
    sqlite3.SQLITE_CORRUPT: _RESTORE,
    sqlite3.SQLITE_NOTADB: _RESTORE,
    sqlite3.SQLITE_READONLY: _WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _WRITABLE,
    sqlite3.SQLITE_FULL: "Make room on the disk; nothing that was committed is lost.",
    sqlite3.SQLITE_IOERR: "Check the disk and the room on it; nothing that was committed is lost.",
    sqlite3.SQLITE_BUSY: "Another process keeps it busy: try again.",
}


class _Connection:
    """One thread's connection, which others close between two of its statements.

    Closed in the midst of one, it takes the whole process along: SQLite frees what the statement reads.
    """

    def __init__(self, opened: sqlite3.Connection) -> None:
        self.opened = opened
        self.busy = threading.RLock()

    def close(self) -> None:
        with self.busy:
            self.opened.close()


class SqliteDatabase:
    """The catalog's file in WAL mode; safe to use from several threads and processes."""

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: dict[threading.Thread, _Connection] = {}
        # Held while `_connections` is read or changed: any thread may open its connection while another closes all.
        self._lock = threading.Lock()
        self._is_closed = False
        self._words = Fts5Index(self)
        # A library on a read-only disk is for reading.
        self._writable = writable and _may_write(path.parent) and (not path.exists() or _may_write(path))
        if self._writable:
            self._make()
        found = self.one("SELECT value FROM meta WHERE key = 'format'")
        if found is None or found[0] not in (FORMAT, *_EARLIER):
            raise LibraryError(
                f"{path} was written by another version of Khabar (format {found[0] if found else '?'}, this one "
                f"reads {FORMAT}). Index the articles into a new library."
            )
        if self._writable:
            for statement in statements(LATER):
                self.run(statement)

    def _make(self) -> None:
        with self._errors():
            self.run("BEGIN IMMEDIATE")
            if self.one("SELECT count(*) FROM sqlite_master") == (0,):
                for statement in (*statements(BASE), WORDS):
                    self.run(statement)
                self.run("INSERT INTO meta VALUES ('format', ?), ('generation', '0')", FORMAT)
            self.run("COMMIT")

    @property
    def words(self) -> Fts5Index:
        """The full text, which is part of the file."""
        return self._words

    @property
    def is_served(self) -> bool:
        """A file is its library's own."""
        return False

    @property
    def is_writable(self) -> bool:
        """Tell whether it may be written here: a library on a read-only disk is for reading."""
        return self._writable

    @property
    def has_current_terms(self) -> bool:
        """Tell whether the full text has this version's terms, not those of the earliest one that is read as well."""
        return self.one("SELECT value FROM meta WHERE key = 'format'") != (_EARLIER_TERMS,)

    def server(self) -> None:
        """A file has none."""

    def set_current(self) -> None:
        """Record that the file is in this version's format; inside a commit."""
        self.run("UPDATE meta SET value = ? WHERE key = 'format'", FORMAT)

    def close(self) -> None:
        """Close every thread's connection once what runs on it is done; who asks afterwards gets `LibraryError`."""
        with self._lock:
            self._is_closed = True
            held = list(self._connections.values())
            self._connections.clear()
        for connection in held:
            connection.close()

    def copy(self, to: Path) -> None:
        """Copy one state of the file to a new file, while others may read and write it."""
        with self._errors(), closing(sqlite3.connect(to, isolation_level=None)) as target:
            with self._lent() as connection:
                connection.backup(target)
            # A copy is one file: without its log beside it until somebody writes to it.
            target.execute("PRAGMA journal_mode = DELETE")

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement, and return how many rows it concerned."""
        with self._lent() as connection:
            return connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute one statement for each row of values."""
        with self._lent() as connection:
            connection.executemany(sql, rows)

    def one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        with self._lent() as connection:
            row: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
            return row

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        with self._lent() as connection:
            return connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield every row, however many there are, without holding them all; inside a snapshot or a commit."""
        held = self._held()
        with self._errors(), held.busy:
            cursor = held.opened.execute(sql, values)
        rows: list[tuple[Any, ...]] | None = None
        while rows is None or rows:
            # Batch by batch: what closes it need not wait for as long as a caller takes.
            with self._errors(), held.busy:
                rows = cursor.fetchmany(_BATCH)
            yield from rows

    def has(self, table: str) -> bool:
        """Tell whether a table is there."""
        return self.one("SELECT 1 FROM sqlite_master WHERE name = ?", table) is not None

    def ensure(self, table: str) -> None:
        """Make one of the tables that are made when they are first needed, where it is not there."""
        for statement in statements(ON_DEMAND[table]):
            self.run(statement)

    def end_copy(self) -> None:
        """Number what comes next above everything that was copied in, with its numbers; inside a commit."""
        # Above what was there and is gone, too: SQLite itself has seen the numbers of what is there.
        self.run(
            "UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(passage), 0) FROM gone)) "
            "WHERE name = 'passage'"
        )

    def problems(self) -> list[str]:
        """Return what SQLite finds wrong with the file, by reading all of it."""
        return [str(row[0]) for row in self.all("PRAGMA integrity_check(5)") if row[0] != "ok"]

    def describe(self) -> str:
        """Name the engine, its version and the file's format."""
        found = self.one("SELECT value FROM meta WHERE key = 'format'")
        return f"SQLite {sqlite3.sqlite_version}, format {found[0] if found else '?'}"

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold one state of the file for everything this thread reads inside; may be nested."""
        if self._is_in_transaction():
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            # Nothing was written: it only lets the state go, which would keep the log from being folded in.
            self.run("ROLLBACK")

    @contextmanager
    def commit(self) -> Iterator[None]:
        """Make everything this thread writes inside one transaction."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            # A failed COMMIT (a full disk) may have ended the transaction already.
            if self._is_in_transaction():
                self.run("ROLLBACK")
            raise

    def _is_in_transaction(self) -> bool:
        with self._lent() as connection:
            return connection.in_transaction

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        """Lend this thread's connection for one statement; what closes it meanwhile waits for the end of that."""
        held = self._held()
        with self._errors(), held.busy:
            yield held.opened

    def _held(self) -> _Connection:
        with self._errors():
            held: _Connection | None = getattr(self._local, "connection", None)
            if held is None or (not held.opened.in_transaction and self._was_replaced()):
                held = self._open()
            return held

    def _open(self) -> _Connection:
        with self._errors():
            # Autocommit mode: every transaction here is begun and ended in plain sight.
            connection = sqlite3.connect(self._uri, uri=True, timeout=60, isolation_level=None, check_same_thread=False)
            if self._writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
            _bring_columns(connection, writable=self._writable)
        held = _Connection(connection)
        with self._lock:
            if self._is_closed:
                held.close()
                raise LibraryError(self._when_closed)
            # A server's threads come and go: what they had open is closed here, or the files would run out.
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread).close()
            if (replaced := self._connections.get(threading.current_thread())) is not None:
                replaced.close()
            self._connections[threading.current_thread()] = held
        self._local.connection, self._local.file = held, self._identity()
        return held

    @property
    def _when_closed(self) -> str:
        return f"The catalog {self._path} was closed while it was asked. Open the library again."

    @property
    def _uri(self) -> str:
        uri = self._path.absolute().as_uri()
        if self._writable:
            return uri
        # Without a log beside it nobody is writing, and SQLite needs to be told that it may do without one itself.
        return f"{uri}?mode=ro" if self._log.exists() else f"{uri}?immutable=1"

    def _was_replaced(self) -> bool:
        """Tell whether the file is not the one this thread has open, as when a backup is brought back."""
        return self._identity() not in (self._local.file, None)

    def _identity(self) -> tuple[object, ...] | None:
        """Return what tells this file from another; for one who may only read it also from what it was before."""
        try:
            status = self._path.stat()
        except OSError:
            # Gone, as it is for a moment while a backup takes its place: what is open goes on being read.
            return None
        same = status.st_dev, status.st_ino
        # What is open as unchanging shows nothing that is written after.
        return same if self._writable else (*same, status.st_size, status.st_mtime_ns, self._log.exists())

    @property
    def _log(self) -> Path:
        return self._path.with_name(self._path.name + "-wal")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell SQLite's errors in words; none is tried again: SQLite itself waits a minute for a busy file."""
        try:
            yield
        except (UnicodeEncodeError, OverflowError) as error:
            # Half of a character, or a number beyond 64 bits, asked for: nothing of the kind can be stored.
            raise QueryError(
                f"Nothing in the library can be called that: {error}. Check the id or the number."
            ) from error
        except sqlite3.Error as error:
            if self._is_closed:
                raise LibraryError(self._when_closed) from error
            advice = _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "`khabar doctor` tells more.")
            raise LibraryError(f"The catalog {self._path} cannot be used: {error}. {advice}") from error


def _bring_columns(connection: sqlite3.Connection, *, writable: bool) -> None:
    """Give the tables of an earlier version the columns of this one; where that may not be written, in a view.

    Every connection sees to it, for an older backup may be brought back while others are open.
    """
    lacking = _lacking(connection)
    if not lacking:
        return
    if not writable:
        for table, names in lacking.items():
            empty = ", ".join(f"NULL AS {name}" for name in names)
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT *, {empty} FROM main.{table}")
        return
    connection.execute("BEGIN IMMEDIATE")
    # Another process may have been faster.
    for table, names in _lacking(connection).items():
        for name in names:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {_ADDED[table][name]}")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format' AND value <> ?", (FORMAT, _EARLIER_TERMS))
    connection.execute("COMMIT")


def _lacking(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return which columns the tables that are there lack, by table."""
    format_ = connection.execute("SELECT count(*) FROM main.sqlite_master WHERE name = 'meta'").fetchone()[0] and (
        connection.execute("SELECT value FROM main.meta WHERE key = 'format'").fetchone()
    )
    if not format_ or format_[0] not in (FORMAT, *_EARLIER):
        # A new file, or one that is refused.
        return {}
    found = {}
    for table, added in _ADDED.items():
        there = {row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")}
        # A table that is not there is made with all of them.
        if lacking := [name for name in added if there and name not in there]:
            found[table] = lacking
    return found


def is_sound(path: Path) -> bool:
    """Tell whether a file is a whole database, by reading all of it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.Error:
        # Not even the header can be read.
        return False


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
