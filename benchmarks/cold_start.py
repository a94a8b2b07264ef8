"""How long the command takes from cold in two source trees, each run in turn: `khabar --help` and `khabar ask`.

    python -m benchmarks.cold_start BEFORE AFTER --library FOLDER

Both trees run with this Python and its packages. The first round brings the files into the disk cache and is not
counted; whichever tree went first in one round goes second in the next.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import Spread, Table, ratios, say, timed, write

QUESTION = "who won the cup final?"
TREES = ("before", "after")


def main() -> None:
    """Measure and write the results."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("before", type=Path, help="root of the one source tree")
    flags.add_argument("after", type=Path, help="root of the other")
    flags.add_argument("--library", type=Path, required=True, help="library to ask; each tree gets a copy of its own")
    flags.add_argument("--library-after", type=Path, help="the other tree's, where it needs another one")
    flags.add_argument("--runs", type=int, default=5, help="runs of each command in each tree (default: 5)")
    options = flags.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        libraries = [
            shutil.copytree(folder, Path(scratch) / name)
            for name, folder in zip(TREES, (options.library, options.library_after or options.library), strict=True)
        ]
        trees = [options.before.resolve(), options.after.resolve()]
        commands = {
            "khabar --help": [["--help"], ["--help"]],
            "khabar ask": [["ask", QUESTION, "--library", str(library)] for library in libraries],
        }
        times = {name: _in_turn(trees, arguments, options.runs) for name, arguments in commands.items()}
    _report(times)


def _in_turn(trees: Sequence[Path], arguments: Sequence[Sequence[str]], runs: int) -> tuple[list[float], list[float]]:
    """Run a command in both trees, in turn; seconds of each counted run."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(runs + 1):
        for which in (0, 1) if round_ % 2 else (1, 0):
            seconds = timed(_run, trees[which], arguments[which])
            if round_:
                times[which].append(seconds)
    say(f"{arguments[0][0]}: {runs} runs in each tree")
    return times


def _run(tree: Path, arguments: Sequence[str]) -> None:
    settings = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))
    module, function = settings["project"]["scripts"]["khabar"].split(":")
    program = f"from {module} import {function}; {function}()"
    # With -c the current folder comes first where modules are looked for, before the installed tree.
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=tree, env=os.environ, capture_output=True, check=False
    )
    # 3 is the exit status of an abstention, which takes as long as an answer.
    if done.returncode not in (0, 3):
        sys.exit(f"khabar {arguments[0]} failed in {tree.name}:\n{done.stderr.decode()}")


def _report(times: dict[str, tuple[list[float], list[float]]]) -> None:
    rows = tuple(
        (name, str(Spread.of(before)), str(Spread.of(after)), str(ratios(after, before, "more")))
        for name, (before, after) in times.items()
    )
    note = "Seconds, median (least–most); the ratio is after ÷ before, round by round: below 1 is faster."
    table = Table("From cold", note, ("command", *TREES, "ratio"), rows)
    print(table.markdown())
    values = {name: dict(zip(TREES, both, strict=True)) for name, both in times.items()}
    write("cold_start", "The command from cold, before and after a change", "", values, [table])


if __name__ == "__main__":
    main()
