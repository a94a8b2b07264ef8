"""A process that stops in the middle of copying a vector index: `held_fetcher.py FOLDER CATALOG COPIES`.

It opens the library, and says "copying" when the second of the index's files is half here.
"""

import shutil
import sys
from pathlib import Path

from index import Library
from index.vectors import copies as copying
from tests.support.small_encoder import SmallEncoder


def main(folder: Path, catalog: str, copies: Path) -> None:
    """Copy an index, with a stop in it that nothing ends."""
    copy, take_sealed = shutil.copyfile, copying.take_sealed

    def take(source: Path, to: Path) -> None:
        copied = 0

        def held(one: Path, other: Path) -> object:
            nonlocal copied
            copied += 1
            if copied == 2:
                content = one.read_bytes()
                other.write_bytes(content[: len(content) // 2])
                print("copying", flush=True)
                sys.stdin.readline()
            return copy(one, other)

        shutil.copyfile = held  # type: ignore[assignment]
        take_sealed(source, to)

    copying.take_sealed = take
    Library.open(folder, encoder=SmallEncoder(), catalog=catalog, copies=copies)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
