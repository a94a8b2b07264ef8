"""Which collections one library has, what is in which, and which sources bring to which."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from index.errors import QueryError
from index.store.access.audit import AuditAction, AuditLog
from index.store.access.scopes import collection_name
from index.store.engines.protocol import Database
from index.store.rows import FacetCount
from index.store.sql import chunks, seen_clause

_TABLE = "collection"
_NONE = "-"


class CollectionTable:
    """The collections of one library; the tables are made when the first one is, and cost nothing before.

    An article in none is open to all. One that is withdrawn keeps its collections, for what still quotes it.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._audit = AuditLog(database)
        self._is_kept = False

    @property
    def _is_there(self) -> bool:
        # A file may be changed for an older backup of it; what a server has made stays, and asking takes a round trip.
        if self._is_kept:
            return True
        found = self._db.has(_TABLE)
        self._is_kept = found and self._db.is_served
        return found

    # Reading.

    @property
    def is_used(self) -> bool:
        """Tell whether any article is, or was, in a collection."""
        return self._is_there and self._db.one("SELECT 1 FROM collected LIMIT 1") is not None

    def all(self) -> list[FacetCount]:
        """Return the collections by name, each with how many articles it has."""
        if not self._is_there:
            return []
        rows = self._db.all(
            "SELECT name, (SELECT count(*) FROM collected JOIN article ON article.id = collected.article_id "
            "WHERE collected.collection = name) FROM collection ORDER BY name"
        )
        return [FacetCount(*row) for row in rows]

    def open_articles(self) -> int:
        """Count the articles that are in no collection."""
        where = seen_clause(())[0] if self._is_there else "TRUE"
        row = self._db.one(f"SELECT count(*) FROM article WHERE {where}")
        return int(row[0]) if row else 0

    def of(self, article_id: str) -> frozenset[str]:
        """Return the collections of an article, also of one that is here no more; none of one that never was."""
        if not self._is_there:
            return frozenset()
        rows = self._db.all("SELECT collection FROM collected WHERE article_id = ?", article_id)
        return frozenset(row[0] for row in rows)

    def seen(self, ids: Iterable[str], visible: Collection[str]) -> list[str]:
        """Return those ids that are of no article in collections beyond some, in their order."""
        asked, own = list(ids), dict[str, set[str]]()
        for chunk in chunks(sorted(set(asked)) if self._is_there else []):
            marks = ",".join("?" * len(chunk))
            for id, name in self._db.all(
                f"SELECT article_id, collection FROM collected WHERE article_id IN ({marks})", *chunk
            ):
                own.setdefault(id, set()).add(name)
        return [id for id in asked if id not in own or not own[id].isdisjoint(visible)]

    def articles(self, name: str) -> list[str]:
        """Return the ids of the articles in a collection; raises what `checked` raises."""
        (known,) = self.checked([name])
        found = "SELECT id FROM collected JOIN article ON article.id = article_id WHERE collection = ? ORDER BY 1"
        return [row[0] for row in self._db.all(found, known)]

    def checked(self, names: Iterable[str], seen: Collection[str] | None = None) -> tuple[str, ...]:
        """Return names as they are kept, in order; raises `QueryError` for one that is no collection's.

        Of collections that are not `seen` (None: all are) it is said that there are none.
        """
        asked = dict.fromkeys(collection_name(name) for name in names)
        known = {count.name for count in self.all() if seen is None or count.name in seen} if asked else set()
        if unknown := [name for name in asked if name not in known]:
            raise QueryError(
                f"There is no collection {unknown[0]}. Make it: khabar collections add {unknown[0]}, or choose one "
                "that `khabar collections list` shows."
            )
        return tuple(sorted(asked))

    # Changing: in commits of their own.

    def add(self, name: str) -> str:
        """Make a collection, and return its name as it is kept; raises `QueryError` for one that there is."""
        name = collection_name(name)
        with self._db.commit():
            self._db.ensure(_TABLE)
            made = self._db.run(
                "INSERT INTO collection (name, added) VALUES (?, ?) ON CONFLICT DO NOTHING",
                name, datetime.now(UTC).isoformat(timespec="seconds"),
            )  # fmt: skip
            if made != 1:
                raise QueryError(f"There is a collection {name} already.")
            self._audit.record(AuditAction.COLLECTION_ADDED, name)
        return name

    def remove(self, name: str) -> None:
        """Let go of a collection without articles; raises `QueryError` for one that has some, or is none."""
        with self._db.commit():
            (known,) = self.checked([name])
            if held := self._articles_ever(known):
                gone = len(held) - len(self.articles(known))
                raise QueryError(
                    f"The collection {name} still has articles ({len(held)}, of them {gone} withdrawn), which would be "
                    "open to all. Move them: khabar collections move."
                )
            self._db.run("DELETE FROM source_collection WHERE collection = ?", known)
            self._db.run("DELETE FROM collection WHERE name = ?", known)
            self._audit.record(AuditAction.COLLECTION_REMOVED, known)

    # Changing: inside a commit.

    def put(self, article_id: str, collections: Collection[str]) -> bool:
        """Put an article in just these collections; tells whether it was in others."""
        before = self.of(article_id)
        if before == frozenset(collections):
            return False
        self._db.run("DELETE FROM collected WHERE article_id = ?", article_id)
        rows = [(article_id, name) for name in sorted(collections)]
        self._db.run_many("INSERT INTO collected (article_id, collection) VALUES (?, ?)", rows)
        self._audit.record(AuditAction.ASSIGNED, f"{article_id} → {', '.join(sorted(collections)) or _NONE}")
        return True

    def with_source(self, article_id: str, origin: str) -> frozenset[str]:
        """Return where an article belongs that a source brings: where it is and, of a new source, where that brings to.

        What the source has brought before may have been put elsewhere by hand.
        """
        own, more = self.of(article_id), self.of_source(origin)
        if more <= own:
            return own
        known = self._db.one("SELECT 1 FROM member WHERE origin = ? AND article_id = ?", origin, article_id)
        return own if known else own | more

    def of_source(self, origin: str) -> frozenset[str]:
        """Return the collections that what a source brings belongs to."""
        if not self._is_there:
            return frozenset()
        rows = self._db.all("SELECT collection FROM source_collection WHERE origin = ?", origin)
        return frozenset(row[0] for row in rows)

    def move(self, name: str, collections: Collection[str]) -> dict[str, frozenset[str]]:
        """Have what is, and what sources bring, in a collection go to others; returns where its articles belong, by id.

        Those that are withdrawn are moved, for what still quotes them; the others are for `Catalog.assign`.
        """
        old, new = frozenset([collection_name(name)]), frozenset(collections)
        for (origin,) in self._db.all("SELECT origin FROM source_collection WHERE collection = ?", *old):
            self._set(origin, (self.of_source(origin) - old) | new)
        here = self.articles(name)
        for id in self._articles_ever(*old).difference(here):
            self.put(id, (self.of(id) - old) | new)
        return {id: (self.of(id) - old) | new for id in here}

    def set_source(self, origin: str, collections: Collection[str]) -> dict[str, frozenset[str]]:
        """Have a source bring to these collections from now on; returns where its articles belong by that, by id.

        What else an article is in, by another source or by hand, it stays in.
        """
        before = self.of_source(origin)
        self._set(origin, collections)
        ids = [row[0] for row in self._db.all("SELECT article_id FROM member WHERE origin = ? ORDER BY 1", origin)]
        return {id: (self.of(id) - (before - self._of_others(id, origin))) | frozenset(collections) for id in ids}

    def _of_others(self, article_id: str, origin: str) -> frozenset[str]:
        """Return where the other sources of an article bring it."""
        found = (
            "SELECT collection FROM source_collection JOIN member ON member.origin = source_collection.origin "
            "WHERE member.article_id = ? AND member.origin <> ?"
        )
        return frozenset(row[0] for row in self._db.all(found, article_id, origin))

    def _articles_ever(self, name: str) -> set[str]:
        """Return the ids of a collection's articles and of those of it that are withdrawn."""
        return {row[0] for row in self._db.all("SELECT article_id FROM collected WHERE collection = ?", name)}

    def _set(self, origin: str, collections: Collection[str]) -> None:
        self._db.run("DELETE FROM source_collection WHERE origin = ?", origin)
        rows = [(origin, name) for name in sorted(collections)]
        self._db.run_many("INSERT INTO source_collection (origin, collection) VALUES (?, ?)", rows)
