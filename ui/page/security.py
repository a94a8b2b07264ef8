"""What a browser may do with the page: load from, send to, and be framed by its own host alone; and who uploads."""

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gradio.route_utils import CustomCORSMiddleware
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.languages.messages import messages_accepted

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What Gradio draws with its own inline scripts and styles may run; nothing may come from, or go to, elsewhere.
_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# Where programs call.
_PROGRAMS = "/api/"
# Where Gradio takes files.
_UPLOAD = "/gradio_api/upload"
# Where it gives a page's scripts what the session's cookie holds, which is to be out of their reach.
_SECRET = ("/gradio_api/token", "/gradio_api/token/")
# What changes nothing: a link on another site's page may lead here.
_READING = ("GET", "HEAD", "OPTIONS")


class OwnHostOnly:
    """Middleware that sends the content security policy with every response, and keeps other sites' pages out.

    `hosts` are the names that the page is asked for by (None: any). A page of another site whose name was made to lead
    here (DNS rebinding) asks by that name; one that sends something here is told apart by what browsers say of it
    (https://www.w3.org/TR/fetch-metadata/). `lets_in` tells whether it may send this all the same (None: never).
    """

    def __init__(
        self,
        app: "ASGIApp",
        hosts: Collection[str] | None = None,
        lets_in: "Callable[[Scope], bool] | None" = None,
    ) -> None:
        self._app = app
        self._hosts = None if hosts is None else {host.lower() for host in hosts}
        self._lets_in = lets_in or (lambda _: False)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""

        async def send_with_policy(message: "Message") -> None:
            if message["type"] == "http.response.start":
                extra = [
                    (b"content-security-policy", _POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        refused = self._refused(scope) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send_with_policy)

    def _refused(self, scope: "Scope") -> Response | None:
        headers = Headers(scope=scope)
        host = _name(headers.get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            said = f"Khabar is not served under the name {host!r}. Its owner can allow it: KHABAR_HOSTS={host}\n"
            return _told(scope, said, 421)
        if scope["method"] not in _READING and _is_from_elsewhere(headers) and not self._lets_in(scope):
            return _told(scope, "Another site's page may not do this.\n", 403)
        return None


def is_of_another_site(headers: Headers) -> bool:
    """Tell whether a browser says, by the origin, that a page from elsewhere sends a request."""
    origin, host = headers.get("origin"), headers.get("host", "")
    return origin is not None and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower())


def _is_from_elsewhere(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    # Browsers say the site over TLS and to this machine alone; the origin they say of all that is sent.
    return is_of_another_site(headers) if site is None else site == "cross-site"


def close_to_other_sites(pages: Any) -> None:
    """Take Gradio's own CORS off its application, to be called before it is served.

    It lets pages of every site read what a public host answers, with the browser's cookies.
    """
    pages.user_middleware = [each for each in pages.user_middleware if each.cls is not CustomCORSMiddleware]


def guard_uploads(app: "FastAPI", pages: "ASGIApp", may_upload: Callable[[Request], bool]) -> None:
    """Let nobody else send files to Gradio's application, `pages`, which keeps them until they are asked for."""

    class Guarded:
        async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
            request = Request(scope)
            words = messages_accepted(request.headers.get("accept-language", ""))
            refused = None if may_upload(request) else PlainTextResponse(words.say("error.editors_only"), 403)
            await (refused or pages)(scope, receive, send)

    # Before Gradio's, which answers for every other address.
    app.router.routes.insert(0, Route(_UPLOAD, Guarded()))


def hide_sessions(app: "FastAPI") -> None:
    """Keep what a session's cookie holds from the scripts of the page."""

    def hidden(_: Request) -> Response:
        return PlainTextResponse("Not found\n", 404)

    app.router.routes[:0] = [Route(path, hidden) for path in _SECRET]


def _told(scope: "Scope", said: str, status: int) -> Response:
    """Say why a request is refused, to a program as problem details (RFC 9457)."""
    if not str(scope["path"]).startswith(_PROGRAMS):
        return PlainTextResponse(said, status)
    details = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": said.strip()}
    return JSONResponse(details, status, media_type="application/problem+json")


def _name(host: str) -> str:
    """Return a Host header's name without its port, in lower case; empty for one that is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        # An address in brackets that is none.
        return ""


def limited(receive: "Receive", largest: int, detail: str | None = None) -> "Receive":
    """Receive at most `largest` bytes of a body: one that comes in chunks does not say how long it is.

    Beyond that an `HTTPException` with the status 413 and `detail` is raised.
    """
    taken = 0

    async def receive_counted() -> "Message":
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise HTTPException(413, detail)
        return message

    return receive_counted
