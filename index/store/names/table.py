"""Where each article names whom: written in the commit that brings it, and gone in the one that it leaves in."""

from collections.abc import Iterator

from index.article import Article
from index.names import NAMES_VERSION, names_in
from index.store.engines.protocol import Database
from index.store.rows import FIELDS, from_row

_AT_ONCE = 200
# Articles whose names no version, or an earlier one, has read.
_UNREAD = "number NOT IN (SELECT article FROM named WHERE version = ?)"


class MentionTable:
    """Keeps one catalog's names in step with its articles; everything but `missing` inside a commit only."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def place(self, number: int, article: Article) -> None:
        """Write where an article, by its number, names people, bodies and places."""
        self._db.ensure("named")
        rows = [(number, one.start, one.end, str(one.kind), one.name) for one in names_in(article)]
        self._db.run_many("INSERT INTO mention (article, start, stop, kind, name) VALUES (?, ?, ?, ?, ?)", rows)
        self._db.run("INSERT INTO named (article, version) VALUES (?, ?)", number, NAMES_VERSION)

    def leave(self, number: int) -> None:
        """Forget what an article that goes has named."""
        if self._db.has("named"):
            self._db.run("DELETE FROM mention WHERE article = ?", number)
            self._db.run("DELETE FROM named WHERE article = ?", number)

    def place_missing(self) -> None:
        """Read the articles that an earlier version of Khabar brought, and forget those that are gone."""
        self._db.ensure("named")
        for (gone,) in self._db.all("SELECT article FROM named WHERE article NOT IN (SELECT number FROM article)"):
            self.leave(gone)
        for number, article in self._unread():
            self.leave(number)
            self.place(number, article)

    def missing(self) -> int:
        """Count the articles whose names were not read, or by an earlier version."""
        if not self._db.has("named"):
            row = self._db.one("SELECT count(*) FROM article")
        else:
            row = self._db.one(f"SELECT count(*) FROM article WHERE {_UNREAD}", NAMES_VERSION)
        return int(row[0]) if row else 0

    def _unread(self) -> Iterator[tuple[int, Article]]:
        last = 0
        columns = f"SELECT number, {FIELDS} FROM article WHERE number > ? AND {_UNREAD} ORDER BY number LIMIT ?"
        while rows := self._db.all(columns, last, NAMES_VERSION, _AT_ONCE):
            last = rows[-1][0]
            for row in rows:
                yield row[0], from_row(row[1:])
