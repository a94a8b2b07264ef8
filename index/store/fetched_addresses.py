"""What is remembered of the web addresses that were fetched, kept in the catalog beside the articles."""

from dataclasses import dataclass
from datetime import datetime

from index.store.engines.protocol import Database


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of an address: the `article` it became, by its id, or the `reason` why it became none.

    `etag` and `last_modified` are what its server told of its state; `first` and `checked` are when it was fetched for
    the first and for the last time; `gone` since when it is no longer there.
    """

    address: str
    article: str | None
    first: datetime
    checked: datetime
    etag: str | None = None
    last_modified: str | None = None
    reason: str = ""
    gone: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteRules:
    """A site's robots.txt, "" where it has none, and when it was fetched."""

    rules: str
    checked: datetime


class VisitTable:
    """The visits of one library; the tables are made at the first one."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._made = False

    def find(self, address: str) -> Visit | None:
        """Return what is remembered of an address."""
        if not self._exists():
            return None
        row = self._db.one(
            "SELECT address, article, first, checked, etag, last_modified, reason, gone FROM visit WHERE address = ?",
            address,
        )
        if row is None:
            return None
        return Visit(
            row[0], row[1], _time(row[2]), _time(row[3]), row[4], row[5], row[6], _time(row[7]) if row[7] else None
        )

    def keep(self, visit: Visit) -> None:
        """Remember what came of an address, in place of what did before."""
        self._make()
        self._db.run(
            "INSERT INTO visit (address, article, etag, last_modified, first, checked, reason, gone) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET article = excluded.article, "
            "etag = excluded.etag, last_modified = excluded.last_modified, first = excluded.first, "
            "checked = excluded.checked, reason = excluded.reason, gone = excluded.gone",
            visit.address, visit.article, visit.etag, visit.last_modified, visit.first.isoformat(),
            visit.checked.isoformat(), visit.reason, visit.gone.isoformat() if visit.gone else None,
        )  # fmt: skip

    def gone(self, article: str) -> datetime | None:
        """Tell since when an article is no longer at its address; None for one that is, or came from no address."""
        if not self._exists():
            return None
        row = self._db.one("SELECT max(gone), count(*) - count(gone) FROM visit WHERE article = ?", article)
        return _time(row[0]) if row and row[0] and not row[1] else None

    def stamp(self, listing: str, address: str) -> str | None:
        """Return by what a feed or sitemap named the state of an address when it was last fetched for it."""
        if not self._exists():
            return None
        row = self._db.one("SELECT stamp FROM listed WHERE listing = ? AND address = ?", listing, address)
        return str(row[0]) if row else None

    def keep_stamp(self, listing: str, address: str, stamp: str) -> None:
        """Remember by what a feed or sitemap names the state of an address."""
        self._make()
        self._db.run(
            "INSERT INTO listed VALUES (?, ?, ?) ON CONFLICT (listing, address) DO UPDATE SET stamp = excluded.stamp",
            listing,
            address,
            stamp,
        )

    def rules(self, site: str) -> SiteRules | None:
        """Return a site's robots.txt as it was fetched last."""
        row = self._db.one("SELECT rules, checked FROM robots WHERE site = ?", site) if self._exists() else None
        return SiteRules(row[0], _time(row[1])) if row else None

    def keep_rules(self, site: str, rules: SiteRules) -> None:
        """Remember a site's robots.txt."""
        self._make()
        self._db.run(
            "INSERT INTO robots VALUES (?, ?, ?) "
            "ON CONFLICT (site) DO UPDATE SET rules = excluded.rules, checked = excluded.checked",
            site,
            rules.rules,
            rules.checked.isoformat(),
        )

    def _exists(self) -> bool:
        self._made = self._made or self._db.has("robots")
        return self._made

    def _make(self) -> None:
        if not self._exists():
            with self._db.commit():
                self._db.ensure("robots")


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)
