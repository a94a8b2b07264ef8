"""Jobs that any number of workers on any machines take from one catalog in PostgreSQL, and what has become of them.

The queue is Khabar's own: a job of articles ends in the transaction that commits them, under a number that only grows,
so that each article comes once whoever dies when. A queue beside the catalog (procrastinate was looked at) ends a job
after that transaction, and leaves what a dead worker held to its user.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index.errors import JobLostError, LibraryError, QueryError
from index.store.engines.leases import NOW
from index.store.engines.protocol import Database
from index.store.sql import chunks

# How often a job is begun, by whoever: after that it is left alone until somebody looks at it.
MOST_TRIES = 3
# What is said of a library in a file.
NO_WORKERS = (
    "Workers share a catalog in PostgreSQL, and this library is a file, which one machine writes to. Name a catalog by "
    "--catalog, or index without --workers."
)
# Seconds that the outcome of a job stays for a command that waits for it.
_KEPT = 86_400.0


class JobKind(StrEnum):
    """What is to be done: a new vector index, articles to encode, an address to fetch or look at, questions to ask."""

    INDEX = "index"
    ARTICLES = "articles"
    ADDRESS = "address"
    FEED = "feed"
    STANDING = "standing"


# Whose turn is first: an index that many passages lack, and last the questions, once for all that has come.
_TURNS = {JobKind.INDEX: 0, JobKind.STANDING: 2}


class JobState(StrEnum):
    """How a job is: to be done, being done, left by a worker that died, or left alone after its last try."""

    WAITING = "waiting"
    RUNNING = "running"
    STALLED = "stalled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to hand out: `key` is what it is told from others by, the content that it names; `name` is for people.

    `run` is the command that waits for it, empty where none does; `tries` those that it has behind it.
    """

    kind: JobKind
    name: str
    key: str
    content: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""
    tries: int = 0

    @property
    def hash(self) -> str:
        """What is open once at a time."""
        return hashlib.sha256(f"{self.kind}\0{self.key}".encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Job:
    """A job in the hands of a worker, `holder`; `number` is the fencing number, `tries` counts this one."""

    id: int
    kind: JobKind
    name: str
    content: Mapping[str, Any]
    run: str
    tries: int
    number: int
    holder: str

    @property
    def fence(self) -> tuple[int, int, str]:
        """What it is still told by as this worker's own."""
        return self.id, self.number, self.holder


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as a list shows it: who has it, or had it when it died, and what went wrong with it last."""

    id: int
    kind: JobKind
    name: str
    state: JobState
    tries: int
    holder: str
    problem: str


@dataclass(frozen=True, slots=True)
class JobCounts:
    """How many jobs are in each state."""

    waiting: int = 0
    running: int = 0
    stalled: int = 0
    failed: int = 0

    @property
    def open(self) -> int:
        """Those that are still to end."""
        return self.waiting + self.running + self.stalled


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far what a command handed out is: its jobs, those of them that have ended well or failed, or are in hand."""

    total: int
    done: int
    failed: int
    running: int

    @property
    def is_over(self) -> bool:
        """Tell whether nothing of it is left to wait for."""
        return self.done + self.failed >= self.total


_STATE = (
    f"CASE WHEN state = 'failed' THEN 'failed' WHEN holder = '' THEN 'waiting' WHEN expires > {NOW} THEN 'running' "
    "ELSE 'stalled' END"
)
# A worker holds a job by its number, also after its time as long as nobody else has taken it; and by its name, for
# after a fail-over that lost who took it the same number may be another's.
_HELD = "id = ? AND number = ? AND holder = ? AND state <> 'done'"


class JobTable:
    """The jobs of one catalog in PostgreSQL; each call is one statement, unless it says otherwise.

    All of them raise `LibraryError` for a library in a file: one machine writes to it, and needs no queue.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def _db(self) -> Database:
        if not self._database.is_served:
            raise LibraryError(NO_WORKERS)
        return self._database

    def begin_run(self) -> str:
        """Return a name for what one command hands out, and forget outcomes that nobody has come for."""
        self._db.run(f"DELETE FROM job WHERE state = 'done' AND expires <= {NOW}")
        return uuid.uuid4().hex

    def put(self, new: NewJob) -> tuple[int, bool]:
        """Hand out a job unless the same is open; one that had failed is tried again.

        Returns its id, and whether it is of this run and not of an earlier one.
        """
        while True:
            put = self._db.all(
                "INSERT INTO job (kind, name, hash, run, content, turn, state, tries, number, holder, expires, "
                "problem, outcome) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, 0, '', 0, '', '') "
                "ON CONFLICT (hash) WHERE state <> 'done' DO UPDATE SET state = 'open', run = excluded.run, "
                "tries = excluded.tries, holder = '', expires = 0, problem = '' WHERE job.state = 'failed' "
                "RETURNING id",
                new.kind.value, _written(new.name), new.hash, new.run, json.dumps(new.content),
                _TURNS.get(new.kind, 1), new.tries,
            )  # fmt: skip
            # One that is open, unless it has ended since.
            found = put or self._db.all("SELECT id FROM job WHERE hash = ? AND state <> 'done'", new.hash)
            if found:
                return int(found[0][0]), bool(put)

    def put_last(self, new: NewJob) -> None:
        """Hand out a job in the place of all of its kind that nobody has begun; inside a commit."""
        self._db.run("DELETE FROM job WHERE kind = ? AND state = 'open' AND number = 0", new.kind.value)
        self.put(new)

    def take(self, holder: str, seconds: float) -> Job | None:
        """Take the next job for so many seconds; None where there is none. Two workers never get the same.

        A job whose worker let its time pass is taken up, and given up after its last try. Two statements.
        """
        self._db.run(
            f"UPDATE job SET state = 'failed' WHERE state = 'open' AND expires <= {NOW} AND tries >= ?", MOST_TRIES
        )
        row = self._db.all(
            f"UPDATE job SET number = number + 1, tries = tries + 1, holder = ?, expires = {NOW} + ? WHERE id = ("
            f"SELECT id FROM job WHERE state = 'open' AND expires <= {NOW} ORDER BY turn, id LIMIT 1 "
            "FOR UPDATE SKIP LOCKED) RETURNING id, kind, name, content, run, tries, number, holder",
            _written(holder),
            seconds,
        )
        if not row:
            return None
        id, kind, name, content, run, tries, number, kept = row[0]
        return Job(int(id), JobKind(kind), name, json.loads(content), run, int(tries), int(number), kept)

    def renew(self, job: Job, seconds: float) -> bool:
        """Hold a job for so many seconds from now; False when it is another's by now."""
        return self._db.run(f"UPDATE job SET expires = {NOW} + ? WHERE {_HELD}", seconds, *job.fence) == 1

    def finish(self, job: Job, outcome: Mapping[str, Any] | None = None) -> None:
        """End a job, with what came of it for the command that waits; inside the commit of what it brings.

        Raises `JobLostError` when it is another's by now, so that the commit is not made.
        """
        ended = self._db.run(f"DELETE FROM job WHERE {_HELD} AND run = ''", *job.fence) or self._db.run(
            f"UPDATE job SET state = 'done', content = '', holder = '', problem = '', expires = {NOW} + ?, outcome = ? "
            f"WHERE {_HELD}",
            _KEPT,
            json.dumps(outcome or {}),
            *job.fence,
        )
        if not ended:
            raise JobLostError(f"The job {job.id} was taken up by another worker, or dropped. Nothing is lost.")
        self._db.run("DELETE FROM handed WHERE job = ?", job.id)

    def fail(self, job: Job, problem: str, pause: float) -> bool:
        """Give a job back that went wrong, to be tried again after so many seconds; True when it was its last try."""
        rows = self._db.all(
            "UPDATE job SET state = CASE WHEN tries >= ? THEN 'failed' ELSE 'open' END, holder = '', problem = ?, "
            f"expires = {NOW} + ? WHERE {_HELD} RETURNING state",
            MOST_TRIES, _written(problem), pause, *job.fence,
        )  # fmt: skip
        return bool(rows) and rows[0][0] == "failed"

    def release(self, job: Job, seconds: float = 0.0) -> None:
        """Give a job back that was not tried, to be taken after so many seconds."""
        self._db.run(
            f"UPDATE job SET tries = tries - 1, holder = '', expires = {NOW} + ? WHERE {_HELD}",
            seconds,
            *job.fence,
        )

    def lines(self, state: JobState | None = None) -> list[JobLine]:
        """Return the jobs that have not ended, or those in one state, in the order in which they are done."""
        rows = self._db.all(
            f"SELECT id, kind, name, state, tries, holder, problem FROM (SELECT id, kind, name, {_STATE} AS state, "
            "tries, holder, problem, turn FROM job WHERE state <> 'done') AS shown WHERE state = ? OR ? = '' "
            "ORDER BY state = 'failed', turn, id",
            state or "",
            state or "",
        )
        return [JobLine(int(r[0]), JobKind(r[1]), r[2], JobState(r[3]), int(r[4]), r[5], r[6]) for r in rows]

    def counts(self) -> JobCounts:
        """Count the jobs that have not ended by their state."""
        rows = self._db.all(f"SELECT {_STATE}, count(*) FROM job WHERE state <> 'done' GROUP BY 1")
        return JobCounts(**{state: int(number) for state, number in rows})

    def retry(self, id: int) -> None:
        """Let a job that has failed be tried again, as often as a new one; raises `QueryError` for any other."""
        if not self._retry("id = ?", id):
            raise QueryError(f"No job that has failed has the number {id}. `khabar jobs` lists them.")

    def revive(self, id: int) -> bool:
        """Let a job be tried again if it has failed; False where it has not."""
        return self._retry("id = ?", id) == 1

    def retry_failed(self) -> int:
        """Let all jobs that have failed be tried again; returns how many."""
        return self._retry("TRUE")

    def _retry(self, which: str, *values: object) -> int:
        return self._db.run(
            "UPDATE job SET state = 'open', tries = 0, holder = '', expires = 0, problem = '' "
            f"WHERE state = 'failed' AND {which}",
            *values,
        )

    def drop(self, id: int) -> None:
        """Let a job not be done; what a worker has of it is not committed. Raises `QueryError` where there is none."""
        if not self._drop("id = ? AND state <> 'done'", id):
            raise QueryError(f"No job has the number {id}. `khabar jobs` lists them.")

    def drop_failed(self) -> int:
        """Let go of all jobs that have failed; returns how many."""
        return self._drop("state = 'failed'")

    def _drop(self, which: str, *values: object) -> int:
        with self._db.commit():
            ids = [row[0] for row in self._db.all(f"DELETE FROM job WHERE {which} RETURNING id", *values)]
            self._db.run_many("DELETE FROM handed WHERE job = ?", [(id,) for id in ids])
        return len(ids)

    def progress(self, run: str, others: Sequence[int] = ()) -> RunProgress:
        """Tell how far the jobs of a run are, and other jobs that it waits for."""
        rows = self._db.all(f"SELECT state, {_STATE}, count(*) FROM job WHERE run = ? GROUP BY 1, 2", run)
        total, left = len(others), list[tuple[Any, ...]]()
        for chunk in chunks(others):
            marks = ",".join("?" * len(chunk))
            # One that is gone has ended.
            left += self._db.all(
                f"SELECT state, {_STATE}, count(*) FROM job WHERE id IN ({marks}) AND state <> 'done' GROUP BY 1, 2",
                *chunk,
            )
        done = total - sum(int(row[2]) for row in left) + sum(int(row[2]) for row in rows if row[0] == "done")
        counted = [row for row in (*rows, *left) if row[0] != "done"]
        failed, running = (
            sum(int(row[2]) for row in counted if row[1] == state) for state in (JobState.FAILED, JobState.RUNNING)
        )
        return RunProgress(total + sum(int(row[2]) for row in rows), done, failed, running)

    def outcomes(self, run: str) -> list[Mapping[str, Any]]:
        """Return what came of the jobs of a run that have ended."""
        rows = self._db.all("SELECT outcome FROM job WHERE run = ? AND state = 'done' ORDER BY id", run)
        return [json.loads(row[0]) for row in rows]

    def failed_of(self, run: str, others: Sequence[int] = ()) -> list[JobLine]:
        """Return the jobs of a run, and of others that it waits for, that have failed."""
        own = {int(row[0]) for row in self._db.all("SELECT id FROM job WHERE run = ?", run)}
        return [line for line in self.lines(JobState.FAILED) if line.id in own or line.id in others]

    def end_run(self, run: str) -> None:
        """Let nobody wait for the jobs of a run any more; those that are open are done all the same. Two statements."""
        self._db.run("DELETE FROM job WHERE run = ? AND state = 'done'", run)
        self._db.run("UPDATE job SET run = '' WHERE run = ? AND state <> 'done'", run)


def _written(text: str) -> str:
    """Return a text as a column takes it, whatever a file's name or an error holds."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
