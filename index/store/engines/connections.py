"""Connections to a PostgreSQL server, each lent to one caller at a time, and its errors in words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.errors import LibraryBusyError, LibraryError, QueryError, StorageError

if TYPE_CHECKING:
    from psycopg import Connection

# Seconds a server may take to answer a call for a connection.
_PATIENCE = 10
_OLDEST = 15


class Connections:
    """The open connections to one address; as many as there are callers at once, and kept for the next ones."""

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
        self._lock = threading.Lock()
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
                if keep := whole and not self._closed:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def close(self) -> None:
        """Close what nobody has; what is lent is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> "Connection[Any]":
        from psycopg import OperationalError

        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                with self.errors():
                    return self._connect()
            try:
                # The server may have been restarted since.
                connection.execute("")
            except OperationalError:
                connection.close()
            else:
                return connection

    def _connect(self) -> "Connection[Any]":
        import psycopg

        connection = psycopg.connect(**self._options, autocommit=True)
        version = connection.info.server_version
        if version < _OLDEST * 10_000:
            connection.close()
            raise LibraryError(
                f"{self.where} is PostgreSQL {version // 10_000}. Khabar needs PostgreSQL {_OLDEST} or a newer one."
            )
        return connection

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
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
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
