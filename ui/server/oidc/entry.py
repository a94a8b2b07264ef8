"""The two addresses of signing in at a provider: where a browser begins, and where it comes back to."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from index.errors import SignInError, SignInRefusedError
from index.languages.messages import messages_accepted
from index.store.access.roles import AccessGrant
from ui.page.entry.entry import PageEntry, home
from ui.page.entry.form import GO_ON, OtherWay
from ui.page.entry.session_tokens import Leaving
from ui.server.oidc.people import OidcPerson
from ui.server.oidc.provider import Begun, OidcProvider

if TYPE_CHECKING:
    from fastapi import FastAPI

_log = logging.getLogger(__name__)
_FOLDER = "/oidc"
_BEGIN, _BACK = f"{_FOLDER}/sign-in", f"{_FOLDER}/callback"
_COOKIE = "khabar-sign-in"
# Seconds that somebody has for signing in there, and sign-ins under way that are remembered.
_LASTS = 600
_MOST = 10_000
# Longer addresses than the page has.
_LONGEST = 2048
# Requests to the provider at a time: one that does not answer must not hold up everything else.
_AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class _Flow:
    begun: Begun
    go_on: str
    ends: float


class OidcEntry:
    """Lets in whom a provider knows, and remembers what they may do until the server ends.

    `is_taken` tells of a name whether somebody has it by the sign-in file: nobody becomes them. `failed` is called for
    whoever is not let in.
    """

    def __init__(
        self,
        provider: OidcProvider,
        *,
        is_taken: Callable[[str], bool] = lambda name: False,
        failed: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._is_taken = is_taken
        self._failed = failed
        self._now = now
        self._roles: dict[str, AccessGrant] = {}
        self._flows: dict[str, _Flow] = {}
        self._some = CapacityLimiter(_AT_A_TIME)

    @property
    def way(self) -> OtherWay:
        """What the sign-in page shows of it."""
        return OtherWay(self._provider.choice.label, _BEGIN)

    def role(self, name: str) -> AccessGrant | None:
        """Return what somebody may do who has signed in there, by what the provider said last; None for all others."""
        return self._roles.get(name)

    def serve(self, app: "FastAPI", entry: PageEntry) -> None:
        """Take the two addresses on in an application whose page asks who is there."""

        async def begin(request: Request) -> Response:
            return await self._begin(request, entry)

        async def back(request: Request) -> Response:
            return await self._back(request, entry)

        app.router.routes.insert(0, Route(_BEGIN, begin))
        app.router.routes.insert(0, Route(_BACK, back))

    async def _begin(self, request: Request, entry: PageEntry) -> Response:
        go_on = request.query_params.get(GO_ON, "")[:_LONGEST]
        back = f"{request.url.scheme}://{request.url.netloc}{_BACK}"
        try:
            begun = await run_sync(self._provider.begin, back, limiter=self._some)
        except SignInError as error:
            return self._refused(request, entry, go_on, error)
        key = secrets.token_urlsafe(32)
        self._remember(key, _Flow(begun, go_on, self._now() + _LASTS))
        response = RedirectResponse(begun.address, 303, headers={"cache-control": "no-store"})
        response.set_cookie(
            _COOKIE, key, max_age=_LASTS, path=_FOLDER, httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    async def _back(self, request: Request, entry: PageEntry) -> Response:
        if not {"code", "error", "state"} & set(request.query_params):
            # From signing out there, which this address is registered for already.
            return RedirectResponse(home(""), 303, headers={"cache-control": "no-store"})
        # Whatever comes of it, nobody comes back twice.
        flow = self._flows.pop(request.cookies.get(_COOKIE, ""), None)
        try:
            person = await self._who(request, flow)
        except SignInError as error:
            response = self._refused(request, entry, flow.go_on if flow else "", error)
        else:
            self._roles[person.name] = person.role
            response = RedirectResponse(home(flow.go_on if flow else ""), 303, headers={"cache-control": "no-store"})
            entry.let_in(request, person.name, response, self._leaving(person.token))
        response.delete_cookie(_COOKIE, path=_FOLDER)
        return response

    async def _who(self, request: Request, flow: _Flow | None) -> OidcPerson:
        said = request.query_params
        if flow is None or flow.ends <= self._now():
            raise SignInError("no sign-in has begun in this browser, or it is over")
        if not secrets.compare_digest(said.get("state", "").encode(), flow.begun.state.encode()):
            raise SignInError("what came back belongs to another sign-in (state)")
        # RFC 9207: who answers says so, where it does.
        if said.get("iss", self._provider.choice.issuer) != self._provider.choice.issuer:
            raise SignInError("another provider answers than was asked (iss)")
        if "error" in said or not said.get("code"):
            raise SignInRefusedError("the provider has let nobody in")
        person = await run_sync(self._provider.finish, said["code"], flow.begun, limiter=self._some)
        if self._is_taken(person.name):
            raise SignInRefusedError("the name is in the sign-in file, whose password it needs")
        return person

    def _leaving(self, token: str) -> Leaving:
        """Return what tells where somebody signs out there, to come back to the same address of Khabar's."""
        return lambda here: self._provider.leave(token, f"{here}{_BACK}")

    def _refused(self, request: Request, entry: PageEntry, go_on: str, error: SignInError) -> Response:
        _log.warning("signing in by OpenID Connect: %s", error)
        self._failed()
        is_refused = isinstance(error, SignInRefusedError)
        words = messages_accepted(request.headers.get("accept-language", ""))
        said = words.say("sign_in.not_allowed" if is_refused else "sign_in.failed")
        return entry.ask(request, go_on, problem=said, status=403 if is_refused else 400)

    def _remember(self, key: str, flow: _Flow) -> None:
        """Keep a sign-in that has begun: those that are over go, and beyond the limit the oldest."""
        now = self._now()
        while self._flows:
            oldest = next(iter(self._flows))
            if len(self._flows) < _MOST and self._flows[oldest].ends > now:
                break
            del self._flows[oldest]
        self._flows[key] = flow
