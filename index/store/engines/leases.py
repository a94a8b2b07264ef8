"""Leases: who may do what one alone may do, over all machines of a catalog, until when by the database's clock."""

from dataclasses import dataclass, field

from index.store.engines.protocol import Database

# Seconds since 1970, by SQLite's clock; each engine has a spelling of its own.
NOW = "(julianday('now') - 2440587.5) * 86400.0"
_TABLE = "lease"
# What tells the commits of a catalog that was set back to an earlier state from those that it lost; nothing in a file.
HISTORY = "coalesce((SELECT value FROM meta WHERE key = 'history'), '')"


@dataclass(frozen=True, slots=True)
class Lease:
    """One holder's right to do what is called `name`; `number` is the fencing number, higher than every earlier one.

    It ends with the catalog's `history`: after a fail-over what was done before may rest on commits that are lost, and
    the same number be another's.
    """

    name: str
    holder: str
    number: int
    history: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a lease, under which fencing number, and for how many seconds more if nobody renews it."""

    holder: str
    number: int
    seconds: float


class LeaseTable:
    """The leases of one catalog: each call is one statement, which neither waits for commits nor is waited for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, name: str, holder: str, seconds: float) -> Lease | None:
        """Take a lease that nobody has, or whose time is over; None where somebody has it.

        Raises `LibraryError` for who may not write.
        """
        self._db.ensure(_TABLE)
        taken = self._db.all(
            f"INSERT INTO lease (name, holder, number, expires) VALUES (?, ?, 1, {NOW} + ?) "
            "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, number = lease.number + 1, "
            f"expires = excluded.expires WHERE lease.expires <= {NOW} RETURNING number, {HISTORY}",
            name,
            holder,
            seconds,
        )
        return Lease(name, holder, int(taken[0][0]), str(taken[0][1])) if taken else None

    def renew(self, lease: Lease, seconds: float) -> bool:
        """Hold a lease for so many seconds from now; False when its time was over, whoever has it since."""
        return self._set(lease, f"{NOW} + ?", seconds)

    def end(self, lease: Lease) -> bool:
        """Give a lease back; False when its time was over. In a commit, nobody can take it before that is made."""
        return self._set(lease, "0")

    def held(self, name: str) -> Held | None:
        """Tell who has a lease; None where nobody has."""
        if not self._db.has(_TABLE):
            return None
        row = self._db.one(
            f"SELECT holder, number, expires - {NOW} FROM lease WHERE name = ? AND expires > {NOW}", name
        )
        return Held(row[0], int(row[1]), float(row[2])) if row else None

    def _set(self, lease: Lease, expires: str, *values: object) -> bool:
        changed = self._db.run(
            f"UPDATE lease SET expires = {expires} WHERE name = ? AND number = ? AND holder = ? AND expires > {NOW} "
            f"AND ? IN ('', {HISTORY})",
            *values,
            lease.name,
            lease.number,
            lease.holder,
            lease.history,
        )
        return changed == 1
