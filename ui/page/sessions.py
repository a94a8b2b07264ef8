"""Who has signed in to the page with a browser, and what they may do: what else is served beside it asks here."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

from gradio.context import LocalContext
from starlette.requests import Request

from index.errors import AccessError
from index.languages.messages import messages_accepted
from index.store.access.actors import Actor, Way, acting
from index.store.access.grants import NOTHING
from index.store.access.roles import AccessGrant, AccessRole
from ui.page.conversation.session import ChatSession
from ui.page.widgets import notice


class Permissions:
    """What people may do with the page and its endpoints: everybody everything, until `hold_to` says otherwise."""

    def __init__(self) -> None:
        self._role_of: Callable[[str], AccessGrant] | None = None

    def hold_to(self, role_of: Callable[[str], AccessGrant]) -> None:
        """Let people do what the roles allow that `role_of` gives their names."""
        self._role_of = role_of

    def role(self, name: str | None) -> AccessGrant:
        """Return what whoever has signed in under a name may do, or whoever calls where nobody has to (None)."""
        if self._role_of is None:
            return AccessRole.ADMIN
        return self._role_of(name) if name else NOTHING

    def somebody(self, name: str | None, way: Way = Way.PAGE) -> Actor:
        """Return who acts that has signed in under a name (None: nobody has)."""
        return Actor(way, name or "", self.role(name))

    def may_edit(self, name: str | None) -> bool:
        """Tell whether who has signed in under a name may change the library, or a collection of it."""
        return self.role(name).includes(AccessRole.EDITOR)

    def may_follow(self, name: str | None) -> bool:
        """Tell whether who has signed in under a name may have the library follow web addresses."""
        return self.may_edit(name) and self.role(name).scope is None

    def following(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that only those run who may change all of the library."""
        return self.editing(function, check=lambda role: role.check_may_edit_everything())

    def editing(
        self, function: Callable[..., Any], *, check: Callable[[AccessGrant], None] = lambda role: role.check_may_edit()
    ) -> Callable[..., Any]:
        """Return a function of the page or an endpoint that only those run who may change the library.

        Which articles of it, where they may not change all, is seen to by the library itself.

        Gradio has no other way to its functions than these themselves: however it is called, the function asks.
        """

        @wraps(function)
        def call(*arguments: Any) -> Any:
            with acting(self._editor(arguments, check)):
                return function(*arguments)

        @wraps(function)
        def steps(*arguments: Any) -> Iterator[Any]:
            actor = self._editor(arguments, check)
            with closing(function(*arguments)) as made:
                while True:
                    # Each step may be taken in another thread.
                    with acting(actor):
                        try:
                            step = next(made)
                        except StopIteration:
                            return
                    yield step

        return steps if isgeneratorfunction(function) else call

    def known(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the page that is done by whoever has signed in, for the audit log."""

        @wraps(function)
        def call(*arguments: Any) -> Any:
            with acting(self.actor()):
                return function(*arguments)

        return call

    def actor(self) -> Actor:
        """Return who has signed in, by the cookie of the call itself: a page's session is named by whoever calls."""
        request: Any = LocalContext.request.get(None)
        name = request.username if request else None
        return self.somebody(name)

    def _editor(self, arguments: tuple[Any, ...], check: Callable[[AccessGrant], None]) -> Actor:
        actor = self.actor()
        try:
            check(actor.role)
        except AccessError as error:
            request: Any = LocalContext.request.get(None)
            session = next((given for given in arguments if isinstance(given, ChatSession)), None)
            asked = request.headers.get("accept-language", "") if request else ""
            raise notice(error, session.words if session else messages_accepted(asked)) from error
        return actor


class Sessions:
    """The sessions that Gradio keeps in its application, `pages`, by its cookies."""

    def __init__(self, pages: Any) -> None:
        self._pages = pages

    @property
    def are_needed(self) -> bool:
        """Whether somebody has to sign in."""
        return self._pages.auth is not None

    def cookie(self, *, is_safe: bool) -> str:
        """Name the cookie of a session, as Gradio does: one that only goes over TLS, and one that need not."""
        return f"access-token-{'' if is_safe else 'unsecure-'}{self._pages.cookie_id}"

    def name(self, request: Request) -> str | None:
        """Return the name that a browser has signed in with, or None."""
        for is_safe in (True, False):
            cookie = request.cookies.get(self.cookie(is_safe=is_safe))
            # One look: between two of them a session may end.
            if cookie is not None and (name := self._pages.tokens.get(cookie)) is not None:
                return str(name)
        return None

    def tokens(self, request: Request) -> list[str]:
        """Return the secrets of the sessions that a browser names; they may be over."""
        found = (request.cookies.get(self.cookie(is_safe=is_safe)) for is_safe in (True, False))
        return [token for token in found if token is not None]

    def end(self, request: Request) -> None:
        """End the session of a browser, where it has one."""
        for token in self.tokens(request):
            self._pages.tokens.pop(token, None)

    def may_enter(self, request: Request) -> bool:
        """Tell whether a browser has signed in, or need not."""
        return not self.are_needed or self.name(request) is not None
