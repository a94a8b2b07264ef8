"""An answer as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

from qa.answer import Answer, Checked, Delta, Event, Extractive, Progress
from ui.rest.calls import Call
from ui.rest.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "text/event-stream"
# Proxies take a connection that is silent for a minute or so to be broken: while a call waits, it says that it does.
_QUIET_SECONDS = 15.0
_COMMENT = b": waiting\n\n"
# No cache or proxy in between may keep events back.
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class EventStream(StreamingResponse):
    """A call's events as they come; whoever closes the connection ends the call."""

    def __init__(self, call: Call[Event], ending: asyncio.Event, accepted_languages: str) -> None:
        super().__init__(_written(call, ending, accepted_languages), media_type=MEDIA_TYPE, headers=_HEADERS)
        self._call = call

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Send the events."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # Somebody may be gone before the first event is asked for.
            self._call.leave()


async def _written(call: Call[Event], ending: asyncio.Event, accepted_languages: str) -> AsyncIterator[bytes]:
    yield _event("progress", {"stage": "waiting"})
    try:
        async for event in call.results(ending, quiet=_QUIET_SECONDS):
            yield _event(*_named(event)) if event is not None else _COMMENT
    except Exception as error:
        # The status has been sent: what went wrong is the last event. Whoever has gone is told nothing.
        yield _event("error", Problem.raised(error, accepted_languages).to_dict())


def _named(event: Event) -> tuple[str, dict[str, Any]]:
    match event:
        case Progress():
            return "progress", {"stage": event.stage}
        case Delta():
            return "delta", {"text": event.text}
        case Extractive():
            return "extractive", event.answer.to_dict()
        case Checked():
            return "checked", asdict(event.sentence)
        case Answer():
            return "answer", event.to_dict()


def _event(name: str, data: dict[str, Any]) -> bytes:
    # JSON has no line end outside its escapes, so that one line holds it.
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")
