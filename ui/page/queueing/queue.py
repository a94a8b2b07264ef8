"""The queue of the page and its endpoints: Gradio's, with fair turns, a bound, and nothing kept of who has gone."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Literal

import gradio as gr
from gradio import route_utils
from gradio.context import LocalContext
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event, EventQueue, Queue

from index.store.access.tries import counted_address
from qa.errors import CrowdedError, EndingError
from ui.page.queueing.fairness import Asker, Fairness, has_room
from ui.page.queueing.overload import busy
from ui.page.queueing.work import QueuedWork

# The kind of event that is a question: those of the page and of programs wait in one queue.
QUESTIONS = "questions"
# Sessions of which Gradio may remember that nothing is under way; more are swept out.
_SESSIONS = 4_000

_Pushed = tuple[bool, str | list[dict[str, Any]], Literal["success", "error", "queue_full", "validator_error"]]


class FairQueue(Queue):
    """Gradio's queue of events, for each kind of them apart: people take turns, and beyond a limit it is full."""

    def __init__(self, blocks: gr.Blocks, at_a_time: int) -> None:
        super().__init__(
            live_updates=True,
            concurrency_count=blocks.max_threads,
            update_intervals=1,
            max_size=None,
            blocks=blocks,
            default_concurrency_limit=at_a_time,
        )
        self._fairness: defaultdict[str, Fairness] = defaultdict(Fairness)

    def enter(self, asker: Asker, work: Callable[[], None]) -> QueuedWork:
        """Let work, which raises nothing, wait for its turn among the questions; it is then done in a thread.

        To be called on the server's event loop. Raises `CrowdedError` when the queue is full,
        `EndingError` when the server is ending.
        """
        fn = next(fn for fn in self.blocks.fns.values() if fn.concurrency_id == QUESTIONS)
        self.create_event_queue_for_fn(fn)
        waiting = self.event_queue_per_concurrency_id[QUESTIONS].queue
        if self.stopped:
            raise EndingError("The server is shutting down. Ask again in a moment.")
        if not has_room([_asker(event) for event in waiting], asker):
            raise CrowdedError(busy(""))
        entered = QueuedWork(fn, asker, work)
        waiting.append(entered)
        return entered

    def leave(self, entered: QueuedWork) -> None:
        """Take out work that nobody waits for any longer; what has begun keeps its place until it has ended."""
        entered.is_left = True
        waiting = self.event_queue_per_concurrency_id[QUESTIONS].queue
        if entered in waiting:
            waiting.remove(entered)

    async def push(self, body: PredictBodyInternal, request: Any, username: str | None) -> _Pushed:
        """Let an event wait for its turn, or say that its queue is full."""
        self._sweep()
        if body.fn_index is not None:
            kind = route_utils.get_fn(self.blocks, None, body).concurrency_id
            queue = self.event_queue_per_concurrency_id.get(kind)
            waiting = [_asker(event) for event in queue.queue] if queue else []
            if not has_room(waiting, Asker(person_of(request, username))):
                return False, busy(_accepted(request)), "queue_full"
        pushed: _Pushed = await super().push(body, request, username)
        return pushed

    def get_events(self) -> tuple[list[Event], bool, str] | None:
        """Return what is to be begun now, if anything may."""
        for kind, queue in self.event_queue_per_concurrency_id.items():
            if queue.queue and _is_free(queue):
                self._bring_forward(kind, queue)
        found = super().get_events()
        if found is not None:
            events, _, kind = found
            for event in events:
                self._fairness[kind].took(_asker(event))
        return found

    def _bring_forward(self, kind: str, queue: EventQueue) -> None:
        """Put the event whose turn it is to the head, where Gradio takes it from."""
        answering = [_asker(event) for job in self.active_jobs if job for event in job if event.concurrency_id == kind]
        place = self._fairness[kind].next([_asker(event) for event in queue.queue], answering)
        queue.queue.insert(0, queue.queue.pop(place))

    async def process_events(self, events: list[Event], *rest: Any) -> None:
        """Work off events; what Gradio would keep of a program's call, which has no session, is let go."""
        try:
            for event in events:
                if isinstance(event, QueuedWork):
                    await event.run(self.blocks.limiter)
            # Work that was done is not alive: nothing is left of it but to give its place back.
            await super().process_events(events, *rest)
        finally:
            # The server has been there since the first event came, though Gradio's own types do not know it.
            server: Any = self.server_app
            for event in events:
                if not _page(event):
                    server.state_holder.session_data.pop(event.session_hash, None)
                    server.state_holder.time_last_used.pop(event.session_hash, None)

    def send_message(self, event: Event, event_message: Any) -> None:
        """Tell a page how its event is; work of others has no page that listens."""
        if not isinstance(event, QueuedWork):
            super().send_message(event, event_message)

    def compute_analytics_summary(self, records: Any) -> Any:
        """Count nothing: after each event Gradio would go through the last ten thousand, for a page not shown here."""
        return self.cached_event_analytics_summary

    def _sweep(self) -> None:
        """Forget the sessions that have nothing under way, which Gradio never does by itself."""
        if len(self.pending_event_ids_session) <= _SESSIONS:
            return
        for session, events in list(self.pending_event_ids_session.items()):
            messages = self.pending_messages_per_session.get(session)
            if messages is None or (not events and messages.empty()):
                del self.pending_event_ids_session[session]


def caller_waits() -> Callable[[], bool]:
    """Return a function that tells, from now on, whether whoever called the running endpoint still waits for it."""
    blocks, id_ = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    event = blocks._queue.event_ids_to_events.get(id_) if blocks is not None and id_ else None
    return lambda: event is None or event.alive


def _is_free(queue: EventQueue) -> bool:
    return queue.concurrency_limit is None or queue.current_concurrency < queue.concurrency_limit


def person_of(request: Any, username: str | None) -> str:
    """Return who takes turns with others: a signed-in name, else the address, or the network, of a request."""
    # A name and an address never look alike.
    return f"name {username}" if username else counted_address(request.client.host) if request.client else ""


def _asker(event: Event) -> Asker:
    if isinstance(event, QueuedWork):
        return event.asker
    return Asker(person_of(event.request, event.username), _page(event))


def _accepted(request: Any) -> str:
    return str(request.headers.get("accept-language", ""))


def _page(event: Event) -> str:
    """Return the event's session; Gradio gives one that came without a session its own id for one."""
    return "" if event.session_hash == event._id else event.session_hash
