"""Answers that readers share by a link, kept in the catalog beside the articles."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from index.errors import LibraryError, QueryError, StorageError
from index.store.access.audit import AuditAction, AuditLog
from index.store.engines.protocol import Database

# How long a link lasts, how many there are at most, and how long what is shared may be, in characters of JSON.
LASTS = timedelta(days=365)
MOST = 10_000
LONGEST = 500_000

_KEY = "sharing_key"
# How much of a link's id the audit log has: enough to tell one from another, too little to open it.
_LOGGED = 8


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """One shared answer: the `id` of its link, which cannot be guessed, its JSON, and when it was shared, in UTC."""

    id: str
    content: Mapping[str, object]
    at: datetime


class SharedTable:
    """The shared answers in one library's catalog; the table is made when the first one is shared."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._audit = AuditLog(database)
        self._key = b""

    def keep(self, content: Mapping[str, object]) -> SharedAnswer:
        """Keep plain JSON values under a new id, and let go of what is too old or too much.

        The same content again has the same id, and lasts anew. Raises `QueryError` for what is too long,
        `LibraryError` where the catalog cannot be written.
        """
        text = _text(content)
        if len(text) > LONGEST:
            raise QueryError("This answer is too long to be shared. Save the conversation, and send the file.")
        now = datetime.now(UTC)
        with self._db.commit():
            # Made from the content and a secret of the library's: shared twice, an answer is kept once.
            id = self._keyed("link", text)[:32]
            self._db.ensure("shared")
            self._db.run(
                "INSERT INTO shared VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
                id,
                _written(now),
                text,
            )
            self._db.run("DELETE FROM shared WHERE at < ?", _written(now - LASTS))
            self._db.run("DELETE FROM shared WHERE id NOT IN (SELECT id FROM shared ORDER BY at DESC LIMIT ?)", MOST)
            self._audit.record(AuditAction.SHARED, id[:_LOGGED])
        return SharedAnswer(id, content, now)

    def find(self, id: str) -> SharedAnswer | None:
        """Return what is shared under an id, or None where there is nothing, or nothing any more."""
        if not self._db.has("shared"):
            return None
        oldest = _written(datetime.now(UTC) - LASTS)
        row = self._db.one("SELECT at, content FROM shared WHERE id = ? AND at >= ?", id, oldest)
        return SharedAnswer(id, json.loads(row[1]), datetime.fromisoformat(row[0])) if row else None

    def seal(self, content: Mapping[str, object]) -> str:
        """Return what shows, when the content comes back from elsewhere, that it was handed out here."""
        return self._keyed("seal", _text(content))

    def is_sealed(self, content: Mapping[str, object], seal: str) -> bool:
        """Tell whether this is the content's seal."""
        return hmac.compare_digest(self.seal(content).encode(), seal.encode("utf-8", "surrogatepass"))

    def _keyed(self, use: str, text: str) -> str:
        self._key = self._key or self._secret()
        return hmac.new(self._key, f"{use}:{text}".encode(), hashlib.sha256).hexdigest()

    def _secret(self) -> bytes:
        """Return the library's secret, made when it is first needed; on a read-only disk, one of this process's."""
        made = secrets.token_hex(32)
        row = self._db.one("SELECT value FROM meta WHERE key = ?", _KEY)
        if row is None:
            try:
                self._db.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", _KEY, made)
            except StorageError:
                # A server that does not answer now has the secret all the same.
                raise
            except LibraryError:
                return bytes.fromhex(made)
            row = self._db.one("SELECT value FROM meta WHERE key = ?", _KEY)
        return bytes.fromhex(row[0] if row else made)


def _text(content: Mapping[str, object]) -> str:
    # ASCII alone: whatever a question holds can be written and hashed.
    return json.dumps(content, sort_keys=True)


def _written(time: datetime) -> str:
    return time.isoformat(timespec="seconds")
