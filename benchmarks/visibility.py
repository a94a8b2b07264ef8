"""From a script's commit to the answer of a running server: how long until a new article is quoted.

    python -m benchmarks.visibility [--rounds 20]

A copy of the news corpus is served by a `khabar serve` of its own. Another process (this one) adds an article, and asks
until it is quoted; the time runs from the moment the commit is done. The same for a change and a withdrawal.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.changing_library import copied
from benchmarks.harness import Data, Figure, Spread, Table, parser, say, work_offline, write
from benchmarks.served import Server, serving
from index import Article, Library

_NOTE = (
    "Seconds from the end of a commit, by another process, to the end of the first answer of the server that shows it. "
    "The answer itself takes the time that one question takes, which is given beside it."
)
_LONGEST = 60.0
_GOAL = 2.0


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--rounds", type=int, default=20)
    options = flags.parse_args()
    work_offline()
    with tempfile.TemporaryDirectory() as at:
        folder = copied(Data(options.data), options.cache, Path(at) / "library")
        seconds, asked = measure(folder, options.rounds)
    rows = tuple(
        (name, f"{statistics.median(found):.2f}", f"{max(found):.2f}", str(len(found)))
        for name, found in seconds.items()
    )
    table = Table("Until it is seen", "", ("what", "median, s", "longest, s", "times"), rows)
    figures = [
        Figure(f"An article is seen to be {what}, the longest", "s", Spread.of([max(seconds[what])]), _GOAL, "less")
        for what in ("added", "changed", "withdrawn")
    ]
    write("visibility", "From commit to answer", _NOTE, {"seconds": seconds, "asked": asked}, [table], figures)


def measure(folder: Path, rounds: int) -> tuple[dict[str, list[float]], dict[str, list[int]]]:
    """Add, change and withdraw an article `rounds` times.

    Returns the seconds until each was seen, and how many questions that took.
    """
    seconds: dict[str, list[float]] = {"added": [], "changed": [], "withdrawn": [], "one answer": []}
    asked: dict[str, list[int]] = {"added": [], "changed": [], "withdrawn": []}
    with Library.open(folder) as library, serving(folder) as server:
        for number in range(rounds):
            _round(library, server, number, seconds, asked)
            say(f"round {number + 1} of {rounds}")
    return seconds, asked


def _round(
    library: Library, server: Server, number: int, seconds: dict[str, list[float]], asked: dict[str, list[int]]
) -> None:
    name = f"Zarqun{number}"
    question = f"How many boats did the harbour master of {name} count?"

    def note(what: str, seen: Callable[[str], bool]) -> None:
        took, questions = _until(server, question, seen)
        seconds[what].append(took)
        asked[what].append(questions)

    for what, count in (("added", 40), ("changed", 70)):
        text = f"The harbour master of {name} counted {count} boats on Sunday."
        library.add([Article.create(name, text, title=f"Boats of {name}")])
        note(what, lambda quotes, text=text: text in quotes)  # type: ignore[misc]
    started = time.perf_counter()
    server.quotes(question)
    seconds["one answer"].append(round(time.perf_counter() - started, 3))
    library.remove([name])
    note("withdrawn", lambda quotes: name not in quotes)


def _until(server: Server, question: str, seen: Callable[[str], bool]) -> tuple[float, int]:
    """Ask until the quotes show it; return the seconds and the number of questions that took."""
    started, questions = time.perf_counter(), 1
    while not seen(server.quotes(question)):
        questions += 1
        if time.perf_counter() - started > _LONGEST:
            sys.exit(f"The server did not show it within {_LONGEST:.0f} seconds: {question}")
    return round(time.perf_counter() - started, 3), questions


if __name__ == "__main__":
    main()
