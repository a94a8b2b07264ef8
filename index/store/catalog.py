"""The truth: articles, revisions, passages, vectors and the lexical index, committed together.

Each commit moves `generation` by one. What has left the catalog exists nowhere else: every result of the vector
index is joined back through here.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.article import Article, Filters, Passage
from index.errors import ArticleNotFoundError, LibraryMismatchError
from index.store.access.audit import AuditAction, AuditLog
from index.store.backups import back_up_if_due
from index.store.collections.collections import CollectionTable
from index.store.engines.opening import open_database
from index.store.engines.protocol import Database, PassageWords
from index.store.facets import Facets
from index.store.fulltext import LexicalIndex
from index.store.names import MentionTable
from index.store.near_duplicates import Stories
from index.store.passages.vectors import PassageVectors
from index.store.rows import (
    FIELDS,
    REVISIONS,
    KnownArticle,
    NewArticle,
    NewPassage,
    Revision,
    StoredPassage,
    from_plain,
    from_row,
    to_plain,
    to_row,
)
from index.store.sql import chunks, where_clause
from index.store.stories import StoryPlacer
from index.store.titles import TitleIndex

# The property of a vector index that says which generation it was made of; a copy's name follows.
INDEXED_UP_TO = "vectors_generation"
# To read an article's names takes as long as to place so many in their stories.
_NAMES_COST = 20
_ALL = 2**62  # More articles than any library has.


class Catalog(PassageVectors):
    """One library's tables, in a file or at a PostgreSQL server's address; one commit at a time."""

    def __init__(self, at: str | Path, *, create: bool = True) -> None:
        super().__init__(open_database(at, create=create))
        self.stories = Stories(self._db)
        self.full_text = LexicalIndex(self._db)
        self.placer, self.names = StoryPlacer(self._db), MentionTable(self._db)
        self.facets, self.audit, self.titles = Facets(self._db), AuditLog(self._db), TitleIndex(self._db)
        self.collections = CollectionTable(self._db)

    @property
    def database(self) -> Database:
        """Where the tables are, for those that are no articles."""
        return self._db

    def close(self) -> None:
        """Close every connection; the catalog is not usable afterwards."""
        self._db.close()

    def outdated(self) -> int:
        """Weigh what an earlier version of Khabar wrote otherwise: articles without story or names, passages' terms."""
        unread = _NAMES_COST * self.names.missing()
        return self.stories.missing() + self.placer.missing() + unread + self.full_text.outdated()

    def bring_up_to_date(self) -> None:
        """Write anew what an earlier version wrote otherwise, in a commit of its own."""
        if not self._db.has_current_terms or self.stories.missing() or self.placer.missing() or self.names.missing():
            with self.writing():
                self.stories.place_missing()
                self.placer.place_missing()
                self.names.place_missing()
                self.full_text.bring_up_to_date()

    def back_up(self, library: Path) -> None:
        """Copy the catalog into the library's backups, when one is due; a server makes its own."""
        if not self._db.is_served:
            back_up_if_due(self._db, library, self.generation)

    def snapshot(self) -> AbstractContextManager[None]:
        """Hold one state of the catalog for everything this thread reads inside."""
        return self._db.snapshot()

    @contextmanager
    def writing(self) -> Iterator[int]:
        """Make everything this thread writes inside one commit; yields the generation it will be."""
        with self._db.commit():
            yield self.generation + 1
            self.end_generation()

    def end_generation(self) -> None:
        """Count a commit that answers may show; inside one, at its end, which `writing()` does by itself."""
        self.set_meta("generation", str(self.generation + 1))

    @property
    def generation(self) -> int:
        """The number of the last commit; after a fail-over that lost some there is a gap."""
        return int(self.meta("generation") or 0)

    def meta(self, key: str) -> str | None:
        """Return a recorded property of the library, or None."""
        row = self._db.one("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Record a property of the library."""
        self._db.run(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value
        )

    def settle(self, key: str, value: str) -> str:
        """Record a property unless it is recorded, and return what it is: of several processes the first decides."""
        if (found := self.meta(key)) is not None:
            return found
        self._db.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", key, value)
        return self.meta(key) or value

    def record(self, properties: Mapping[str, str], claim: Callable[[], None]) -> None:
        """Record which index holds what, unless `claim` raises, and forget what had gone before all of them."""
        with self._db.commit():
            claim()
            for key, value in properties.items():
                self.set_meta(key, value)
            self._db.run(
                "DELETE FROM gone WHERE generation <= (SELECT min(CAST(value AS INTEGER)) FROM meta WHERE key LIKE ?)",
                f"{INDEXED_UP_TO}%",
            )

    def check_encoder(self, name: str) -> None:
        """Raise `LibraryMismatchError` when the library has been made anew with another encoder than this one."""
        if (made := self.meta("encoder")) not in (name, None):
            raise LibraryMismatchError(
                f"The library was rebuilt with the encoder {made}, and is open with {name}. Open it again."
            )

    # Writing: inside `writing()` only.

    def put(self, new: NewArticle, origin: str, generation: int) -> list[bytes]:
        """Store an article as a new revision, its passages and terms; returns the vectors' keys of its old revision."""
        article, added = new.article, datetime.now(UTC).isoformat(timespec="seconds")
        ((current, hashed, past),) = self._db.all(REVISIONS, article.id, article.id)
        if hashed == article.content_hash:
            # Another writer brought it while this one encoded it.
            self.claim(article.id, origin, new.file)
            if new.collections is not None:
                self.assign(article.id, new.collections, generation)
            return []
        revision = 1 + max(current or 0, past or 0)
        story = self.placer.story_of(article.id) if current else None
        replaced = self._retire(article.id, keep_content=True, generation=generation) if current else []
        ((number,),) = self._db.all(
            f"INSERT INTO article (revision, hash, added, {FIELDS}) VALUES (?, ?, ?{', ?' * len(FIELDS.split(','))}) "
            "RETURNING number", revision, article.content_hash, added, *to_row(article),
        )  # fmt: skip
        self._put_passages(number, new.passages, generation)
        belongs = self.collections.with_source(article.id, origin) if new.collections is None else new.collections
        self.collections.put(article.id, belongs)
        self.stories.place(number, article.text)
        self.placer.place(number, before=story)
        self.names.place(number, article)
        self.claim(article.id, origin, new.file)
        self.audit.record(AuditAction.REPLACED if current else AuditAction.ADDED, article.id)
        return replaced

    def claim(self, article_id: str, origin: str, file: str) -> bool:
        """Record that `origin` brings this article, from `file`, and put it where that brings; inside `writing()`.

        Tells whether it is in other collections by that.
        """
        belongs = self.collections.with_source(article_id, origin)
        is_moved = belongs != self.collections.of(article_id)
        if is_moved:
            self.assign(article_id, belongs, self.generation + 1)
        self._db.run(
            "INSERT INTO member VALUES (?, ?, ?) ON CONFLICT (origin, article_id) DO UPDATE SET file = excluded.file",
            origin, article_id, file,
        )  # fmt: skip
        return is_moved

    def release(self, article_id: str, origin: str, generation: int) -> bool:
        """Record that `origin` no longer brings this article; it leaves when nobody does. True if it left."""
        self._db.run("DELETE FROM member WHERE origin = ? AND article_id = ?", origin, article_id)
        claimed = self._db.one("SELECT 1 FROM member WHERE article_id = ? LIMIT 1", article_id)
        if claimed or self.current_revision(article_id) is None:
            return False
        self.remove(article_id, generation)
        return True

    def remove(self, article_id: str, generation: int) -> None:
        """Withdraw an article: its text and passages go, all revisions of it too; their numbers stay taken.

        Its collections are remembered: what quotes it is for those alone who might see it, and should it come again.
        """
        self.prune_vectors(self._retire(article_id, keep_content=False, generation=generation))
        self._db.run("UPDATE past SET content = NULL WHERE article_id = ?", article_id)
        self._db.run("DELETE FROM member WHERE article_id = ?", article_id)
        self.audit.record(AuditAction.WITHDRAWN, article_id)

    def assign(self, article_id: str, collections: Collection[str], generation: int) -> bool:
        """Put an article in just these collections, none: open to all; tells whether that changed anything."""
        row = self._db.one("SELECT number FROM article WHERE id = ?", article_id)
        if row is None:
            raise self.not_found(article_id)
        changed = self.collections.put(article_id, collections)
        if changed:
            self.move(row[0], generation)
        return changed

    def clear_passages(self, generation: int) -> None:
        """Drop all passages and lexical terms, for a rebuild; articles, revisions and vectors stay."""
        # The vector index still has them.
        self._db.run(
            "INSERT INTO gone SELECT id, ? FROM passage WHERE TRUE "
            "ON CONFLICT (passage) DO UPDATE SET generation = excluded.generation",
            generation,
        )
        self._db.words.clear()
        self._db.run("DELETE FROM passage")

    def put_passages(self, article_id: str, passages: Sequence[NewPassage], generation: int) -> None:
        """Store the passages of an article that has none (a rebuild)."""
        row = self._db.one("SELECT number FROM article WHERE id = ?", article_id)
        if row is None:
            raise self.not_found(article_id)
        self._put_passages(row[0], passages, generation)

    def _put_passages(self, article: int, passages: Sequence[NewPassage], generation: int) -> None:
        words: list[PassageWords] = []
        for item in passages:
            ((number,),) = self._db.all(
                "INSERT INTO passage (article, start, stop, key, generation, own_language) VALUES (?, ?, ?, ?, ?, ?) "
                "RETURNING id", article, item.start, item.end, item.key, generation, item.language,
            )  # fmt: skip
            words.append(PassageWords(number, item.terms, item.names))
        self._db.words.put(words)

    def _retire(self, article_id: str, *, keep_content: bool, generation: int) -> list[bytes]:
        row = self._db.one(f"SELECT number, revision, hash, added, {FIELDS} FROM article WHERE id = ?", article_id)
        if row is None:
            raise self.not_found(article_id)
        number, revision, content_hash, added = row[:4]
        content = json.dumps(to_plain(from_row(row[4:])), ensure_ascii=False) if keep_content else None
        self._db.run("INSERT INTO past VALUES (?, ?, ?, ?, ?)", article_id, revision, content_hash, added, content)
        old = self._db.all("SELECT id, key FROM passage WHERE article = ?", number)
        self._db.run(
            "INSERT INTO gone SELECT id, ? FROM passage WHERE article = ? "
            "ON CONFLICT (passage) DO UPDATE SET generation = excluded.generation",
            generation,
            number,
        )
        self._db.words.remove([passage for passage, _ in old])
        self._db.run("DELETE FROM passage WHERE article = ?", number)
        self.stories.leave(number)
        self.placer.leave(number)
        self.names.leave(number)
        self._db.run("DELETE FROM article WHERE number = ?", number)
        return [key for _, key in old]

    # Reading.

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """Return the current, or a past, revision; raises `ArticleNotFoundError`."""
        row = self._db.one(f"SELECT revision, {FIELDS} FROM article WHERE id = ?", article_id)
        if row and revision in (None, row[0]):
            return from_row(row[1:])
        if revision is not None:
            past = self._db.one("SELECT content FROM past WHERE article_id = ? AND revision = ?", article_id, revision)
            if past and past[0]:
                return from_plain(json.loads(past[0]))
        raise self.not_found(article_id, revision)

    def not_found(self, article_id: str, revision: int | None = None) -> ArticleNotFoundError:
        """Return the error that there is no such article, or none that may be seen: the two are told alike."""
        which = f"revision {revision} of article" if revision is not None else "article"
        return ArticleNotFoundError(f"There is no {which} {article_id!r} here. `khabar articles list` shows the ids.")

    def current_revision(self, article_id: str) -> int | None:
        """Return the number of the revision that answers are read from, or None for an article that is not here."""
        row = self._db.one("SELECT revision FROM article WHERE id = ?", article_id)
        return int(row[0]) if row else None

    def revisions(self, article_id: str) -> list[Revision]:
        """Return every revision of an article, newest first; empty for an unknown id."""
        rows = self._db.all(
            "SELECT revision, hash, added, 1 FROM article WHERE id = ? UNION ALL "
            "SELECT revision, hash, added, 0 FROM past WHERE article_id = ? ORDER BY 1 DESC",
            article_id,
            article_id,
        )
        return [Revision(article_id, r[0], r[1], datetime.fromisoformat(r[2]), bool(r[3])) for r in rows]

    def articles(self, filters: Filters, title: str | None, limit: int | None, offset: int) -> list[Article]:
        """Return the articles that pass, newest first, then by title; `title` is a part of the title, both folded."""
        where, values = where_clause(filters)
        ordered = f"FROM article WHERE {where} ORDER BY published IS NULL, published DESC, title, id"
        if not title:
            most = _ALL if limit is None else limit
            rows = self._db.all(f"SELECT {FIELDS} {ordered} LIMIT ? OFFSET ?", *values, most, offset)
            return [from_row(row) for row in rows]
        with self._db.snapshot():
            having = self.titles.having(title)
            passing = [number for (number,) in self._db.all(f"SELECT number {ordered}", *values) if number in having]
            wanted = passing[offset : None if limit is None else offset + limit]
            found: dict[int, Article] = {}
            for part in chunks(wanted):
                marks = ",".join("?" * len(part))
                for row in self._db.all(f"SELECT number, {FIELDS} FROM article WHERE number IN ({marks})", *part):
                    found[row[0]] = from_row(row[1:])
        return [found[number] for number in wanted]

    def article_ids(self) -> list[str]:
        """Return every article's id, in the order they came."""
        return [row[0] for row in self._db.all("SELECT id FROM article ORDER BY number")]

    def known(self, article_id: str) -> KnownArticle | None:
        """Return what is held of an id, or None."""
        row = self._db.one("SELECT hash FROM article WHERE id = ?", article_id)
        if row is None:
            return None
        origins = dict(self._db.all("SELECT origin, file FROM member WHERE article_id = ?", article_id))
        return KnownArticle(row[0], origins)

    def files_of(self, article_id: str) -> list[str]:
        """Return what an article was brought from: files, web addresses."""
        return [row[0] for row in self._db.all("SELECT file FROM member WHERE article_id = ?", article_id)]

    def members(self, origin: str) -> Mapping[str, str]:
        """Return the ids that `origin` brought in, each with its file."""
        return dict(self._db.all("SELECT article_id, file FROM member WHERE origin = ?", origin))

    def passages(self, numbers: Sequence[int], filters: Filters) -> dict[int, StoredPassage]:
        """Join passage numbers back to passages; unknown numbers and filtered articles are left out."""
        where, values = where_clause(filters, of_passages=True)
        found: dict[int, StoredPassage] = {}
        for chunk in chunks(numbers):
            marks = ",".join("?" * len(chunk))
            columns = ", ".join(f"article.{name}" for name in FIELDS.split(", "))
            rows = self._db.all(
                f"SELECT passage.id, start, stop, revision, tokens.value, vector.value, {columns} FROM passage "
                "JOIN article ON article.number = passage.article JOIN tokens ON tokens.key = passage.key "
                f"JOIN vector ON vector.key = passage.key WHERE passage.id IN ({marks}) AND {where}", *chunk, *values,
            )  # fmt: skip
            for row in rows:
                article = from_row(row[6:])
                passage = Passage(article.id, row[1], row[2])
                found[row[0]] = StoredPassage(row[0], passage, article, row[3], row[4], row[5])
        return found

    def passages_of(self, article_id: str) -> dict[Passage, int]:
        """Return the passages of the current revision, in order, each with its number."""
        rows = self._db.all(
            "SELECT start, stop, id FROM passage WHERE article = (SELECT number FROM article WHERE id = ?) ORDER BY 1",
            article_id,
        )
        return {Passage(article_id, start, stop): number for start, stop, number in rows}

    def problems(self) -> list[str]:
        """Return what is wrong with the tables and their references, in plain words; empty when sound."""
        found = self._db.problems()
        lost = self._db.one(
            "SELECT count(*) FROM passage WHERE NOT EXISTS (SELECT 1 FROM vector WHERE vector.key = passage.key)"
        )
        if lost and lost[0]:
            found.append(f"{lost[0]} passages have no vector")
        bare = self._db.one("SELECT count(*) FROM article WHERE number NOT IN (SELECT article FROM passage)")
        if bare and bare[0]:
            found.append(f"{bare[0]} articles have no passages")
        return found
