"""What a reader of files takes and gives: the file and how to read what it encloses; a record for each article."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from index.errors import LoadError
from index.sources.decoding import Source
from index.sources.metadata import FieldMapping, Fields


@dataclass(frozen=True, slots=True)
class Record:
    """One article of a file, or why there is none.

    `number` counts from 1 the objects of a JSON file, the lines of JSON Lines, the rows of a table, the documents of
    a collection; it is None for the only article of a file. `line` is where it begins, where that is known; `share`
    how much of the file is done with it, 0 to 1, where its source does not tell. `part` names one of several articles
    of a page, and stays its own when others are added.
    """

    fields: Fields | LoadError
    number: int | None = None
    line: int | None = None
    share: float | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file within a file: an attachment, a page of an archive. `name` may be empty, `data` is all of it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Input:
    """A file that is being read: its bytes, the keys of its articles' fields, and the reader of what it encloses."""

    source: Source
    mapping: FieldMapping
    suffix: str
    enclosed: Callable[[Enclosed], Iterator[Record]]


class FormatReader(Protocol):
    """Reads the articles of one kind of file."""

    def __call__(self, file: Input) -> Iterable[Record]:
        """Yield a record for each article; raises `LoadError` when the file as a whole cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what it is called, the endings of its name, its reader.

    `begins` tells it by its first bytes whatever its name is; it is None for a kind that only the name tells.
    """

    name: str
    suffixes: tuple[str, ...]
    read: FormatReader
    begins: Callable[[bytes], bool] | None = None
