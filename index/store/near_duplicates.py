"""One story, several articles: which articles of a catalog tell the same text, from other paths or other outlets.

An article is compared when it is committed, in the same transaction, with those that share a MinHash band with it, and
joins the story of the one it is nearest to. A story is no more than a number that its articles share, so that one
which leaves or changes concerns no other.
"""

from collections.abc import Collection, Mapping

from index.analysis.minhash import bands, nearly_same, shingles
from index.article import Article, Filters
from index.store.engines.protocol import Database
from index.store.rows import FIELDS, from_row
from index.store.sql import chunks, where_clause

# How many articles that share a band are compared: a text that thousands have is one story all the same.
_COMPARED = 40
_PLACED_AT_ONCE = 500
_COLUMNS = ", ".join(f"article.{name}" for name in FIELDS.split(", "))


class Stories:
    """The stories of one catalog's articles."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # Writing: inside a commit only.

    def place(self, article: int, text: str) -> None:
        """Give an article its story: that of the nearest article which tells nearly the same, else its own."""
        mine = shingles(text)
        keys = bands(mine)
        marks = ",".join("?" * len(keys))
        near = self._db.all(
            "SELECT text, story FROM article JOIN story ON story.article = article.number JOIN ("
            f"SELECT article, count(*) AS shared FROM band WHERE key IN ({marks}) GROUP BY article "
            "ORDER BY shared DESC, article LIMIT ?) AS found ON found.article = number ORDER BY number",
            *keys,
            _COMPARED,
        )
        scores = [(nearly_same(mine, shingles(other)), -story) for other, story in near]
        best, story = max(scores, default=(0.0, 0))
        self._db.run(
            "INSERT INTO story VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET story = excluded.story",
            article,
            -story if best else article,
        )
        self._db.run_many("INSERT INTO band VALUES (?, ?) ON CONFLICT DO NOTHING", [(key, article) for key in keys])

    def leave(self, article: int) -> None:
        """Take an article that goes out of its story."""
        self._db.run("DELETE FROM story WHERE article = ?", article)
        self._db.run("DELETE FROM band WHERE article = ?", article)

    def place_missing(self) -> None:
        """Give the articles that have none their story, and forget those that are gone."""
        for table in ("story", "band"):
            self._db.run(f"DELETE FROM {table} WHERE article NOT IN (SELECT number FROM article)")
        missing = "SELECT number, text FROM article WHERE number NOT IN (SELECT article FROM story) ORDER BY number"
        while rows := self._db.all(f"{missing} LIMIT {_PLACED_AT_ONCE}"):
            for number, text in rows:
                self.place(number, text)

    # Reading.

    def missing(self) -> int:
        """Count the articles without a story: those that an earlier version of Khabar wrote."""
        if not self._there():
            return 0
        row = self._db.one("SELECT count(*) FROM article WHERE number NOT IN (SELECT article FROM story)")
        return int(row[0]) if row else 0

    def others(self, ids: Collection[str], filters: Filters) -> Mapping[str, tuple[Article, ...]]:
        """Return, for each of some articles that is not alone in its story, the others that pass the filters.

        They come the earliest first, those without a date last.
        """
        found: dict[str, tuple[Article, ...]] = {}
        if not self._there():
            return found
        where, values = where_clause(filters, "article.")
        for chunk in chunks(sorted(ids)):
            rows = self._db.all(
                f"SELECT mine.id, {_COLUMNS} FROM article AS mine JOIN story AS told ON told.article = mine.number "
                "JOIN story AS same ON same.story = told.story AND same.article != told.article "
                "JOIN article ON article.number = same.article "
                f"WHERE mine.id IN ({','.join('?' * len(chunk))}) AND {where} "
                "ORDER BY article.published IS NULL, article.published, article.source NULLS FIRST, article.id",
                *chunk,
                *values,
            )
            for row in rows:
                found[row[0]] = (*found.get(row[0], ()), from_row(row[1:]))
        return found

    def _there(self) -> bool:
        """Tell whether there are stories at all: not on a read-only disk where an earlier version wrote."""
        return self._db.has("story")
