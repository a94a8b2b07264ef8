"""A worker of its own process, for a test to watch, hold and kill: `worker_process.py FOLDER ADDRESS HELD STEP`.

It holds a job for HELD seconds without renewing it, and ends when nothing is left. It says "at STEP" when it comes to
"encoding", to "committing" (everything is written but the commit itself) or to "ended" (which is committed, and not
told to anybody yet), and goes on when it is sent a line; at "never" it stops nowhere. It prints what it has done.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from index import Library
from index.encoding.encoder import TextVectors
from index.store.catalog import Catalog
from index.web import Web
from index.workers import Worked, Worker
from tests.support.small_encoder import SmallEncoder


def _stop(step: str) -> None:
    print(f"at {step}", flush=True)
    sys.stdin.readline()


class Halting(SmallEncoder):
    """Encodes, after a stop where that is wanted; some texts it cannot encode."""

    def __init__(self, step: str) -> None:
        self._step = step

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode each text, as a whole and word by word."""
        if self._step == "encoding":
            _stop(self._step)
        if any("poison" in text for text in texts):
            raise ValueError("poison cannot be encoded")
        return super().encode_passages(texts)


def main(folder: Path, address: str, held: float, step: str) -> None:
    """Work until nothing is left to do."""
    moved = Catalog.set_meta

    def hold(self: Catalog, key: str, value: str) -> None:
        moved(self, key, value)
        if key == "generation":
            _stop(step)

    if step == "committing":
        Catalog.set_meta = hold  # type: ignore[method-assign]

    def tell(worked: Worked) -> None:
        if step == "ended":
            _stop(step)
        print(f"{worked.job.kind}\t{worked.job.name}\t{worked.problem}", flush=True)

    with Library.open(folder, encoder=Halting(step), catalog=address) as library:
        worker = Worker(library, lambda add: Web(library, add=add), lambda: None, held=held, pause=0, poll=0.05)
        worker.run(tell, drain=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4])
