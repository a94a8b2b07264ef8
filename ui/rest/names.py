"""Names over REST: who and what the articles name with counts, where, and what they said."""

from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from index import Library
from index.store.names import NamedPassage, NameEntry
from qa.names import NamedQuote, said_by
from ui.rest.problems import Json
from ui.rest.requests import PagedRequest
from ui.views.plain import plain


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


class _NamesRequest(PagedRequest):
    """Which names are read, of which articles."""

    kind: str | None = Field(default=None, description="Only names of this kind: person, body or place.")


class NameListRequest(_NamesRequest):
    """Which names are listed."""

    find: str = Field(default="", max_length=200, description="Only names that have this in one of their spellings.")


class MentionsRequest(_NamesRequest):
    """In which order a name's places are read."""

    newest: bool = Field(default=False, description="The newest first, not the oldest.")


class NameEndpoints:
    """The functions; they read what is stored, and wait for no question."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def add_to(self, router: APIRouter) -> None:
        """Add the addresses, each with what it takes and gives."""
        router.get("/names", response_model=NameList)(self.names)
        router.get("/names/{bearer}", response_model=MentionList)(self.mentions)
        router.get("/names/{bearer}/said", response_model=QuoteList)(self.said)

    def names(self, query: Annotated[NameListRequest, Query()]) -> Response:
        """List the people, bodies and places that articles name, most first, each in all its spellings."""
        limit, offset = query.limit, query.offset
        found = self._library.names.entries(
            query.filters, kind=query.kind, text=query.find, limit=limit + 1, offset=offset
        )
        further = offset + limit if len(found) > limit else None
        return Json({"names": [plain(entry) for entry in found[:limit]], "next_offset": further})

    def mentions(self, bearer: str, query: Annotated[MentionsRequest, Query()]) -> Response:
        """Tell where articles name somebody, in any spelling of the name, the oldest first or the newest."""
        entry = self._library.names.find(bearer, query.filters, kind=query.kind)
        found = self._library.names.mentions(bearer, query.filters, kind=query.kind, newest_first=query.newest)
        return _paged(entry, "mentions", list(islice(found, query.offset, query.offset + query.limit + 1)), query)

    def said(self, bearer: str, query: Annotated[MentionsRequest, Query()]) -> Response:
        """Tell what somebody said over time, a quote a sentence, with day, outlet and address."""
        entry = self._library.names.find(bearer, query.filters, kind=query.kind)
        found = said_by(self._library, bearer, query.filters, kind=query.kind, newest_first=query.newest)
        return _paged(entry, "quotes", list(islice(found, query.offset, query.offset + query.limit + 1)), query)


def _paged(
    entry: NameEntry, called: str, found: list[NamedPassage] | list[NamedQuote], query: PagedRequest
) -> Response:
    further = query.offset + query.limit if len(found) > query.limit else None
    return Json({"name": plain(entry), called: [plain(one) for one in found[: query.limit]], "next_offset": further})
