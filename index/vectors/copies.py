"""Indexes that one machine makes and the others copy: sealed folders in a place that all of them reach.

The place is a folder, such as an NFS mount. It may be slow, cut off or damaged, so nothing is searched there: each
machine has copies of its own, and takes none whose files are not those that the catalog names.
"""

import json
import logging
import re
import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryError
from index.sealing import damage, seal, seal_digest, take_seal, take_sealed
from index.vectors.chroma import Made, VectorIndex
from index.vectors.embedded import DATABASE, make_index, open_index

if TYPE_CHECKING:
    from index.store.rows import Vectors

_log = logging.getLogger(__name__)

_MADE = "made.json"
# Of a digest, in a folder's name: numbers and generations come again after an older catalog was brought back.
_NAMED = 12
# What is finished, and what is on its way into the place, each with its builder's number.
_COPY, _PART = "chroma-{generation}-{number}-{digest}", "part-{number}-{id}"
_NUMBER = re.compile(r"(?:chroma-\d+|part)-(\d+)-\w*")


class CopiedStore:
    """The copies in one place, a folder for each library in it, and those in this machine's own folder `root`.

    An index's number is its builder's fencing number. `model` names the encoder that the library is made with.
    """

    is_shared = is_copied = True

    def __init__(self, place: Path, root: Path, library: str, model: Callable[[], str | None]) -> None:
        self._place = place
        self._shelf = place / f"khabar-{library}"
        self._root = root
        self._library = library
        self._model = model
        self._sound: set[Made] = set()
        # Copies here that are not as they were fetched, and in the place what was not taken, with the reason.
        self._broken: dict[Made, str] = {}
        self._refused: dict[Made, str] = {}
        self._told = ""

    def build(self, made: Made, parts: Iterable["Vectors"], languages: Mapping[str, int] | None = None) -> Made:
        """Make an index in a folder of this machine, seal it, copy it to the place, and rename both."""
        self._check_place()
        building = self._root / f"building-{uuid.uuid4().hex[:8]}"
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            # Of builders that were killed; one at a time has the library's write lock.
            _clear(self._root, "building-*")
            make_index(building, made.count, parts, languages)
            (building / _MADE).write_text(json.dumps(self._described(made)), encoding="utf-8")
            seal(building)
            finished = replace(made, digest=seal_digest(building))
            self._publish(building, finished)
            building.rename(self._here(finished))
        except OSError as error:
            raise LibraryError(
                f"The vector index cannot be written for {self._place}: {error}. Check that disk and this one."
            ) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
        self._sound.add(finished)
        return finished

    def at_hand(self, recorded: Sequence[Made]) -> Made | None:
        """Return the first of the recorded indexes that has a whole copy here."""
        return next((made for made in recorded if self._is_here(made)), None)

    def fetch(self, recorded: Sequence[Made]) -> None:
        """Copy the newest index here, unless it is, or another process is at it; older ones are removed after that."""
        from filelock import FileLock, Timeout

        if self._is_here(recorded[0]):
            return
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            # Freed by the system when its holder dies.
            with FileLock(self._root / "fetch.lock", timeout=0):
                # Of those who were killed, and afterwards what was not taken.
                _clear(self._root, "fetching-*")
                try:
                    if not self._is_here(recorded[0]):
                        self._bring(recorded[0])
                        self._keep_here(recorded)
                finally:
                    _clear(self._root, "fetching-*")
        except Timeout:
            return
        except OSError as error:
            raise LibraryError(
                f"The copy {self._there(recorded[0])} cannot be fetched: {error}. Check that disk and this one."
            ) from error

    def drop(self, made: Made) -> None:
        """Remove an index from the place and from here."""
        self._sound.discard(made)
        for folder in (self._there(made), self._here(made)):
            shutil.rmtree(folder, ignore_errors=True)

    def damage(self, made: Made, *, afresh: bool = False) -> str | None:
        """Say what is wrong with an index in the place; `afresh`, by every file, and with its copy here."""
        there = self._there(made)
        try:
            self._check_place()
            if made in self._refused and not afresh:
                return self._refused[made]
        except LibraryError as error:
            # That it is out of reach is what was asked.
            return str(error)
        if found := self._unlike(there, made) or (damage(there) if afresh else None):
            if made not in self._refused:
                _log.warning("the copy of the vector index %s is not used: %s", there, found)
            self._refused[made] = told = f"the copy {there} is not sound: {found}"
            return told
        if not afresh:
            return None
        self._refused.pop(made, None)
        self._sound.discard(made)
        self._broken.pop(made, None)
        return None if self._is_here(made) else self._broken.get(made)

    def open(self, made: Made) -> VectorIndex:
        """Open the copy here, of which nothing but Chroma's note that it is open can be written."""
        if not self._is_here(made):
            raise LibraryError(f"No copy of the vector index of generation {made.generation} is here yet.")
        try:
            return open_index(self._here(made), made.count)
        except LibraryError:
            # Looked at again, and fetched where something is wrong.
            self._sound.discard(made)
            raise

    def keep(self, kept: Collection[Made]) -> None:
        """Remove all others from here, and from the place but for later ones, which are another builder's."""
        names, newest = {self._name(made) for made in kept}, max(made.number for made in kept)
        for folder in self._shelf.glob("*"):
            found = _NUMBER.fullmatch(folder.name)
            if found and int(found[1]) <= newest and folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)
        self._keep_here(kept)

    def describe(self, made: Made | None) -> str:
        """Name the place, and what had to be fetched again."""
        return "; ".join(filter(None, (f"copied from {self._shelf}", self._told)))

    def _keep_here(self, kept: Collection[Made]) -> None:
        names = {self._name(made) for made in kept}
        for folder in self._root.glob("chroma-*"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)

    def _publish(self, building: Path, made: Made) -> None:
        self._shelf.mkdir(exist_ok=True)
        part = self._shelf / _PART.format(number=made.number, id=uuid.uuid4().hex[:8])
        try:
            take_seal(building, part)
            take_sealed(building, part)
            if found := damage(part):
                raise LibraryError(f"The vector index did not come whole to {self._shelf}: {found}. Check that disk.")
            part.rename(self._there(made))
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _bring(self, made: Made) -> None:
        """Copy an index here under another name, look at all of it, and move it into place."""
        self._check_place()
        there, here = self._there(made), self._here(made)
        part = self._root / f"fetching-{uuid.uuid4().hex[:8]}"
        with self._refusal(made, there):
            if found := self._unlike(there, made):
                raise LibraryError(found)
            take_seal(there, part)
            if seal_digest(part) != made.digest:
                raise LibraryError(f"{there.name} was written anew meanwhile")
            take_sealed(there, part)
            if found := damage(part):
                raise LibraryError(found.replace(part.name, there.name))
            for file in part.rglob("*"):
                if file.is_file() and file.name != DATABASE:
                    file.chmod(0o444)
            shutil.rmtree(here, ignore_errors=True)
            part.rename(here)
        self._sound.add(made)
        if was := self._broken.pop(made, None):
            self._told = f"{was}, and was fetched anew"

    @contextmanager
    def _refusal(self, made: Made, there: Path) -> Iterator[None]:
        """Remember why a copy is not taken, until it is."""
        try:
            yield
        except (LibraryError, ValueError, FileNotFoundError) as error:
            self._refused[made] = told = f"the copy {there} is refused: {error}"
            raise LibraryError(f"{told}. It is tried again; `khabar doctor` makes another.") from error
        self._refused.pop(made, None)

    def _unlike(self, folder: Path, made: Made) -> str | None:
        """Say why what lies in a folder is not the index that the catalog names; None when it is, by its seal."""
        try:
            described = json.loads((folder / _MADE).read_text(encoding="utf-8"))
            for what, wanted in self._described(made).items():
                if described[what] != wanted:
                    return f"{folder.name} is of the {what} {described[what]}, not {wanted}"
            if seal_digest(folder) != made.digest:
                return f"{folder.name} is not the index that the catalog names"
        except FileNotFoundError as error:
            return f"{folder.name}/{Path(error.filename).name} is missing"
        except (OSError, ValueError, KeyError, TypeError) as error:
            # Its description is no JSON (ValueError), or of another shape.
            return f"{folder.name} cannot be read: {error}"
        return None

    def _is_here(self, made: Made) -> bool:
        """Tell whether a copy is here with all its files; what was found whole once is not looked at again."""
        if made in self._sound:
            return True
        folder = self._here(made)
        if made in self._broken or not folder.is_dir():
            return False
        # Its seal is as it was fetched, and its files are as the seal says.
        if found := self._unlike(folder, made) or damage(folder, changing=DATABASE):
            self._broken[made] = f"the copy of the vector index here is damaged: {found}"
            _log.warning("%s; it is fetched anew", self._broken[made])
            return False
        self._sound.add(made)
        return True

    def _described(self, made: Made) -> dict[str, object]:
        """Return what an index says of itself."""
        return {
            "library": self._library,
            "encoder": self._model(),
            "generation": made.generation,
            "number": made.number,
            "count": made.count,
        }

    def _check_place(self) -> None:
        try:
            is_there = self._place.is_dir()
        except OSError:
            # A mount that does not answer.
            is_there = False
        if not is_there:
            raise LibraryError(
                f"The folder of index copies {self._place} is not there. Mount it, or name another by "
                "KHABAR_INDEX_COPIES."
            )

    def _name(self, made: Made) -> str:
        return _COPY.format(generation=made.generation, number=made.number, digest=made.digest[:_NAMED])

    def _there(self, made: Made) -> Path:
        return self._shelf / self._name(made)

    def _here(self, made: Made) -> Path:
        return self._root / self._name(made)


def _clear(folder: Path, pattern: str) -> None:
    for left in folder.glob(pattern):
        shutil.rmtree(left, ignore_errors=True)
