"""Who may come in to a served page, by the settings: with a password, by a provider, and how often they may try."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import QueryError, SettingsError
from index.store.access.grants import NOTHING, collections_of
from index.store.access.roles import AccessGrant, AccessRole
from index.store.access.tries import TryLimit
from ui.page.app import Page, web_app
from ui.page.entry.limit import SignInLimit
from ui.server.oidc.entry import OidcEntry
from ui.server.oidc.people import OidcChoice
from ui.server.oidc.provider import OidcProvider
from ui.server.refused import CountedSignIn
from ui.server.signin import SignIn
from ui.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index import Library
    from ui.rest.origins import WidgetOrigins


@dataclass(frozen=True, slots=True)
class OpenedEntrance:
    """The page behind a web server, and what writes failed sign-ins down while that runs."""

    app: "FastAPI"
    writing: AbstractContextManager[None]


class Entrance:
    """The ways in that the settings name; none: everybody may do everything.

    Raises `SettingsError` for a sign-in file that cannot be read and a provider that is half named.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sign_in = SignIn.open(settings.auth_file) if settings.auth_file else None
        choice = OidcChoice.of(settings)
        self._provider = OidcProvider(choice) if choice else None
        self._oidc: OidcEntry | None = None

    def open(
        self, page: Page, library: "Library", hosts: Collection[str] | None, origins: "WidgetOrigins"
    ) -> OpenedEntrance:
        """Put the page behind a web server, which lets in what pages of the `origins` may send.

        Raises `SettingsError` for a role in a collection that there is not.
        """
        for grant in self._grants:
            _check_there(grant, library)
        settings = self._settings
        door = CountedSignIn(self._sign_in, library.audit)
        most = TryLimit(settings.sign_in_tries, settings.sign_in_minutes * 60)
        limit = SignInLimit(library.tries, most, door.locked)
        if self._provider:
            self._oidc = OidcEntry(self._provider, is_taken=self._has_password, failed=door.failed)
        app = web_app(
            page,
            auth=door if self._sign_in else None,
            roles=self._role if self._sign_in or self._oidc else None,
            hosts=hosts,
            limit=limit,
            ways=[self._oidc.way] if self._oidc else [],
            session_seconds=settings.session_hours * 3600,
            lets_in=origins.lets_in,
        )
        if self._oidc:
            self._oidc.serve(app, app.state.entry)
        return OpenedEntrance(app, door.writing(limit.forget))

    def _has_password(self, name: str) -> bool:
        return self._sign_in is not None and self._sign_in.knows(name)

    @property
    def _grants(self) -> list[AccessGrant]:
        """What the sign-in file and the provider's groups may do."""
        own = self._sign_in.roles if self._sign_in else []
        return own + list(self._provider.choice.roles.values() if self._provider else ())

    def _role(self, name: str) -> AccessGrant:
        if self._sign_in is not None and self._sign_in.knows(name):
            return self._sign_in.role(name)
        least = NOTHING if any(grant.scope for grant in self._grants) else AccessRole.READER
        return (self._oidc.role(name) if self._oidc else None) or least


def _check_there(grant: AccessGrant, library: "Library") -> None:
    try:
        library.collections.checked(sorted(collections_of(grant)))
    except QueryError as error:
        raise SettingsError(f"The role {grant.value!r} cannot be held: {error}") from error
