"""A process that stops in the middle of a commit, for a test to kill: `held_writer.py FOLDER ADDRESS`.

It says "held" when everything has been written but the commit itself, and waits for ever.
"""

import sys
import threading
from pathlib import Path

from index import Article, Library
from index.store.catalog import Catalog
from tests.support.small_encoder import SmallEncoder


def main(folder: Path, address: str) -> None:
    """Add and remove articles, and stop before the end."""
    with Library.open(folder, encoder=SmallEncoder(), catalog=address) as library:
        moved = Catalog.set_meta

        def hold(self: Catalog, key: str, value: str) -> None:
            moved(self, key, value)
            if key == "generation":
                print("held", flush=True)
                threading.Event().wait()

        Catalog.set_meta = hold  # type: ignore[method-assign]
        library.add([Article.create("kept", "Another text."), Article.create("new", "A new text.")])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
