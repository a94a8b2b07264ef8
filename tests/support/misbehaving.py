"""A chat model's server on the loopback that speaks three providers' protocols and misbehaves as it is told to."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Act:
    """What the server does with one request: an error's status, or pieces, after which it may hang or hang up."""

    pieces: tuple[str, ...] = ()
    status: int = 200
    retry_after: str | None = None
    hangs: bool = False
    hangs_up: bool = False


@dataclass(slots=True)
class Stage:
    """The acts in order, the last one again and again; `asked` counts the requests, `over` lets the hanging ones go."""

    acts: Sequence[Act]
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def next(self) -> Act:
        """Return what to do with the next request."""
        self.asked += 1
        return self.acts[min(self.asked, len(self.acts)) - 1]


class _Handler(BaseHTTPRequestHandler):
    stage: Stage

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        act = self.stage.next()
        if act.status != 200:
            self._fail(act)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if "/api/" in self.path else "text/event-stream")
        self.end_headers()
        first, rest, last = _PROTOCOLS[self.path.rpartition("/v1")[2]]
        self.wfile.write(first.encode())
        for piece in act.pieces:
            self.wfile.write(rest.replace('"PIECE"', json.dumps(piece)).encode())
            self.wfile.flush()
        if act.hangs:
            self.stage.over.wait()
        elif not act.hangs_up:
            self.wfile.write(last.encode())

    def _fail(self, act: Act) -> None:
        body = json.dumps({"error": {"message": "overloaded", "type": "overloaded_error"}}).encode()
        self.send_response(act.status)
        self.send_header("Content-Length", str(len(body)))
        if act.retry_after:
            self.send_header("Retry-After", act.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


def _event(data: dict[str, object]) -> str:
    name = f"event: {data['type']}\n" if "type" in data else ""
    return f"{name}data: {json.dumps(data)}\n\n"


def _openai(choice: dict[str, object]) -> str:
    return _event(
        {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, **choice}]}
    )


def _ollama(content: str, **more: object) -> str:
    said = {"role": "assistant", "content": content}
    return json.dumps({"model": "m", "created_at": "2025-01-01T00:00:00Z", "message": said, **more}) + "\n"


_USAGE = {"input_tokens": 1, "output_tokens": 1}
_MESSAGE = {"id": "1", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": _USAGE}
# By the path asked for: what comes before the pieces, a piece, and what comes after them.
_PROTOCOLS = {
    "/chat/completions": (
        "",
        _openai({"delta": {"role": "assistant", "content": "PIECE"}}),
        _openai({"delta": {}, "finish_reason": "stop"}) + "data: [DONE]\n\n",
    ),
    "/api/chat": ("", _ollama("PIECE", done=False), _ollama("", done=True, done_reason="stop")),
    "/messages": (
        _event({"type": "message_start", "message": _MESSAGE})
        + _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        _event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "PIECE"}}),
        _event({"type": "content_block_stop", "index": 0})
        + _event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": _USAGE})
        + _event({"type": "message_stop"}),
    ),
}


@contextmanager
def serving(*acts: Act, port: int = 0) -> Iterator[tuple[str, Stage]]:
    """Serve on the loopback; gives the server's URL, without a path, and its stage."""
    stage = Stage(acts)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"stage": stage}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", stage
    finally:
        stage.over.set()
        server.shutdown()
        server.server_close()
