"""What one run of the `khabar` command leaves, and where the installed one is."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "Done"]


class Done:
    """What one in-process run of the command left."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = out
        self.err = err


def command() -> str:
    """The installed console script."""
    found = shutil.which("khabar", path=str(Path(sys.executable).parent))
    assert found, "the project is not installed: run `make test`"
    return found
