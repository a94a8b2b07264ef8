"""From a script's commit to the answer of a running server: how long until a new article is quoted.

    python -m benchmarks.visibility [--rounds 20]

A library of the sample articles is served by a `khabar serve` of its own. Another process (this one) adds an article,
and asks until it is quoted; the time runs from the moment the commit is done. The same for a change and a withdrawal.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness import Table, parser, say, work_offline, write
from benchmarks.served import Server, serving
from index import Article, Library

_NOTE = (
    "Seconds from the end of a commit, by another process, to the end of the first answer of the server that shows it. "
    "The answer itself takes the time that one question takes."
)
_ROOT = Path(__file__).resolve().parents[1]
_LONGEST = 60.0


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--rounds", type=int, default=20)
    rounds = flags.parse_args().rounds
    work_offline()
    with tempfile.TemporaryDirectory() as folder:
        seconds = measure(Path(folder) / "library", rounds)
    rows = tuple(
        (name, f"{statistics.median(found):.2f}", f"{max(found):.2f}", str(len(found)))
        for name, found in seconds.items()
    )
    table = Table("Until it is seen", "", ("what", "median, s", "longest, s", "times"), rows)
    write("visibility", "From commit to answer", _NOTE, seconds, [table])


def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Add, change and withdraw an article `rounds` times, and return the seconds until each was seen."""
    seconds: dict[str, list[float]] = {"added": [], "changed": [], "withdrawn": [], "one answer": []}
    with Library.open(folder) as library:
        library.sync(_ROOT / "samples")
        with serving(folder) as server:
            for number in range(rounds):
                _round(library, server, number, seconds)
                say(f"round {number + 1} of {rounds}")
    return seconds


def _round(library: Library, server: Server, number: int, seconds: dict[str, list[float]]) -> None:
    name = f"Zarqun{number}"
    question = f"How many boats did the harbour master of {name} count?"
    for what, count in (("added", 40), ("changed", 70)):
        text = f"The harbour master of {name} counted {count} boats on Sunday."
        library.add([Article.create(name, text, title=f"Boats of {name}")])
        seconds[what].append(_until(server, question, lambda quotes, text=text: text in quotes))
    started = time.perf_counter()
    server.quotes(question)
    seconds["one answer"].append(round(time.perf_counter() - started, 3))
    library.remove([name])
    seconds["withdrawn"].append(_until(server, question, lambda quotes: name not in quotes))


def _until(server: Server, question: str, seen: Callable[[str], bool]) -> float:
    started = time.perf_counter()
    while not seen(server.quotes(question)):
        if time.perf_counter() - started > _LONGEST:
            sys.exit(f"The server did not show it within {_LONGEST:.0f} seconds: {question}")
    return round(time.perf_counter() - started, 3)


if __name__ == "__main__":
    main()
