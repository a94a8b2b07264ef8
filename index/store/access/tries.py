"""Tries to sign in, counted in the catalog for all its servers: whoever fails too often waits, longer each time."""

import hashlib
import hmac
import ipaddress
import secrets
import threading
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from index.store.access.audit import AuditAction, AuditLog
from index.store.engines.leases import NOW
from index.store.engines.opening import open_database
from index.store.engines.protocol import Database

# The first wait, in seconds; each further try that fails doubles it.
_FIRST = 60.0
_LONGEST = 3600.0
_LONGEST_NAME = 200
# Whoever has one address of IPv6 has all that begin with as many bits.
_OWN_BITS = 64
_TABLE = "sign_in_try"
# Where the catalog keeps what names are hashed with.
_KEY = "sign_in_try"


class TryKind(Enum):
    """What tries are counted by."""

    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class TryLimit:
    """So many tries may fail within so many seconds of the first one, before whoever tries has to wait.

    What was counted is forgotten when a wait has been over for as many seconds.
    """

    tries: int = 5
    seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class CountedTry:
    """One try: whether it may be made, and for how many seconds none may after it (0: the next one may follow)."""

    is_allowed: bool
    wait: float


class TryTable:
    """The tries of one library, by the database's clock; each call is a statement or two, without a commit.

    A try counts as failed before it is made, so that a hundred at once are no more than one after another. Names are
    kept as keyed hashes: somebody may have typed a password in the wrong field. A library on a read-only disk counts
    in a file of its own, until the process ends.
    """

    def __init__(self, database: Database) -> None:
        self._catalog = database
        self._audit = AuditLog(database)
        self._lock = threading.Lock()
        self._own: tuple[TemporaryDirectory[str], Database] | None = None

    def begin(self, kind: TryKind, who: str, limit: TryLimit) -> CountedTry:
        """Count a try, which fails unless `take_back` or `clear` says otherwise; one during a wait is not counted.

        Raises `LibraryError` where nothing can be written.
        """
        db, who = self._writable, self._kept(kind, who)
        db.ensure(_TABLE)
        stale = _stale(limit)
        first = _FIRST if limit.tries <= 1 else 0.0
        wait = (
            f"CASE WHEN {stale} THEN {first} WHEN {_TABLE}.tries + 1 < {int(limit.tries)} THEN 0.0 "
            f"WHEN {_TABLE}.wait = 0.0 THEN {_FIRST} WHEN {_TABLE}.wait * 2.0 > {_LONGEST} THEN {_LONGEST} "
            f"ELSE {_TABLE}.wait * 2.0 END"
        )
        counted = db.all(
            f"INSERT INTO {_TABLE} (kind, who, tries, begun, wait, until) "
            f"VALUES (?, ?, 1, {NOW}, {first}, {NOW} + {first}) ON CONFLICT (kind, who) DO UPDATE SET "
            f"tries = CASE WHEN {stale} THEN 1 ELSE {_TABLE}.tries + 1 END, "
            f"begun = CASE WHEN {stale} THEN {NOW} ELSE {_TABLE}.begun END, wait = {wait}, until = {NOW} + {wait} "
            f"WHERE {_TABLE}.until <= {NOW} RETURNING wait",
            kind.value, who,
        )  # fmt: skip
        if counted:
            return CountedTry(True, float(counted[0][0]))
        left = db.one(f"SELECT until - {NOW} FROM {_TABLE} WHERE kind = ? AND who = ?", kind.value, who)
        # Between the two statements the wait may have ended, or somebody have been let in.
        return CountedTry(False, max(float(left[0]), 0.0) if left else 0.0)

    def take_back(self, kind: TryKind, who: str, counted: CountedTry) -> None:
        """Count a try no more, as it did not fail; what failed before it stays."""
        # What another try has to wait for stays. Its own wait is over since now, and not since ever: whoever may enter
        # does not make what failed before be forgotten sooner.
        own = f", wait = CASE WHEN wait <= {_FIRST} THEN 0.0 ELSE wait / 2.0 END, until = {NOW}" if counted.wait else ""
        self._writable.run(
            f"UPDATE {_TABLE} SET tries = tries - 1{own} WHERE kind = ? AND who = ? AND tries > 0",
            kind.value, self._kept(kind, who),
        )  # fmt: skip

    def clear(self, kind: TryKind, who: str) -> bool:
        """Forget what was counted for a name or an address; tells whether there was anything."""
        if not self._writable.has(_TABLE):
            return False
        return self._writable.run(
            f"DELETE FROM {_TABLE} WHERE kind = ? AND who = ?", kind.value, self._kept(kind, who)
        ) > 0  # fmt: skip

    def unlock(self, who: str) -> bool:
        """Let a name, or an address, be tried anew, which is written down; tells whether anything was counted for it.

        Raises `LibraryError` where the library cannot be written to.
        """
        who = who.strip()
        with self._catalog.commit():
            cleared = [self.clear(kind, who) for kind in TryKind]
            if any(cleared):
                self._audit.record(AuditAction.SIGN_IN_UNLOCKED, who)
        return any(cleared)

    def forget(self, limit: TryLimit) -> None:
        """Let go of what counts no more; to be called now and then."""
        if self._writable.has(_TABLE):
            self._writable.run(f"DELETE FROM {_TABLE} WHERE {_stale(limit)}")

    def close(self) -> None:
        """Remove the file of a library that cannot be written to, where there is one."""
        with self._lock:
            own, self._own = self._own, None
        if own is not None:
            own[1].close()
            own[0].cleanup()

    @property
    def _writable(self) -> Database:
        if self._catalog.is_writable:
            return self._catalog
        with self._lock:
            if self._own is None:
                folder = TemporaryDirectory(prefix="khabar-")
                self._own = folder, open_database(Path(folder.name) / "tries.sqlite3")
            return self._own[1]

    def _kept(self, kind: TryKind, who: str) -> str:
        if kind is TryKind.ADDRESS:
            return counted_address(who)
        # Every name alike, whether it is anybody's or not: neither the work nor the table tells.
        key = self._key()
        return hmac.new(key.encode(), who.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _key(self) -> str:
        asked = "SELECT value FROM meta WHERE key = ?"
        found = self._writable.one(asked, _KEY)
        if found is None:
            # Of servers that come here at once, all take what the first one wrote.
            made = secrets.token_hex(32)
            self._writable.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", _KEY, made)
            found = self._writable.one(asked, _KEY)
        return str(found[0]) if found else ""


def counted_address(address: str) -> str:
    """Return what an address is counted as: of IPv6 the network that one customer has."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        # What a proxy says of a client that it does not name.
        return address[:_LONGEST_NAME]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _OWN_BITS), strict=False))


def forget_tries(database: Database) -> None:
    """Let go of all that was counted, in a library that was made of another's export."""
    database.run("DELETE FROM meta WHERE key = ?", _KEY)
    if database.has(_TABLE):
        database.run(f"DELETE FROM {_TABLE}")


def _stale(limit: TryLimit) -> str:
    over, begun = f"{_TABLE}.until + {float(limit.seconds)}", f"{_TABLE}.begun + {float(limit.seconds)}"
    return f"(({_TABLE}.wait = 0.0 AND {begun} < {NOW}) OR ({_TABLE}.wait > 0.0 AND {over} < {NOW}))"
