"""The long fault tests, piece by piece, and what they found: an indexer killed 100 times, a server 20 times.

    python -m benchmarks.soak [--minutes 10] [--fresh]

Each piece is one test of `tests/system/test_faults.py` in its long form (`make soak` runs them all in a row). After
so many minutes no further piece is begun; the next run goes on with those that have not passed. A piece that fails
ends the run, and is tried again by the next one.
"""

import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS, Table, parser, say, write

_ROOT = Path(__file__).resolve().parents[1]
_KINDS = {
    "an indexer, killed while it adds, changes and withdraws": "test_an_indexer_killed_a_hundred_times",
    "a server, killed while it starts and answers": "test_a_server_killed_twenty_times",
}
_NOTE = (
    "After each kill (SIGKILL) another process opens the library: every committed article must be there once, in its "
    "last version, with its passages; nothing that was withdrawn, nothing twice; searches must answer, and the checks "
    "of `khabar doctor` find nothing wrong. One miss fails the test, so that what was lost, ghosts and duplicates "
    "are 0 in every piece that passed. The time to open does not include loading the encoder."
)


def main() -> None:
    """Run the pieces that are missing, and write what all of them found."""
    flags = parser(__doc__)
    flags.add_argument("--minutes", type=float, default=1e9, help="begin no further piece after so long")
    flags.add_argument("--fresh", action="store_true", help="forget the pieces that have passed")
    options = flags.parse_args()
    notes = options.cache / "soak.jsonl"
    notes.parent.mkdir(parents=True, exist_ok=True)
    if options.fresh:
        notes.unlink(missing_ok=True)
    began, pieces, status = time.monotonic(), _pieces(), 0
    for piece in pieces:
        if _name(piece) in _passed(notes):
            continue
        if time.monotonic() - began > 60 * options.minutes:
            break
        say(piece)
        status = _run("-x", f"--notes={notes}", piece).returncode
        if status:
            break
    _write(_passed(notes), len(pieces))
    sys.exit(status)


def _pieces() -> list[str]:
    lines = _run("--collect-only", "tests/system/test_faults.py", capture=True).stdout.splitlines()
    found = [line for line in lines if any(name in line for name in _KINDS.values())]
    if not found:
        sys.exit("The long tests were not found: run this from the repository's root.")
    return found


def _run(*arguments: str, capture: bool = False) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-m", "soak", *arguments]
    return subprocess.run(command, cwd=_ROOT, check=False, encoding="utf-8", capture_output=capture)


def _name(piece: str) -> str:
    return piece.rpartition("::")[2]


def _passed(notes: Path) -> dict[str, dict[str, Any]]:
    if not notes.exists():
        return {}
    found = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    return {item["test"]: item["measured"] for item in found}


def _write(passed: dict[str, dict[str, Any]], pieces: int) -> None:
    if not passed:
        say("no piece has passed yet")
        return
    rows, values = [], {}
    for kind, test in _KINDS.items():
        own = [measured for name, measured in passed.items() if re.match(test, name)]
        seconds = sorted(value for measured in own for value in measured["seconds_to_open"])
        if not own:
            continue
        values[kind] = {
            "kills": sum(measured["kills"] for measured in own),
            "changes committed before": sum(measured["changes"] for measured in own),
            "answers given before": sum(measured["answers"] for measured in own),
            "committed articles found once, summed over the kills": sum(measured["articles"] for measured in own),
            "lost": 0, "ghosts": 0, "duplicates": 0,
            "seconds to open and search, median": round(statistics.median(seconds), 3),
            "seconds to open and search, longest": seconds[-1],
        }  # fmt: skip
        rows.append(values[kind])
    table = Table(
        "Killed", f"{len(passed)} of {pieces} pieces passed.", ("", *values),
        tuple((name, *(str(row[name]) for row in rows)) for name in rows[0]),
    )  # fmt: skip
    write("soak", "Killed anywhere", _NOTE, {"pieces": pieces, "passed": passed, **values}, [table])
    say(f"see {RESULTS / 'soak.md'}")


if __name__ == "__main__":
    main()
