"""The index of words in PostgreSQL: a row for each passage a word is in, ranked as FTS5 ranks.

A term is taken apart by FTS5 itself, and the score is its formula in its order, so that both engines give one order.
Only where FTS5 takes a term apart, such as at the point in "paraŀlel", do they differ: FTS5 finds its parts in a row
wherever they stand, this index the term as it was written.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from index.article import Filters
from index.store.engines.protocol import Database, PassageWords
from index.store.engines.tokens import Tokeniser
from index.store.sql import chunks, where_clause

# `lexical` is what each passage was put in with. `lexical_size` has a row or more that add up to all of it.
SCHEMA = """
CREATE TABLE lexical (passage INTEGER PRIMARY KEY, terms TEXT NOT NULL, names TEXT NOT NULL, length INTEGER NOT NULL);
CREATE TABLE posting (
    word TEXT NOT NULL, field TEXT NOT NULL, passage INTEGER NOT NULL, frequency INTEGER NOT NULL,
    length INTEGER NOT NULL);
CREATE UNIQUE INDEX posting_word ON posting (word, field, passage) INCLUDE (frequency, length);
CREATE INDEX posting_passage ON posting (passage);
CREATE TABLE lexical_size (passages INTEGER NOT NULL, tokens INTEGER NOT NULL);
"""

# FTS5's constants of BM25: k1 + 1, k1, 1 - b and b.
_SCORE = """sum(weight * (frequency * 2.2::float8 / (frequency + 1.2::float8
    * (0.25::float8 + 0.75::float8 * length / ?::float8))) ORDER BY place)"""
# What a word in more than half of all passages counts.
_LEAST_WEIGHT = 1e-6
_SOUGHT = "unnest(?::text[], ?::text[], ?::float8[]) WITH ORDINALITY AS sought (word, field, weight, place)"


class PostingIndex:
    """The words of one database's passages; raises what its database raises."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._tokeniser = Tokeniser()

    def put(self, passages: Sequence[PassageWords]) -> None:
        """Add passages that are not in it; inside a commit."""
        texts = [text for item in passages for text in (item.terms, item.names)]
        tokens = self._tokeniser.tokens({term for text in texts for term in text.split()})
        lengths, found = [], list[tuple[str, str, int, int, int]]()
        for item in passages:
            counts: Counter[tuple[str, str]] = Counter()
            length = 0
            for field, text in (("terms", item.terms), ("names", item.names)):
                for term in text.split():
                    length += len(tokens[term])
                    counts.update((token, field) for token in tokens[term])
                    if len(tokens[term]) > 1:
                        counts[_whole(tokens[term]), field] += 1
            lengths.append(length)
            found += [(word, field, item.passage, count, length) for (word, field), count in counts.items()]
        # At once: a commit keeps all others waiting for as long as it asks the server.
        self._db.run(
            "WITH kept AS (INSERT INTO lexical SELECT * FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[])), "
            "counted AS (INSERT INTO lexical_size VALUES (?, ?)) INSERT INTO posting (word, field, passage, frequency, "
            "length) SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])",
            [item.passage for item in passages],
            [item.terms for item in passages],
            [item.names for item in passages],
            lengths,
            len(passages),
            sum(lengths),
            *(list(column) for column in zip(*found, strict=True)) if found else ([],) * 5,
        )

    def remove(self, passages: Sequence[int]) -> None:
        """Take passages out; inside a commit."""
        for chunk in chunks(passages):
            self._db.run(
                "INSERT INTO lexical_size SELECT -count(*), -coalesce(sum(length), 0) FROM lexical "
                "WHERE passage = ANY(?::bigint[])",
                list(chunk),
            )
            for table in ("lexical", "posting"):
                self._db.run(f"DELETE FROM {table} WHERE passage = ANY(?::bigint[])", list(chunk))

    def clear(self) -> None:
        """Take every passage out; inside a commit."""
        for table in ("lexical", "posting", "lexical_size"):
            self._db.run(f"DELETE FROM {table}")

    def add_up(self) -> None:
        """Make one row of what the size has been counted in; at the end of a commit."""
        self._db.run(
            "WITH parts AS (DELETE FROM lexical_size WHERE (SELECT count(*) FROM lexical_size) > 1 RETURNING *) "
            "INSERT INTO lexical_size SELECT sum(passages), sum(tokens) FROM parts HAVING count(*) > 0"
        )

    def stored(self) -> Iterator[PassageWords]:
        """Yield what every passage was put in with; inside a snapshot."""
        rows = self._db.each("SELECT passage, terms, names FROM lexical ORDER BY passage")
        return (PassageWords(*row) for row in rows)

    def ranked(self, words: Mapping[str, Sequence[str]], limit: int, filters: Filters) -> dict[int, float]:
        """Return the `limit` best passages that have any of the words in their field, with their score, best first."""
        sought = [(token, field) for field, own in words.items() for token in self._sought(own)]
        size = self._db.one(
            "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(tokens), 0)::bigint FROM lexical_size"
        )
        passages, tokens = size or (0, 0)
        if not sought or not passages:
            return {}
        columns = [word for word, _ in sought], [field for _, field in sought]
        having = {
            (word, field): count
            for word, field, count in self._db.all(
                "SELECT word, field, count(*) FROM posting JOIN (SELECT DISTINCT word, field FROM "
                "unnest(?::text[], ?::text[]) AS sought (word, field)) AS sought USING (word, field) GROUP BY 1, 2",
                *columns,
            )
        }
        weights = [_weight(having.get(item, 0), passages) for item in sought]
        where, values = where_clause(filters, of_passages=True)
        joined = "JOIN passage ON passage.id = posting.passage JOIN article ON article.number = passage.article"
        rows = self._db.all(
            f"SELECT posting.passage, {_SCORE} AS score FROM {_SOUGHT} JOIN posting USING (word, field) "
            f"{joined if filters else ''} WHERE {where} GROUP BY 1 ORDER BY score DESC, 1 LIMIT ?",
            max(tokens, 1) / passages,
            *columns,
            weights,
            *values,
            limit,
        )
        return dict(rows)

    def occurs_beyond(self, field: str, word: str, passages: int) -> bool:
        """Tell whether more than so many passages have a word in a field."""
        found = "SELECT 1 FROM posting WHERE word = ? AND field = ? LIMIT 1 OFFSET ?"
        return any(self._db.one(found, token, field, passages) for token in self._sought([word]))

    def close(self) -> None:
        """Let go of what takes terms apart."""
        self._tokeniser.close()

    def _sought(self, words: Sequence[str]) -> list[str]:
        tokens = self._tokeniser.tokens(words)
        return [_whole(tokens[word]) for word in words if tokens[word]]


def _whole(tokens: tuple[str, ...]) -> str:
    """Write the tokens of a term as one word: no token has a space in it."""
    return " ".join(tokens)


def _weight(having: int, passages: int) -> float:
    weight = math.log(((passages - having) + 0.5) / (having + 0.5))
    return weight if weight > 0 else _LEAST_WEIGHT
