"""Who may call as a program, and with how much: asked before anything of a call is read."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from index.errors import KhabarError
from index.store.access.actors import Actor, Way, acting
from index.store.access.roles import AccessRole
from index.store.access.tokens import BearerToken
from ui.page.queueing.fairness import Asker
from ui.page.queueing.queue import person_of
from ui.page.security import is_of_another_site, limited
from ui.page.sessions import Permissions, Sessions
from ui.rest.problems import Problem, told

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# The longest body, in bytes: a question and the answers that it hangs on, or an article.
LARGEST = 2**20
# Of a length that somebody who can count would send.
_DIGITS = 15
_JSON = "application/json"
_SCHEME = "bearer"
# What a request's state has of the other site whose page it comes from, where that may call: its origin.
SITE = "site"


class _Refused(Exception):
    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


class Gate:
    """Middleware that lets those in who have a bearer token or have signed in, or everybody where nobody has to.

    `find` returns the token that a caller shows, where it is one that holds. A caller who shows one that does not
    is refused, also where none is needed. A token has its own role, whoever has signed in the one that `permissions`
    give. Who calls from the page of another site, as `request.state` has it by `SITE`, may read, and shows that site's
    token where one is needed: it holds nowhere else, and a sign-in and other tokens do not there. By the `way` of MCP a
    browser's sign-in opens nothing, and no page of another site gets through.
    """

    def __init__(
        self,
        app: "ASGIApp",
        sessions: Sessions,
        permissions: Permissions,
        find: Callable[[str], BearerToken | None],
        way: Way,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._permissions = permissions
        self._find = find
        self._way = way
        self._tokens_only = way is Way.MCP

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request; `request.state` tells who calls: as an `asker`, who takes turns, and as an `actor`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            request.state.asker, request.state.actor = await self._caller(request)
            _check_body(request)
        except _Refused as refused:
            await told(Problem.of(refused.status, refused.detail), refused.headers)(scope, receive, send)
        except KhabarError as error:
            # The catalog cannot be read, and so no token either.
            await told(Problem.raised(error, request.headers.get("accept-language", "")))(scope, receive, send)
        else:
            with acting(request.state.actor):
                await self._app(scope, limited(receive, LARGEST, _too_large()), send)

    async def _caller(self, request: Request) -> tuple[Asker, Actor]:
        site: str | None = getattr(request.state, SITE, None)
        is_elsewhere = self._tokens_only and is_of_another_site(request.headers)
        if site is None and (is_elsewhere or request.headers.get("sec-fetch-site") == "cross-site"):
            raise _Refused(403, "Another site's page may not do this.")
        shown = request.headers.getlist("authorization")
        if "access_token" in request.query_params:
            # Addresses are written to logs and histories.
            raise _unauthorized("A token does not go into the address. Send it as Authorization: Bearer TOKEN.")
        if any(header.partition(" ")[0].lower() == _SCHEME for header in shown):
            found = await run_in_threadpool(self._find, shown[0].partition(" ")[2].strip()) if len(shown) == 1 else None
            # Of a site's token that is shown elsewhere nothing more is said than of one that is none.
            if found is None or found.origin != site:
                raise _unauthorized("This token is unknown, revoked or expired. Ask whoever runs Khabar for another.")
            # A token's name is nobody's who signs in: two of one name are two.
            known = f"token {found.name}"
            # All visitors of a site show the same one: they take turns by their addresses.
            asker = Asker(known) if site is None else Asker(person_of(request, None), site=site)
            return asker, Actor(self._way, known, found.role)
        has_sessions = self._sessions.are_needed and not self._tokens_only and site is None
        name = self._sessions.name(request) if has_sessions else None
        if self._sessions.are_needed and name is None:
            how = "Sign in, or send a token" if has_sessions else "Send a token"
            raise _unauthorized(f"{how} as Authorization: Bearer TOKEN.", challenge="Bearer")
        if site is not None:
            return Asker(person_of(request, None), site=site), Actor(self._way, "", AccessRole.READER)
        return Asker(person_of(request, name)), self._permissions.somebody(name, self._way)


def _unauthorized(detail: str, challenge: str = 'Bearer error="invalid_token"') -> _Refused:
    return _Refused(401, detail, **{"www-authenticate": challenge})


def _check_body(request: Request) -> None:
    # Nothing of a body is read with these. Another site's page cannot send DELETE: a browser asks first, in vain.
    is_bare = request.method in ("GET", "HEAD", "OPTIONS", "DELETE")
    if not is_bare and request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise _Refused(415, f"Send JSON, with Content-Type: {_JSON}.")
    length = request.headers.get("content-length", "0")
    if len(length) > _DIGITS or (length.isdecimal() and int(length) > LARGEST):
        raise _Refused(413, _too_large())


def _too_large() -> str:
    return f"A call has at most {LARGEST} bytes. Send fewer earlier turns, or a shorter article."
