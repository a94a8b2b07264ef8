"""Filters as the SQL the catalog asks by."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from index.article import Filters

# An engine takes a limited number of values in one statement.
_MOST_VALUES = 500
T = TypeVar("T")


def where_clause(filters: Filters, table: str = "") -> tuple[str, list[object]]:
    """Return the condition that articles pass, and its values; `table` is what the columns' names begin with."""
    clauses, values = ["TRUE"], list[object]()
    for column in ("language", "source", "category"):
        wanted = getattr(filters, column)
        if wanted:
            clauses.append(f"{table}{column} IN ({','.join('?' * len(wanted))})")
            values.extend(wanted)
    if filters.after:
        clauses.append(f"{table}published >= ?")
        values.append(filters.after.isoformat())
    if filters.before:
        clauses.append(f"{table}published <= ?")
        values.append(filters.before.isoformat())
    return " AND ".join(clauses), values


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split the values of a statement into as many as one statement takes."""
    for start in range(0, len(items), _MOST_VALUES):
        yield items[start : start + _MOST_VALUES]
