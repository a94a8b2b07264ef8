"""How many articles a library has, by language, outlet, section and month; and from when to when they are."""

from index.article import Filters
from index.store.engines.protocol import Database
from index.store.rows import Extent, FacetCount, to_date
from index.store.sql import LANGUAGE, where_clause


class Facets:
    """Counts one catalog's articles."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def counts(self, column: str, filters: Filters) -> list[FacetCount]:
        """Return the articles that pass the filters for each language, source or category, most first."""
        if column not in {"language", "source", "category"}:
            raise ValueError(f"no counts by {column}")
        where, values = where_clause(filters)
        rows = self._db.all(
            f"SELECT coalesce({column}, ''), count(*) FROM article WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1", *values
        )
        return [FacetCount(*row) for row in rows]

    def passages(self) -> dict[str, int]:
        """Count the passages in each language."""
        join = "passage JOIN article ON article.number = passage.article"
        return dict(self._db.all(f"SELECT {LANGUAGE}, count(*) FROM {join} GROUP BY 1"))

    def size(self, filters: Filters | None = None) -> tuple[int, int]:
        """Return the number of articles that pass the filters, and that of their passages."""
        where, values = where_clause(filters or Filters())
        # Whose passages they are need not be looked at where all pass.
        join = "JOIN article ON article.number = passage.article" if filters else ""
        row = self._db.one(
            f"SELECT (SELECT count(*) FROM article WHERE {where}), (SELECT count(*) FROM passage {join} WHERE {where})",
            *values,
            *values,
        )
        return (row[0], row[1]) if row else (0, 0)

    def extent(self, filters: Filters) -> Extent:
        """Return what the articles that pass the filters are, taken together."""
        where, values = where_clause(filters)
        row = self._db.one(
            f"SELECT count(*), count(DISTINCT source), min(published), max(published) FROM article WHERE {where}",
            *values,
        )
        articles, sources, first, last = row if row else (0, 0, None, None)
        return Extent(articles, sources, to_date(first), to_date(last))

    def months(self, filters: Filters) -> list[FacetCount]:
        """Count the articles of each month ("2025-11") that pass the filters, earliest first, without undated ones."""
        where, values = where_clause(filters)
        rows = self._db.all(
            f"SELECT substr(published, 1, 7), count(*) FROM article WHERE published IS NOT NULL AND {where} "
            "GROUP BY 1 ORDER BY 1",
            *values,
        )
        return [FacetCount(*row) for row in rows]
