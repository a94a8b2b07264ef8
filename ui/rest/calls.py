"""A call that waits for its turn in the queue of questions, and ends when whoever called goes away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import closing, suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from qa.errors import AbandonedError, EndingError
from ui.page.queueing.fairness import Asker
from ui.page.queueing.queue import FairQueue

T = TypeVar("T")
# What is worked on: a generator that is told whether anybody still waits.
Steps = Callable[[Callable[[], bool]], Generator[T]]


class Call(Generic[T]):
    """Steps that are taken in a thread once it is their turn; what each of them yields comes to the event loop.

    Made on the event loop; raises what `FairQueue.enter` raises. `leave` has to be called in the end.
    """

    def __init__(self, queue: FairQueue, asker: Asker, steps: Steps[T]) -> None:
        self._queue = queue
        self._steps = steps
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Queue[T | Exception | None] = asyncio.Queue()
        # Begun at the earliest when the event loop is next free: by then it is known here.
        # By whoever called: a thread of the queue's knows nothing of them.
        self._entered = queue.enter(asker, partial(copy_context().run, self._work))

    def leave(self) -> None:
        """Wait for nothing any more: what has not begun never does, what is under way ends before its next stage."""
        self._queue.leave(self._entered)

    async def results(
        self, ending: asyncio.Event, gone: Awaitable[None] | None = None, quiet: float | None = None
    ) -> AsyncIterator[T | None]:
        """Yield what comes until all has come, and None where nothing has for `quiet` seconds.

        Raises what the steps raised, `EndingError` as soon as the server ends, and `AbandonedError` when the caller is
        `gone`.
        """
        ended = asyncio.create_task(ending.wait())
        over: list[asyncio.Future[Any]] = [ended, *((asyncio.ensure_future(gone),) if gone else ())]
        came = asyncio.create_task(self._came.get())
        try:
            while True:
                done, _ = await asyncio.wait({came, *over}, timeout=quiet, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    yield None
                    continue
                if came not in done and ended in done:
                    raise EndingError("The server is shutting down. Ask again in a moment.")
                if came not in done:
                    raise AbandonedError("Whoever asked has left before the answer. Ask again.")
                result = came.result()
                if isinstance(result, Exception):
                    raise result
                if result is None:
                    return
                came = asyncio.create_task(self._came.get())
                yield result
        finally:
            # Nothing is awaited here: where the task itself is being cancelled, that would be cut off.
            for task in (came, *over):
                task.cancel()
            self.leave()

    def _work(self) -> None:
        try:
            if not self._entered.is_left:
                self._take_steps()
        except Exception as error:
            # Whatever it is, whoever waits is told; this thread has nobody else to tell. Where nobody waits it is let
            # go, and with it what it was raised in: a chat model's request among that.
            if not self._entered.is_left:
                self._tell(error)
        else:
            self._tell(None)

    def _take_steps(self) -> None:
        with closing(self._steps(lambda: not self._entered.is_left)) as steps:
            for result in steps:
                self._tell(result)
                if self._entered.is_left:
                    return

    def _tell(self, item: T | Exception | None) -> None:
        # A server that has ended meanwhile has no loop any more, and nobody who waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._came.put_nowait, item)


async def gone(request: Request) -> None:
    """Return when whoever called has closed the connection, or goes on sending what nobody reads."""
    with suppress(HTTPException):
        while (await request.receive())["type"] != "http.disconnect":
            pass


async def last_of(call: Call[T], ending: asyncio.Event, gone: Awaitable[None]) -> T:
    """Return the last result of a call, which has one; raises what `Call.results` raises."""
    last: list[T] = []
    async for result in call.results(ending, gone):
        last = last if result is None else [result]
    return last[0]
