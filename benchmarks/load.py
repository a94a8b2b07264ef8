"""Many people asking one server at once: errors, waiting times by person, memory, open files.

    python -m benchmarks.load [--people 50] [--each 4] [--script 40]

Over a copy of the news corpus everybody asks, waits for the answer and asks again, each from an address of one's own,
while another process keeps changing two articles. Then the same beside a script that always has so many questions
waiting: with fair turns it costs the others little more than one person more.
"""

import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.changing_library import QUESTION, Changing, copied, questions
from benchmarks.harness import (
    Data,
    Table,
    forget_peak,
    parser,
    peak_resident_mib,
    resident_mib,
    say,
    work_offline,
    write,
)
from benchmarks.served import Server, serving
from index import Library

_NOTE = (
    "Everybody asks at once, and again when the answer has come, while two articles are changed every two seconds. "
    "Seconds are from the question to its answer, waiting included. The people's medians lie between the least and the "
    "most; a fair queue keeps them close to each other and to people divided by answers a second. An answer is wrong "
    "when it mixes states of the library or quotes what does not stand in the article."
)
_SCRIPT = "127.0.1.1"


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one round; seconds for one answer, memory in MiB."""

    people: int
    script: int
    answers: int
    failed: int
    wrong: int
    commits_meanwhile: int
    seconds: float
    answers_a_second: float
    median: float
    ninety_fifth: float
    longest: float
    least_median_of_a_person: float
    most_median_of_a_person: float
    median_of_the_script: float | None
    memory_before: float
    memory_at_most: float
    files_before: int
    files_after: int


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--people", type=int, default=50)
    flags.add_argument("--each", type=int, default=4, help="questions of each person")
    flags.add_argument("--script", type=int, default=40, help="questions that the script keeps waiting")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    asked = questions(data, 200)
    with tempfile.TemporaryDirectory() as at:
        folder = copied(data, options.cache, Path(at) / "library")
        with Library.open(folder) as library, serving(folder) as server:
            load = _Load(server, Changing(library), asked)
            say("warming up")
            load.round(options.people, 1, 0)
            found = [load.round(options.people, options.each, script) for script in (0, options.script)]
    names = list(asdict(found[0]))
    rows = tuple((name.replace("_", " "), *(_shown(asdict(item)[name]) for item in found)) for name in names)
    header = ("", f"{options.people} people", f"beside a script that keeps {options.script} waiting")
    values = {"rounds": [asdict(item) for item in found], "wrong": load.changing.wrong}
    write("load", f"{options.people} people at once", _NOTE, values, [Table("Load", "", header, rows)])


class _Load:
    """A server, the library that is changed under it, and what is asked."""

    def __init__(self, server: Server, changing: Changing, asked: list[str]) -> None:
        self.changing = changing
        self._server = server
        self._asked = asked
        self._next = itertools.count()

    def round(self, people: int, each: int, script: int) -> Measured:
        """Let so many people ask so often, beside a script that keeps `script` questions waiting."""
        pid, commits = self._server.pid, self.changing.number
        files, memory, wrong = _files(pid), resident_mib(pid), len(self.changing.wrong)
        forget_peak(pid)
        with self._changed(), self._scripted(script) as scripted, ThreadPoolExecutor(people) as pool:
            began = time.perf_counter()
            by_person = list(pool.map(lambda number: self._person(number, each), range(people)))
            seconds = time.perf_counter() - began
        self.changing.check()
        times = [value for own in by_person for value in own]
        answered = sorted(value for value in times if value is not None)
        medians = [statistics.median(value for value in own if value is not None) for own in by_person if any(own)]
        measured = Measured(
            people, script, len(answered), len(times) - len(answered) + scripted.count(None),
            len(self.changing.wrong) - wrong, self.changing.number - commits, round(seconds, 1),
            round(len(answered) / seconds, 2), round(statistics.median(answered), 2),
            round(answered[int(0.95 * (len(answered) - 1))], 2), round(answered[-1], 2),
            round(min(medians), 2), round(max(medians), 2),
            round(statistics.median(value for value in scripted if value is not None), 2) if any(scripted) else None,
            round(memory, 1), round(peak_resident_mib(pid), 1), files, _files(pid),
        )  # fmt: skip
        say(str(measured))
        return measured

    def _person(self, number: int, each: int) -> list[float | None]:
        address = f"127.0.0.{number + 2}"
        return [self._timed(address) for _ in range(each)]

    def _timed(self, address: str) -> float | None:
        number = next(self._next)
        question = QUESTION if number % 4 == 0 else self._asked[number % len(self._asked)]
        began, since = time.perf_counter(), self.changing.library.generation
        answer = self._server.ask(question, address=address)
        seconds = time.perf_counter() - began
        if answer is not None:
            self.changing.take(answer, since)
        return seconds if answer is not None else None

    @contextmanager
    def _changed(self) -> Iterator[None]:
        """Change the library every two seconds until the block ends."""
        stop = threading.Event()

        def change() -> None:
            while not stop.wait(2.0):
                self.changing.change()

        thread = threading.Thread(target=change)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    @contextmanager
    def _scripted(self, waiting: int) -> Iterator[list[float | None]]:
        """Keep so many questions of one address waiting until the block ends; yields the seconds of the answers."""
        stop, times = threading.Event(), list[float | None]()

        def ask() -> None:
            while not stop.is_set():
                times.append(self._timed(_SCRIPT))

        threads = [threading.Thread(target=ask) for _ in range(waiting)]
        for thread in threads:
            thread.start()
        try:
            yield times
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _shown(value: object) -> str:
    return "–" if value is None else str(value)


if __name__ == "__main__":
    main()
