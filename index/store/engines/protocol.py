"""What the catalog asks of an engine: statements and transactions on its tables, and an index of words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from index.article import Filters

# By how much generations are moved on where a catalog goes on from an earlier state, as after a fail-over to a standby
# that lacked the last commits: no generation of those that were lost is given again.
HISTORY_STEP = 1_000_000


@dataclass(frozen=True, slots=True)
class PassageWords:
    """What one passage is found by: its number, its terms and its name keys, each with white space between them."""

    passage: int
    terms: str
    names: str


@dataclass(frozen=True, slots=True)
class ServerState:
    """Whether a database server is a standby and, there, how many seconds its state is behind the primary's at most.

    The seconds are None where a standby has replayed nothing yet, and on a primary.
    """

    is_standby: bool
    lag: float | None

    def describe(self) -> str:
        """Say so in a few words."""
        if not self.is_standby:
            return "primary"
        return "standby, which has replayed nothing yet" if self.lag is None else f"standby, {self.lag:.1f} s behind"


class WordIndex(Protocol):
    """Finds passages by words in one of two fields, "terms" and "names", and ranks them by BM25."""

    def put(self, passages: Sequence[PassageWords]) -> None:
        """Add passages that are not in it; inside a commit."""
        ...

    def remove(self, passages: Sequence[int]) -> None:
        """Take passages out; inside a commit."""
        ...

    def clear(self) -> None:
        """Take every passage out; inside a commit."""
        ...

    def stored(self) -> Iterator[PassageWords]:
        """Yield what every passage was put in with; inside a snapshot."""
        ...

    def ranked(self, words: Mapping[str, Sequence[str]], limit: int, filters: Filters) -> dict[int, float]:
        """Return the `limit` best passages that have any of the words in their field, with their score, best first.

        Of those with one score the lowest number comes first. Only articles that pass the filters are ranked.
        """
        ...

    def occurs_beyond(self, field: str, word: str, passages: int) -> bool:
        """Tell whether more than so many passages have a word in a field."""
        ...


class Database(Protocol):
    """The tables of one catalog; safe to use from several threads and processes.

    Statements are written once, in the SQL that SQLite and PostgreSQL share, with `?` for each value. What fails is a
    `LibraryError`; what no library can hold, such as half of a character, is a `QueryError`.
    """

    @property
    def words(self) -> WordIndex:
        """The index of the passages' words."""
        ...

    @property
    def is_served(self) -> bool:
        """Tell whether a server keeps it, which others write to as well, and whose backups are the server's."""
        ...

    @property
    def is_writable(self) -> bool:
        """Tell whether anything can be written; what only a server can tell counts as if it could."""
        ...

    @property
    def has_current_terms(self) -> bool:
        """Tell whether the index of words has this version's terms, not those of the earliest one that is read."""
        ...

    def set_current(self) -> None:
        """Record that everything is in this version's format; inside a commit."""
        ...

    def one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        ...

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        ...

    def each(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield every row, however many there are, without holding them all; inside a snapshot or a commit."""
        ...

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement, and return how many rows it concerned."""
        ...

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute one statement for each row of values."""
        ...

    def has(self, table: str) -> bool:
        """Tell whether a table is there."""
        ...

    def ensure(self, table: str) -> None:
        """Make one of the tables that are made when they are first needed, where it is not there."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Hold one state for everything this thread reads inside; may be nested."""
        ...

    def commit(self) -> AbstractContextManager[None]:
        """Make everything this thread writes inside one transaction, with no other commit beside it."""
        ...

    def end_copy(self) -> None:
        """Number what comes next above everything that was copied in, with its numbers; inside a commit."""
        ...

    def server(self) -> ServerState | None:
        """Tell what the server is that keeps it now; None for a file."""
        ...

    def problems(self) -> list[str]:
        """Return what the engine finds wrong with its own files, in plain words; empty when sound."""
        ...

    def describe(self) -> str:
        """Name the engine, its version and that of the schema, in a few words."""
        ...

    def copy(self, to: Path) -> None:
        """Write one state of all tables to a new file of SQLite's, while others may read and write."""
        ...

    def close(self) -> None:
        """Close every connection; the database is not usable afterwards."""
        ...
