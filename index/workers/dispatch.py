"""Handing work out to the workers of a library: what is new is found here, and encoded by whoever takes it."""

import sys
from collections.abc import Iterable
from pathlib import Path

from index.article import Article
from index.ingest.indexer import Indexer, SyncReport
from index.ingest.reading import API, take_articles, take_files, take_stream
from index.library import STDIN, Library, ProgressCallback
from index.sources.files import FieldMapping, find_files
from index.store.queue import HandedArticle, JobKind, JobLine, NewJob, RunProgress
from index.workers.work import acting_now, articles_job, reports_of, standing_job

# A job has so many articles, or characters, at most: some seconds of encoding, so that many workers share a folder.
_ARTICLES, _CHARACTERS = 32, 60_000


class Dispatch:
    """Hands out what one command asks for; it may wait for it, or with `waits=False` leave it to the workers.

    Files are read here, on the machine that has them: articles travel through the catalog, so that a worker needs no
    disk in common, and ids, versions and what vanished are told as without workers. Raises `LibraryError` for a
    library in a file.
    """

    def __init__(self, library: Library, *, waits: bool = True, run: str | None = None) -> None:
        self._library = library
        self._jobs = library.jobs
        begun = self._jobs.begin_run()
        self._run = (begun if waits else "") if run is None else run
        self._others: set[int] = set()

    def sync(
        self, source: str | Path, *, mapping: FieldMapping | None = None, progress: ProgressCallback | None = None
    ) -> SyncReport:
        """Compare a folder, a file or a glob with the library, as `Library.sync` does, and hand out what is new.

        What vanished is withdrawn at once. The report counts what was handed out as added or replaced.
        """
        mapping = mapping or FieldMapping()
        if str(source) == STDIN:
            return take_stream(self._indexer("stdin"), sys.stdin.buffer, "stdin", mapping, progress)
        files = find_files(source)
        before = self._library.generation
        report = take_files(self._indexer(files.key), files, mapping, progress)
        if self._library.generation != before and self._library.standing_questions.all():
            with self._library.parts.catalog.database.commit():
                self._jobs.put_last(standing_job(self._library.generation))
        return report

    def add(self, articles: Iterable[Article]) -> SyncReport:
        """Hand out articles that are not in the library, or have other content there."""
        return take_articles(self._indexer(API), articles)

    def fetch(self, address: str) -> None:
        """Have a worker fetch what is at a web address."""
        self._put(NewJob(JobKind.ADDRESS, address, address, _content(address), self._run))

    def look(self, address: str) -> None:
        """Have a worker look at an address that is followed."""
        self._put(NewJob(JobKind.FEED, address, address, _content(address), self._run))

    def progress(self) -> RunProgress:
        """Tell how far all workers together are with what was handed out here, or was on its way before."""
        return self._jobs.progress(self._run, sorted(self._others))

    def reports(self) -> list[SyncReport]:
        """Return what the jobs that have ended did: passages, and what addresses held."""
        return reports_of(self._jobs.outcomes(self._run))

    def failed(self) -> list[JobLine]:
        """Return those of the jobs that were tried in vain."""
        return self._jobs.failed_of(self._run, sorted(self._others))

    def end(self) -> None:
        """Wait no longer; what is left is done all the same."""
        self._jobs.end_run(self._run)

    def _indexer(self, origin: str) -> "HandingIndexer":
        return HandingIndexer(self._library, origin, self._run, self._others)

    def _put(self, job: NewJob) -> None:
        id, is_own = self._jobs.put(job)
        if not is_own:
            self._others.add(id)


class HandingIndexer(Indexer):
    """Compares articles of one origin with the library as an indexer does, and hands out what is new.

    Only what needs no encoding is committed here. Jobs of another run that bring the same are added to `others`.
    """

    def __init__(self, library: Library, origin: str, run: str, others: set[int]) -> None:
        parts = library.parts
        super().__init__(parts.catalog, parts.encoder, parts.chunking, origin)
        self._jobs, self._handed = library.jobs, library.handed
        self._run, self._others = run, others
        self._new: list[tuple[Article, str]] = []
        self._characters = 0

    def flush(self) -> None:
        """Commit the claims, and hand out what is new."""
        super().flush()
        if self._new:
            with self._catalog.database.commit():
                self._hand_out()
            self._new, self._characters = [], 0

    def remove_vanished(self) -> None:
        """Withdraw what this origin brought earlier and no longer does, on its way or here."""
        stale = []
        for article in self._handed.of(self._origin):
            seen = self._seen.get(article.id)
            if seen.content_hash != article.hash if seen else article.file not in self._failed_files:
                stale.append(article)
        with self._catalog.database.commit():
            self._handed.withdraw(stale, self._origin)
        # After that: what a worker has committed meanwhile is found here.
        super().remove_vanished()

    def _queue(self, article: Article, file: str) -> None:
        self._new.append((article, file))
        self._characters += len(article.text)
        if len(self._new) >= _ARTICLES or self._characters >= _CHARACTERS:
            self.flush()

    def _hand_out(self) -> None:
        under_way = self._handed.under_way([article.id for article, _ in self._new])
        fresh: list[tuple[Article, str]] = []
        for article, file in self._new:
            content_hash, job = under_way.get(article.id, ("", 0))
            if content_hash == article.content_hash:
                # The same was handed out before; where it failed, it is tried again.
                if not self._jobs.revive(job):
                    self._count_on_its_way(article)
                self._others.add(job)
            else:
                fresh.append((article, file))
        if fresh:
            job, is_own = self._jobs.put(articles_job(fresh, self._origin, self._run))
            if not is_own:
                self._others.add(job)
            self._handed.put(
                [HandedArticle(article.id, article.content_hash, file) for article, file in fresh], self._origin, job
            )

    def _count_on_its_way(self, article: Article) -> None:
        """Count an article that was handed out before as one that has not changed since."""
        self._tally.unchanged += 1
        if self._catalog.current_revision(article.id) is None:
            self._tally.added -= 1
        else:
            self._tally.replaced -= 1


def _content(address: str) -> dict[str, object]:
    return {"address": address, **acting_now()}
