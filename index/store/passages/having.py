"""Which articles have some words, each in any of its forms, or name somebody: every one of them, not the best ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Filters
from index.store.engines.protocol import Database
from index.store.sql import chunks, where_clause

# So many passages are looked up for one word: where more have it, the articles are not all counted.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class ArticlesHaving:
    """The ids of articles, the newest first; `complete` is False where there may be more."""

    ids: tuple[str, ...]
    complete: bool


def articles_having(
    database: Database, words: Sequence[Sequence[str]], filters: Filters, named: Filters | None = None
) -> ArticlesHaving:
    """Return the articles that pass and have each of some words, in any of its terms, beside those that pass `named`.

    Without any words all that pass are returned. To be called inside a snapshot.
    """
    found: dict[str, str] = {}
    passages: set[int] | None = None
    complete = True
    for forms in words:
        ranked = database.words.ranked({"terms": forms}, _MOST, filters)
        complete = complete and len(ranked) < _MOST
        own = _articles_of(database, list(ranked))
        passages = own if passages is None else passages & own
    if passages is None:
        found |= _passing(database, filters)
    for part in chunks(sorted(passages or ())):
        marks = ",".join("?" * len(part))
        found |= dict(database.all(f"SELECT id, coalesce(published, '') FROM article WHERE number IN ({marks})", *part))
    if named is not None:
        found |= _passing(database, named)
    return ArticlesHaving(tuple(sorted(sorted(found), key=lambda id: found[id], reverse=True)), complete)


def _articles_of(database: Database, passages: Sequence[int]) -> set[int]:
    numbers: set[int] = set()
    for part in chunks(passages):
        marks = ",".join("?" * len(part))
        numbers.update(row[0] for row in database.all(f"SELECT article FROM passage WHERE id IN ({marks})", *part))
    return numbers


def _passing(database: Database, filters: Filters) -> dict[str, str]:
    where, values = where_clause(filters, "article.")
    return dict(database.all(f"SELECT id, coalesce(published, '') FROM article WHERE {where}", *values))
