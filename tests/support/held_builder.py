"""A process that stops in the middle of making a vector index: `held_builder.py FOLDER CATALOG PLACE SECONDS`.

PLACE is the address of a Chroma server, or a folder of index copies. It says "building" when vectors are in the index,
and goes on when it is sent a line; then it says what came of it. Its lease holds for SECONDS.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from index import ChromaServer, Library, LibraryBusyError
from index.store.catalog import Catalog
from index.store.rows import Vectors
from index.vectors import turns
from tests.support.small_encoder import SmallEncoder


def main(folder: Path, catalog: str, place: str, seconds: float) -> None:
    """Make an index, with a stop before its end."""
    turns._HELD = seconds
    chroma, copies = (ChromaServer(place), None) if "://" in place else (None, Path(place))
    with Library.open(folder, encoder=SmallEncoder(), catalog=catalog, chroma=chroma, copies=copies) as library:
        vectors = Catalog.vectors

        def hold(self: Catalog, since: int = 0, chunk: int = 4096) -> Iterator[Vectors]:
            yield from vectors(self, since, chunk)
            print("building", flush=True)
            sys.stdin.readline()

        Catalog.vectors = hold  # type: ignore[method-assign]
        try:
            library._dense.rebuild()
        except LibraryBusyError as error:
            print(error, flush=True)
        else:
            print("made", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]))
