"""The dense leg: a finished vector index of the catalog's past, and what came since, compared one by one.

An index holds the passages up to one generation and is never changed. Passages that came later are compared with
the query exactly, numbers the catalog no longer knows are dropped when results are joined, and when much has
come or gone a new index is built beside the old one and takes its place. So a commit is searched at once, and a
search is complete and free of ghosts whatever state the index is in.
"""

import logging
import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import Filters
from index.errors import LibraryBusyError, LibraryError, StorageError
from index.store.catalog import INDEXED_UP_TO, Catalog
from index.store.engines.protocol import HISTORY_STEP
from index.store.rows import Vectors
from index.vectors.chroma import IndexAge, Made, Neighbour, VectorIndex, VectorStore, nearest
from index.vectors.turns import BuilderTurn, Turns

_log = logging.getLogger(__name__)

_MADE = ("vectors_index", INDEXED_UP_TO, "vectors_count")
_COPIED = (*_MADE, "vectors_digest")
# What the same properties are called of the index before, where machines have copies that may be one behind: what has
# left since it was made is remembered.
_BEFORE = "/before"

# Fewer passages than this need no index: Chroma keeps an index of one vector in no file worth sealing.
_FEWEST = 2
# A language with this many passages gets a graph of its own, but for the smallest where there are many.
_OWN_GRAPH, _GRAPHS = 1_000, 8
# A new index is due when this many passages are not in it, or this share of what it holds, whichever is more.
_DUE_NEW, _DUE_NEW_SHARE = 500, 0.25
# And in any case at this many, also in the middle of a run: comparing them takes some 5 ms.
_MOST_NEW = 20_000
# What has left still takes places in the index's results, so that many more are asked for.
_DUE_GONE, _DUE_GONE_SHARE, _MOST_GONE = 100, 0.1, 1_000
# Above this, what the index lacks is read chunk by chunk at each search instead of being kept in memory. Where machines
# share an index that fails, a question fails too: reading so much for each would bring down the catalog's server.
_KEPT = 50_000
# Seconds after which a server that has failed is asked again, or a copy that was not to be had.
_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class _Failure:
    """An index that failed, at which generation, and until when by this process's clock it is not asked again."""

    made: Made
    generation: int
    until: float
    error: LibraryError


@dataclass(frozen=True, slots=True)
class _Since:
    """What came and went after generation `since`, as of `generation`; `parts` None when it is too much to keep."""

    since: int
    generation: int
    parts: tuple[Vectors, ...] | None
    gone: frozenset[int]


class DenseIndex:
    """Searches one catalog's vectors, and makes the index that speeds it up; safe to use from several threads."""

    def __init__(self, catalog: Catalog, store: VectorStore, turns: Turns, *, copy: str = "") -> None:
        self._catalog = catalog
        self._store = store
        self._turns = turns
        # Whether machines have copies of it.
        self.is_copied = store.is_copied
        # What tells this index from those of others, in a catalog that several machines share.
        self._keys = tuple(f"{key}{copy}" for key in (_COPIED if self.is_copied else _MADE))
        # Held while an index is opened or let go: Chroma does not bear two threads opening one folder at once.
        self._lock = threading.RLock()
        self._held: tuple[Made, VectorIndex] | None = None
        self._failed: _Failure | None = None
        self._since: _Since | None = None
        # When a question may have the newest index fetched again, by this process's clock, and what kept it.
        self._next_fetch = 0.0
        self._unfetched = ""

    def search(self, vector: NDArray[np.float32], limit: int, filters: Filters) -> list[Neighbour]:
        """Return the nearest passages of the catalog's present state, nearest first.

        To be called inside a catalog snapshot. A vector index that fails is done without: every stored vector
        is compared instead, which is exact and slower. Raises `StorageError` when machines share it, and there are too
        many for that. Where the newest index is still being copied here, the one before serves.
        """
        recorded = self._recorded()
        made = self._store.at_hand(recorded)
        if recorded and made != recorded[0]:
            self._fetch_soon()
        scores = self._indexed(made, vector, limit, filters) if made else None
        if recorded and scores is None:
            self._check_small(self._failed if made else None)
        since = self._came_since(made.generation if made and scores is not None else 0)
        scores = scores or {}
        parts = self._catalog.vectors(since.since) if since.parts is None else since.parts
        for part in parts:
            scores.update((found.number, found.score) for found in nearest(part, vector, limit, filters))
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [Neighbour(number, score) for number, score in best]

    @property
    def is_shared(self) -> bool:
        """Tell whether one is made for all machines that name the same server, or the same copies."""
        return self._store.is_shared

    def fetch(self) -> None:
        """Copy the newest index here, where machines have copies and it is not; what keeps it is logged once."""
        if not self.is_copied or not (recorded := self._recorded()):
            return
        problem = ""
        try:
            self._store.fetch(recorded)
        except LibraryError as error:
            # Questions go on with what is here, and it is tried again.
            problem = str(error)
        if problem and problem != self._unfetched:
            _log.warning("the vector index is not fetched: %s", problem)
        self._unfetched = problem

    def fetch_first(self) -> None:
        """Copy the newest index here where there is none yet that could be searched."""
        if self.is_copied and self._store.at_hand(self._recorded()) is None:
            self.fetch()

    def is_sound(self) -> bool:
        """Tell whether the index is there, if the catalog has passages for one, and its files are whole."""
        made = self._made()
        if made is None:
            return self._catalog.count_vectors() < _FEWEST
        failed = self._failed is not None and self._failed.made == made
        if not self._store.is_shared:
            return not failed and self._store.damage(made) is None
        # A server that failed may be back, with what it had.
        sound = self._store.damage(made, afresh=failed) is None
        if sound:
            self._failed = None
        return sound

    def is_due(self, *, midway: bool = False) -> bool:
        """Tell whether a new index should be made.

        `midway` says that more commits of the same run follow, so that only a great many passages are a reason.
        """
        made = self._made()
        if made is None or not self.is_sound():
            return self._catalog.count_vectors() >= (_MOST_NEW if midway else _FEWEST)
        new, gone = self._catalog.count_vectors(made.generation), self._catalog.count_gone(made.generation)
        if midway:
            return new > _MOST_NEW or gone > _MOST_GONE
        most_new = min(_MOST_NEW, max(_DUE_NEW, _DUE_NEW_SHARE * made.count))
        most_gone = min(_MOST_GONE, max(_DUE_GONE, _DUE_GONE_SHARE * made.count))
        return new > most_new or gone > most_gone

    def catch_up(self, *, midway: bool = False) -> None:
        """Make a new index when one is due; only under the library's write lock."""
        if self.is_due(midway=midway):
            try:
                self.rebuild()
            except LibraryBusyError as error:
                # Another machine makes it, or has made it.
                _log.info("no vector index is made here: %s", error)
            except LibraryError as error:
                # The articles are in the catalog and are found without it.
                _log.warning("no vector index could be made: %s", error)

    def rebuild(self) -> None:
        """Make the index anew from the stored vectors, beside the old one, and swap; under the write lock.

        Raises `LibraryBusyError` when another machine makes it, or this one stood still for longer than its turn.
        """
        old = self._made()
        last = old.number if old else int(self._catalog.meta(self._keys[0]) or 0)
        with self._turns.taken(last) as turn:
            if self._made() != old:
                # Another machine has made one since.
                return
            try:
                made = self._built(turn)
            except LibraryError:
                # That others removed it is no failure of the server's: it took too long.
                turn.end()
                raise
            properties = self._properties(made)
            if old and self.is_copied:
                properties |= self._properties(old, _BEFORE)
            try:
                self._catalog.record(properties, turn.end)
            except LibraryBusyError:
                self._drop(made)
                raise
        # The one before stays for those who are about to open it.
        self._keep((made, old) if old else (made,))

    def _built(self, turn: BuilderTurn) -> Made:
        # One state of the catalog, whatever others write meanwhile.
        with self._catalog.snapshot():
            made = Made(turn.number, self._catalog.generation, self._catalog.count_vectors())
            try:
                if made.count >= _FEWEST:
                    made = self._store.build(made, self._parts(turn), self._apart(made.count))
            except LibraryError:
                self._drop(made)
                raise
        return made

    def _parts(self, turn: BuilderTurn) -> Iterator[Vectors]:
        for part in self._catalog.vectors():
            turn.go_on()
            yield part

    def _drop(self, made: Made) -> None:
        # Where it cannot be removed now, the next one who builds does it.
        with suppress(LibraryError):
            self._store.drop(made)

    def _keep(self, kept: tuple[Made, ...]) -> None:
        try:
            self._store.keep(kept)
        except LibraryError as error:
            # The new one is in use; what is over is removed with the next.
            _log.warning("earlier vector indexes could not be removed: %s", error)

    def _apart(self, count: int) -> dict[str, int]:
        """Choose the languages that are searched apart in graphs of their own, each with its number of passages."""
        counts = {
            name: size for name, size in self._catalog.facets.passages().items() if re.fullmatch("[a-z]{2,3}", name)
        }
        largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_GRAPHS]
        chosen = {name: size for name, size in largest if size >= _OWN_GRAPH}
        # Chroma keeps an index of one vector in no file worth sealing.
        if count - sum(chosen.values()) == 1:
            chosen.popitem()
        return chosen

    def problems(self) -> list[str]:
        """Return what is wrong with the index, in plain words; empty when it is whole and answers."""
        made = self._made()
        if made is None:
            return [] if self._catalog.count_vectors() < _FEWEST else ["the vector index is missing"]
        if found := self._store.damage(made, afresh=True):
            return [found if self._store.is_shared else f"the vector index is damaged: {found}"]
        here = self._store.at_hand(self._recorded())
        if here is None:
            return [self._unfetched or f"no copy of the vector index of generation {made.generation} is here yet"]
        try:
            index = self._open(here)
            # Passage numbers only grow, so that the first one is in the index if any is.
            part = next(self._catalog.vectors(chunk=1), None)
            if part is not None and self._catalog.count_vectors() > self._catalog.count_vectors(here.generation):
                nearest_one = index.search(part.matrix[0], 1, Filters())
                if not nearest_one or nearest_one[0].score < 0.99:
                    return ["the vector index does not find a passage by its own vector"]
        except LibraryError as error:
            # That it does not open or answer is what was asked.
            return [str(error)]
        return []

    def describe(self) -> str:
        """Say where a shared index lies, how far it goes, and who makes the next; empty for this machine's own."""
        if not self._store.is_shared:
            return ""
        recorded, made = self._recorded(), self._made()
        told = [self._store.describe(made)]
        if made is not None:
            new, gone = self._catalog.count_vectors(made.generation), self._catalog.count_gone(made.generation)
            told.append(f"generation {made.generation}, {made.count} passages; since then {new} came and {gone} left")
        if recorded and (here := self._store.at_hand(recorded)) != recorded[0]:
            told.append(f"the copy here is of generation {here.generation}" if here else "no copy is here yet")
            told.append(self._unfetched)
        return "; ".join(filter(None, (*told, self._turns.describe())))

    def age(self) -> IndexAge | None:
        """Tell of which generation the index is that is searched here; None where every passage is compared."""
        with self._catalog.snapshot():
            recorded, generation = self._recorded(), self._catalog.generation
            here = self._store.at_hand(recorded)
            if here is None:
                return None
            return IndexAge(here.generation, recorded[0].generation, (generation - here.generation) % HISTORY_STEP)

    def close(self) -> None:
        """Release the index's files."""
        # Held again by a thread that opens the next index, which the lock allows.
        with self._lock:
            held, self._held = self._held, None
            if held is not None:
                held[1].close()

    def _recorded(self) -> tuple[Made, ...]:
        """Return the index that the catalog names and, where machines have copies, the one before."""
        made = self._made()
        before = self._made(_BEFORE) if made and self.is_copied else None
        return tuple(filter(None, (made, before)))

    def _made(self, which: str = "") -> Made | None:
        number, generation, count, *digest = (self._catalog.meta(f"{key}{which}") for key in self._keys)
        if number is None or generation is None or count is None or int(count) < _FEWEST:
            return None
        return Made(int(number), int(generation), int(count), *(text or "" for text in digest))

    def _properties(self, made: Made, which: str = "") -> dict[str, str]:
        values = (made.number, made.generation, made.count, made.digest)
        return {f"{key}{which}": str(value) for key, value in zip(self._keys, values, strict=False)}

    def _indexed(
        self, made: Made, vector: NDArray[np.float32], limit: int, filters: Filters
    ) -> dict[int, float] | None:
        """Ask the index; None when it cannot be used."""
        generation = self._catalog.generation
        failure = self._failure(made, generation)
        # Tried again when another thread has closed the index to open its successor.
        while failure is None:
            gone = self._came_since(made.generation).gone
            index = None
            with self._lock:
                # Of several questions one waits for a server that does not answer.
                failure = self._failure(made, generation)
                try:
                    index = None if failure else self._open(made)
                except LibraryError as error:
                    failure = self._fail(made, generation, error)
            if index is None:
                continue
            try:
                return {item.number: item.score for item in index.search(vector, limit, filters, gone)}
            except LibraryError as error:
                # Another thread may have let this index go for its successor: only one that is still held is broken.
                with self._lock:
                    if self._held == (made, index):
                        failure = self._fail(made, generation, error)
        return None

    def _check_small(self, failure: _Failure | None) -> None:
        """Raise `StorageError` for a library that is too large to be searched without an index that machines share."""
        if self._store.is_shared and self._catalog.count_vectors() > _KEPT:
            why = failure.error if failure else self._unfetched or "It is being copied here."
            raise StorageError(
                f"The vector index cannot be asked now, and the library is too large to do without. {why}"
            ) from (failure.error if failure else None)

    def _fetch_soon(self) -> None:
        """Have the newest index fetched beside the questions, and not again at once where that fails."""
        now = time.monotonic()
        if now < self._next_fetch:
            return
        self._next_fetch = now + _PAUSE

        def fetch() -> None:
            # The database may be out of reach, or the library be closed by now: the next question tries again.
            with suppress(LibraryError):
                self.fetch()

        threading.Thread(target=fetch, name="index copy", daemon=True).start()

    def _fail(self, made: Made, generation: int, error: LibraryError) -> _Failure:
        _log.warning("every stored vector is compared, for want of a vector index: %s", error)
        pause = _PAUSE if self._store.is_shared else math.inf
        self._failed = failure = _Failure(made, generation, time.monotonic() + pause, error)
        return failure

    def _failure(self, made: Made, generation: int) -> _Failure | None:
        """Return what is remembered of an index that failed, at this generation or, a server's, just now."""
        found = self._failed
        if found is None or found.made != made or time.monotonic() >= found.until:
            return None
        return found if found.generation == generation or self._store.is_shared else None

    def _open(self, made: Made) -> VectorIndex:
        with self._lock:
            if self._held is not None and self._held[0] == made:
                return self._held[1]
            index = self._store.open(made)
            self.close()
            self._held = (made, index)
            return index

    def _came_since(self, since: int) -> _Since:
        generation = self._catalog.generation
        found = self._since
        if found is None or (found.since, found.generation) != (since, generation):
            parts = None if self._catalog.count_vectors(since) > _KEPT else tuple(self._catalog.vectors(since))
            found = _Since(since, generation, parts, frozenset(self._catalog.gone(since)))
            # Without a lock: two threads at worst read the same twice, and either result is right.
            self._since = found
        return found
