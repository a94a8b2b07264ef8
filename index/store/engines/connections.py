"""Connections to a PostgreSQL server, each lent to one caller at a time, and its errors in words."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.errors import LibraryBusyError, LibraryError, QueryError, StorageError

if TYPE_CHECKING:
    from psycopg import Connection

# Seconds a server may take to answer a call for a connection, and a caller waits for another one's where it gives none.
_PATIENCE = 10
_OLDEST = 15
# Settings that an address asks for: ?options=-csearch_path=news, or --search-path=news.
_SETTING = re.compile(r"(?:-c\s*|--)([\w.-]+)=")


class Connections:
    """The open connections to one address; as many as there are callers at once, and kept for the next ones.

    Where the server gives no more of them, a caller waits for one that another caller has. A pooler such as PgBouncer
    may stand between, as long as it keeps a transaction on one connection.
    """

    def __init__(self, address: str) -> None:
        try:
            from psycopg import Error
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as error:
            raise LibraryError(
                "A catalog in PostgreSQL needs another package: pip install 'khabar[postgres]'."
            ) from error
        try:
            self._options: dict[str, Any] = {"connect_timeout": _PATIENCE, **conninfo_to_dict(address)}
        except Error as error:
            # Without libpq's own words, which repeat the address and the password in it.
            raise LibraryError(
                "The catalog's address cannot be read. Write it as postgresql://user@host/database."
            ) from error
        self._options |= {"application_name": "khabar", "client_encoding": "utf8"}
        self._idle: list[Connection[Any]] = []
        # How many callers have one; told of whenever one comes back.
        self._lent = 0
        self._lock = threading.Condition()
        self._closed = False
        self.where = self._where()

    def _where(self) -> str:
        """Name the server and the database, without the password."""
        host, port = self._options.get("host", "localhost"), self._options.get("port")
        place = f"{host}:{port}" if port else host
        return f"postgresql://{place}/{self._options.get('dbname', '')}"

    @contextmanager
    def lent(self) -> Iterator["Connection[Any]"]:
        """Lend a connection that answers; one that has broken is not lent again."""
        connection = self._take()
        try:
            yield connection
        finally:
            from psycopg.pq import TransactionStatus

            # In the middle of something, it is of no use to anybody else.
            whole = connection.info.transaction_status is TransactionStatus.IDLE
            with self._lock:
                self._lent -= 1
                if keep := whole and not self._closed:
                    self._idle.append(connection)
            if not keep:
                connection.close()
            with self._lock:
                self._lock.notify()

    def close(self) -> None:
        """Close what nobody has; what is lent is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> "Connection[Any]":
        from psycopg import OperationalError

        ends = time.monotonic() + _PATIENCE
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            try:
                if connection is None:
                    with self.errors():
                        connection = self._connect()
                else:
                    # The server may have been restarted since.
                    connection.execute("")
            except OperationalError:
                assert connection is not None
                connection.close()
                continue
            except StorageError:
                if not self._comes_back(ends - time.monotonic()):
                    raise
                continue
            with self._lock:
                self._lent += 1
            return connection

    def _comes_back(self, seconds: float) -> bool:
        """Wait until a connection that another caller has comes back; False when nobody has one, or none does."""
        with self._lock:
            # One that was closed leaves room for another, too.
            return bool(self._idle) or (self._lent > 0 and self._lock.wait(max(0.0, seconds)))

    def _connect(self) -> "Connection[Any]":
        import psycopg

        try:
            connection = psycopg.connect(**self._options, autocommit=True)
        except psycopg.OperationalError as error:
            # As PgBouncer says it; in English, whatever the server speaks.
            if "unsupported startup parameter" in str(error):
                raise self._unpassed(_SETTING.findall(self._options.get("options", "")), error) from error
            raise
        try:
            version = connection.info.server_version
            if version < _OLDEST * 10_000:
                raise LibraryError(
                    f"{self.where} is PostgreSQL {version // 10_000}. Khabar needs PostgreSQL {_OLDEST} or a newer one."
                )
            # A pooler gives a caller a number of its own.
            if connection.execute("SELECT pg_backend_pid()").fetchone() != (connection.info.backend_pid,):
                self._adapt(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _adapt(self, connection: "Connection[Any]") -> None:
        """Use a connection through a pooler, where each transaction may come to another of the server's.

        Raises `LibraryError` for one that takes transactions apart, or drops what the address asks for.
        """
        import psycopg

        # What is prepared stays with the server's connection, not with the caller's.
        connection.prepare_threshold = None
        try:
            with connection.transaction():
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise LibraryError(
                f"The pooler before {self.where} does not keep a transaction together: {_line(error)}. Let it pool by "
                "transaction or session (PgBouncer: pool_mode = transaction)."
            ) from error
        wanted = {name.replace("-", "_") for name in _SETTING.findall(self._options.get("options", ""))}
        given = "SELECT name FROM pg_settings WHERE name = ANY(%s) AND source IN ('client', 'session')"
        passed = {row[0] for row in connection.execute(given, [sorted(wanted)])} if wanted else set()
        if wanted - passed:
            raise self._unpassed(sorted(wanted - passed))

    def _unpassed(self, settings: list[str], error: Exception | None = None) -> LibraryError:
        """Say which settings of the address a pooler does not pass on, and where to put them."""
        names = ", ".join(settings) or (_line(error) if error else "")
        return LibraryError(
            f"The pooler before {self.where} does not pass on what the address asks for ({names}). Take it out of the "
            "address, and set it for the user instead: ALTER ROLE khabar SET search_path = news, for example."
        )

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Tell the server's errors in words."""
        import psycopg
        from psycopg import errors

        try:
            yield
        except (UnicodeEncodeError, OverflowError, psycopg.DataError) as error:
            # Half of a character, a NUL, or a number beyond 64 bits, asked for: nothing of the kind can be stored.
            raise QueryError(
                f"Nothing in the library can be called that: {_line(error)}. Check the id or the number."
            ) from error
        except errors.LockNotAvailable as error:
            raise LibraryBusyError(f"Another writer keeps the catalog {self.where} busy: try again.") from error
        except (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction) as error:
            raise LibraryError(
                f"The catalog {self.where} may not be written: {_line(error)}. Name a user who may."
            ) from error
        except errors.DiskFull as error:
            raise LibraryError(
                f"The server of {self.where} has no room: {_line(error)}. Nothing that was committed is lost."
            ) from error
        except errors.QueryCanceled as error:
            raise StorageError(
                f"The server of {self.where} broke off what it was asked: {_line(error)}. Nothing of it was written: "
                "try again. If it comes again, raise statement_timeout for the user or the database."
            ) from error
        except errors.SerializationFailure as error:
            raise StorageError(
                f"The standby {self.where} replayed a change that a question was in the way of: {_line(error)}. Ask "
                "again; max_standby_streaming_delay lets questions there take longer."
            ) from error
        except (psycopg.OperationalError, psycopg.InterfaceError, errors.IdleInTransactionSessionTimeout) as error:
            raise StorageError(
                f"The catalog {self.where} does not answer: {_line(error)}. Check that the server runs and lets you "
                "in, and try again; nothing that was committed is lost."
            ) from error
        except psycopg.Error as error:
            raise LibraryError(
                f"The catalog {self.where} cannot be used: {_line(error)}. `khabar doctor` tells more."
            ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
