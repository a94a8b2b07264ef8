"""Workers on one catalog: passages a second of one and of several, and what the commits, one after another, allow.

    python -m benchmarks.workers [--articles 1000] [--workers 1 2 4 8] [--seconds 0.02] [--catalog ADDRESS]

Each round is a schema of its own in a PostgreSQL server that the script starts, as the tests do (needs '.[test]'), or
an empty library at the address of --catalog, for one number of workers and an encoder that waits. Every passage costs
--seconds of waiting, as at a model on another machine, so that cores are no limit, and what is left is the queue and
the commits. Then without any waiting; on a server that flushes each commit to the disk; and with the bundled encoder,
which takes the cores of this machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness import Table, parser, say, work_offline, write
from index import Article, Encoder, Library, open_encoder
from index.encoding.encoder import TextVectors
from index.store.catalog import Catalog
from index.web import Web
from index.workers import Dispatch, Worked, Worker
from tests.support.small_encoder import SmallEncoder

_NOTE = (
    "Articles of one passage are handed out before the clock starts, and it stops when the last is committed; a job, "
    "and so a commit, has 32 of them. The server and the workers share this machine's cores with its other work, of "
    "which the load tells. **At most** is how many passages a second the commits alone would let through, one after "
    "another, by the time that each held the lock."
)
_WAITING, _BUNDLED = "an encoder that waits", "the bundled encoder"


@dataclass(frozen=True, slots=True)
class Round:
    """What so many workers did: seconds, passages and commits a second, the share of time in commits, what they allow.

    `wait` are the seconds that a passage waits, None with the bundled encoder; `durable` says that each commit is
    flushed to the disk; `load` is the system's in that minute, by whatever ran.
    """

    workers: int
    wait: float | None
    durable: bool
    articles: int
    seconds: float
    passages: float
    commits: float
    committing: float
    most: float
    load: float

    @property
    def what(self) -> str:
        """Name what is measured."""
        encoder = _BUNDLED if self.wait is None else f"{_WAITING} {self.wait:g} s a passage"
        return f"{encoder}, {'flushed to the disk' if self.durable else 'not flushed'}, {self.articles} articles"


class Waiting(SmallEncoder):
    """An encoder that takes so many seconds for each passage, and no core."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Wait, and encode each text."""
        time.sleep(self._seconds * len(texts))
        return super().encode_passages(texts)


def main() -> None:
    """Measure and write the results; with --work, be one of the workers."""
    if sys.argv[1:2] == ["--work"]:
        _, _, folder, address, wait = sys.argv
        _work(Path(folder), address, None if wait == "None" else float(wait))
        return
    flags = parser(__doc__)
    flags.add_argument("--articles", type=int, default=1000)
    flags.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8])
    flags.add_argument("--seconds", type=float, default=0.02)
    flags.add_argument("--catalog", help="an empty library's address, for one number of workers")
    options = flags.parse_args()
    work_offline()
    rounds: list[Round] = []
    for address, workers, wait, durable, articles in _plan(options):
        rounds.append(measure(address, workers, articles, wait, durable=durable))
        say(str(rounds[-1]))
        write("workers", "Workers", _NOTE, [asdict(one) for one in rounds], tables(rounds))


def measure(address: str, workers: int, articles: int, wait: float | None, *, durable: bool) -> Round:
    """Hand out articles, let so many processes encode them, and time that."""
    news = [
        Article.create(
            f"a{number}", f"Report {number} tells of harbour{number} and of quay{number % 97}.", language="en"
        )
        for number in range(articles)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "command", encoder=_encoder(wait), catalog=address) as library,
    ):
        with _started(Path(folder), address, wait, workers) as processes:
            Dispatch(library, waits=False).add(news)
            jobs = library.jobs.counts().waiting
            began = time.perf_counter()
            for process in processes:
                print("go", file=process.stdin, flush=True)
            while library.jobs.counts().open:
                time.sleep(0.05)
            took = time.perf_counter() - began
            committing = sum(float(process.communicate()[0].split()[-1]) for process in processes)
        found = library.stats().passages
    assert found == articles, f"{found} of {articles} articles"
    return Round(
        workers, wait, durable, articles, round(took, 2), round(found / took, 1), round(jobs / took, 2),
        round(committing / took, 3), round(found / committing, 1), round(os.getloadavg()[0], 1),
    )  # fmt: skip


def tables(rounds: Sequence[Round]) -> list[Table]:
    """Set the rounds beside each other."""
    heads = (
        "workers",
        "seconds",
        "passages/s",
        "commits/s",
        "time in commits",
        "at most, passages/s",
        "times the first",
        "load",
    )
    made = []
    for what in dict.fromkeys(one.what for one in rounds):
        own = [one for one in rounds if one.what == what]
        rows = tuple(
            (
                str(one.workers), f"{one.seconds:.1f}", f"{one.passages:.0f}", f"{one.commits:.2f}",
                f"{one.committing:.0%}", f"{one.most:.0f}", f"{one.passages / own[0].passages:.2f}", f"{one.load:.0f}",
            )
            for one in own
        )  # fmt: skip
        made.append(Table(what[0].upper() + what[1:], "", heads, rows))
    return made


def _plan(options: argparse.Namespace) -> Iterator[tuple[str, int, float | None, bool, int]]:
    """Yield each round's empty library, workers, seconds of waiting, whether commits are flushed, and articles."""
    if options.catalog:
        yield options.catalog, options.workers[0], options.seconds, True, options.articles
        return
    from tests.support.postgres_server import PostgresServer

    for durable in (False, True):
        server = PostgresServer(durable=durable)
        try:
            for number in options.workers:
                yield server.schema(), number, options.seconds, durable, options.articles
            yield server.schema(), options.workers[-1], 0.0, durable, options.articles
            for number in (1, 4) if not durable else ():
                yield server.schema(), number, None, durable, options.articles // 2
        finally:
            server.close()


def _encoder(wait: float | None) -> Encoder:
    return open_encoder() if wait is None else Waiting(wait)


@contextmanager
def _started(folder: Path, address: str, wait: float | None, workers: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """Start workers, each with a folder of its own, and yield them when all are ready."""
    command = [sys.executable, "-m", "benchmarks.workers", "--work"]
    processes = [
        subprocess.Popen(
            [*command, str(folder / str(number)), address, str(wait)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(workers)
    ]  # fmt: skip
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()


def _work(folder: Path, address: str, wait: float | None) -> None:
    """Be a worker until nothing is left; say how long its transactions took, from when they had the lock."""
    spent = 0.0
    writing = Catalog.writing

    @contextmanager
    def timed(self: Catalog) -> Iterator[int]:
        nonlocal spent
        with writing(self) as generation:
            began = time.perf_counter()
            yield generation
            spent += time.perf_counter() - began

    def tell(worked: Worked) -> None:
        if worked.problem:
            print(worked.problem, file=sys.stderr)

    Catalog.writing = timed  # type: ignore[method-assign]
    with Library.open(folder, encoder=_encoder(wait), catalog=address) as library:
        worker = Worker(library, lambda add: Web(library, add=add), lambda: None, poll=0.05, stop=threading.Event())
        print("ready", flush=True)
        sys.stdin.readline()
        worker.run(tell, drain=True)
    print(spent)


if __name__ == "__main__":
    main()
