"""Measure the speed of everything, one part after another: `make bench`, or `python -m benchmarks [PART…]`.

Each part is a process of its own with results of its own: one that fails or takes too long does not lose the others.
The measures of quality are commands of their own, see benchmarks/README.md.
"""

import argparse
import subprocess
import sys
import time

from benchmarks.harness import say
from benchmarks.summary import PARTS

# No part takes two thirds of this on two idle cores; indexing the whole corpus takes the longest.
LONGEST_MINUTES = 30


def main() -> None:
    """Run the parts, the summary and the pictures; exit status 1 when a part failed."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    wanted = flags.parse_args().parts or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        flags.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    failed = [name for name in (*wanted, "summary", "pictures") if not _ran(name)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _ran(name: str) -> bool:
    began = time.monotonic()
    say(f"{name}: begins")
    try:
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], timeout=LONGEST_MINUTES * 60, check=False)
        status = f"status {done.returncode}" if done.returncode else ""
    except subprocess.TimeoutExpired:
        status = f"stopped after {LONGEST_MINUTES} minutes"
    say(f"{name}: {status or 'done'}, {time.monotonic() - began:.0f} s")
    return not status


if __name__ == "__main__":
    main()
