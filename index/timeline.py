"""How many articles were published when, for a chart."""

from index.article import Filters
from index.clauses import where_clause
from index.database import Database
from index.records import Count


def months(database: Database, filters: Filters) -> list[Count]:
    """Count the articles of each month ("2025-11") that pass the filters, earliest first; undated ones are left out."""
    where, values = where_clause(filters)
    rows = database.all(
        f"SELECT substr(published, 1, 7), count(*) FROM article WHERE published IS NOT NULL AND {where} "
        "GROUP BY 1 ORDER BY 1",
        *values,
    )
    return [Count(*row) for row in rows]
