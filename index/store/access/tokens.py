"""Bearer tokens: what a script shows to be let in, kept in the catalog as hashes beside the articles."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from index.errors import SettingsError
from index.store.access.audit import AuditAction, AuditLog
from index.store.access.grants import NOTHING, written_grant
from index.store.access.origins import checked_origin
from index.store.access.roles import AccessGrant, AccessRole
from index.store.engines.protocol import Database

# What a token begins with, so that somebody who comes across one knows it, and so do tools that look for leaked ones.
_PREFIX = "khabar_"
_BYTES = 32
_LONGEST_NAME = 100
# What letters and emoji are joined by, which is not seen and belongs to them.
_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
_LONGEST_TOKEN = 200
_COLUMNS = "name, hash, created, expires, role, origin"


@dataclass(frozen=True, slots=True)
class BearerToken:
    """A token that was handed out under a `name`; it holds until it `expires`, in UTC (None: until it is revoked).

    `role` is what whoever shows it may do: one role, or roles by collection. One with an `origin` is for the pages of
    that site, whose visitors all get to see it: it holds for what a browser sends from there alone.
    """

    name: str
    created: datetime
    expires: datetime | None = None
    role: AccessGrant = AccessRole.READER
    origin: str | None = None

    def is_expired(self, now: datetime) -> bool:
        """Tell whether it holds no more."""
        return self.expires is not None and self.expires <= now


class TokenTable:
    """The bearer tokens of one library; the table is made when the first one is handed out.

    A token is 256 random bits, which nobody can guess: a plain SHA-256 of it keeps it as secret as a slow hash would,
    which passwords need, since those can be guessed.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._audit = AuditLog(database)

    def add(
        self,
        name: str,
        lasts: timedelta | None,
        role: AccessGrant = AccessRole.READER,
        *,
        origin: str | None = None,
    ) -> str:
        """Hand out a token under a name, for so long (None: until it is revoked); only its hash is kept.

        With an `origin` it is for that site's pages, and a reader's. Raises `SettingsError` for a name that is none or
        has a token, for a role that no token may have and for an origin that is none, `LibraryError` where the catalog
        cannot be written.
        """
        # Programs read, or keep the articles up to date; people, tokens and settings are for people.
        if role.includes(AccessRole.ADMIN):
            raise SettingsError("A token is a reader's or an editor's: --role reader, --role editor.")
        if origin is not None and role.includes(AccessRole.EDITOR):
            raise SettingsError("A site's token is seen by all its visitors: it is a reader's. Leave --role out.")
        origin = checked_origin(origin) if origin is not None else None
        name = name.strip()
        if not name or not name.translate(_JOINERS).isprintable() or len(name) > _LONGEST_NAME:
            raise SettingsError(f"A token's name has 1 to {_LONGEST_NAME} characters that can be read. Choose another.")
        now, token = datetime.now(UTC), _PREFIX + secrets.token_urlsafe(_BYTES)
        try:
            expires = _written(now + lasts) if lasts is not None else None
        except OverflowError as error:
            raise SettingsError("A token cannot last so long. Let it last until it is revoked: never.") from error
        with self._db.commit():
            self._db.ensure("token")
            taken = self._db.run(
                f"INSERT INTO token ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                name, _hash(token), _written(now), expires, role.value, origin,
            )  # fmt: skip
            if taken != 1:
                raise SettingsError(f"There is a token {name!r} already. Revoke it first: khabar tokens revoke NAME")
            self._audit.record(AuditAction.TOKEN_ADDED, name)
        return token

    def all(self) -> list[BearerToken]:
        """Return every token that is not revoked, expired ones too, by name."""
        return [token for token, _ in self._rows()]

    def find(self, token: str) -> BearerToken | None:
        """Return what a token was handed out as, where it still holds; None for any other text."""
        # Every hash is compared, to its end: how long that takes says nothing about any of them.
        hashed, now = _hash(token[:_LONGEST_TOKEN]), datetime.now(UTC)
        found = [known for known, hash_ in self._rows() if hmac.compare_digest(hash_, hashed)]
        return found[0] if found and not found[0].is_expired(now) else None

    def revoke(self, name: str) -> None:
        """Let a token hold no more, from the next call on; raises `SettingsError` where there is none of this name."""
        with self._db.commit():
            if not self._db.has("token") or not self._db.run("DELETE FROM token WHERE name = ?", name.strip()):
                raise SettingsError(
                    f"There is no token {name!r} here. `khabar tokens list` shows those that there are."
                )
            self._audit.record(AuditAction.TOKEN_REVOKED, name.strip())

    def clear(self) -> None:
        """Let go of every token, in a library that was made of another's export."""
        if self._db.has("token"):
            self._db.run("DELETE FROM token")

    def _rows(self) -> list[tuple[BearerToken, str]]:
        if not self._db.has("token"):
            return []
        rows = self._db.all(f"SELECT {_COLUMNS} FROM token ORDER BY name")
        return [
            (
                BearerToken(
                    str(name),
                    _read(created),
                    _read(expires) if expires else None,
                    # Whatever else is written there, a site's token is a reader's.
                    _role(role) if origin is None else AccessRole.READER,
                    str(origin) if origin is not None else None,
                ),
                str(hash_),
            )
            for name, hash_, created, expires, role, origin in rows
        ]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _role(written: object) -> AccessGrant:
    if written is None:
        # Older than roles, where it may not be written.
        return AccessRole.READER
    # Whatever else is written there, no token may do more than was meant.
    found = written_grant(str(written))
    return NOTHING if found.includes(AccessRole.ADMIN) else found


def _written(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")


def _read(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
