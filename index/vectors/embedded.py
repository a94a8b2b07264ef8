"""Indexes in folders beside the catalog, by Chroma embedded in this process.

Embedded Chroma 1.5.9 does not show another process's writes to `query()` until it is reopened, and a kill in the
middle of a write can leave a segment that crashes the process that opens it (chroma#7238). So an index here is built
whole under another name, closed, sealed and renamed into place; it is never written to again, and never opened when
a file of it is not as it was sealed.
"""

import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import LibraryError
from index.sealing import damage, seal
from index.store.engines.protocol import HISTORY_STEP
from index.vectors.chroma import ChromaIndex, Made, VectorIndex, fill, opened, sizes_of

if TYPE_CHECKING:
    from index.store.rows import Vectors

_COLLECTION = "passages"
# Where Chroma notes that it has opened an index: the one file of it that changes.
DATABASE = "chroma.sqlite3"
T = TypeVar("T")


class EmbeddedStore:
    """The indexes in one folder, one folder each."""

    is_shared = is_copied = False

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sound: set[Path] = set()

    def build(self, made: Made, parts: Iterable["Vectors"], languages: Mapping[str, int] | None = None) -> Made:
        """Make an index in a folder of another name, and rename it into place."""
        self.drop(made)
        # A name of its own for each try: where opening a folder failed once, Chroma fails for ever in that process.
        building = self._root / f"chroma-{made.number}-{uuid.uuid4().hex[:8]}"
        make_index(building, made.count, parts, languages)
        try:
            seal(building, changing=DATABASE)
            building.rename(self._folder(made))
        except OSError as error:
            # Nothing is there under the index's own name: the old one serves, the next build begins anew.
            raise LibraryError(f"The vector index cannot be written: {error}. Check the disk.") from error
        return made

    def at_hand(self, recorded: Sequence[Made]) -> Made | None:
        """The newest one, which is made here."""
        return next(iter(recorded), None)

    def fetch(self, recorded: Sequence[Made]) -> None:
        """It is made here."""

    def drop(self, made: Made) -> None:
        """Remove an index's folder."""
        self._sound.discard(self._folder(made))
        shutil.rmtree(self._folder(made), ignore_errors=True)

    def damage(self, made: Made, *, afresh: bool = False) -> str | None:
        """Say what is wrong with an index's files, without opening it; None when they are whole."""
        folder = self._folder(made)
        if folder in self._sound and not afresh:
            return None
        found = damage(folder)
        if found is None:
            self._sound.add(folder)
        return found

    def open(self, made: Made) -> VectorIndex:
        """Open an index whose files are as they were sealed."""
        if found := self.damage(made):
            raise LibraryError(f"The vector index is damaged: {found}. `khabar doctor` rebuilds it.")
        return open_index(self._folder(made), made.count)

    def keep(self, kept: Collection[Made]) -> None:
        """Remove every index's folder but these, and what was never finished."""
        names = {self._folder(made).name for made in kept}
        for folder in self._root.glob("chroma-*"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)

    def describe(self, made: Made | None) -> str:
        """In the library's own folder, where else."""
        return ""

    def _folder(self, made: Made) -> Path:
        # After commits were lost a number comes again, and Chroma takes a folder for what it held when it was opened.
        again = f"-{made.generation}" if made.generation > HISTORY_STEP else ""
        return self._root / f"chroma-{made.number}{again}"


def make_index(folder: Path, count: int, parts: Iterable["Vectors"], languages: Mapping[str, int] | None) -> None:
    """Make an index of so many vectors in a new folder, and close it."""
    client = _client(folder)
    try:
        fill(client, _COLLECTION, _guarded, parts, sizes_of(count, languages))
    finally:
        client.close()


def open_index(folder: Path, count: int) -> ChromaIndex:
    """Open the index in a folder; raises `LibraryError` when it does not open, or holds another number of vectors."""
    client = _client(folder)
    try:
        index = ChromaIndex(client, opened(client, _COLLECTION, _guarded), _guarded, at_once=False)
        if (held := index.count()) != count:
            raise LibraryError(f"The vector index holds {held} passages, not {count}. `khabar doctor` rebuilds it.")
    except BaseException:
        # On an interruption too: a client that is not closed keeps the folder's files open.
        client.close()
        raise
    return index


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    return _guarded(lambda: chromadb.PersistentClient(str(folder), settings=settings))


def _guarded(call: Callable[[], T], /) -> T:
    """Run one Chroma call; its errors have no common base, so every ordinary exception becomes ours.

    So does a panic of its Rust part, as a damaged database brings about, though Python does not count it as ordinary.
    """
    try:
        return call()
    except BaseException as error:
        # Ctrl-C and the like pass through.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise LibraryError(f"Chroma failed: {error}. `khabar doctor` rebuilds its files.") from error
