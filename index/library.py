"""The entry object of `index/`: a folder that holds articles and finds passages in them."""

import logging
import sys
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Self

from index.article import Article
from index.encoding.encoder import Encoder, open_encoder
from index.errors import ArticleNotFoundError, LibraryBusyError, LibraryError, QueryError
from index.examination import examine
from index.ingest.chunking import Chunking
from index.ingest.indexer import Indexer, SyncReport, SyncState
from index.ingest.placing import Placing, check_theirs
from index.ingest.reading import API, take_articles, take_files, take_stream
from index.ingest.reindex import rebuild
from index.search import Searcher
from index.sources.files import FieldMapping, find_files
from index.store.access.actors import current_actor
from index.store.access.grants import collections_of
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
from index.store.rows import DoctorReport
from index.store.shared_answers import SharedTable
from index.store.standing.questions import StandingTable
from index.store.stories import StoryIndex
from index.vectors.dense import DenseIndex
from index.vectors.opening import open_dense
from index.vectors.server import ChromaServer
from index.visible import VisibleLibrary

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


class Library(VisibleLibrary):
    """Articles, indexed; safe to use from several threads, and beside other processes."""

    def __init__(self, path: Path, catalog: Catalog, dense: DenseIndex, encoder: Encoder, chunking: Chunking) -> None:
        super().__init__(catalog, Searcher(catalog, dense, encoder), encoder, chunking)
        self.path = path
        self._dense = dense
        self.feedback = FeedbackTable(catalog.database)
        self.shared = SharedTable(catalog.database)
        self.feeds = FeedTable(catalog.database)
        self.visits = VisitTable(catalog.database)
        self.standing_questions = StandingTable(catalog.database)
        self.dossiers = DossierTable(catalog, lambda: self.visible)
        self.tokens = TokenTable(catalog.database)
        self.model_use = ModelUseTable(catalog.database)
        self.tries = TryTable(catalog.database)
        self.audit, self.stories = catalog.audit, StoryIndex(catalog.database, self._within)
        self.jobs, self.handed = JobTable(catalog.database), HandedTable(catalog.database)
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
        """The number of the last commit: it moves whenever an answer might."""
        return self._catalog.generation

    # Writing.

    def sync(
        self,
        source: str | Path,
        *,
        mapping: FieldMapping | None = None,
        progress: ProgressCallback | None = None,
        wait: bool = True,
        collections: Iterable[str] | None = None,
    ) -> SyncReport:
        """Bring the library in step with a folder, a file or a glob: add, replace, and remove what vanished.

        Only what this same source brought in earlier is removed, and nothing of a file that could not be read.
        What is unchanged costs a hash. `collections`, where they are named, are those of all that the source brings,
        from now on. Raises `LoadError` when nothing is there, `LibraryBusyError` with `wait=False` when another process
        is writing, `QueryError` for a name that is no collection's, and `AccessError` for one that is not one's own.
        """
        if str(source) == STDIN:
            return self.sync_stream(
                sys.stdin.buffer, mapping=mapping, progress=progress, wait=wait, collections=collections
            )
        files = find_files(source)
        placing = self._placing(collections)
        whole = placing.named if placing.scope is None else None
        with self._writing(wait=wait), self._indexer(files.key, placing if whole is None else Placing()) as indexer:
            if whole is not None:
                self._bring_to(files.key, whole)
            return take_files(indexer, files, mapping or FieldMapping(), progress)

    def sync_stream(
        self,
        stream: BinaryIO,
        *,
        name: str = "stdin",
        mapping: FieldMapping | None = None,
        progress: ProgressCallback | None = None,
        wait: bool = True,
        collections: Iterable[str] | None = None,
    ) -> SyncReport:
        """Add or replace the articles of a stream; nothing is removed. `name` stands for the file."""
        with self._writing(wait=wait), self._indexer(name, self._placing(collections)) as indexer:
            return take_stream(indexer, stream, name, mapping or FieldMapping(), progress)

    def add(
        self,
        articles: Iterable[Article],
        *,
        progress: ProgressCallback | None = None,
        collections: Iterable[str] | None = None,
        source: str | None = None,
    ) -> SyncReport:
        """Add articles, or replace those whose id is here with other content, and put them in `collections`.

        Where none are named, an article stays in those that it is in, and a new one is in those of its `source`. Raises
        `QueryError` for a name that is no collection's, `AccessError` for one that is not one's own.
        """
        with self._writing(), self._indexer(API, self._placing(collections, source)) as indexer:
            return take_articles(indexer, articles, progress)

    def remove(self, ids: Iterable[str]) -> int:
        """Withdraw articles with all their revisions; returns how many.

        Raises, before anything is removed, `ArticleNotFoundError` when an id is unknown, `AccessError` where an article
        is not one's own to change.
        """
        wanted = list(dict.fromkeys(ids))
        with self._writing():
            self._check_changeable(wanted, "removed")
            if wanted:
                with self._catalog.writing() as generation:
                    for id_ in wanted:
                        self._catalog.remove(id_, generation)
                    self.handed.forget(wanted)
                self._dense.catch_up()
        return len(wanted)

    def assign(self, ids: Iterable[str], collections: Iterable[str]) -> int:
        """Put articles in just these collections, in none to open them to all; returns how many were in others.

        Raises, before anything is changed, what `remove` and `add` raise.
        """
        wanted, scope = list(dict.fromkeys(ids)), self._scope
        names = self.collections.checked(collections)
        if scope is not None:
            check_theirs(names, scope)
        with self._writing():
            self._check_changeable(wanted, "changed")
            with self._catalog.writing() as generation:
                changed = sum(self._catalog.assign(id_, names, generation) for id_ in wanted)
            self._dense.catch_up()
        return changed

    def move_collection(self, name: str, collections: Iterable[str]) -> int:
        """Put everything that is in a collection in others in its place, none: open to all; returns how many articles.

        What its sources will bring goes there as well. Raises what `assign` raises.
        """
        current_actor().role.check_may_edit_everything()
        names = self.collections.checked(collections)
        with self._writing(), self._catalog.writing() as generation:
            moved = self.collections.move(name, names)
            for id_, wanted in moved.items():
                self._catalog.assign(id_, wanted, generation)
        with self._writing():
            self._dense.catch_up()
        return len(moved)

    def remove_collection(self, name: str) -> str:
        """Let go of a collection that has no articles, and return its name as it was kept.

        Raises `QueryError` for one that has some, or is none, and where a token is held in it.
        """
        current_actor().role.check_may_edit_everything()
        (known,) = self.collections.checked([name])
        if held := [token.name for token in self.tokens.all() if known in collections_of(token.role)]:
            raise QueryError(f"The token {held[0]!r} is held in {known}. Revoke it first: khabar tokens revoke NAME")
        self.collections.remove(known)
        return known

    def bring_to(self, source: str, collections: Iterable[str]) -> None:
        """Have all that a source brings belong to collections: an address, or files by their set's `key`."""
        current_actor().role.check_may_edit_everything()
        names = self.collections.checked(collections)
        with self._writing():
            self._bring_to(source, names)

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

    def _placing(self, collections: Iterable[str] | None, source: str | None = None) -> Placing:
        return Placing.of(self.collections, collections, self._scope, source)

    def _bring_to(self, origin: str, collections: Collection[str]) -> None:
        with self._catalog.writing() as generation:
            for id_, wanted in self.collections.set_source(origin, collections).items():
                self._catalog.assign(id_, wanted, generation)

    def _check_changeable(self, ids: Sequence[str], done: str) -> None:
        unknown = [id_ for id_ in ids if not self.sees(id_) or self._catalog.known(id_) is None]
        if unknown:
            raise ArticleNotFoundError(f"No article has the id {', '.join(unknown)}. Nothing was {done}.")
        if (scope := self._scope) is not None:
            for id_ in ids:
                scope.check_may_change(self.collections.of(id_))

    @contextmanager
    def _indexer(self, origin: str, placing: Placing) -> Iterator[Indexer]:
        indexer = Indexer(self._catalog, self.encoder, self._chunking, origin, placing)
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
            _log.warning("Too much is as an earlier version stored it to be read anew now: run khabar doctor")
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
