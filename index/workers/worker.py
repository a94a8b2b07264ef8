"""A worker: takes one job after another from a catalog's queue, holds it while it works, and says what came of it."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.errors import (
    JobLostError,
    KhabarError,
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    LoadError,
    StorageError,
)
from index.ingest.indexer import SyncReport
from index.library import Library
from index.store.access.actors import acting
from index.store.engines.leases import Lease, LeaseTable
from index.store.queue import Job, JobKind, NewJob
from index.web import Web
from index.web.collector import Add
from index.workers.dispatch import Dispatch
from index.workers.work import actor_of, commit_articles, divide, outcome_of

_log = logging.getLogger(__name__)

# Seconds: a job is held so long without being renewed, three renewals in each; what went wrong is tried again after so
# many, and then twice as many; the queue is looked at so often when there is nothing to do.
_HELD, _PAUSE, _POLL = 60.0, 10.0, 1.0


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a job: what was done, or the `problem`, in words.

    After a problem it is tried again, unless it was the last try (`is_last`), or is not this worker's (`is_lost`).
    """

    job: Job
    report: SyncReport | None
    problem: str = ""
    is_last: bool = False
    is_lost: bool = False


class Worker:
    """One of any number of processes, on any machines, that do what is handed out for one library.

    `web` makes what fetches addresses, given where its articles go; `ask` asks the standing questions again. Of one
    host one worker fetches at a time.
    """

    def __init__(
        self,
        library: Library,
        web: Callable[[Add], Web],
        ask: Callable[[], object],
        *,
        held: float = _HELD,
        pause: float = _PAUSE,
        poll: float = _POLL,
        stop: threading.Event | None = None,
    ) -> None:
        self._library = library
        self._jobs = library.jobs
        self._leases = LeaseTable(library.parts.catalog.database)
        self._web = web
        self._ask = ask
        self._name = f"{socket.gethostname()}, process {os.getpid()}"
        self._held, self._pause, self._poll = held, pause, poll
        self._stop = stop or threading.Event()

    def run(self, tell: Callable[[Worked], None], *, drain: bool = False) -> None:
        """Do what is handed out until `stop` is set, or by `KeyboardInterrupt`, which gives back what was begun.

        With `drain`, until nothing is left, in other workers' hands neither. Raises `LibraryMismatchError` when the
        library was made anew with another encoder.
        """
        is_idle = problem = False
        while not self._stop.is_set():
            try:
                job = self._jobs.take(self._name, self._held)
                if job is None:
                    if not is_idle:
                        self._freshen()
                    is_idle = True
                    if drain and not self._jobs.counts().open:
                        return
                    self._stop.wait(self._poll)
                else:
                    # After a new index nothing is due but what would be due for ever, as with a server that is away.
                    is_idle = job.kind is JobKind.INDEX
                    self._do(job, tell)
                problem = False
            except StorageError as error:
                if not problem:
                    _log.warning("%s", error)
                problem = True
                self._stop.wait(self._poll)

    def _do(self, job: Job, tell: Callable[[Worked], None]) -> None:
        try:
            with self._site(job) as site, _renewed(self._held, lambda held: self._renew(job, site, held)):
                if site is None and job.kind in (JobKind.ADDRESS, JobKind.FEED):
                    # Another worker fetches from that host.
                    self._jobs.release(job, self._poll)
                    return
                with acting(actor_of(job)):
                    report = self._done(job)
        except JobLostError as error:
            tell(Worked(job, None, str(error), is_lost=True))
        except LibraryMismatchError:
            # Nothing is wrong with the job: this worker has another encoder.
            self._jobs.release(job)
            raise
        except LibraryBusyError as error:
            # Other workers' commits took too long: it is no fault of the job's either.
            self._jobs.release(job, self._pause)
            tell(Worked(job, None, str(error)))
        except Exception as error:
            # Whatever it is, it is told, tried again, and in the end left alone: the next job may go well.
            _log.debug("job %d", job.id, exc_info=True)
            problem = str(error) if isinstance(error, KhabarError) else f"{type(error).__name__}: {error}"
            tell(Worked(job, None, problem, self._jobs.fail(job, problem, self._pause * job.tries)))
        except BaseException:
            with suppress(LibraryError):
                self._jobs.release(job)
            raise
        else:
            tell(Worked(job, report))
            if job.kind in (JobKind.ARTICLES, JobKind.ADDRESS):
                self._freshen(midway=True)

    def _done(self, job: Job) -> SyncReport | None:
        """Do a job and end it; returns what it has to report."""
        match job.kind:
            case JobKind.ARTICLES:
                if job.tries > 1 and divide(self._library, job):
                    return None
                return commit_articles(self._library, job)
            case JobKind.ADDRESS | JobKind.FEED:
                return self._fetched(job)
            case JobKind.INDEX:
                self._library.refresh_index()
            case JobKind.STANDING:
                self._ask()
        self._jobs.finish(job)
        return None

    def _fetched(self, job: Job) -> SyncReport | None:
        """Fetch what is at an address, and hand out the articles in it."""
        web = self._web(Dispatch(self._library, run=job.run).add)
        address = job.content["address"]
        if job.kind is JobKind.ADDRESS:
            report: SyncReport | None = web.index(address)
        else:
            # What fails there is looked at again when it is due.
            look = web.look(address)
            report = look.report if look else None
            if look and look.problem:
                _log.warning("%s: %s", address, look.problem)
        is_empty = report and report.failures and not (report.added or report.replaced or report.unchanged)
        if report and is_empty and job.kind is JobKind.ADDRESS:
            raise LoadError(report.failures[0].reason)
        self._jobs.finish(job, outcome_of(report) if report else None)
        return report

    def _freshen(self, *, midway: bool = False) -> None:
        """See to the vector index: a shared one is a job for one of all workers, this machine's own is made here."""
        dense = self._library.parts.dense
        try:
            if not dense.is_shared:
                self._library.refresh_index(midway=midway)
            elif dense.is_due(midway=midway):
                self._jobs.put(NewJob(JobKind.INDEX, "", ""))
        except LibraryError as error:
            # Articles are found without it.
            _log.warning("no vector index could be made: %s", error)

    @contextmanager
    def _site(self, job: Job) -> Iterator[Lease | None]:
        """Take the right to fetch from the host of a job's address; None when another worker has it, or without one."""
        lease = None
        if address := job.content.get("address"):
            lease = self._leases.take(f"site@{urlsplit(address).hostname}", self._name, self._held)
        try:
            yield lease
        finally:
            if lease is not None:
                with suppress(LibraryError):
                    self._leases.end(lease)

    def _renew(self, job: Job, site: Lease | None, held: float) -> bool:
        if site is not None:
            self._leases.renew(site, held)
        return self._jobs.renew(job, held)


@contextmanager
def _renewed(held: float, renew: Callable[[float], bool]) -> Iterator[None]:
    """Renew what is held for as long as something goes on, from a thread; until it is somebody else's."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(held / 3):
            try:
                if not renew(held):
                    return
            except LibraryError:
                # The database is out of reach; whose the job is is told when it is back.
                continue

    thread = threading.Thread(target=keep, name="held", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
