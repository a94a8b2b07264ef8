"""The entry object of `index/`: a folder that holds articles and finds passages in them."""

import logging
import sys
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Self

from index.article import Article, Filters, Passage
from index.encoding.encoder import Encoder, open_encoder
from index.errors import ArticleNotFoundError, LibraryBusyError, LibraryError
from index.examination import examine
from index.ingest.chunking import Chunking
from index.ingest.indexer import Indexer, SyncReport, SyncState
from index.ingest.reading import API, take_articles, take_files, take_stream
from index.ingest.reindex import rebuild
from index.search import Candidate, Searcher, checked_query
from index.sources.files import FieldMapping, find_files, is_there
from index.store.access.tokens import TokenTable
from index.store.access.tries import TryTable
from index.store.backups import CATALOG, restore
from index.store.catalog import Catalog
from index.store.dossiers.dossiers import DossierTable
from index.store.engines.opening import address_of
from index.store.feedback import FeedbackTable
from index.store.feeds import FeedTable
from index.store.fetched_addresses import VisitTable
from index.store.folder import check_library, check_made_with, folder_of, lock_of, locked
from index.store.models import ModelUseTable
from index.store.queue import HandedTable, JobTable
from index.store.rows import DoctorReport, Extent, FacetCount, LibraryStats, Revision, Standing
from index.store.shared_answers import SharedTable
from index.store.standing.questions import StandingTable
from index.vectors.dense import DenseIndex
from index.vectors.opening import open_dense
from index.vectors.server import ChromaServer

_log = logging.getLogger(__name__)

STDIN = "-"
# Up to this many passages (or articles without a story) what is missing is made on opening; more wait for `doctor`,
# and the vector index for a writer.
_HEAL_ON_OPEN = 50_000

ProgressCallback = Callable[[SyncState], None]


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """What a library is made of, for workers, which commit to it beside one another."""

    catalog: Catalog
    dense: DenseIndex
    encoder: Encoder
    chunking: Chunking


class Library:
    """Articles, indexed; safe to use from several threads, and beside other processes."""

    def __init__(self, path: Path, catalog: Catalog, dense: DenseIndex, encoder: Encoder, chunking: Chunking) -> None:
        self.path = path
        self.encoder = encoder
        self._catalog, self._dense = catalog, dense
        self.feedback = FeedbackTable(catalog.database)
        self.shared = SharedTable(catalog.database)
        self.feeds = FeedTable(catalog.database)
        self.visits = VisitTable(catalog.database)
        self.standing_questions = StandingTable(catalog.database)
        self.dossiers = DossierTable(catalog)
        self.tokens = TokenTable(catalog.database)
        self.model_use = ModelUseTable(catalog.database)
        self.tries = TryTable(catalog.database)
        self.audit, self.stories = catalog.audit, catalog.told
        self.jobs, self.handed = JobTable(catalog.database), HandedTable(catalog.database)
        self._searcher = Searcher(catalog, dense, encoder)
        self._chunking = chunking
        self._write_lock = lock_of(path)
        # The lock file keeps other processes away; this one this process's threads, and lets one writer call another.
        self._thread_lock = threading.RLock()

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        encoder: Encoder | None = None,
        chunking: Chunking | None = None,
        chroma: ChromaServer | None = None,
        copies: Path | None = None,
        catalog: str | None = None,
        create: bool = True,
    ) -> Self:
        """Open the library in folder `path`, making an empty one when there is none, unless `create` is False.

        `catalog` is the address of a PostgreSQL database that holds the library, of which the folder then has the
        vector index alone; `chroma` a Chroma server that keeps the index instead, for every machine that names it, and
        `copies` a folder through which machines copy the index that one of them makes.
        Raises `LibraryMismatchError` when the library was made with another encoder or chunking, `LibraryError` when
        it cannot be used.
        """
        folder = folder_of(path, create=create, served=bool(catalog))
        return cls._open(folder, encoder, chunking, chroma, copies, catalog, create=create)

    @classmethod
    def rebuild_at(
        cls,
        path: str | Path,
        *,
        encoder: Encoder | None = None,
        chunking: Chunking | None = None,
        chroma: ChromaServer | None = None,
        copies: Path | None = None,
        catalog: str | None = None,
        progress: ProgressCallback | None = None,
    ) -> Self:
        """Open a library whatever made it, and chunk and encode its articles anew with this encoder.

        Raises `LibraryError` when there is none.
        """
        folder = folder_of(path, served=bool(catalog))
        library = cls._open(folder, encoder, chunking, chroma, copies, catalog, create=False, rebuild=True)
        library.rebuild(progress=progress)
        return library

    @staticmethod
    def restore_backup(path: str | Path) -> Path:
        """Put the newest sound backup in the place of a damaged catalog, which is kept beside it; return the backup.

        Raises `LibraryError` when there is none, `LibraryBusyError` when another process is writing.
        """
        folder = Path(path).expanduser()
        check_library(folder)
        with locked(lock_of(folder), folder, wait=False):
            return restore(folder)

    @classmethod
    def _open(
        cls,
        folder: Path,
        encoder: Encoder | None,
        chunking: Chunking | None,
        chroma: ChromaServer | None,
        copies: Path | None,
        at: str | None,
        *,
        create: bool,
        rebuild: bool = False,
    ) -> Self:
        encoder, chunking = encoder or open_encoder(), chunking or Chunking()
        catalog = Catalog(address_of(at) if at else folder / CATALOG, create=create)
        if not rebuild:
            check_made_with(catalog, folder, encoder=encoder.name, chunking=chunking.name)
        id = catalog.settle("id", uuid.uuid4().hex[:12])
        library = cls(folder, catalog, open_dense(catalog, id, folder, chroma, copies), encoder, chunking)
        library._heal()
        library._dense.fetch_first()
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release files and connections; the library is not usable afterwards."""
        self._dense.close()
        self.tries.close()
        self._catalog.close()

    @property
    def generation(self) -> int:
        """The number of commits so far: it moves whenever an answer might."""
        return self._catalog.generation

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Hold one state of the library for everything this thread reads inside; yields its generation."""
        with self._catalog.snapshot():
            yield self._catalog.generation

    # Writing.

    def sync(
        self,
        source: str | Path,
        *,
        mapping: FieldMapping | None = None,
        progress: ProgressCallback | None = None,
        wait: bool = True,
    ) -> SyncReport:
        """Bring the library in step with a folder, a file or a glob: add, replace, and remove what vanished.

        Only what this same source brought in earlier is removed, and nothing of a file that could not be read.
        What is unchanged costs a hash. Raises `LoadError` when nothing is there, `LibraryBusyError` with
        `wait=False` when another process is writing.
        """
        if str(source) == STDIN:
            return self.sync_stream(sys.stdin.buffer, mapping=mapping, progress=progress, wait=wait)
        files = find_files(source)
        with self._writing(wait=wait), self._indexer(files.key) as indexer:
            return take_files(indexer, files, mapping or FieldMapping(), progress)

    def sync_stream(
        self,
        stream: BinaryIO,
        *,
        name: str = "stdin",
        mapping: FieldMapping | None = None,
        progress: ProgressCallback | None = None,
        wait: bool = True,
    ) -> SyncReport:
        """Add or replace the articles of a stream; nothing is removed. `name` stands for the file."""
        with self._writing(wait=wait), self._indexer(name) as indexer:
            return take_stream(indexer, stream, name, mapping or FieldMapping(), progress)

    def add(self, articles: Iterable[Article], *, progress: ProgressCallback | None = None) -> SyncReport:
        """Add articles, or replace those whose id is here with other content."""
        with self._writing(), self._indexer(API) as indexer:
            return take_articles(indexer, articles, progress)

    def remove(self, ids: Iterable[str]) -> int:
        """Withdraw articles with all their revisions; returns how many.

        Raises `ArticleNotFoundError`, before anything is removed, when an id is unknown.
        """
        wanted = list(dict.fromkeys(ids))
        with self._writing():
            unknown = [id_ for id_ in wanted if self._catalog.known(id_) is None]
            if unknown:
                raise ArticleNotFoundError(f"No article has the id {', '.join(unknown)}. Nothing was removed.")
            if wanted:
                with self._catalog.writing() as generation:
                    for id_ in wanted:
                        self._catalog.remove(id_, generation)
                    self.handed.forget(wanted)
                self._dense.catch_up()
        return len(wanted)

    def rebuild(self, *, progress: ProgressCallback | None = None) -> SyncReport:
        """Chunk and encode every article anew with the encoder and chunking the library is opened with.

        The old passages serve until all is done; an interrupted rebuild goes on where it was.
        """
        with self._writing():
            report = rebuild(self._catalog, self.encoder, self._chunking, progress)
            self._dense.catch_up()
        return report

    @property
    def parts(self) -> LibraryParts:
        """What it is made of."""
        return LibraryParts(self._catalog, self._dense, self.encoder, self._chunking)

    def refresh_index(self, *, midway: bool = False) -> None:
        """Make a new vector index when one is due; what another process here is writing goes first."""
        if self._dense.is_due(midway=midway):
            with suppress(LibraryBusyError), self._writing(wait=False):
                self._dense.catch_up(midway=midway)

    def fetch_index(self) -> None:
        """Copy the newest vector index here, where machines have copies; what is here serves meanwhile."""
        self._dense.fetch()

    def doctor(self, *, repair: bool = True) -> DoctorReport:
        """Check the catalog and the vector index; with `repair`, rebuild the index when it is not sound."""
        return examine(self._catalog, self._dense, self._writing, repair=repair)

    # Reading.

    def search(self, query: str, *, filters: Filters | None = None, limit: int = 10) -> list[Candidate]:
        """Return the passages nearest in meaning or words, best first: dense and lexical ranks, fused.

        Raises `QueryError` for a blank query.
        """
        return self._searcher.search(checked_query(query), filters or Filters(), limit)

    def candidates(self, passages: Iterable[Passage], filters: Filters | None = None) -> list[Candidate]:
        """Return those of the passages that the library holds and the filters let through, with score 0."""
        return self._searcher.candidates(list(passages), filters or Filters())

    def articles(
        self,
        filters: Filters | None = None,
        *,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Return the articles that pass the filters and have `text` in their title, newest first."""
        return self._catalog.articles(filters or Filters(), text, limit, offset)

    def article(self, id: str, revision: int | None = None) -> Article:
        """Return an article, or one past revision of it; raises `ArticleNotFoundError`."""
        return self._catalog.article(id, revision)

    def passages(self, id: str) -> list[Passage]:
        """Return the passages that tile an article's text, in order; raises `ArticleNotFoundError`."""
        self._catalog.article(id)
        return list(self._catalog.passages_of(id))

    def revisions(self, id: str) -> list[Revision]:
        """Return an article's revisions, newest first; raises `ArticleNotFoundError`."""
        if not (found := self._catalog.revisions(id)):
            raise ArticleNotFoundError(f"There is no article {id!r} here. `khabar articles list` shows the ids.")
        return found

    def file(self, id: str) -> Path | None:
        """Return the file that an article was read from, where it is still there and no link; None else."""
        return next(filter(is_there, map(Path, self._catalog.files_of(id))), None)

    def has(self, id: str) -> bool:
        """Tell whether an article is here."""
        return self._catalog.current_revision(id) is not None

    def standing(self, id: str, revision: int) -> Standing:
        """Tell whether a revision that an answer cites is still the article's current one."""
        current = self._catalog.current_revision(id)
        if current is None:
            return Standing.WITHDRAWN
        return Standing.CURRENT if current == revision else Standing.CHANGED

    def extent(self, filters: Filters | None = None) -> Extent:
        """Return how many articles pass the filters, of how many outlets, and from which day to which they are."""
        return self._catalog.facets.extent(filters or Filters())

    def same_story(self, ids: Collection[str], filters: Filters | None = None) -> Mapping[str, tuple[Article, ...]]:
        """Return, for each of some articles that is not the only one of its story, the others, the earliest first.

        A story is one text, word for word or nearly, from several paths or outlets.
        """
        return self._catalog.stories.others(ids, filters or Filters())

    def months(self, filters: Filters | None = None) -> list[FacetCount]:
        """Count the articles of each month ("2025-11") that pass the filters; undated ones are left out."""
        return self._catalog.facets.months(filters or Filters())

    def stats(self) -> LibraryStats:
        """Count what the library holds."""
        with self._catalog.snapshot():
            return LibraryStats(
                *self._catalog.facets.size(),
                self._catalog.generation,
                self.encoder.name,
                self._chunking.name,
                tuple(self._catalog.facets.counts("language")),
                tuple(self._catalog.facets.counts("source")),
                tuple(self._catalog.facets.counts("category")),
                *self._catalog.facets.dates(),
            )

    @contextmanager
    def _indexer(self, origin: str) -> Iterator[Indexer]:
        indexer = Indexer(self._catalog, self.encoder, self._chunking, origin)
        indexer.on_commit = partial(self._dense.catch_up, midway=True)
        before = self._catalog.generation
        try:
            yield indexer
        finally:
            # What was committed before an error or Ctrl-C is served all the same.
            if self._catalog.generation != before or not self._dense.is_sound():
                self._dense.catch_up()

    @contextmanager
    def _writing(self, *, wait: bool = True) -> Iterator[None]:
        with self._thread_lock, locked(self._write_lock, self.path, wait=wait):
            before = self._catalog.generation
            try:
                yield
            finally:
                # After a failure too: earlier batches of the run may have been committed.
                if self._catalog.generation != before:
                    self._catalog.back_up(self.path)

    def _heal(self) -> None:
        """Make what is missing: a damaged vector index, and what an earlier version wrote otherwise."""
        # Other machines tell this one's index of nothing; what is in a file, its writer has seen to.
        stale = self._dense.is_due() if self._catalog.database.is_served else not self._dense.is_sound()
        index_due = stale and self._catalog.count_vectors() <= _HEAL_ON_OPEN
        outdated = self._catalog.outdated()
        if outdated > _HEAL_ON_OPEN:
            _log.warning("%d articles or passages are as an earlier version stored them: run khabar doctor", outdated)
        update_due = 0 < outdated <= _HEAL_ON_OPEN
        if not (index_due or update_due):
            return
        try:
            with self._writing(wait=False):
                if update_due:
                    self._catalog.bring_up_to_date()
                if index_due:
                    self._dense.catch_up()
        except LibraryError as error:
            # Busy or read-only: the next one who may write makes it, and until then searches do without.
            _log.info("the library is not brought up to date now: %s", error)
