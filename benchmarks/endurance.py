"""An hour of asking and indexing: memory, open files and threads of a server and of a writer must stay flat.

    python -m benchmarks.endurance [--minutes 60] [--pause 1] [--commit-every 20] [--sample-every 30]

A `khabar serve` over a copy of the news corpus is asked one question after another, half of them about what has just
changed; one caller in twenty leaves without waiting for the answer. Meanwhile this process changes, adds and withdraws
articles, so that the vector index is made anew now and then. The load is low on purpose: beside it one can work.
"""

import statistics
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.changing_library import QUESTION, Changing, copied, questions, wire
from benchmarks.harness import Data, Table, anonymous_mib, parser, resident_mib, say, work_offline, write
from benchmarks.served import Server, serving
from index import Library

_NOTE = (
    "Memory of its own is without the pages of mapped files (the vocabulary's 384 MB of vectors, the catalog): ever "
    "more of them are looked at, and the system takes them back when it needs room. Slopes are least-squares lines "
    "through the samples after the warm-up; beside them the medians of the first and of the last quarter of those. An "
    "answer is wrong when it mixes states of the library or quotes what does not stand in the article."
)
_WIRE, _KEPT_BATCHES = 12, 5
_LEAVES = 20
_COLUMNS = {
    "server_mib": "server, memory of its own, MiB",
    "server_resident_mib": "server, resident MiB",
    "server_files": "server, open files",
    "server_threads": "server, threads",
    "writer_mib": "writer, memory of its own, MiB",
    "writer_files": "writer, open files",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """How things stood at one moment; the median wait is that of the answers since the sample before."""

    minutes: float
    server_mib: float
    server_resident_mib: float
    server_files: int
    server_threads: int
    writer_mib: float
    writer_files: int
    answers: int
    failures: int
    wrong: int
    commits: int
    median_s: float


@dataclass(slots=True)
class _Counts:
    """What the asking thread has seen so far."""

    answers: int = 0
    failures: int = 0
    left: int = 0
    seconds: list[float] = field(default_factory=list)
    recent: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--minutes", type=float, default=60.0)
    flags.add_argument("--warm-up", type=float, default=10.0, help="minutes that the slopes leave out")
    flags.add_argument("--pause", type=float, default=1.0, help="seconds from one question to the next")
    flags.add_argument("--commit-every", type=float, default=20.0, help="seconds")
    flags.add_argument("--sample-every", type=float, default=30.0, help="seconds")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    with tempfile.TemporaryDirectory() as at:
        folder = copied(data, options.cache, Path(at) / "library")
        with Library.open(folder) as library, serving(folder) as server:
            run = _Run(server, Changing(library), questions(data, 200), options.pause, options.commit_every)
            samples = run.samples(options.minutes * 60, options.sample_every)
    _write(samples, run, options.warm_up)


class _Run:
    """A server that is asked, a library that is changed, and the samples taken meanwhile."""

    def __init__(
        self, server: Server, changing: Changing, questions: list[str], pause: float, commit_every: float
    ) -> None:
        self.counts = _Counts()
        self.changing = changing
        self.commits = 0
        self.rebuilt: set[str] = set()
        self._server = server
        self._questions = questions
        self._pause, self._commit_every = pause, commit_every
        self._stop = threading.Event()
        self._broken: BaseException | None = None

    def samples(self, seconds: float, every: float) -> list[Sample]:
        """Let everything run for so long."""
        threads = [threading.Thread(target=self._unless_broken, args=(work,)) for work in (self._ask, self._index)]
        for thread in threads:
            thread.start()
        began, taken = time.monotonic(), []
        try:
            while time.monotonic() - began < seconds and not self._stop.wait(every):
                taken.append(self._sample((time.monotonic() - began) / 60))
                say(str(taken[-1]))
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if self._broken is not None:
            raise self._broken
        return taken

    def _unless_broken(self, work: "object") -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            # Told in the main thread, which ends the run.
            self._broken = error
            self._stop.set()

    def _ask(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            question = QUESTION if number % 2 else self._questions[number // 2 % len(self._questions)]
            began, since = time.monotonic(), self.changing.library.generation
            if number % _LEAVES == 0:
                self._server.leave(question)
                self.counts.left += 1
            elif (answer := self._server.ask(question)) is None:
                self.counts.failures += 1
            else:
                self.counts.recent.append(time.monotonic() - began)
                self.counts.answers += 1
                self.changing.take(answer, since)
            self._stop.wait(max(0.0, self._pause - (time.monotonic() - began)))

    def _index(self) -> None:
        library = self.changing.library
        while not self._stop.wait(self._commit_every):
            self.commits += 1
            self.changing.change()
            library.add(wire(self.commits, _WIRE))
            if self.commits > _KEPT_BATCHES:
                library.remove(article.id for article in wire(self.commits - _KEPT_BATCHES, _WIRE))
            self.rebuilt |= {path.name for path in library.path.glob("chroma-*")}

    def _sample(self, minutes: float) -> Sample:
        counts = self.counts
        recent, counts.recent = counts.recent, []
        counts.seconds += recent
        self.changing.check()
        server = self._server.pid
        return Sample(
            round(minutes, 2), round(anonymous_mib(server), 1), round(resident_mib(server), 1), _files(server),
            _threads(server), round(anonymous_mib(), 1), _files("self"), counts.answers, counts.failures,
            len(self.changing.wrong), self.commits, round(statistics.median(recent), 3) if recent else 0.0,
        )  # fmt: skip


def _files(process: int | str) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _threads(process: int) -> int:
    return len(list(Path(f"/proc/{process}/task").iterdir()))


def _slope(samples: list[Sample], column: str) -> tuple[float, float, float]:
    """Return a column's change an hour, and its medians in the first and the last quarter."""
    values = [float(getattr(sample, column)) for sample in samples]
    line = statistics.linear_regression([sample.minutes / 60 for sample in samples], values)
    quarter = max(1, len(values) // 4)
    return round(line.slope, 2), statistics.median(values[:quarter]), statistics.median(values[-quarter:])


def _write(samples: list[Sample], run: _Run, warm_up: float) -> None:
    warm = [sample for sample in samples if sample.minutes >= warm_up]
    if len(warm) < 8:
        warm = samples
    slopes = {column: _slope(warm, column) for column in _COLUMNS}
    last, seconds = samples[-1], sorted(run.counts.seconds)
    summary = {
        "minutes": last.minutes,
        "answers": last.answers,
        "callers who left": run.counts.left,
        "failed answers": last.failures,
        "wrong answers": len(run.changing.wrong),
        "rounds of commits": last.commits,
        "vector indexes made": len(run.rebuilt) - 1,
        "median wait, s": round(statistics.median(seconds), 3),
        "95th percentile of the wait, s": round(seconds[int(0.95 * (len(seconds) - 1))], 3),
    }
    values = {
        "summary": summary,
        "an hour, first quarter, last quarter": slopes,
        "wrong": run.changing.wrong[:20],
        "samples": [asdict(sample) for sample in samples],
    }
    tables = [
        Table("The run", "", ("", "measured"), tuple((name, str(value)) for name, value in summary.items())),
        Table(
            "Growth", f"Over minutes {warm[0].minutes:g} to {last.minutes:g}.",
            ("", "an hour", "first quarter", "last quarter"),
            tuple((name, *(f"{v:g}" for v in slopes[column])) for column, name in _COLUMNS.items()),
        ),
    ]  # fmt: skip
    write("endurance", f"{last.minutes:.0f} minutes of asking and indexing", _NOTE, values, tables)


if __name__ == "__main__":
    main()
