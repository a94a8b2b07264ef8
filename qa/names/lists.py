"""Names by the page, as programs are given them: who is named, where, and what they said."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TypedDict, TypeVar, Unpack

from index import Filters, Library
from index.store.names import NamedPassage, NameEntry
from qa.names.quotes import NamedQuote, said_by

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NameList:
    """A page of names, those in most articles first; `next_offset` is where the next one begins, null on the last."""

    names: tuple[NameEntry, ...]
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class MentionList:
    """The bearer of a name, and a page of where they are named."""

    name: NameEntry
    mentions: tuple[NamedPassage, ...]
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class QuoteList:
    """The bearer of a name, and a page of what they said."""

    name: NameEntry
    quotes: tuple[NamedQuote, ...]
    next_offset: int | None


class NamePart(TypedDict):
    """Which part of what a name has is read: the kind of the name, the order, how many, and how many are passed."""

    kind: str | None
    newest_first: bool
    limit: int
    offset: int


def name_list(library: Library, filters: Filters, *, kind: str | None, text: str, limit: int, offset: int) -> NameList:
    """Return a page of `library.names.entries`; raises what that raises."""
    found = library.names.entries(filters, kind=kind, text=text, limit=limit + 1, offset=offset)
    return NameList(tuple(found[:limit]), offset + limit if len(found) > limit else None)


def mention_list(library: Library, name: str, filters: Filters, **part: Unpack[NamePart]) -> MentionList:
    """Return a page of `library.names.mentions`; raises what that raises."""
    kind, newest = part["kind"], part["newest_first"]
    with library.snapshot():
        entry = library.names.find(name, filters, kind=kind)
        found = library.names.mentions(name, filters, kind=kind, newest_first=newest)
        return MentionList(entry, *_page(found, part["limit"], part["offset"]))


def quote_list(library: Library, name: str, filters: Filters, **part: Unpack[NamePart]) -> QuoteList:
    """Return a page of `said_by`; raises what that raises."""
    kind, newest = part["kind"], part["newest_first"]
    with library.snapshot():
        entry = library.names.find(name, filters, kind=kind)
        found = said_by(library, name, filters, kind=kind, newest_first=newest)
        return QuoteList(entry, *_page(found, part["limit"], part["offset"]))


def _page(found: Iterable[T], limit: int, offset: int) -> tuple[tuple[T, ...], int | None]:
    part = tuple(islice(found, offset, offset + limit + 1))
    return part[:limit], offset + limit if len(part) > limit else None
