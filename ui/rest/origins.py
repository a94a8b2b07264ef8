"""Which other sites' pages may call the API from a browser, and how that is answered (CORS): exact, and two calls."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from ui.page.security import is_of_another_site
from ui.rest.gate import SITE
from ui.rest.problems import Problem, told

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Seconds that a browser may go by what it was told of a call before it sent one.
_REMEMBERED = "600"
_PREFLIGHT = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
_OWN = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class _Open:
    """A call that pages of other sites may make, and the headers that it may have beside those of every page."""

    path: re.Pattern[str]
    method: str
    headers: tuple[str, ...]


_OPEN = (
    _Open(re.compile("/api/v1/ask"), "POST", ("authorization", "content-type")),
    _Open(re.compile("/api/v1/shared/[0-9A-Za-z]{1,64}"), "GET", ("authorization",)),
)


class WidgetOrigins:
    """The origins whose pages may ask and show shared answers; as browsers write them, see `checked_origin`."""

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = frozenset(origins)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._origins)

    def site(self, scope: "Scope") -> str | None:
        """Return the origin of the other site's page that a request comes from, where that is one of them."""
        sent = Headers(scope=scope).getlist("origin")
        return sent[0] if len(sent) == 1 and sent[0] in self._origins else None

    def lets_in(self, scope: "Scope") -> bool:
        """Tell whether a request is a call that another site's page may make, from one of theirs."""
        call = _call(scope)
        return call is not None and scope["method"] == call.method and self.site(scope) is not None


class CrossOrigin:
    """Middleware around the API: what pages of other sites may call, they may read; everything else they may not.

    Their browsers' cookies are taken off such a call, and credentials are never allowed. Addresses that they may not
    call have no header of CORS (https://fetch.spec.whatwg.org/#http-cors-protocol).
    """

    def __init__(self, app: "ASGIApp", origins: WidgetOrigins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        call = _call(scope) if scope["type"] == "http" else None
        if call is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        site = None if _is_own(request) else self._origins.site(scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in request.headers:
            await _preflight(request, call, site)(scope, receive, send)
        elif site is not None and scope["method"] == call.method:
            await self._app(_from_site(scope, site), receive, _readable(send, site))
        elif _is_own(request):
            await self._app(scope, receive, _varying(send))
        else:
            refused = told(Problem.of(403, "Another site's page may not do this."), {"vary": "Origin"})
            await refused(scope, receive, send)


def _call(scope: "Scope") -> _Open | None:
    return next((call for call in _OPEN if call.path.fullmatch(str(scope["path"]))), None)


def _is_own(request: Request) -> bool:
    """Tell whether a request comes from Khabar's own page, or from none; older browsers say it by the origin alone."""
    if len(request.headers.getlist("origin")) > 1:
        return False
    return request.headers.get("sec-fetch-site") in _OWN or not is_of_another_site(request.headers)


def _preflight(request: Request, call: _Open, site: str | None) -> Response:
    wanted = request.headers.get("access-control-request-headers", "").lower().split(",")
    unknown = {name.strip() for name in wanted} - {"", *call.headers}
    vary = {"vary": ", ".join(_PREFLIGHT)}
    if site is None or unknown or request.headers["access-control-request-method"] != call.method:
        return told(Problem.of(403, "Another site's page may not do this."), vary)
    allowed = {
        "access-control-allow-origin": site,
        "access-control-allow-methods": call.method,
        "access-control-allow-headers": ", ".join(call.headers),
        "access-control-max-age": _REMEMBERED,
    }
    return Response(status_code=204, headers={**allowed, **vary})


def _from_site(scope: "Scope", site: str) -> "Scope":
    """Return the request as it is answered: with the site that it comes from, and without the browser's cookies."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
    return {**scope, "headers": headers, "state": {**scope.get("state", {}), SITE: site}}


def _readable(send: "Send", site: str) -> "Send":
    async def send_readable(message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            headers["access-control-allow-origin"] = site
            headers.add_vary_header("Origin")
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_readable


def _varying(send: "Send") -> "Send":
    async def send_varying(message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            headers.add_vary_header("Origin")
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_varying
