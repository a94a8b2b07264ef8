"""Workers on one catalog: passages a second of one and of four, with an encoder that waits instead of computing.

    python -m benchmarks.workers [--articles 2000] [--workers 1 4] [--seconds 0.02] [--catalog ADDRESS]

Each round is a schema of its own in a PostgreSQL server that the script starts, as the tests do (needs '.[test]'), or
an empty library at the address of --catalog, for one number of workers. Every passage costs --seconds of waiting, as at
a model on another machine, so that cores are no limit, and what is left is the queue and the commits.
"""

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
from index import Article, Library
from index.encoding.encoder import TextVectors
from index.store.catalog import Catalog
from index.web import Web
from index.workers import Dispatch, Worked, Worker
from tests.support.small_encoder import SmallEncoder

_NOTE = (
    "Articles of one passage are handed out before the clock starts, and it stops when the last is committed. The "
    "server flushes nothing to the disk, as in the tests: on a disk a commit takes longer."
)


@dataclass(frozen=True, slots=True)
class Round:
    """What so many workers did: seconds, passages a second, commits a second, and the share of time in commits."""

    workers: int
    seconds: float
    passages: float
    commits: float
    committing: float


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
        _, _, folder, address, seconds = sys.argv
        _work(Path(folder), address, float(seconds))
        return
    flags = parser(__doc__)
    flags.add_argument("--articles", type=int, default=2000)
    flags.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    flags.add_argument("--seconds", type=float, default=0.02)
    flags.add_argument("--catalog", help="an empty library's address, for one number of workers")
    options = flags.parse_args()
    work_offline()
    rounds = []
    for number, address in _addresses(options.workers, options.catalog):
        rounds.append(measure(address, number, options.articles, options.seconds))
        say(str(rounds[-1]))
    values = {"articles": options.articles, "seconds": options.seconds, "rounds": [asdict(one) for one in rounds]}
    write("workers", "Workers", _NOTE, values, [table(rounds, options.articles, options.seconds)])


def measure(address: str, workers: int, articles: int, seconds: float) -> Round:
    """Hand out articles, let so many processes encode them, and time that."""
    news = [
        Article.create(
            f"a{number}", f"Report {number} tells of harbour{number} and of quay{number % 97}.", language="en"
        )
        for number in range(articles)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "command", encoder=Waiting(seconds), catalog=address) as library,
    ):
        with _started(Path(folder), address, seconds, workers) as processes:
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
    return Round(workers, round(took, 2), round(found / took, 1), round(jobs / took, 2), round(committing / took, 3))


def table(rounds: Sequence[Round], articles: int, seconds: float) -> Table:
    """Set the rounds beside each other."""
    base = rounds[0]
    rows = tuple(
        (
            str(one.workers), f"{one.seconds:.1f}", f"{one.passages:.0f}", f"{one.commits:.2f}",
            f"{one.committing:.0%}", f"{one.passages / base.passages:.2f}",
        )
        for one in rounds
    )  # fmt: skip
    heads = ("workers", "seconds", "passages/s", "commits/s", "time in commits", f"times {base.workers} worker")
    return Table("One worker and several", f"{articles} articles, {seconds:g} s a passage.", heads, rows)


def _addresses(workers: Sequence[int], catalog: str | None) -> Iterator[tuple[int, str]]:
    """Yield each number of workers with an empty library."""
    if catalog:
        yield workers[0], catalog
        return
    from tests.support.postgres_server import PostgresServer

    server = PostgresServer()
    try:
        for number in workers:
            yield number, server.schema()
    finally:
        server.close()


@contextmanager
def _started(folder: Path, address: str, seconds: float, workers: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """Start workers, each with a folder of its own, and yield them when all are ready."""
    command = [sys.executable, "-m", "benchmarks.workers", "--work"]
    processes = [
        subprocess.Popen(
            [*command, str(folder / str(number)), address, str(seconds)],
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


def _work(folder: Path, address: str, seconds: float) -> None:
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
    with Library.open(folder, encoder=Waiting(seconds), catalog=address) as library:
        worker = Worker(library, lambda add: Web(library, add=add), lambda: None, poll=0.05, stop=threading.Event())
        print("ready", flush=True)
        sys.stdin.readline()
        worker.run(tell, drain=True)
    print(spent)


if __name__ == "__main__":
    main()
