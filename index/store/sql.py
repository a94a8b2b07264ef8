"""Filters as the SQL the catalog asks by."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from index.article import Filters

# The language of a passage, where it is joined to its article.
LANGUAGE = "coalesce(passage.own_language, article.language)"
# An engine takes a limited number of values in one statement.
_MOST_VALUES = 500
# Ids of stories are numbers that an engine holds in 64 bits.
_LONGEST_ID = 18
T = TypeVar("T")


def where_clause(filters: Filters, table: str = "", *, of_passages: bool = False) -> tuple[str, list[object]]:
    """Return the condition that articles pass, and its values; `table` is what the columns' names begin with.

    The articles are those of a table that is called `article`. One in two languages passes for either; with
    `of_passages` it is asked of passages joined to their articles, each of which is in one language.
    """
    clauses, values = ["TRUE"], list[object]()
    if filters.language:
        clauses.append(_language_clause(len(filters.language), table, of_passages=of_passages))
        values.extend(filters.language * (1 if of_passages else 2))
    for column in ("source", "category"):
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
    if filters.collection:
        clause, names = _within_clause(filters.collection)
        clauses.append(clause)
        values.extend(names)
    if filters.story:
        told = [number for id in filters.story if (number := story_number(id)) is not None]
        clauses.append(_listed_clause(told, table, "event_member", "event"))
        values.extend(told)
    if (named := filters.named) is not None:
        clauses.append(_listed_clause(named, table, "mention", "name"))
        values.extend(sorted(named))
    if (seen := filters.seen) is not None:
        clause, names = seen_clause(seen)
        clauses.append(clause)
        values.extend(names)
    return " AND ".join(clauses), values


def story_number(id: str) -> int | None:
    """Return the number that the catalog has for a story's id; None for what can be none."""
    is_number = id.isascii() and id.removeprefix("-").isdecimal() and len(id) <= _LONGEST_ID
    return int(id) if is_number else None


def seen_clause(seen: Collection[str], id: str = "article.id") -> tuple[str, list[object]]:
    """Return the condition that the article of an `id` is in one of some collections or in none, and its values."""
    clause = f"NOT EXISTS ({_own(id)})"
    if not seen:
        return clause, []
    within, names = _within_clause(seen, id)
    return f"({clause} OR {within})", names


def _within_clause(names: Collection[str], id: str = "article.id") -> tuple[str, list[object]]:
    """Return the condition that the article of an `id` is in one of some collections, and its values."""
    clause = f"EXISTS ({_own(id)} AND collected.collection IN ({','.join('?' * len(names))}))"
    return clause, list[object](sorted(names))


def _language_clause(languages: int, table: str, *, of_passages: bool) -> str:
    marks = ",".join("?" * languages)
    if of_passages:
        return f"{LANGUAGE} IN ({marks})"
    also = f"{table}number IN (SELECT article FROM passage WHERE own_language IN ({marks}))"
    return f"({table}language IN ({marks}) OR {also})"


def _listed_clause(wanted: Collection[object], table: str, listed: str, column: str) -> str:
    """Return the condition that another table lists an article with one of some values."""
    marks = ",".join("?" * len(wanted))
    return f"{table}number IN (SELECT article FROM {listed} WHERE {column} IN ({marks}))" if wanted else "FALSE"


def _own(id: str) -> str:
    return f"SELECT 1 FROM collected WHERE collected.article_id = {id}"


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split the values of a statement into as many as one statement takes."""
    for start in range(0, len(items), _MOST_VALUES):
        yield items[start : start + _MOST_VALUES]
