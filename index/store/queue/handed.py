"""Articles on their way: which job brings the newest text of each, so that an older one that comes late is left out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.store.engines.protocol import Database
from index.store.sql import chunks


@dataclass(frozen=True, slots=True)
class HandedArticle:
    """An article that a job brings: its id, the hash of its content, and the file it came from."""

    id: str
    hash: str
    file: str


class HandedTable:
    """The articles on their way into one catalog; what is written is written inside a commit."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def under_way(self, ids: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Return which of some articles are on their way, each with the hash of its content and its job."""
        found: dict[str, tuple[str, int]] = {}
        for chunk in chunks(ids):
            marks = ",".join("?" * len(chunk))
            rows = self._db.all(f"SELECT article_id, hash, job FROM handed WHERE article_id IN ({marks})", *chunk)
            found.update((row[0], (row[1], int(row[2]))) for row in rows)
        return found

    def put(self, articles: Sequence[HandedArticle], origin: str, job: int) -> None:
        """Record that a job brings some articles, in the place of those that brought them so far."""
        self._db.run_many(
            "INSERT INTO handed VALUES (?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET "
            "origin = excluded.origin, file = excluded.file, hash = excluded.hash, job = excluded.job",
            [(article.id, origin, article.file, article.hash, job) for article in articles],
        )

    def move(self, article_id: str, to: int, of: int) -> None:
        """Let another job bring an article that a job was to bring."""
        self._db.run("UPDATE handed SET job = ? WHERE article_id = ? AND job = ?", to, article_id, of)

    def wanted(self, job: int) -> set[str]:
        """Return the articles that a job is still to bring: none that came in a newer text, or was withdrawn."""
        return {row[0] for row in self._db.all("SELECT article_id FROM handed WHERE job = ?", job)}

    def of(self, origin: str) -> list[HandedArticle]:
        """Return what is on its way of what an origin brings."""
        rows = self._db.all("SELECT article_id, hash, file FROM handed WHERE origin = ?", origin)
        return [HandedArticle(*row) for row in rows]

    def forget(self, ids: Sequence[str]) -> None:
        """Let no job bring some articles any more, which were committed or withdrawn by other ways meanwhile."""
        # A library in a file hands nothing out.
        if self._db.is_served:
            self._db.run_many("DELETE FROM handed WHERE article_id = ?", [(id,) for id in ids])

    def withdraw(self, articles: Collection[HandedArticle], origin: str) -> None:
        """Let no job bring these any more."""
        self._db.run_many(
            "DELETE FROM handed WHERE article_id = ? AND hash = ? AND origin = ?",
            [(article.id, article.hash, origin) for article in articles],
        )
