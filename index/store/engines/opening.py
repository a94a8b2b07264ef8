"""Which engine keeps a catalog, told by what it is opened with."""

from pathlib import Path

from index.errors import LibraryError
from index.store.engines.protocol import Database
from index.store.engines.sqlite import SqliteDatabase

_ADDRESSES = ("postgresql://", "postgres://")


def address_of(text: str) -> str:
    """Return the address of a server's catalog as it is; raises `LibraryError` for what is none."""
    if not text.startswith(_ADDRESSES):
        raise LibraryError(f"A catalog's address begins with {_ADDRESSES[0]}; this one does not: {text.split(':')[0]}.")
    return text


def open_database(at: str | Path, *, create: bool = True) -> Database:
    """Open the tables at an address ("postgresql://user@host/database") or in a file.

    They are made where there are none; at an address, only with `create`. Raises `LibraryError` when that fails, there
    are none, or a later version of Khabar wrote them.
    """
    if str(at).startswith(_ADDRESSES):
        from index.store.engines.postgresql import PostgresDatabase

        return PostgresDatabase(str(at), create=create)
    return SqliteDatabase(Path(at))
