"""Work of the page itself that waits in its queue among the questions, a turn at a time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

from qa.errors import AbandonedError, CrowdedError
from ui.page.queueing.fairness import Asker
from ui.page.queueing.work import QueuedWork

T = TypeVar("T")
# Seconds after which a queue that was full is tried again.
_AGAIN = 2.0
_STOPPED = "Whoever asked has stopped. Ask again."


class QuestionTurns(Protocol):
    """Gives turns to whoever waits; `FairQueue` does."""

    def enter(self, asker: Asker, work: Callable[[], None]) -> QueuedWork:
        """Let work wait for its turn; raises `CrowdedError` where too much waits, `EndingError` at the end."""
        ...

    def leave(self, entered: QueuedWork) -> None:
        """Take out work that nobody waits for any longer."""
        ...


async def take_turn(queue: QuestionTurns, asker: Asker, work: Callable[[], T], stopping: asyncio.Event) -> T:
    """Do work in a thread when its turn has come, as whoever calls; where the queue is full, wait for a place in it.

    Raises what the work raises, `AbandonedError` as soon as `stopping` is set, and `EndingError` when the server ends.
    """
    if stopping.is_set():
        raise AbandonedError(_STOPPED)
    came: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    stopped = asyncio.create_task(stopping.wait())
    try:
        # A thread of the queue's knows nothing of who calls.
        entered = await _entered(queue, asker, partial(copy_context().run, _telling(work, came)), stopped)
        try:
            either: set[asyncio.Future[Any]] = {came, stopped}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            queue.leave(entered)
        if not came.done():
            raise AbandonedError(_STOPPED)
        return came.result()
    finally:
        stopped.cancel()
        # What is under way all the same tells nobody any more.
        came.cancel()


async def _entered(
    queue: QuestionTurns, asker: Asker, work: Callable[[], None], stopped: "asyncio.Task[Literal[True]]"
) -> QueuedWork:
    """Enter the queue as soon as there is a place in it; raises `AbandonedError` where it is stopped before."""
    while True:
        try:
            return queue.enter(asker, work)
        except CrowdedError:
            done, _ = await asyncio.wait({stopped}, timeout=_AGAIN)
            if done:
                raise AbandonedError(_STOPPED) from None


def _telling(work: Callable[[], T], came: "asyncio.Future[T]") -> Callable[[], None]:
    """Return work whose result, or what it raised, comes to the event loop; nothing where nobody waits any more."""
    loop = came.get_loop()

    def settle(result: T | Exception) -> None:
        if came.done():
            return
        if isinstance(result, Exception):
            came.set_exception(result)
        else:
            came.set_result(result)

    def run() -> None:
        result: T | Exception
        try:
            result = work()
        except Exception as error:
            # Whatever it is, whoever waits is told.
            result = error
        # A server that has ended meanwhile has no loop any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result)

    return run
