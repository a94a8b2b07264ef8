"""The way in to the page: who signs in here with a name and a password, who may try, and what lets them in later."""

import functools
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from index.errors import LibraryError, SignInError, TooManyTriesError
from index.languages.messages import Messages, messages_accepted
from ui.page.entry.form import GO_ON, OtherWay, sign_in_html
from ui.page.entry.limit import SignInLimit
from ui.page.entry.session_tokens import Leaving
from ui.page.security import hide_sessions, limited
from ui.page.sessions import Sessions

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger(__name__)
_HOME, _LOGIN, _LOGOUT = "/", "/login", "/logout"
# More bytes than a name and a password have.
_LARGEST = 16 * 1024
# Sign-ins that may wait for the one under way: a hash takes as long as it does for good reason.
_WAITING = 100
_NOT_KEPT = {"cache-control": "no-store"}


class PageEntry:
    """Answers for the page where nobody has signed in, and for Gradio's own address for signing in, in its place.

    `pages` is Gradio's application, `is_right` tells whether a name and a password may enter (None: there are none),
    `limit` how often they may be tried (None: as often as anybody likes); `ways` are the other ways in.
    """

    def __init__(
        self,
        pages: Any,
        sessions: Sessions,
        is_right: Callable[[str, str], bool] | None,
        limit: SignInLimit | None,
        ways: Sequence[OtherWay],
    ) -> None:
        self._pages = pages
        self._sessions = sessions
        self._is_right = is_right
        self._limit = limit
        self._ways = ways
        # One at a time: see `SignInLimit`.
        self._one = CapacityLimiter(1)

    def serve(self, app: "FastAPI") -> None:
        """Take the addresses on in an application, before Gradio's own."""
        app.router.routes.insert(0, Route(_HOME, _Home(self._pages, self._sessions, self.ask)))
        for path in (_LOGIN, f"{_LOGIN}/"):
            app.router.routes.insert(0, Route(path, self._sign_in, methods=["GET", "POST"]))
        hide_sessions(app)
        # Gradio answers where it is asked by GET: it ends all sessions of a name.
        app.router.routes.insert(0, Route(_LOGOUT, self._sign_out, methods=["POST"]))

    def ask(
        self, request: Request, go_on: str, *, problem: str = "", name: str = "", status: int = 200
    ) -> HTMLResponse:
        """Ask who is there, in the reader's language; `go_on` is what comes after the page's "?" for who is in."""
        ways = [(way.name, f"{way.path}?{GO_ON}={quote(go_on, safe='')}") for way in self._ways]
        page = sign_in_html(
            _words(request), go_on=go_on, problem=problem, name=name, passwords=self._is_right is not None, ways=ways
        )
        return HTMLResponse(page, status, headers=_NOT_KEPT)

    def let_in(self, request: Request, name: str, response: Response, leaving: Leaving | None = None) -> None:
        """Begin a session under a name, by cookies of the response; one that the browser had before is over.

        `leaving` tells where whoever signs out goes on to sign out elsewhere; it may raise `SignInError`.
        """
        self._sessions.end(request)
        token = secrets.token_urlsafe(32)
        self._pages.tokens[token] = name
        if leaving is not None:
            self._pages.tokens.remember(token, leaving)
        # A secret of its own for each sign-in: one that somebody has put into the browser before opens nothing.
        is_safe = request.url.scheme == "https"
        key = self._sessions.cookie(is_safe=is_safe)
        response.set_cookie(key, token, httponly=True, samesite="lax", secure=is_safe)

    async def _sign_in(self, request: Request) -> Response:
        if request.method != "POST" or self._is_right is None:
            return RedirectResponse(_HOME, 303, headers=_NOT_KEPT)
        # A browser's page is answered with a page, a program with JSON, as Gradio does.
        async with Request(request.scope, limited(request.receive, _LARGEST)).form(max_files=0, max_fields=10) as form:
            given = {field: form.get(field) for field in ("username", "password", GO_ON)}
        name, password, go_on = (value if isinstance(value, str) else None for value in given.values())
        name = (name or "").strip()
        if not name or not password:
            return self._told(request, go_on, name, 422, _words(request).say("sign_in.wrong"))
        try:
            is_in = await self._check(request, name, password)
        except TooManyTriesError as error:
            wait = {"retry-after": str(error.whole_seconds)}
            return self._told(request, go_on, name, 429, wait_said(_words(request), error.minutes), wait)
        except LibraryError as error:
            _log.warning("nobody can sign in, since tries cannot be counted: %s", error)
            return self._told(request, go_on, name, 503, _words(request).say("sign_in.unavailable"))
        if not is_in:
            # What programs are told are Gradio's words.
            said = _words(request).say("sign_in.wrong") if go_on is not None else "Incorrect credentials."
            return self._told(request, go_on, name, 400, said)
        response: Response = JSONResponse({"success": True}, headers=_NOT_KEPT)
        if go_on is not None:
            response = RedirectResponse(home(go_on), 303, headers=_NOT_KEPT)
        self.let_in(request, name, response)
        return response

    async def _sign_out(self, request: Request) -> Response:
        """End the session of a browser, and tell its page where to go: home, or on to where it was let in."""
        tokens: Any = self._pages.tokens
        leaving = next(filter(None, map(tokens.leaving, self._sessions.tokens(request))), None)
        # Before anybody else is asked: whatever becomes of that, it is over here.
        self._sessions.end(request)
        address = ""
        try:
            if leaving is not None:
                here = f"{request.url.scheme}://{request.url.netloc}"
                address = await run_sync(leaving, here)
        except SignInError as error:
            _log.warning("signing out: %s", error)
        response = JSONResponse({"address": address or _HOME}, headers=_NOT_KEPT)
        for is_safe in (True, False):
            response.delete_cookie(self._sessions.cookie(is_safe=is_safe))
        return response

    async def _check(self, request: Request, name: str, password: str) -> bool:
        """Tell whether a password is right; the work is done in a thread, since it holds everything else up."""
        assert self._is_right is not None
        if self._one.statistics().tasks_waiting >= _WAITING:
            raise LibraryError("Too many sign in at once. Try again in a moment.")
        is_right = functools.partial(self._is_right, name, password)
        if self._limit is None:
            return await run_sync(is_right, limiter=self._one)
        # Behind a proxy that uvicorn trusts (FORWARDED_ALLOW_IPS) it is whom the proxy asks for.
        address = request.client.host if request.client else ""
        return await run_sync(self._limit.check, name, address, is_right, limiter=self._one)

    def _told(
        self, request: Request, go_on: str | None, name: str, status: int, said: str,
        headers: dict[str, str] | None = None,
    ) -> Response:  # fmt: skip
        if go_on is None:
            return JSONResponse({"detail": said}, status, headers={**_NOT_KEPT, **(headers or {})})
        page = self.ask(request, go_on, problem=said, name=name, status=status)
        page.headers.update(headers or {})
        return page


def home(go_on: str) -> str:
    """Return the page's own address with what comes after its "?": whatever that is, it leads nowhere else."""
    return f"{_HOME}?{go_on}" if go_on else _HOME


def wait_said(words: Messages, minutes: int) -> str:
    """Say how long nobody may try; the same of a name that there is and of one that there is not."""
    return words.count("sign_in.wait", minutes)


class _Home:
    """The page for who is in, and the question who is there for everybody else."""

    def __init__(self, pages: "ASGIApp", sessions: Sessions, ask: Callable[[Request, str], Response]) -> None:
        self._pages = pages
        self._sessions = sessions
        self._ask = ask

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        request = Request(scope)
        may_enter = self._sessions.may_enter(request) or request.method not in ("GET", "HEAD")
        await (self._pages if may_enter else self._ask(request, request.url.query))(scope, receive, send)


def _words(request: Request) -> Messages:
    return messages_accepted(request.headers.get("accept-language", ""))
