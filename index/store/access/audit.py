"""The audit log: who did what to the library, and when, written in the transaction of what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

from index.store.access.actors import Actor, Way, current_actor
from index.store.access.grants import written_grant
from index.store.engines.protocol import Database

_COLUMNS = "number, at, who, role, way, action, object, count"
# More entries than any log has: no limit.
_ALL = 2**62


class AuditAction(Enum):
    """What is written down; nothing that only reads is."""

    ADDED = "added"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    EXPORTED = "exported"
    IMPORTED = "imported"
    SHARED = "shared"
    TOKEN_ADDED = "token-added"
    TOKEN_REVOKED = "token-revoked"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_IN_LOCKED = "sign-in-locked"
    SIGN_IN_UNLOCKED = "sign-in-unlocked"
    PRUNED = "pruned"
    DOSSIER_MADE = "dossier-made"
    DOSSIER_REMOVED = "dossier-removed"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    COLLECTION_ADDED = "collection-added"
    COLLECTION_REMOVED = "collection-removed"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log: `actor` did `action` to `object`, of which there were `count`, at a time in UTC.

    `object` is an article's id, the beginning of a link's or a dossier's, the name of a token, a file or a collection,
    an article's id and after an arrow the collections that it was put in, the name that somebody tried to sign in with
    (empty for one that is nobody's) or the address that it was tried from, or the day up to which the log was pruned.
    """

    number: int
    at: datetime
    actor: Actor
    action: AuditAction
    object: str
    count: int


class AuditLog:
    """The log of one library; it is added to, read, and pruned by the day, and nothing in it is ever changed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(self, action: AuditAction, object: str, count: int = 1) -> None:
        """Write down what whoever acts now has done; inside the commit of that."""
        actor = current_actor()
        self._db.ensure("audit")
        self._db.run(
            "INSERT INTO audit (at, who, role, way, action, object, count) VALUES (?, ?, ?, ?, ?, ?, ?)",
            datetime.now(UTC).isoformat(timespec="milliseconds"), actor.name, actor.role.value, actor.way.value,
            action.value, object, count,
        )  # fmt: skip

    def count(self, counts: Mapping[tuple[AuditAction, str], int]) -> None:
        """Write down how often things happened, each to its object, in a commit of its own."""
        with self._db.commit():
            for (action, object), count in counts.items():
                self.record(action, object, count)

    def entries(
        self, *, since: date | None = None, who: str | None = None, action: AuditAction | None = None,
        before: int | None = None, limit: int | None = None,
    ) -> list[AuditEntry]:  # fmt: skip
        """Return the entries, newest first: from a day on (UTC), of one name, of one action, older than a number."""
        if not self._db.has("audit"):
            return []
        asked: dict[str, object] = {
            "at >= ?": since.isoformat() if since else None,
            "who = ?": who,
            "action = ?": action.value if action else None,
            "number < ?": before,
        }
        given = {condition: value for condition, value in asked.items() if value is not None}
        where = " AND ".join(given) or "TRUE"
        rows = self._db.all(
            f"SELECT {_COLUMNS} FROM audit WHERE {where} ORDER BY number DESC LIMIT ?",
            *given.values(), _ALL if limit is None else limit,
        )  # fmt: skip
        return [_entry(row) for row in rows]

    def prune(self, before: date) -> int:
        """Let go of the entries from before a day (UTC), which is written down itself; returns how many went."""
        with self._db.commit():
            self._db.ensure("audit")
            gone = self._db.run("DELETE FROM audit WHERE at < ?", before.isoformat())
            self.record(AuditAction.PRUNED, before.isoformat(), gone)
        return gone


def _entry(row: Sequence[object]) -> AuditEntry:
    number, at, who, role, way, action, object, count = row
    actor = Actor(Way(way), str(who), written_grant(str(role)))
    return AuditEntry(
        int(str(number)), datetime.fromisoformat(str(at)), actor, AuditAction(action), str(object), int(str(count))
    )
