"""Saying "busy" in plain words: what a server answers when too many questions wait already."""

import json
from typing import TYPE_CHECKING

from index.languages.messages import messages_accepted

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Questions that may wait for their turn; what comes on top is turned away at once.
WAITING = 100
_RETRY_SECONDS = b"5"
# Where language models call their tools.
TOOLS = "/gradio_api/mcp"


def busy(accepted_languages: str) -> str:
    """Say that Khabar is busy, in the language that a browser's Accept-Language header asks for."""
    return messages_accepted(accepted_languages).say("page.busy")


class SaysBusy:
    """Middleware that puts a full queue's refusal (status 503) in words for people, and when to come again."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, and its answer back; only a refusal's body is exchanged."""
        refused = False

        async def send_in_words(message: "Message") -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 503 and _asks(scope):
                refused = True
                return
            if not refused:
                await send(message)
            elif not message.get("more_body"):
                await _send_busy(send, dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1"))

        await self._app(scope, receive, send_in_words)


def _asks(scope: "Scope") -> bool:
    """Tell whether a request puts a question into the queue of the page; language models' tools tell it themselves."""
    path = str(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else ""
    return path.startswith("/gradio_api/") and not path.startswith(TOOLS)


async def _send_busy(send: "Send", accepted_languages: str) -> None:
    body = json.dumps({"detail": busy(accepted_languages)}, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", _RETRY_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
