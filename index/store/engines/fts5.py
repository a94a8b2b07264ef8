"""The index of words in SQLite: FTS5, one row a passage."""

from collections.abc import Iterator, Mapping, Sequence

from index.article import Filters
from index.store.engines.protocol import Database, PassageWords
from index.store.sql import where_clause

# Khabar's own terms stay whole: they are taken apart at white space and at what is no part of a word.
TOKENS = "unicode61 remove_diacritics 0 categories 'L* N* Co M* S*' tokenchars '.-_%'"
SCHEMA = f'CREATE VIRTUAL TABLE lexical USING fts5 (terms, names, tokenize = "{TOKENS}")'


class Fts5Index:
    """The words of one file's passages; raises what its database raises."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, passages: Sequence[PassageWords]) -> None:
        """Add passages that are not in it; inside a commit."""
        self._db.run_many(
            "INSERT INTO lexical (rowid, terms, names) VALUES (?, ?, ?)",
            [(item.passage, item.terms, item.names) for item in passages],
        )

    def remove(self, passages: Sequence[int]) -> None:
        """Take passages out; inside a commit."""
        self._db.run_many("DELETE FROM lexical WHERE rowid = ?", [(passage,) for passage in passages])

    def clear(self) -> None:
        """Take every passage out; inside a commit."""
        self._db.run("DELETE FROM lexical")

    def stored(self) -> Iterator[PassageWords]:
        """Yield what every passage was put in with."""
        return (PassageWords(*row) for row in self._db.each("SELECT rowid, terms, names FROM lexical ORDER BY rowid"))

    def ranked(self, words: Mapping[str, Sequence[str]], limit: int, filters: Filters) -> dict[int, float]:
        """Return the `limit` best passages that have any of the words in their field, with their score, best first."""
        where, values = where_clause(filters, of_passages=True)
        joined = "JOIN passage ON passage.id = lexical.rowid JOIN article ON article.number = passage.article"
        rows = self._db.all(
            f"SELECT lexical.rowid, -bm25(lexical, 1.0, 1.0) AS score FROM lexical {joined if filters else ''} "
            f"WHERE lexical MATCH ? AND {where} ORDER BY score DESC, lexical.rowid LIMIT ?",
            " OR ".join(f"{field} : ({either(sought)})" for field, sought in words.items()),
            *values,
            limit,
        )
        return dict(rows)

    def occurs_beyond(self, field: str, word: str, passages: int) -> bool:
        """Tell whether more than so many passages have a word in a field."""
        sought = f"{field} : ({either([word])})"
        found = self._db.one("SELECT 1 FROM lexical WHERE lexical MATCH ? LIMIT 1 OFFSET ?", sought, passages)
        return found is not None


def either(words: Sequence[str]) -> str:
    """Return the full-text query for any of some words, whatever is in them."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
