"""The widget that other sites embed: its script, and the phrases it shows; neither has anything of the library."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from index.languages.messages import Messages, accepted, messages_for

_SCRIPT = Path(__file__).parent.parent / "assets" / "widget.js"
# Seconds that a browser may go by what it has, before it asks whether that is still so.
_KEPT = 3600
# By what names the script knows what it shows, beside the months.
_PHRASES = {
    "title": "page.welcome",
    "question": "chat.question",
    "ask": "widget.ask",
    "stop": "chat.stop",
    "waiting": "widget.waiting",
    "searching": "step.searching",
    "reading": "step.reading",
    "writing": "step.writing",
    "answered": "state.answered",
    "perhaps": "state.perhaps",
    "not_found": "state.not_found",
    "understood": "answer.understood",
    "named": "named",
    "also": "citation.also",
    "closest": "citation.closest",
    "open": "widget.open",
    "whole": "widget.whole",
    "untitled": "article.untitled",
    "unknown_source": "article.unknown_source",
    "undated": "article.undated",
    "date": "date",
    "date_first": "date_first",
    "translated": "translation.by",
    "unknown": "share.unknown",
    "unreachable": "page.unreachable",
}


def widget_routes() -> list[Route]:
    """Return the addresses of the script and of its phrases, which are for everybody."""
    return [Route("/widget.js", _script), Route("/widget/phrases", _phrases)]


def widget_phrases(words: Messages) -> dict[str, object]:
    """Return what the widget says in a language, by the names that the script knows it by."""
    return {
        "language": words.language,
        "direction": words.direction,
        **{name: words.template(key) for name, key in _PHRASES.items()},
        "months": [words.template(f"month.{month}") for month in range(1, 13)],
    }


def _script(request: Request) -> Response:
    return _public(request, _SCRIPT.read_bytes(), "text/javascript")


def _phrases(request: Request) -> Response:
    """Answer in the `language` of the address where Khabar speaks it, else in one that the browser asks for."""
    wanted = accepted(request.query_params.get("language", "")), accepted(request.headers.get("accept-language", ""))
    said = json.dumps(widget_phrases(messages_for(*wanted[0], *wanted[1])), ensure_ascii=False)
    return _public(request, said.encode(), "application/json", {"vary": "Accept-Language"})


def _public(request: Request, content: bytes, media_type: str, extra: Mapping[str, str] | None = None) -> Response:
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {
        "etag": etag,
        "cache-control": f"public, max-age={_KEPT}",
        # There is nothing in it that is not everybody's.
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        **(extra or {}),
    }
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
