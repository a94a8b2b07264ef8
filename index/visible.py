"""What of a library whoever acts may see: every way to articles leads through here, and holds to their collections."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.analysis import query_terms, question_language
from index.article import Article, Filters, Passage, VisibleFilters
from index.encoding.encoder import Encoder
from index.errors import AccessError
from index.ingest.chunking import Chunking
from index.search import Candidate, Searcher, checked_query
from index.sources.files import is_there
from index.store.access.actors import current_actor, is_known
from index.store.access.scopes import AccessScope
from index.store.catalog import Catalog
from index.store.names import NameIndex
from index.store.passages.having import ArticlesHaving, articles_having
from index.store.rows import Extent, FacetCount, LibraryStats, Revision, Standing


class VisibleLibrary:
    """Reads a library for whoever acts now: what is in collections that they may not see is as if it were not there.

    Who that is, is told by `acting`; without any word of it everything is seen, as by a script of one's own, unless
    the library is served to several (`hold_to_rights`).
    """

    def __init__(self, catalog: Catalog, searcher: Searcher, encoder: Encoder, chunking: Chunking) -> None:
        self.encoder = encoder
        self.collections = catalog.collections
        self.names = NameIndex(catalog.database, self._within, lambda: self.visible, lambda: catalog.generation)
        self._catalog = catalog
        self._searcher = searcher
        self._chunking = chunking
        self._is_held = False

    def hold_to_rights(self) -> None:
        """Let nobody read of whom it is not known who they are, from now on, once anything is in a collection."""
        self._is_held = True

    @property
    def visible(self) -> frozenset[str] | None:
        """The collections that whoever acts may see, beside what is in none; None: all. Caches go by it.

        Raises `AccessError` where nobody knows who acts, and it matters.
        """
        scope = self._scope
        return scope.visible if scope and self.collections.is_used else None

    @property
    def own_collections(self) -> list[str]:
        """The names of the collections that whoever acts, if they may change anything, may add to."""
        scope = self._scope
        names = [count.name for count in self.collections.all()]
        return names if scope is None else [name for name in names if name in scope.editable]

    @property
    def seen_collections(self) -> list[FacetCount]:
        """The collections that whoever acts may see, by name, each with how many articles it has."""
        visible = self.visible
        return [count for count in self.collections.all() if visible is None or count.name in visible]

    @property
    def _scope(self) -> AccessScope | None:
        """Where the rights of whoever acts hold; None: everywhere."""
        if not is_known() and self._is_held and self.collections.is_used:
            raise AccessError("Nobody knows who asks for this: the library is held to rights. Say so by acting(…).")
        return current_actor().role.scope

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Hold one state of the library for everything this thread reads inside; yields its generation."""
        with self._catalog.snapshot():
            yield self._catalog.generation

    def search(self, query: str, *, filters: Filters | None = None, limit: int = 10) -> list[Candidate]:
        """Return the passages nearest in meaning or words, best first: dense and lexical ranks, fused.

        Raises `QueryError` for a blank query.
        """
        return self._searcher.search(checked_query(query), self._within(filters), limit)

    def candidates(self, passages: Iterable[Passage], filters: Filters | None = None) -> list[Candidate]:
        """Return those of the passages that the library holds and the filters let through, with score 0."""
        return self._searcher.candidates(list(passages), self._within(filters))

    def articles(
        self,
        filters: Filters | None = None,
        *,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Return the articles that pass the filters and have `text` in their title, newest first."""
        return self._catalog.articles(self._within(filters), text, limit, offset)

    def article(self, id: str, revision: int | None = None) -> Article:
        """Return an article, or one past revision of it; raises `ArticleNotFoundError`."""
        self._check_seen(id, revision)
        return self._catalog.article(id, revision)

    def passages(self, id: str) -> list[Passage]:
        """Return the passages that tile an article's text, in order; raises `ArticleNotFoundError`."""
        self.article(id)
        return list(self._catalog.passages_of(id))

    def revisions(self, id: str) -> list[Revision]:
        """Return an article's revisions, newest first; raises `ArticleNotFoundError`."""
        self._check_seen(id)
        if not (found := self._catalog.revisions(id)):
            raise self._catalog.not_found(id)
        return found

    def file(self, id: str) -> Path | None:
        """Return the file that an article was read from, where it is still there and no link; None else."""
        return next(filter(is_there, map(Path, self._catalog.files_of(id))), None) if self.sees(id) else None

    def has(self, id: str) -> bool:
        """Tell whether an article is here."""
        return self.sees(id) and self._catalog.current_revision(id) is not None

    def sees(self, id: str) -> bool:
        """Tell whether an article may be seen, or might be, where there is none of this id."""
        return bool(self.seen([id]))

    def seen(self, ids: Iterable[str]) -> list[str]:
        """Return the ids, in their order, of those articles that may be seen, or might be, where there are none."""
        visible = self.visible
        return list(ids) if visible is None else self.collections.seen(ids, visible)

    def may_change(self, id: str) -> bool:
        """Tell whether whoever acts, if they may change anything, may change an article or withdraw it."""
        scope = self._scope
        own = self.collections.of(id) if scope else frozenset()
        return scope is None or (bool(own) and own <= scope.editable)

    def standing(self, id: str, revision: int) -> Standing:
        """Tell whether a revision that an answer cites is still the article's current one."""
        current = self._catalog.current_revision(id) if self.sees(id) else None
        if current is None:
            return Standing.WITHDRAWN
        return Standing.CURRENT if current == revision else Standing.CHANGED

    def extent(self, filters: Filters | None = None) -> Extent:
        """Return how many articles pass the filters, of how many outlets, and from which day to which they are."""
        return self._catalog.facets.extent(self._within(filters))

    def same_story(self, ids: Collection[str], filters: Filters | None = None) -> Mapping[str, tuple[Article, ...]]:
        """Return, for each of some articles that is not the only one of its story, the others, the earliest first.

        A story is one text, word for word or nearly, from several paths or outlets.
        """
        return self._catalog.stories.others(self.seen(ids), self._within(filters))

    def having(self, words: str, filters: Filters | None = None) -> ArticlesHaving:
        """Return all articles that pass and have every one of some words, in any form of it, or name whom they name.

        A name is found in all its spellings; without any words all articles that pass are returned.
        """
        with self._catalog.snapshot():
            asked = question_language(words)
            others = [count.name for count in self._catalog.facets.counts("language", self._within(None))]
            forms = [own for word in words.split() if (own := query_terms(word, asked, others))]
            within = self._within(filters)
            spelt = self.names.spellings([words]) if forms and within.named is None else frozenset()
            named = VisibleFilters.within(within, self.visible, spelt) if spelt else None
            return articles_having(self._catalog.database, forms, within, named)

    def months(self, filters: Filters | None = None) -> list[FacetCount]:
        """Count the articles of each month ("2025-11") that pass the filters; undated ones are left out."""
        return self._catalog.facets.months(self._within(filters))

    def stats(self) -> LibraryStats:
        """Count what the library holds."""
        with self._catalog.snapshot():
            seen, facets = self._within(None), self._catalog.facets
            extent = facets.extent(seen)
            return LibraryStats(
                *facets.size(seen),
                self._catalog.generation,
                self.encoder.name,
                self._chunking.name,
                tuple(facets.counts("language", seen)),
                tuple(facets.counts("source", seen)),
                tuple(facets.counts("category", seen)),
                extent.first,
                extent.last,
            )

    def _within(self, filters: Filters | None) -> Filters:
        visible = self.visible
        found = filters or Filters()
        if found.collection:
            # One that may not be seen is as one that there is not.
            found = replace(found, collection=self.collections.checked(found.collection, visible))
        if found.story and not self._catalog.database.has("event_member"):
            # A library of an earlier version's, which has none.
            found = replace(found, story=("",))
        spellings = self.names.spellings(found.name) if found.name else None
        return found if visible is spellings is None else VisibleFilters.within(found, visible, spellings)

    def _check_seen(self, id: str, revision: int | None = None) -> None:
        if not self.sees(id):
            raise self._catalog.not_found(id, revision)
