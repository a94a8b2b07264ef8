"""The lexical leg: words and name keys in FTS5, ranked by BM25 at a cost that does not grow with the library."""

from collections.abc import Sequence

from index.article import Filters
from index.clauses import either, where_clause
from index.database import Database

# BM25 looks at every passage that has one of the words. One that stands in more passages than this tells next to
# nothing beside rarer ones, and is left out.
COMMON = 15_000
# Reading the article of every match takes far longer than ranking it: first this many times what is asked for are
# ranked without the filters, and all of them only where few of these pass.
_OVERSHOT = 10


class LexicalIndex:
    """Finds passages by their words; safe to use from several threads."""

    def __init__(self, database: Database, *, common: int = COMMON) -> None:
        self._db = database
        self._common = common
        # Words once found common: they hardly become rare, and counting up to the limit is what costs.
        self._known_common: set[tuple[str, str]] = set()

    def search(self, terms: Sequence[str], names: Sequence[str], filters: Filters, limit: int) -> dict[int, float]:
        """Return passage numbers with their BM25 score (higher is better), best first."""
        legs = []
        for column, words in (("terms", terms), ("names", names)):
            if telling := [word for word in words if not self._is_common(column, word)]:
                legs.append(f"{column} : ({either(telling)})")
        if not legs:
            return {}
        query, most = " OR ".join(legs), _OVERSHOT * limit
        found = self._ranked(query, most if filters else limit)
        if not filters:
            return found
        passing = self._passing(found, filters)
        if len(passing) >= limit or len(found) < most:
            return dict(list(passing.items())[:limit])
        return self._ranked(query, limit, filters)

    def _ranked(self, query: str, limit: int, filters: Filters | None = None) -> dict[int, float]:
        where, values = where_clause(filters or Filters())
        joined = "JOIN passage ON passage.id = lexical.rowid JOIN article ON article.number = passage.article"
        rows = self._db.all(
            f"SELECT lexical.rowid, -bm25(lexical, 1.0, 1.0) AS score FROM lexical {joined if filters else ''} "
            f"WHERE lexical MATCH ? AND {where} ORDER BY score DESC, lexical.rowid LIMIT ?",
            query,
            *values,
            limit,
        )
        return dict(rows)

    def _passing(self, found: dict[int, float], filters: Filters) -> dict[int, float]:
        """Keep the passages whose articles pass the filters."""
        where, values = where_clause(filters)
        rows = self._db.all(
            "SELECT passage.id FROM passage JOIN article ON article.number = passage.article "
            f"WHERE passage.id IN ({','.join('?' * len(found))}) AND {where}",
            *found,
            *values,
        )
        passing = {row[0] for row in rows}
        return {number: score for number, score in found.items() if number in passing}

    def _is_common(self, column: str, word: str) -> bool:
        if (column, word) in self._known_common:
            return True
        most = self._db.one("SELECT max(id) FROM passage")
        if most is None or (most[0] or 0) <= self._common:
            return False
        found = self._db.one(
            "SELECT 1 FROM lexical WHERE lexical MATCH ? LIMIT 1 OFFSET ?",
            f"{column} : ({either([word])})",
            self._common,
        )
        if found is not None:
            self._known_common.add((column, word))
        return found is not None
