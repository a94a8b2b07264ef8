"""Names over REST: who and what the articles name with counts, where, and what they said."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from index import Library
from qa.names import MentionList, NameList, NamePart, QuoteList, mention_list, name_list, quote_list
from ui.rest.problems import Json
from ui.rest.requests import PagedRequest
from ui.views.plain import plain


class _NamesRequest(PagedRequest):
    """Which names are read, of which articles."""

    kind: str | None = Field(default=None, description="Only names of this kind: person, body or place.")


class NameListRequest(_NamesRequest):
    """Which names are listed."""

    find: str = Field(default="", max_length=200, description="Only names that have this in one of their spellings.")


class MentionsRequest(_NamesRequest):
    """In which order a name's places are read."""

    newest: bool = Field(default=False, description="The newest first, not the oldest.")

    @property
    def part(self) -> NamePart:
        """Which part of them, in which order."""
        return NamePart(kind=self.kind, newest_first=self.newest, limit=self.limit, offset=self.offset)


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
        found = name_list(
            self._library, query.filters, kind=query.kind, text=query.find, limit=query.limit, offset=query.offset
        )
        return Json(plain(found))

    def mentions(self, bearer: str, query: Annotated[MentionsRequest, Query()]) -> Response:
        """Tell where articles name somebody, in any spelling of the name, the oldest first or the newest."""
        return Json(plain(mention_list(self._library, bearer, query.filters, **query.part)))

    def said(self, bearer: str, query: Annotated[MentionsRequest, Query()]) -> Response:
        """Tell what somebody said over time, a quote a sentence, with day, outlet and address."""
        return Json(plain(quote_list(self._library, bearer, query.filters, **query.part)))
