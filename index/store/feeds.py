"""The feeds and pages that a library follows, kept in the catalog beside the articles."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from index.errors import LoadError
from index.store.engines.protocol import Database

_COLUMNS = "address, period, paused, due, checked, failures, problem, etag, last_modified"
# What fails again and again is looked at this seldom.
_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Feed:
    """A followed address: looked at once in a `period` of seconds, next when it is `due`, last when it was `checked`.

    `problem` is why the last `failures` looks in a row failed; `etag` and `last_modified` tell its state.
    """

    address: str
    period: float
    paused: bool
    due: datetime
    checked: datetime | None = None
    failures: int = 0
    problem: str = ""
    etag: str | None = None
    last_modified: str | None = None


class FeedTable:
    """The followed addresses of one library; the table is made when the first one is followed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[Feed]:
        """Return every followed address, by name."""
        if not self._db.has("feed"):
            return []
        return [_feed(row) for row in self._db.all(f"SELECT {_COLUMNS} FROM feed ORDER BY address")]

    def find(self, address: str) -> Feed:
        """Return a followed address; raises `LoadError` for one that is not followed."""
        for feed in self.all():
            if feed.address == address:
                return feed
        raise LoadError(f"{address} is not followed here. `khabar feeds` lists what is.")

    def follow(self, address: str, period: float, now: datetime) -> None:
        """Follow an address from now on, or one that is followed with another period; a paused one is resumed."""
        self._db.ensure("feed")
        self._db.run(
            f"INSERT INTO feed ({_COLUMNS}) VALUES (?, ?, 0, ?, NULL, 0, '', NULL, NULL) ON CONFLICT DO NOTHING",
            address, period, _written(now),
        )  # fmt: skip
        known = self.find(address)
        due = known.checked + timedelta(seconds=period) if known.checked and not known.failures else known.due
        self._db.run(
            "UPDATE feed SET period = ?, paused = 0, due = ? WHERE address = ?", period, _written(due), address
        )

    def claim(self, address: str, now: datetime) -> bool:
        """Take on the look that is due, for this caller alone, of all threads and processes; False when none is due."""
        feed = self.find(address)
        due = _written(now + timedelta(seconds=feed.period))
        taken = self._db.run(
            "UPDATE feed SET due = ?, checked = ? WHERE address = ? AND paused = 0 AND due <= ?",
            due, _written(now), address, _written(now),
        )  # fmt: skip
        return taken == 1

    def succeed(self, address: str, etag: str | None, last_modified: str | None) -> None:
        """Record that a look went well, and the state that it found."""
        self._db.run(
            "UPDATE feed SET failures = 0, problem = '', etag = ?, last_modified = ? WHERE address = ?",
            etag, last_modified, address,
        )  # fmt: skip

    def fail(self, address: str, problem: str, now: datetime, after: float | None = None) -> None:
        """Record that a look failed: the next one comes later each time, and not before `after` seconds."""
        feed = self.find(address)
        wait = min(timedelta(seconds=feed.period * 2 ** min(feed.failures, 16)), _LONGEST)
        wait = max(wait, timedelta(seconds=feed.period), timedelta(seconds=after or 0))
        self._db.run(
            "UPDATE feed SET failures = failures + 1, problem = ?, due = ? WHERE address = ?",
            problem, _written(now + wait), address,
        )  # fmt: skip

    def release(self, address: str, now: datetime) -> None:
        """Give back a look that was taken on and not finished: it is due again."""
        self._db.run("UPDATE feed SET due = ? WHERE address = ?", _written(now), address)

    def pause(self, address: str) -> None:
        """Follow an address no longer until it is resumed; raises `LoadError` for one that is not followed."""
        self._db.run("UPDATE feed SET paused = 1 WHERE address = ?", self.find(address).address)

    def stop(self, address: str, problem: str) -> None:
        """Pause an address that is gone for good, with the reason."""
        self._db.run("UPDATE feed SET paused = 1, problem = ? WHERE address = ?", problem, address)

    def move(self, address: str, to: str) -> None:
        """Follow another address in the place of one; where that one is followed already, the first is given up."""
        if self._db.one("SELECT 1 FROM feed WHERE address = ?", to):
            self._db.run("DELETE FROM feed WHERE address = ?", address)
        else:
            self._db.run("UPDATE feed SET address = ? WHERE address = ?", to, address)

    def resume(self, address: str) -> None:
        """Follow a paused address again; raises `LoadError` for one that is not followed."""
        self._db.run("UPDATE feed SET paused = 0, problem = '' WHERE address = ?", self.find(address).address)

    def remove(self, address: str) -> None:
        """Follow an address no more; its articles stay. Raises `LoadError` for one that is not followed."""
        self._db.run("DELETE FROM feed WHERE address = ?", self.find(address).address)


def _feed(row: tuple[object, ...]) -> Feed:
    address, period, paused, due, checked, failures, problem, etag, last_modified = row
    return Feed(
        str(address), float(str(period)), bool(paused), datetime.fromisoformat(str(due)),
        datetime.fromisoformat(str(checked)) if checked else None, int(str(failures)), str(problem),
        None if etag is None else str(etag), None if last_modified is None else str(last_modified),
    )  # fmt: skip


def _written(time: datetime) -> str:
    """Write a time so that times compare as their texts do."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
