"""Many people asking one server at once: errors, waiting times, memory, open files.

    python -m benchmarks.load [--people 50] [--each 4] [--minutes 0]

Everybody asks, waits for the answer and asks again, over the sample articles, while another process keeps changing one.
With `--minutes` they go on for so long: the form in which memory and open files must stay flat.
"""

import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness import Table, parser, say, work_offline, write
from benchmarks.served import Server, serving
from index import Article, Library

_NOTE = (
    "Everybody asks at once, and again when the answer has come, while articles are being indexed. Each question waits "
    "for its turn, four being read at a time; `people` divided by `answers a second` is what a fair queue gives."
)
_ROOT = Path(__file__).resolve().parents[1]
_QUESTIONS = (
    "How many trucks were in the first convoy?",
    "who disputed the ISIS threat?",
    "كم بلغ سعر الفائدة؟",
    "Who won the chess championship of the moon?",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it; seconds for one answer, MiB, open files after the first round and at the end."""

    people: int
    answers: int
    failures: int
    commits_meanwhile: int
    seconds: float
    answers_a_second: float
    median: float
    ninety_fifth: float
    longest: float
    memory_first: int
    memory_last: int
    files_first: int
    files_last: int


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--people", type=int, default=50)
    flags.add_argument("--each", type=int, default=4, help="questions of each person, when no minutes are given")
    flags.add_argument("--minutes", type=float, default=0.0)
    arguments = flags.parse_args()
    work_offline()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder) / "library", arguments.people, arguments.each, arguments.minutes)
    rows = tuple((name.replace("_", " "), str(value)) for name, value in asdict(found).items())
    table = Table("Load", "", ("", "measured"), rows)
    write("load", f"{found.people} people at once", _NOTE, asdict(found), [table])


def measure(folder: Path, people: int, each: int, minutes: float) -> Measured:
    """Let so many people ask, and return what came of it."""
    stop, commits = threading.Event(), [0]
    with Library.open(folder) as library:
        library.sync(_ROOT / "samples")
        with serving(folder) as server:
            indexing = threading.Thread(target=_index_on, args=(library, stop, commits))
            indexing.start()
            _round(server, people, 1, 0.0)
            memory, files = _held(server)
            say(f"first round done: {memory} MiB")
            started = time.perf_counter()
            times = _round(server, people, each, started + 60 * minutes if minutes else 0.0)
            seconds = time.perf_counter() - started
            stop.set()
            indexing.join()
            memory_last, files_last = _held(server)
    answered = sorted(value for value in times if value is not None)
    return Measured(
        people, len(answered), len(times) - len(answered), commits[0], round(seconds, 1),
        round(len(answered) / seconds, 2), round(statistics.median(answered), 2),
        round(answered[int(0.95 * (len(answered) - 1))], 2), round(answered[-1], 2),
        memory, memory_last, files, files_last,
    )  # fmt: skip


def _round(server: Server, people: int, each: int, until: float) -> list[float | None]:
    def person(number: int) -> list[float | None]:
        times: list[float | None] = []
        while time.perf_counter() < until if until else len(times) < each:
            started = time.perf_counter()
            answer = server.ask(_QUESTIONS[(number + len(times)) % len(_QUESTIONS)])
            times.append(time.perf_counter() - started if answer else None)
        return times

    with ThreadPoolExecutor(people) as pool:
        return [found for times in pool.map(person, range(people)) for found in times]


def _index_on(library: Library, stop: threading.Event, commits: list[int]) -> None:
    while not stop.wait(2.0):
        commits[0] += 1
        text = f"The bell of Zarqun rang {commits[0]} times on Sunday, the harbour master said."
        library.add([Article.create("bell", text, title="The bell of Zarqun")])


def _held(server: Server) -> tuple[int, int]:
    return int(server.metric("process_resident_memory_bytes")) >> 20, int(server.metric("process_open_fds"))


if __name__ == "__main__":
    main()
