"""Changes of the library that programs ask for: one after another, and each over before it is answered."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from index.article import Article

if TYPE_CHECKING:
    from index import Library

T = TypeVar("T")
# Changes that wait for their turn; whoever sends more is to come again.
WAITING = 16


class Editing:
    """Adds and withdraws articles.

    Not in the queue of questions: a change waits for the commits of others, `khabar index` among them, and no question
    is to wait behind it.
    """

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def add(self, article: Article, collections: Sequence[str] | None = None) -> str:
        """Add or replace an article, in collections where they are named; returns "added", "replaced" or "unchanged".

        Raises `HTTPException` where a newer version of it is here, it is not the caller's to change, or too many
        changes wait; and what `Library.add` raises.
        """
        report = await self.alone(lambda: self._library.add([article], collections=collections))
        if passed_over := [*report.failures, *report.skipped]:
            raise HTTPException(409, passed_over[0].reason)
        return "added" if report.added else "replaced" if report.replaced else "unchanged"

    async def remove(self, id: str) -> None:
        """Withdraw an article with all its revisions; raises `ArticleNotFoundError`, and `HTTPException` as above."""
        await self.alone(lambda: self._library.remove([id]))

    async def alone(self, change: Callable[[], T]) -> T:
        """Make a change, in a thread, once those before it are over; raises `HTTPException` where too many wait."""
        if self._waiting >= WAITING:
            raise HTTPException(503, "Too many changes of the library wait already. Send this one again in a moment.")
        self._waiting += 1
        try:
            async with self._turn:
                return await run_in_threadpool(change)
        finally:
            self._waiting -= 1
