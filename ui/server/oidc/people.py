"""What a provider says of somebody, and who that is here: a name, and what it may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from index.errors import SettingsError, SignInRefusedError
from index.store.access.grants import NOTHING, grant_of, together
from index.store.access.roles import AccessGrant, AccessRole
from ui.settings import Settings

_EMAIL = "email"
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class OidcChoice:
    """Which provider is asked who somebody is, as what (`client_id`, `secret`), and what is made of its answer.

    The claim `name_claim` is the name here; `role_claim`, whose parts are joined by dots, holds groups, which `roles`
    gives roles to, or without those the role itself. Where there are `domains`, the mail address is of one of them.
    `label` is what people are shown.
    """

    issuer: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    label: str = ""
    name_claim: str = _EMAIL
    role_claim: str = "groups"
    roles: Mapping[str, AccessGrant] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    private_hosts: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "OidcChoice | None":
        """Return what the settings choose; None where they name no provider. Raises `SettingsError` for half of it."""
        if settings.oidc_issuer is None:
            return None
        if settings.oidc_client_id is None:
            raise SettingsError("KHABAR_OIDC_ISSUER needs the name that it knows Khabar by: set KHABAR_OIDC_CLIENT_ID.")
        address = urlsplit(settings.oidc_issuer)
        if address.scheme != "https" and not (address.scheme == "http" and settings.allow_private_hosts):
            raise SettingsError("KHABAR_OIDC_ISSUER begins with https://. Write it as the provider's documents do.")
        secret = settings.oidc_client_secret
        return cls(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            secret=secret.get_secret_value() if secret else None,
            label=settings.oidc_label or address.hostname or settings.oidc_issuer,
            name_claim=settings.oidc_name_claim,
            role_claim=settings.oidc_role_claim,
            roles={group: grant_of(role, "KHABAR_OIDC_ROLES") for group, role in settings.oidc_roles.items()},
            domains=tuple(domain.lower().lstrip("@") for domain in settings.oidc_domains),
            private_hosts=settings.allow_private_hosts,
        )


@dataclass(frozen=True, slots=True)
class OidcPerson:
    """Somebody whom a provider knows: a name, and what whoever has it may do.

    `token` is what the provider said of them, signed, by which it knows who signs out.
    """

    name: str
    role: AccessGrant
    token: str = field(default="", repr=False, compare=False)


def person_of(claims: Mapping[str, Any], choice: OidcChoice) -> OidcPerson:
    """Return who somebody is by the claims of a token that has been checked.

    Raises `SignInRefusedError` for an account without a usable name, whose mail address nobody has verified where it
    counts, or of another domain.
    """
    if choice.domains and _verified(claims).rpartition("@")[2] not in choice.domains:
        raise SignInRefusedError("the mail address is of no domain in KHABAR_OIDC_DOMAINS")
    name = _verified(claims) if choice.name_claim == _EMAIL else claims.get(choice.name_claim)
    # As one word that is seen: not like the name of a token, and nobody's but its own.
    if not isinstance(name, str) or not name or not name.isprintable() or " " in name or len(name) > _LONGEST_NAME:
        raise SignInRefusedError(f"the claim {choice.name_claim} is no name: see KHABAR_OIDC_NAME_CLAIM")
    return OidcPerson(name, _role(claims, choice))


def _verified(claims: Mapping[str, Any]) -> str:
    """Return a mail address that the provider vouches for: of another one anybody could say that it is theirs."""
    email = claims.get(_EMAIL)
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        raise SignInRefusedError("the provider does not say that the mail address is verified (email, email_verified)")
    return email.lower()


def _role(claims: Mapping[str, Any], choice: OidcChoice) -> AccessGrant:
    """Return all that the claim's roles allow; whoever has none reads, where roles are held by collection the rest."""
    # A claim's own name may have dots in it, as those that are addresses do.
    found: Any = claims.get(choice.role_claim)
    if found is None:
        found = claims
        for part in choice.role_claim.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    said = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    known: Mapping[str, AccessGrant] = choice.roles or {role.value: role for role in AccessRole}
    given = [known[group] for group in said if isinstance(group, str) and group in known]
    if not given:
        return NOTHING if any(grant.scope for grant in known.values()) else AccessRole.READER
    return together(given)
