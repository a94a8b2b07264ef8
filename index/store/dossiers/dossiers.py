"""Named, ordered lists of pinned quotes in one library's catalog, and whose they are."""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

from index.article import storable
from index.errors import DossierNotFoundError, QueryError
from index.store.access.actors import Way, current_actor
from index.store.access.audit import AuditAction, AuditLog
from index.store.access.roles import AccessRole
from index.store.catalog import Catalog
from index.store.dossiers.pins import PIN_COLUMNS, SHOWN, Dossier, DossierEntry, Pin, PinnedArticle
from index.store.sql import chunks, seen_clause

# Dossiers that one owner has, and quotes that one dossier has, at most; and how long texts may be, in characters.
MOST_DOSSIERS, MOST_QUOTES = 500, 1_000
LONGEST_NAME, LONGEST_NOTE, LONGEST_QUOTE = 200, 10_000, 20_000
# Who comes in by these has a name of the sign-in, or a token's; whoever is at the machine has none.
_SIGNED_IN = (Way.PAGE, Way.REST, Way.MCP)
# Letters of an id that name what it is of, at least.
_LEAST = 4
_TABLE = "dossier"
_COLUMNS = (
    "id, name, owner, made, changed, (SELECT count(*) FROM pin WHERE pin.dossier = dossier.id AND {seen}) AS quotes "
    "FROM dossier"
)


class DossierTable:
    """The dossiers of one library; the tables are made when the first one is.

    Everybody has to do with their own dossiers alone, an admin with all. A dossier that is somebody else's is as one
    that is not there, and so is a quote of an article in collections that whoever acts may not see: `visible` returns
    those that they may (None: all). No method moves the library's generation: an answer does not hang on dossiers.
    """

    def __init__(self, catalog: Catalog, visible: Callable[[], frozenset[str] | None]) -> None:
        self._catalog = catalog
        self._db = catalog.database
        self._visible = visible

    # Reading.

    def all(self) -> list[DossierEntry]:
        """Return the dossiers of whoever acts now, and to an admin those of the others after them, by their names."""
        if not self._db.has(_TABLE):
            return []
        own = _owner()
        seen, values = self._seen()
        columns = _COLUMNS.format(seen=seen)
        rows = self._db.all(f"SELECT {columns} ORDER BY owner <> ?, owner, name, id", *values, own)
        entries = [_entry(row) for row in rows]
        return [entry for entry in entries if _may_see(entry)]

    def own(self) -> list[DossierEntry]:
        """Return the dossiers of whoever acts now alone."""
        return [entry for entry in self.all() if entry.owner == _owner()]

    def find(self, key: str) -> Dossier:
        """Return a dossier by its id, its name, or the beginning of its id; a name of one's own comes first.

        Raises `DossierNotFoundError` where that names none, `QueryError` where it names several.
        """
        with self._db.snapshot():
            entry = self._named(key)
            return Dossier(**asdict(entry), pins=self._pins(entry))

    # Changing.

    def add(self, name: str, owner: str | None = None) -> Dossier:
        """Make a dossier for whoever acts now, or for another `owner`; raises `QueryError` for its name."""
        whose = _owner() if owner is None else owner.strip()
        name, now = _checked_name(name), datetime.now(UTC)
        made = Dossier(uuid.uuid4().hex, name, whose, now, now, 0, ())
        with self._db.commit():
            self._db.ensure(_TABLE)
            self._check_free(name, whose)
            (counted,) = self._db.one("SELECT count(*) FROM dossier WHERE owner = ?", whose) or (0,)
            if counted >= MOST_DOSSIERS:
                raise QueryError(f"There are {MOST_DOSSIERS} dossiers already. Delete one first.")
            self._db.run(
                "INSERT INTO dossier (id, name, owner, made, changed) VALUES (?, ?, ?, ?, ?)",
                made.id, name, whose, now.isoformat(), now.isoformat(),
            )  # fmt: skip
            self._audit.record(AuditAction.DOSSIER_MADE, made.id[:SHOWN])
        return made

    def rename(self, key: str, name: str) -> None:
        """Give a dossier another name; raises what `find` raises, and `QueryError` for the name."""
        name = _checked_name(name)
        with self._db.commit():
            entry = self._named(key)
            if name != entry.name:
                self._check_free(name, entry.owner)
                self._db.run("UPDATE dossier SET name = ? WHERE id = ?", name, entry.id)
                self._touch(entry)

    def remove(self, key: str) -> None:
        """Delete a dossier with all its quotes and notes; raises what `find` raises."""
        with self._db.commit():
            entry = self._named(key)
            self._db.run("DELETE FROM pin WHERE dossier = ?", entry.id)
            self._db.run("DELETE FROM dossier WHERE id = ?", entry.id)
            self._audit.record(AuditAction.DOSSIER_REMOVED, entry.id[:SHOWN], entry.quotes)

    def pin(
        self, key: str, article: str, start: int | None = None, end: int | None = None, *, quote: str | None = None,
        revision: int | None = None, note: str = "",
    ) -> Pin:  # fmt: skip
        """Put a quote of an article, or of an earlier revision, at the end of a dossier, with a note.

        It is `text[start:end]`, or the first place where the `quote` stands. What is pinned there already stays where
        it is, and takes the note where one is given. Raises what `find` raises, `ArticleNotFoundError`, and
        `QueryError` for what is no part of the text or too much to be kept.
        """
        note = _checked_note(note)
        with self._db.commit():
            entry = self._named(key)
            visible = self._visible()
            if visible is not None and not self._catalog.collections.seen([article], visible):
                raise self._catalog.not_found(article, revision)
            stored = self._catalog.article(article, revision)
            start, end = _place(stored.text, start, end, quote)
            number = revision or self._catalog.current_revision(article)
            (state,) = (known for known in self._catalog.revisions(article) if known.number == number)
            known = self._db.one(
                "SELECT id FROM pin WHERE dossier = ? AND article = ? AND hash = ? AND start = ? AND stop = ?",
                entry.id, article, state.content_hash, start, end,
            )  # fmt: skip
            if known:
                if note:
                    self._db.run("UPDATE pin SET note = ? WHERE id = ?", note, known[0])
                    self._touch(entry)
                return next(pin for pin in self._pins(entry) if pin.id == known[0])
            if entry.quotes >= MOST_QUOTES:
                raise QueryError(f"The dossier has {MOST_QUOTES} quotes already. Begin another one.")
            cited, now = PinnedArticle.of(stored, state), datetime.now(UTC)
            made = Pin(uuid.uuid4().hex, cited, start, end, stored.text[start:end], note, now)
            (last,) = self._db.one("SELECT max(place) FROM pin WHERE dossier = ?", entry.id) or (None,)
            self._db.run(
                f"INSERT INTO pin ({PIN_COLUMNS}) VALUES ({', '.join('?' * 11)})",
                *made.row(entry.id, (last or 0) + 1, state.content_hash),
            )
            self._touch(entry)
            self._audit.record(AuditAction.PINNED, article)
            return next(pin for pin in self._pins(entry) if pin.id == made.id)

    def note(self, key: str, pin: str, note: str) -> None:
        """Say anew what is noted on a quote; raises what `find` raises, and `QueryError` for too long a note."""
        note = _checked_note(note)
        with self._db.commit():
            entry = self._named(key)
            self._db.run("UPDATE pin SET note = ? WHERE id = ?", note, self._pin(entry, pin))
            self._touch(entry)

    def move(self, key: str, pin: str, place: int) -> None:
        """Put a quote at a place, from 1, among the others; beyond the last is the last. Raises what `find` raises."""
        with self._db.commit():
            entry = self._named(key)
            moved = self._pin(entry, pin)
            order = [id for id in self._order(entry) if id != moved]
            order.insert(max(place - 1, 0), moved)
            self._db.run_many("UPDATE pin SET place = ? WHERE id = ?", list(enumerate(order, start=1)))
            self._touch(entry)

    def unpin(self, key: str, pin: str) -> None:
        """Take a quote and its note out of a dossier; raises what `find` raises."""
        with self._db.commit():
            entry = self._named(key)
            id = self._pin(entry, pin)
            (article,) = self._db.one("SELECT article FROM pin WHERE id = ?", id) or ("",)
            self._db.run("DELETE FROM pin WHERE id = ?", id)
            self._touch(entry)
            self._audit.record(AuditAction.UNPINNED, article)

    def record_export(self, dossier: Dossier) -> None:
        """Write down that a dossier was exported; nothing can be on a read-only disk."""
        if self._db.is_writable:
            with self._db.commit():
                self._audit.record(AuditAction.EXPORTED, f"dossier {dossier.id[:SHOWN]}", len(dossier.pins))

    # Within.

    @property
    def _audit(self) -> AuditLog:
        return self._catalog.audit

    def _named(self, key: str) -> DossierEntry:
        key = key.strip()
        seen = self.all() if key else []
        own = _owner()
        # The first way of naming that names any: a name may look like another's id.
        ways = (
            [entry for entry in seen if entry.id == key],
            [entry for entry in seen if entry.name == key and entry.owner == own],
            [entry for entry in seen if entry.name == key],
            [entry for entry in seen if len(key) >= _LEAST and entry.id.startswith(key.lower())],
        )
        found = next((way for way in ways if way), [])
        if not found:
            raise DossierNotFoundError("There is no such dossier here. The list of dossiers shows which there are.")
        if len(found) > 1:
            raise QueryError("Several dossiers are called so. Name one by its id.")
        return found[0]

    def _pin(self, entry: DossierEntry, pin: str) -> str:
        """Return the whole id of a quote of a dossier, which the beginning of it may name."""
        pin = pin.strip().lower()
        found = [seen.id for seen in self._pins(entry) if len(pin) >= _LEAST and seen.id.startswith(pin)]
        if len(found) != 1:
            raise DossierNotFoundError("There is no such quote in the dossier. The dossier shows which there are.")
        return found[0]

    def _order(self, entry: DossierEntry) -> list[str]:
        return [row[0] for row in self._db.all("SELECT id FROM pin WHERE dossier = ? ORDER BY place, id", entry.id)]

    def _pins(self, entry: DossierEntry) -> tuple[Pin, ...]:
        seen, values = self._seen()
        rows = self._db.all(
            f"SELECT {PIN_COLUMNS} FROM pin WHERE dossier = ? AND {seen} ORDER BY place, id", entry.id, *values
        )
        hashes: dict[str, str] = {}
        for ids in chunks(sorted({row[3] for row in rows})):
            marks = ", ".join("?" * len(ids))
            hashes |= dict(self._db.all(f"SELECT id, hash FROM article WHERE id IN ({marks})", *ids))
        texts = {
            id: self._catalog.article(id).text
            for id in dict.fromkeys(row[3] for row in rows if hashes.get(row[3], row[4]) != row[4])
        }
        return tuple(Pin.of(row).now(row[4], hashes.get(row[3]), texts.get(row[3], "")) for row in rows)

    def _seen(self) -> tuple[str, list[object]]:
        """Return the condition that a quote may be seen, and its values."""
        visible = self._visible()
        return ("TRUE", []) if visible is None else seen_clause(visible, "pin.article")

    def _check_free(self, name: str, owner: str) -> None:
        if self._db.one("SELECT 1 FROM dossier WHERE owner = ? AND name = ?", owner, name):
            raise QueryError("There is a dossier of this name already. Choose another name.")

    def _touch(self, entry: DossierEntry) -> None:
        self._db.run("UPDATE dossier SET changed = ? WHERE id = ?", datetime.now(UTC).isoformat(), entry.id)


def _owner() -> str:
    """Return whose a dossier is that whoever acts now makes."""
    actor = current_actor()
    return actor.name if actor.way in _SIGNED_IN else ""


def _may_see(entry: DossierEntry) -> bool:
    # Who has no name owns nothing, though what nobody owns has no name either.
    return current_actor().role is AccessRole.ADMIN or entry.owner == _owner() != ""


def _entry(row: "tuple[object, ...]") -> DossierEntry:
    id, name, owner, made, changed, quotes = map(str, row)
    return DossierEntry(id, name, owner, datetime.fromisoformat(made), datetime.fromisoformat(changed), int(quotes))


def _checked_name(name: str) -> str:
    name = " ".join(storable(name).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise QueryError(f"A dossier's name has 1 to {LONGEST_NAME} characters. Choose another.")
    return name


def _checked_note(note: str) -> str:
    note = storable(note).strip()
    if len(note) > LONGEST_NOTE:
        raise QueryError(f"A note has up to {LONGEST_NOTE} characters. Shorten it.")
    return note


def _place(text: str, start: int | None, end: int | None, quote: str | None) -> tuple[int, int]:
    """Return where a quote stands, which is told by its place, its words, or both."""
    if start is not None and end is None and quote:
        end = start + len(quote)
    if start is None or end is None:
        start = text.find(quote) if quote and quote.strip() else -1
        end = start + len(quote or "")
        if start < 0:
            raise QueryError("The article does not say this, word for word. Copy the quote out of it.")
    if (
        not 0 <= start < end <= len(text)
        or not text[start:end].strip()
        or text[start:end] != (quote or text[start:end])
    ):
        raise QueryError("This is no part of the article's text. Give another start and end.")
    if end - start > LONGEST_QUOTE:
        raise QueryError(f"A quote has up to {LONGEST_QUOTE} characters. Pin a part of it.")
    return start, end
