"""The vectors of a catalog's passages, and which passages have come and gone since a vector index was made."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from index.article import Filters
from index.encoding.encoder import TextVectors
from index.encoding.token_space import pack
from index.store.engines.protocol import Database
from index.store.rows import Vectors, metadata_of
from index.store.sql import LANGUAGE, chunks, where_clause


class PassageVectors:
    """The vectors in one catalog; what writes them is called inside a commit, but `keep_vectors`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put_vectors(self, vectors: Mapping[bytes, TextVectors]) -> None:
        """Store vectors (float16) and token vectors (packed) under their keys."""
        whole = [(key, item.vector.astype(np.float16).tobytes()) for key, item in vectors.items()]
        self._db.run_many("INSERT INTO vector VALUES (?, ?) ON CONFLICT DO NOTHING", whole)
        tokens = [(key, pack(item.tokens.vectors)) for key, item in vectors.items()]
        self._db.run_many("INSERT INTO tokens VALUES (?, ?) ON CONFLICT DO NOTHING", tokens)

    def keep_vectors(self, vectors: Mapping[bytes, TextVectors]) -> None:
        """Store vectors that no passage uses yet, in a commit of their own; the generation stays."""
        with self._db.commit():
            self.put_vectors(vectors)

    def prune_vectors(self, keys: Sequence[bytes] | None = None) -> None:
        """Drop the vectors among `keys` (default: all) that no passage uses."""
        for table in ("vector", "tokens"):
            unused = f"NOT EXISTS (SELECT 1 FROM passage WHERE passage.key = {table}.key)"
            if keys is None:
                self._db.run(f"DELETE FROM {table} WHERE {unused}")
            else:
                self._db.run_many(f"DELETE FROM {table} WHERE key = ? AND {unused}", [(key,) for key in keys])

    def missing_vectors(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return those of the keys that have no stored vector."""
        present: set[bytes] = set()
        for chunk in chunks(keys):
            marks = ",".join("?" * len(chunk))
            present.update(row[0] for row in self._db.all(f"SELECT key FROM vector WHERE key IN ({marks})", *chunk))
        return set(keys) - present

    def vectors(self, since: int = 0, chunk: int = 4096, filters: Filters | None = None) -> Iterator[Vectors]:
        """Yield the vectors of the passages that came after generation `since` and pass the filters, in chunks."""
        last = 0
        where, values = where_clause(filters or Filters(), "article.", of_passages=True)
        while True:
            rows = self._db.all(
                f"SELECT passage.id, value, {LANGUAGE}, source, category, published FROM passage "
                "JOIN vector ON vector.key = passage.key JOIN article ON article.number = passage.article "
                f"WHERE generation > ? AND passage.id > ? AND {where} ORDER BY passage.id LIMIT ?",
                since, last, *values, chunk,
            )  # fmt: skip
            if not rows:
                return
            first, last = rows[0][0], rows[-1][0]
            collected = self._collected(first, last)
            stored = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16).reshape(len(rows), -1)
            # Of unit length again: what is compared exactly scores as it does in the vector index.
            matrix = stored.astype(np.float32)
            matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
            numbers = np.array([row[0] for row in rows], dtype=np.int64)
            metadata = tuple(metadata_of(row[2], row[3], row[4], row[5], collected.get(row[0], ())) for row in rows)
            yield Vectors(numbers, matrix, metadata)

    def count_vectors(self, since: int = 0) -> int:
        """Count the passages that came after generation `since`."""
        row = self._db.one("SELECT count(*) FROM passage WHERE generation > ?", since)
        return int(row[0]) if row else 0

    def gone(self, since: int) -> list[int]:
        """Return the numbers of passages that left after generation `since`."""
        return [row[0] for row in self._db.all("SELECT passage FROM gone WHERE generation > ? ORDER BY 1", since)]

    def count_gone(self, since: int) -> int:
        """Count the passages that left after generation `since`."""
        row = self._db.one("SELECT count(*) FROM gone WHERE generation > ?", since)
        return int(row[0]) if row else 0

    def move(self, article: int, generation: int) -> None:
        """Let the vector index take an article's passages for new ones: what filters go by has changed."""
        self._db.run(
            "INSERT INTO gone SELECT id, ? FROM passage WHERE article = ? "
            "ON CONFLICT (passage) DO UPDATE SET generation = excluded.generation",
            generation,
            article,
        )
        self._db.run("UPDATE passage SET generation = ? WHERE article = ?", generation, article)

    def _collected(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        """Return the collections of those of some passages that are in any."""
        if not self._db.has("collection"):
            return {}
        found: dict[int, tuple[str, ...]] = {}
        for passage, name in self._db.all(
            "SELECT passage.id, collection FROM passage JOIN article ON article.number = passage.article "
            "JOIN collected ON collected.article_id = article.id WHERE passage.id BETWEEN ? AND ? ORDER BY 1, 2",
            first,
            last,
        ):
            found[passage] = (*found.get(passage, ()), name)
        return found
