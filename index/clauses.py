"""Filters and words as the SQL the catalog asks by; pure functions."""

from collections.abc import Sequence

from index.article import Filters


def where_clause(filters: Filters) -> tuple[str, list[object]]:
    """Return the condition that articles pass, and its values."""
    clauses, values = ["1"], list[object]()
    for column in ("language", "source", "category"):
        wanted = getattr(filters, column)
        if wanted:
            clauses.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values.extend(wanted)
    if filters.after:
        clauses.append("published >= ?")
        values.append(filters.after.isoformat())
    if filters.before:
        clauses.append("published <= ?")
        values.append(filters.before.isoformat())
    return " AND ".join(clauses), values


def either(words: Sequence[str]) -> str:
    """Return the full-text query for any of some words, whatever is in them."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
