"""Stories over REST: the list of them, and what the articles of one say."""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from index import Library
from index.store.stories import StoryEntry
from qa.stories import StoryAccount, StoryReader
from ui.page.queueing.queue import FairQueue
from ui.rest.calls import Call, gone, last_of
from ui.rest.problems import Json
from ui.rest.requests import FilterRequest, PagedRequest
from ui.views.plain import plain


@dataclass(frozen=True, slots=True)
class StoryList:
    """A page of stories, newest first; `next_offset` is where the next one begins, null on the last."""

    stories: tuple[StoryEntry, ...]
    next_offset: int | None


class StoryListRequest(PagedRequest):
    """Which stories are listed."""

    least: int = Field(default=2, ge=1, le=1000, description="Only stories of so many reports or more.")


class StoryRequest(FilterRequest):
    """Which articles of a story are read."""


class StoryEndpoints:
    """The functions; to read a story waits among the questions."""

    def __init__(self, library: Library, reader: StoryReader, queue: FairQueue, ending: asyncio.Event) -> None:
        self._library = library
        self._reader = reader
        self._queue = queue
        self._ending = ending

    def add_to(self, router: APIRouter) -> None:
        """Add the addresses, each with what it takes and gives."""
        router.get("/stories", response_model=StoryList)(self.stories)
        router.get("/stories/{id}", response_model=StoryAccount)(self.story)

    def stories(self, query: Annotated[StoryListRequest, Query()]) -> Response:
        """List stories, articles that tell of one event, newest first; `next_offset` is where the next page begins."""
        limit, offset = query.limit, query.offset
        found = self._library.stories.entries(query.filters, least=query.least, limit=limit + 1, offset=offset)
        further = offset + limit if len(found) > limit else None
        return Json({"stories": [plain(entry) for entry in found[:limit]], "next_offset": further})

    async def story(self, id: str, query: Annotated[StoryRequest, Query()], request: Request) -> Response:
        """Tell a story in quotes: its first report, what changed, who said what, and what is disputed."""
        await run_in_threadpool(lambda: self._library.stories.find(id, query.filters))

        def steps(is_wanted: Callable[[], bool]) -> Generator[StoryAccount]:
            yield self._reader.read(id, is_wanted=is_wanted, **query.arguments)

        call = Call(self._queue, request.state.asker, steps)
        account = await last_of(call, self._ending, gone(request))
        # What the call gives.
        assert isinstance(account, StoryAccount)
        return Json(account.to_dict())
