"""Work of a program that waits in the page's queue among its questions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync
from gradio.queueing import Event

from ui.page.queueing.fairness import Asker

if TYPE_CHECKING:
    from anyio import CapacityLimiter


class QueuedWork(Event):
    """A place in Gradio's queue that is no event of its page: `asker` is who waits, alone told by the work itself.

    `is_left` tells whether anybody still waits.
    """

    def __init__(self, fn: Any, asker: Asker, work: Callable[[], None]) -> None:
        # Which of the endpoints it is counted with matters to nobody: all questions share one limit.
        no_request: Any = None
        super().__init__(session_hash=None, fn=fn, request=no_request, username=None)
        self.asker = asker
        self.is_left = False
        self._work = work

    async def run(self, limiter: "CapacityLimiter | None") -> None:
        """Do the work in a thread; its place is taken until it has ended, whoever waits for it."""
        try:
            await run_sync(self._work, limiter=limiter)
        finally:
            self.alive = False
