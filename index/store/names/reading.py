"""The names of a library, to be read: who and what is in it with counts, and where each is named."""

import threading
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from index.article import Filters
from index.errors import NameNotFoundError, QueryError
from index.names import NameForm, NameKind, bearers, settled_kinds
from index.store.engines.protocol import Database
from index.store.names.counting import CountedNames, NameBearer, NameCounts
from index.store.names.entries import ArticleName, NamedPassage, NameEntry
from index.store.rows import FIELDS, from_row
from index.store.sql import chunks, where_clause
from index.text.normalisation import fold

_MENTIONS = "mention JOIN article ON article.number = mention.article"
_COLUMNS = ", ".join(f"article.{name}" for name in FIELDS.split(", "))
# The joined names of so many readers are kept until the library changes.
_KEPT = 8
# So many names are joined while somebody waits.
_FEW = 3_000
# Joining that took longer, in seconds, is not done again before so many times as long has passed.
_LONG, _SHARE = 0.5, 20


@dataclass(frozen=True, slots=True)
class _Joined:
    """Who is named in the articles that somebody may see.

    `of` has the place of each name's bearer, by its kind; `called` those of a folded name's, most articles first.
    """

    bearers: tuple[NameBearer, ...]
    of: Mapping[tuple[str, str], int]
    called: Mapping[str, tuple[int, ...]]
    counts: NameCounts
    generation: int
    until: float

    def bearing(self, name: str, kind: NameKind | None = None) -> list[int]:
        """Return the bearers of a name however its letters are written, the one with most articles first."""
        found = self.called.get(fold(" ".join(name.split())), ())
        return [at for at in found if kind in (None, self.bearers[at].kind)]


class NameIndex:
    """Reads one catalog's names, of the articles alone that whoever reads may see: so are the names joined.

    `within` narrows filters to what that is, and `visible` are their collections; `generation` is the last commit's.
    """

    def __init__(
        self,
        database: Database,
        within: Callable[[Filters | None], Filters],
        visible: Callable[[], frozenset[str] | None],
        generation: Callable[[], int],
    ) -> None:
        self._db = database
        self._within = within
        self._visible = visible
        self._generation = generation
        self._kept: OrderedDict[frozenset[str] | None, _Joined] = OrderedDict()
        self._lock = threading.Lock()
        self._joining = threading.Lock()

    def offered(self, limit: int, filters: Filters | None = None) -> list[NameEntry]:
        """Return at once the entries in most articles, as `entries` does; none while very many are not joined yet."""
        return self.entries(filters, limit=limit) if self._is_ready() else []

    def entries(
        self,
        filters: Filters | None = None,
        *,
        kind: str | None = None,
        text: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[NameEntry]:
        """Return who and what is named in the articles that pass the filters, those in most articles first.

        `kind` is `person`, `body` or `place`, None for all; `text` is a part of any of its names.
        """
        wanted_kind = _kind_of(kind)
        if not self._there():
            return []
        with self._db.snapshot():
            joined = self._joined()
            counted = self._counted(joined, filters)
        wanted = fold(text.strip())
        having = {at for name, own in joined.called.items() if wanted in name for at in own} if wanted else None
        found = (
            at
            for at in counted.ranked()
            if wanted_kind in (None, joined.bearers[at].kind) and (having is None or at in having)
        )
        part = islice(found, offset, None if limit is None else offset + limit)
        return [entry for at in part if (entry := counted.entry(at)) is not None]

    def find(self, name: str, filters: Filters | None = None, *, kind: str | None = None) -> NameEntry:
        """Return who bears a name, in any of its spellings; of several the one in most articles.

        Raises `NameNotFoundError` where nobody does in the articles that pass the filters.
        """
        with self._db.snapshot():
            at, joined = self._bearer(name, kind)
            entry = self._counted(joined, filters).entry(at)
        if entry is None:
            raise _not_found()
        return entry

    def mentions(
        self, name: str, filters: Filters | None = None, *, kind: str | None = None, newest_first: bool = False
    ) -> Iterator[NamedPassage]:
        """Yield where the bearer of a name is named, article by article in the order of their days, undated ones last.

        Raises `NameNotFoundError` as `find` does.
        """
        with self._db.snapshot():
            at, joined = self._bearer(name, kind)
            bearer = joined.bearers[at]
            where, values = where_clause(self._within(filters), "article.")
            direction = "DESC" if newest_first else "ASC"
            rows: list[tuple[object, ...]] = []
            for part in chunks(bearer.names):
                rows += self._db.all(
                    "SELECT article.number, mention.start, mention.stop, mention.kind, mention.name, article.revision, "
                    f"{_COLUMNS} FROM {_MENTIONS} WHERE mention.name IN ({','.join('?' * len(part))}) AND {where} "
                    f"ORDER BY article.published IS NULL, article.published {direction}, article.number, mention.start",
                    *part, *values,
                )  # fmt: skip
        own = [row for row in rows if joined.of.get((str(row[4]), str(row[3]))) == at]
        if not own:
            raise _not_found()
        return _passages(own)

    def in_article(self, id: str) -> tuple[ArticleName, ...]:
        """Return the names in an article's text, in order; none where it may not be seen, or as `offered` says."""
        if not self._is_ready():
            return ()
        with self._db.snapshot():
            joined = self._joined()
            where, values = where_clause(self._within(None), "article.")
            rows = self._db.all(
                f"SELECT mention.start, mention.stop, mention.kind, mention.name FROM {_MENTIONS} "
                f"WHERE article.id = ? AND {where} ORDER BY 1", id, *values,
            )  # fmt: skip
        found = []
        for start, stop, kind, name in rows:
            at = joined.of.get((name, kind))
            if at is not None and (entry := joined.counts.all.entry(at)) is not None:
                found.append(ArticleName(start, stop, entry.kind, entry.name, entry.articles))
        return tuple(found)

    def spellings(self, chosen: Iterable[str]) -> frozenset[str]:
        """Return all spellings of the bearers of some names, by which articles are filtered; of unknown ones, none."""
        if not self._there():
            return frozenset()
        joined = self._joined()
        return frozenset(spelt for name in chosen for at in joined.bearing(name) for spelt in joined.bearers[at].names)

    def _bearer(self, name: str, kind: str | None) -> tuple[int, _Joined]:
        if not self._there():
            raise _not_found()
        joined = self._joined()
        found = joined.bearing(name, _kind_of(kind))
        if not found:
            raise _not_found()
        return found[0], joined

    def _counted(self, joined: _Joined, filters: Filters | None) -> CountedNames:
        if not filters:
            return joined.counts.all
        where, values = where_clause(self._within(filters))
        passing = self._db.all(f"SELECT number FROM article WHERE {where}", *values)
        return joined.counts.among([number for (number,) in passing])

    def _joined(self) -> _Joined:
        """Return who is named in what whoever reads may see, joined anew where the library has changed.

        What took long to join may be of a state some minutes ago: of everything alone, so that it shows nothing that
        has been hidden since.
        """
        if (kept := self._still_good()) is not None:
            return kept
        with self._joining:
            if (kept := self._still_good()) is not None:
                return kept
            visible, joined = self._visible(), self._join()
            with self._lock:
                self._kept[visible] = joined
                self._kept.move_to_end(visible)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return joined

    def _still_good(self) -> _Joined | None:
        visible, generation = self._visible(), self._generation()
        with self._lock:
            kept = self._kept.get(visible)
        if kept is None:
            return None
        is_recent = visible is None and time.monotonic() < kept.until
        return kept if is_recent or kept.generation == generation else None

    def _is_ready(self) -> bool:
        """Tell whether names are joined, or can be while somebody waits."""
        if not self._there():
            return False
        few = f"SELECT count(*) FROM (SELECT DISTINCT name, kind FROM mention LIMIT {_FEW}) AS few"
        return self._still_good() is not None or self._db.all(few)[0][0] < _FEW

    def _join(self) -> _Joined:
        began, generation = time.monotonic(), self._generation()
        where, values = where_clause(self._within(None), "article.")
        rows = self._db.all(
            "SELECT article.number, mention.name, mention.kind, count(*), article.published "
            f"FROM {_MENTIONS} WHERE {where} GROUP BY 1, 2, 3, 5", *values,
        )  # fmt: skip
        written = Counter((name, kind) for _, name, kind, _, _ in rows)
        counts = {(name, NameKind(kind)): articles for (name, kind), articles in written.items()}
        settled = settled_kinds(counts)
        summed: dict[tuple[str, NameKind], int] = defaultdict(int)
        for key, articles in counts.items():
            summed[key[0], settled[key]] += articles
        groups = bearers(NameForm(kind, name, articles) for (name, kind), articles in summed.items())
        found = tuple(NameBearer(group[0].kind, tuple(form.name for form in group)) for group in groups)
        place_of = {(name, bearer.kind): at for at, bearer in enumerate(found) for name in bearer.names}
        called: dict[str, set[int]] = defaultdict(set)
        for (name, _), at in place_of.items():
            called[fold(name)].add(at)
        of: dict[tuple[str, str], int] = {key: place_of[key[0], kind] for key, kind in settled.items()}
        called_by = {name: tuple(sorted(own)) for name, own in called.items()}
        spent = time.monotonic() - began
        until = began + _SHARE * spent if spent > _LONG else began
        return _Joined(found, of, called_by, NameCounts(rows, found, of), generation, until)

    def _there(self) -> bool:
        return self._db.has("named")


def _not_found() -> NameNotFoundError:
    """Return the error that nobody is called so in what may be seen; who is called so elsewhere, it does not tell."""
    return NameNotFoundError("Nobody and nothing is called so here. `khabar names` lists who and what is named.")


def _kind_of(kind: str | None) -> NameKind | None:
    if not kind:
        return None
    try:
        return NameKind(kind)
    except ValueError as error:
        raise QueryError(f"{kind!r} is no kind of name: write person, body or place.") from error


def _passages(rows: Iterable[tuple[object, ...]]) -> Iterator[NamedPassage]:
    for _, start, stop, _, _, revision, *fields in rows:
        article = from_row(tuple(fields))
        assert isinstance(start, int) and isinstance(stop, int) and isinstance(revision, int)
        sentence = next((span for span in article.sentences if span.start <= start < span.end), None)
        said = sentence.slice(article.text).strip() if sentence else article.text[start:stop]
        yield NamedPassage(
            article.id, article.title, article.source, article.published, article.language, revision,
            start, stop, article.text[start:stop], said,
        )  # fmt: skip
