"""One SQLite file: its schema, a connection for each thread, snapshots and commits. Only importer of sqlite3."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.errors import LibraryError, QueryError

FORMAT = "2"

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

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, hash TEXT NOT NULL,
    added TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL, source TEXT, url TEXT, byline TEXT, category TEXT,
    published TEXT, language TEXT NOT NULL);
CREATE TABLE past (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL, hash TEXT NOT NULL, added TEXT NOT NULL, content TEXT,
    PRIMARY KEY (article_id, revision)) WITHOUT ROWID;
CREATE TABLE member (
    origin TEXT NOT NULL, article_id TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (origin, article_id)) WITHOUT ROWID;
CREATE INDEX member_article ON member (article_id);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES article (number),
    start INTEGER NOT NULL, stop INTEGER NOT NULL, key BLOB NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX passage_article ON passage (article);
CREATE INDEX passage_key ON passage (key);
CREATE INDEX passage_generation ON passage (generation);
CREATE TABLE gone (passage INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE TABLE vector (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (key BLOB PRIMARY KEY, value BLOB NOT NULL);
CREATE VIRTUAL TABLE lexical USING fts5 (
    terms, names, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M* S*' tokenchars '.-_%'");
"""
# What came later than the format: made where it is missing, so that an older library goes on. `article_filters` holds
# what filters go by beside the texts: counting must not read all of them.
_LATER = """
CREATE TABLE IF NOT EXISTS story (article INTEGER PRIMARY KEY, story INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS story_story ON story (story);
CREATE TABLE IF NOT EXISTS band (key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article))
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS band_article ON band (article);
CREATE INDEX IF NOT EXISTS article_filters ON article (language, source, category, published);
"""


class Database:
    """The catalog's file in WAL mode; safe to use from several threads and processes."""

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        # Held while `_connections` is read or changed: any thread may open its connection while another closes all.
        self._lock = threading.Lock()
        # A library on a read-only disk is for reading.
        self._writable = writable and _may_write(path.parent) and (not path.exists() or _may_write(path))
        if self._writable:
            self._make()
        found = self.one("SELECT value FROM meta WHERE key = 'format'")
        if found is None or found[0] != FORMAT:
            raise LibraryError(
                f"{path} was written by another version of Khabar (format {found[0] if found else '?'}, this one "
                f"reads {FORMAT}). Index the articles into a new library."
            )
        if self._writable:
            for statement in _LATER.strip().split(";\n"):
                self.run(statement)

    def _make(self) -> None:
        with self._errors():
            self.run("BEGIN IMMEDIATE")
            if not self.run("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _SCHEMA.strip().split(";\n"):
                    self.run(statement)
                self.run("INSERT INTO meta VALUES ('format', ?), ('generation', '0')", FORMAT)
            self.run("COMMIT")

    def close(self) -> None:
        """Close every thread's connection; the database is not usable afterwards."""
        with self._lock:
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()

    def copy(self, to: Path) -> None:
        """Copy one state of the file to a new file, while others may read and write it."""
        with self._errors(), closing(sqlite3.connect(to, isolation_level=None)) as target:
            self._connection.backup(target)
            # A copy is one file: without its log beside it until somebody writes to it.
            target.execute("PRAGMA journal_mode = DELETE")

    def run(self, sql: str, *values: object) -> sqlite3.Cursor:
        """Execute one statement."""
        with self._errors():
            return self._connection.execute(sql, values)

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute one statement for each row of values."""
        with self._errors():
            self._connection.executemany(sql, rows)

    def one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        with self._errors():
            row: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
            return row

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        with self._errors():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold one state of the file for everything this thread reads inside; may be nested."""
        if self._connection.in_transaction:
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
            if self._connection.in_transaction:
                self.run("ROLLBACK")
            raise

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and (connection.in_transaction or not self._was_replaced()):
            return connection
        with self._errors():
            # Autocommit mode: every transaction here is begun and ended in plain sight.
            connection = sqlite3.connect(self._uri, uri=True, timeout=60, isolation_level=None, check_same_thread=False)
            if self._writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
        self._local.connection, self._local.file = connection, self._identity()
        with self._lock:
            # A server's threads come and go: what they had open is closed here, or the files would run out.
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread).close()
            if (replaced := self._connections.get(threading.current_thread())) is not None:
                replaced.close()
            self._connections[threading.current_thread()] = connection
        return connection

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
            advice = _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "`khabar doctor` tells more.")
            raise LibraryError(f"The catalog {self._path} cannot be used: {error}. {advice}") from error


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
