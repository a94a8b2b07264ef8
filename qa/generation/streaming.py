"""Listen to a chat model as it streams: tried again while nothing is said, given up when it falls silent.

The clients of the providers differ in what they try again and in what their time-outs mean, so both are done here, the
same for all. A client blocks while it waits for the next piece: it does so in a thread of its own, and whoever listens
goes on when the time is up.
"""

import queue
import threading
import time
from collections.abc import Generator, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.errors import WriterBusyError, WriterError, WriterTimeoutError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

# How often a request is made, and the waits in between, in seconds: the first, and the longest.
_ATTEMPTS = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 8.0
# Too many requests, or a server that is starting, being replaced or overloaded (529 is Anthropic's).
_BUSY = frozenset({429, 529})
_PASSING = _BUSY | {502, 503, 504}
# The clients' errors for a connection that was refused or lost; they share no base.
_UNCONNECTED = frozenset({"ConnectionError", "APIConnectionError", "ConnectError", "RemoteProtocolError", "ReadError"})
_ENDED = object()


def stream_with_limits(
    model: "BaseChatModel", messages: "str | Sequence[BaseMessage]", *, seconds: float, silence: float
) -> "Generator[AIMessageChunk, None, None]":
    """Yield what a chat model streams; closing the iterator ends the request.

    A connection that is refused or lost, and a server that is busy, are tried again with back-off as long as nothing
    has been said. All of it takes at most `seconds`; after the first piece at most `silence` seconds may pass without
    another. Raises `WriterTimeoutError`, `WriterBusyError` where the provider asks to wait, and `WriterError`.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    deadline = time.monotonic() + seconds
    attempts = Retrying(
        reraise=True,
        stop=stop_after_attempt(_ATTEMPTS),
        wait=lambda state: _wait(state.outcome.exception() if state.outcome else None, state.attempt_number),
        retry=retry_if_exception(lambda error: _may_pass(error, deadline)),
    )
    reply: _Reply | None = None
    try:
        for attempt in attempts:
            with attempt:
                reply = _Reply(model, messages)
                first = reply.next(deadline, f"longer than {seconds:g} seconds")
        while first is not None:
            yield first
            assert reply is not None
            limit = time.monotonic() + silence
            why = f"silent for {silence:g} seconds" if limit < deadline else f"longer than {seconds:g} seconds"
            first = reply.next(min(limit, deadline), why)
    except WriterError:
        raise
    except Exception as error:
        raise explained(error) from error
    finally:
        if reply is not None:
            reply.close()


def explained(error: BaseException) -> WriterError:
    """Tell time-outs and full queues apart; providers share no base for their errors."""
    said = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
        return WriterTimeoutError(said)
    if _status(error) in _BUSY or "ratelimit" in type(error).__name__.lower():
        return WriterBusyError(said)
    return WriterError(said)


@dataclass(slots=True)
class _Reply:
    """One request, read in a thread of its own; `next` waits for its pieces."""

    model: "BaseChatModel"
    messages: "str | Sequence[BaseMessage]"
    _heard: "queue.SimpleQueue[Any]" = field(default_factory=queue.SimpleQueue)
    _left: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        context = copy_context()
        threading.Thread(target=context.run, args=(self._read,), name="khabar-listening", daemon=True).start()

    def next(self, deadline: float, why: str) -> "AIMessageChunk | None":
        """Return the next piece, None at the end; raises the client's own errors, `WriterTimeoutError` when late."""
        try:
            heard = self._heard.get(timeout=max(deadline - time.monotonic(), 0.0))
        except queue.Empty:
            raise WriterTimeoutError(why) from None
        if isinstance(heard, BaseException):
            raise heard
        return None if heard is _ENDED else heard

    def close(self) -> None:
        """Let the thread end the request at its next piece, or when the client's own time is up."""
        self._left.set()

    def _read(self) -> None:
        try:
            stream = self.model.stream(self.messages)
            try:
                for chunk in stream:
                    if self._left.is_set():
                        return
                    self._heard.put(chunk)
            finally:
                close = getattr(stream, "close", None)
                if close is not None:
                    close()
            self._heard.put(_ENDED)
        except BaseException as error:
            self._heard.put(error)


def _may_pass(error: BaseException, deadline: float) -> bool:
    """Tell whether a request that failed before anything was said is worth another, in the time that is left."""
    if isinstance(error, WriterError) or "timeout" in type(error).__name__.lower():
        return False
    passing = _status(error) in _PASSING or _is_unconnected(error)
    asked = _asked_to_wait(error)
    return passing and (asked is None or asked <= _LONGEST_WAIT) and time.monotonic() + (asked or 0) < deadline


def _is_unconnected(error: BaseException) -> bool:
    return not {kind.__name__ for kind in type(error).__mro__}.isdisjoint(_UNCONNECTED)


def _wait(error: BaseException | None, attempt: int) -> float:
    """Return how long to wait: as the server asks, else twice as long each time."""
    asked = _asked_to_wait(error)
    return asked if asked is not None else min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT)


def _asked_to_wait(error: BaseException | None) -> float | None:
    """Return the seconds that a server's Retry-After header asks for."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    try:
        return float(headers["retry-after"])
    except (TypeError, KeyError, ValueError):
        return None


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None
