"""The dense leg: the vector index kept in step with the catalog, and searched so that it never has to be.

What the index is known to hold is everything up to a recorded generation. Passages that came later are compared
one by one with the query, and numbers the catalog no longer knows are dropped when results are joined, so a
search is complete and free of ghosts whatever state the index is in.
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import Filters
from index.catalog import Catalog
from index.errors import LibraryError
from index.records import Vectors
from index.vectors import Neighbour, VectorIndex, VectorStore, nearest

_log = logging.getLogger(__name__)

_NUMBER = "vectors_index"
_GENERATION = "vectors_generation"
_STATE = "vectors_state"
_WRITING = "writing"
_CLEAN = "clean"

# Above this, what the index lacks is read chunk by chunk at each search instead of being kept in memory.
_RECENT_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class _Held:
    index: VectorIndex
    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class _Recent:
    since: int
    generation: int
    parts: tuple[Vectors, ...]


class DenseIndex:
    """Searches, catches up and rebuilds the vector index of one catalog."""

    def __init__(self, catalog: Catalog, store: VectorStore) -> None:
        self._catalog = catalog
        self._store = store
        # Held while an index is opened or let go: Chroma does not bear two threads opening one folder at once.
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._recent: _Recent | None = None

    def search(self, vector: NDArray[np.float32], limit: int, filters: Filters) -> list[Neighbour]:
        """Return the nearest passages of the catalog's present state, nearest first.

        To be called inside a catalog snapshot. A vector index that fails is done without: every stored vector
        is compared instead, which is exact and slower.
        """
        scores: dict[int, float] = {}
        since = 0
        # A second try, because another thread may have closed the index to reopen it at a later state.
        for _ in range(2):
            try:
                held = self._current()
                if held is None:
                    break
                scores = {found.number: found.score for found in held.index.search(vector, limit, filters)}
                since = held.generation
                break
            except LibraryError as error:
                _log.warning("searching without the vector index: %s", error)
                self._let_go()
        for part in self._since(since):
            scores.update((found.number, found.score) for found in nearest(_passing(part, filters), vector, limit))
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [Neighbour(number, score) for number, score in best]

    def is_clean(self) -> bool:
        """Tell whether the index was left whole: not in the middle of a write, and there if anything is."""
        if self._catalog.meta(_STATE) == _WRITING and not self._store.shared:
            return False
        return self._catalog.meta(_NUMBER) is not None or not self._catalog.count_vectors()

    def catch_up(self) -> None:
        """Bring the index to the catalog's generation; only under the library's write lock.

        An index that was left in the middle of a write, is gone or fails is made anew from the stored vectors.
        """
        target = self._catalog.generation
        if not self.is_clean():
            self.rebuild()
            return
        try:
            held = self._current() if self._catalog.meta(_STATE) != _WRITING else self._open()
            if held is None:
                if self._catalog.count_vectors():
                    self.rebuild()
                return
            if held.generation == target:
                return
            self._catalog.set_meta(_STATE, _WRITING)
            for vectors in self._catalog.vectors(held.generation):
                held.index.add(vectors)
            held.index.delete(self._catalog.gone(held.generation))
        except LibraryError as error:
            _log.warning("rebuilding the vector index: %s", error)
            self.rebuild()
            return
        self._record(held.index, held.number, target)

    def rebuild(self) -> None:
        """Make the index anew from the stored vectors, beside the old one, and swap; under the write lock."""
        target = self._catalog.generation
        old = int(self._catalog.meta(_NUMBER) or 0)
        index = self._store.create(old + 1)
        for vectors in self._catalog.vectors():
            index.add(vectors)
        self._let_go()
        self._record(index, old + 1, target)
        self._store.drop(old)

    def problems(self) -> list[str]:
        """Return what is wrong with the index, in plain words; empty when it is in step and answers."""
        if not self.is_clean():
            return ["the vector index was left in the middle of a write"]
        try:
            held = self._current()
            if held is None:
                return ["the vector index is missing"] if self._catalog.count_vectors() else []
            behind = self._catalog.generation - held.generation
            if behind:
                return [f"the vector index is {behind} commits behind"]
            expected, found = self._catalog.count_vectors(), held.index.count()
            if expected != found:
                return [f"the vector index holds {found} passages, the catalog {expected}"]
            part = next(self._catalog.vectors(chunk=1), None)
            if part is not None:
                nearest_one = held.index.search(part.matrix[0], 1, Filters())
                if not nearest_one or nearest_one[0].score < 0.99:
                    return ["the vector index does not find a passage by its own vector"]
        except LibraryError as error:
            return [str(error)]
        return []

    def close(self) -> None:
        """Release the index's files."""
        self._let_go()

    def _record(self, index: VectorIndex, number: int, generation: int) -> None:
        self._catalog.set_meta(_NUMBER, str(number))
        self._catalog.set_meta(_GENERATION, str(generation))
        self._catalog.set_meta(_STATE, _CLEAN)
        self._catalog.forget_gone(generation)
        with self._lock:
            self._held = _Held(index, number, generation)

    def _current(self) -> _Held | None:
        with self._lock:
            number, state = self._catalog.meta(_NUMBER), self._catalog.meta(_STATE)
            held = self._held
            # While another process writes, the state this one opened stays good: the catalog has the rest.
            if (
                held is not None
                and number == str(held.number)
                and (state == _WRITING or self._catalog.meta(_GENERATION) == str(held.generation))
            ):
                return held
            if number is None or (state == _WRITING and not self._store.shared):
                return None
            return self._open()

    def _open(self) -> _Held | None:
        with self._lock:
            number, generation = self._catalog.meta(_NUMBER), self._catalog.meta(_GENERATION)
            self._let_go()
            index = self._store.open(int(number)) if number else None
            if index is None:
                return None
            self._held = _Held(index, int(number or 0), int(generation or 0))
            return self._held

    def _let_go(self) -> None:
        with self._lock:
            held, self._held = self._held, None
            if held is not None:
                held.index.close()

    def _since(self, since: int) -> Iterable[Vectors]:
        generation = self._catalog.generation
        if since >= generation:
            return ()
        if self._catalog.count_vectors(since) > _RECENT_KEPT:
            return self._catalog.vectors(since)
        recent = self._recent
        if recent is None or (recent.since, recent.generation) != (since, generation):
            recent = _Recent(since, generation, tuple(self._catalog.vectors(since)))
            self._recent = recent
        return recent.parts


def _passing(vectors: Vectors, filters: Filters) -> Vectors:
    if not filters:
        return vectors
    rows = list(_rows(vectors, filters))
    return Vectors(vectors.numbers[rows], vectors.matrix[rows], tuple(vectors.metadata[row] for row in rows))


def _rows(vectors: Vectors, filters: Filters) -> Iterator[int]:
    first = int(f"{filters.after:%Y%m%d}") if filters.after else 0
    last = int(f"{filters.before:%Y%m%d}") if filters.before else 99999999
    for row, metadata in enumerate(vectors.metadata):
        published = metadata.get("published")
        if (filters.after or filters.before) and not (published and first <= int(published) <= last):
            continue
        wanted = (("language", filters.language), ("source", filters.source), ("category", filters.category))
        if all(not values or metadata.get(name) in values for name, values in wanted):
            yield row
