"""Nearest neighbours by Chroma, embedded or by URL: disposable, derived from the catalog. Only importer of chromadb.

Embedded Chroma 1.5.9 does not show another process's writes to `query()` until it is reopened, and a kill in the
middle of a write can leave a segment that crashes the process that opens it (chroma#7238). So an index here is built
whole under another name, closed, sealed and renamed into place; it is never written to again, and never opened when
a file of it is not as it was sealed.
"""

import shutil
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.article import Filters
from index.errors import LibraryError
from index.sealing import damage, seal

if TYPE_CHECKING:
    from index.store.rows import Vectors

# Measured on 12,680 real vectors: recall@10 1.000 (defaults: 0.996), built in 6 s, a query under 1 ms.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
# What a vector costs grows with their number: above this many a quarter of the cost buys a recall@10 of 0.98.
_LARGE = 50_000
_HNSW_LARGE = {**_HNSW, "ef_construction": 64, "max_neighbors": 16}
# Chroma's time for a filter grows with how many vectors pass it: first this many times what is asked for are
# found without it, and it is left to Chroma only where few of them pass.
_OVERSHOT = 10
# Chroma keeps a compiled statement, ten megabytes for a thousand, for every number of results it was ever asked for;
# what has left the library moves that number with each commit, so that it is asked for in doubling steps.
_STEP = 128
_COLLECTION = "passages"
_REST = ""
_PAGE = 100
_DATABASE = "chroma.sqlite3"
_EVERYTHING = Filters()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage number with its cosine similarity to the query, -1 to 1."""

    number: int
    score: float


class VectorIndex(Protocol):
    """A finished set of numbered unit vectors that finds the nearest ones; raises `LibraryError` when it cannot."""

    def search(
        self, vector: NDArray[np.float32], limit: int, filters: Filters, without: Collection[int] = ()
    ) -> list[Neighbour]:
        """Return up to `limit` nearest vectors whose articles pass the filters, nearest first, without some numbers."""
        ...

    def count(self) -> int:
        """Count the vectors."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


class VectorStore:
    """Where a library's indexes live: a folder, or a Chroma server; an index is named by a number."""

    def __init__(self, root: Path, *, url: str | None = None, library: str) -> None:
        self._root = root
        self._url = url
        self._library = library
        self._sound: set[int] = set()

    def build(
        self, number: int, parts: Iterable["Vectors"], count: int, languages: Mapping[str, int] | None = None
    ) -> None:
        """Make an index of `count` vectors, at least two, in place of any of that number; it is there whole or not.

        `languages` get a graph of their own, and are searched apart without a filter: each with how many vectors
        it has, at least two; so many must be left over, or none.
        """
        self._discard(number)
        counts = {**(languages or {}), _REST: count - sum((languages or {}).values())}
        # A name of its own for each try: where opening a folder failed once, Chroma fails for ever in that process.
        building = self._root / f"chroma-{number}-{uuid.uuid4().hex[:8]}"
        client = self._client(building)
        try:
            made = {
                language: self._collection(client, number, language, size) for language, size in counts.items() if size
            }
            step = _guarded(client.get_max_batch_size)
            for vectors in parts:
                for language, own in _by_language(vectors, made):
                    _add(made[language], own, step)
        finally:
            client.close()
        if self._url is None:
            try:
                seal(building, changing=_DATABASE)
                building.rename(self._folder(number))
            except OSError as error:
                # Nothing is there under the index's own name: the old one serves, the next build begins anew.
                raise LibraryError(f"The vector index cannot be written: {error}. Check the disk.") from error

    def damage(self, number: int, *, afresh: bool = False) -> str | None:
        """Say what is wrong with an index's files, without opening it; None when they are whole, or on a server.

        Files found whole once are not read again, unless `afresh`.
        """
        if self._url is not None or (number in self._sound and not afresh):
            return None
        found = damage(self._folder(number))
        if found is None:
            self._sound.add(number)
        return found

    def open(self, number: int, count: int) -> VectorIndex:
        """Open an index; raises `LibraryError` when it is damaged, missing or does not hold `count` vectors."""
        if found := self.damage(number):
            raise LibraryError(f"The vector index is damaged: {found}. `khabar doctor` rebuilds it.")
        client = self._client(self._folder(number))
        try:
            names = [name for name in _names(client) if self._is_of(name, number)]
            if not names:
                raise LibraryError(f"The vector index {number} is missing. `khabar doctor` rebuilds it.")
            index = ChromaIndex(client, {name[len(self._name(number)) + 1 :]: _opened(client, name) for name in names})
            if (held := index.count()) != count:
                raise LibraryError(f"The vector index holds {held} passages, not {count}. `khabar doctor` rebuilds it.")
        except BaseException:
            # On an interruption too: a client that is not closed keeps the folder's files open.
            client.close()
            raise
        return index

    def keep(self, numbers: Collection[int]) -> None:
        """Remove every index of the library but these, and what was never finished."""
        if self._url is None:
            kept = {self._folder(number).name for number in numbers}
            for folder in self._root.glob("chroma-*"):
                if folder.name not in kept:
                    shutil.rmtree(folder, ignore_errors=True)
            return
        client = self._client(self._root)
        for name in _names(client):
            if name.startswith(self._name(None)) and not any(self._is_of(name, number) for number in numbers):
                _guarded(partial(client.delete_collection, name))
        client.close()

    def _discard(self, number: int) -> None:
        self._sound.discard(number)
        if self._url is None:
            shutil.rmtree(self._folder(number), ignore_errors=True)
            return
        client = self._client(self._root)
        for name in _names(client):
            if self._is_of(name, number):
                _guarded(partial(client.delete_collection, name))
        client.close()

    def _collection(self, client: Any, number: int, language: str, size: int) -> Any:
        name = f"{self._name(number)}-{language}" if language else self._name(number)
        # One write of the segment, at the end: what is below the threshold would be replayed at every opening.
        hnsw = {**(_HNSW_LARGE if size > _LARGE else _HNSW), "sync_threshold": size}
        return _guarded(lambda: client.create_collection(name, configuration={"hnsw": hnsw}, embedding_function=None))

    def _client(self, folder: Path) -> Any:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._url is None:
            return _guarded(lambda: chromadb.PersistentClient(str(folder), settings=settings))
        parts = urlsplit(self._url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise LibraryError(f"{self._url!r} is not a Chroma server's address: write it as http://localhost:8000.")
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 8000)
        host = parts.hostname
        return _guarded(lambda: chromadb.HttpClient(host=host, port=port, ssl=secure, settings=settings), self._url)

    def _folder(self, number: int) -> Path:
        return self._root / f"chroma-{number}"

    def _name(self, number: int | None) -> str:
        if self._url is None:
            return _COLLECTION
        return f"khabar-{self._library}-{'' if number is None else number}"

    def _is_of(self, name: str, number: int) -> bool:
        own = self._name(number)
        return name == own or name.startswith(f"{own}-")


class ChromaIndex:
    """Collections of Chroma, by language and one for the rest; thread-safe: closing waits for searches under way."""

    def __init__(self, client: Any, collections: Mapping[str, Any]) -> None:
        self._client = client
        self._collections = collections
        self._counts = {language: int(_guarded(found.count)) for language, found in collections.items()}
        # Held while it is asked and while it is closed: Chroma does not bear being closed under a query.
        self._lock = threading.Lock()
        self._closed = False

    def search(
        self, vector: NDArray[np.float32], limit: int, filters: Filters, without: Collection[int] = ()
    ) -> list[Neighbour]:
        """Return up to `limit` nearest vectors whose articles pass the filters, nearest first, without some numbers."""
        found: list[Neighbour] = []
        with self._lock:
            if self._closed:
                raise LibraryError("The vector index was closed. Open the library again.")
            for language in self._collections:
                if language and filters.language and language not in filters.language:
                    continue
                left = replace(filters, language=()) if language else filters
                ask = self._filtered if left else self._ask
                found += ask(language, vector, limit, left, without)
        return sorted(found, key=lambda neighbour: (-neighbour.score, neighbour.number))[:limit]

    def _filtered(
        self, language: str, vector: NDArray[np.float32], limit: int, filters: Filters, without: Collection[int]
    ) -> list[Neighbour]:
        most = _OVERSHOT * limit
        passing = self._ask(language, vector, most, filters, without)
        if len(passing) >= limit or self._counts[language] <= most:
            return passing[:limit]
        return self._ask(language, vector, limit, _EVERYTHING, without, where=_where(filters))

    def _ask(
        self,
        language: str,
        vector: NDArray[np.float32],
        limit: int,
        filters: Filters,
        without: Collection[int],
        where: dict[str, Any] | None = None,
    ) -> list[Neighbour]:
        """Ask one collection; `filters` are applied to what it returns, `where` by Chroma itself."""
        if not self._counts[language]:
            return []
        include = ["distances", "metadatas"] if filters else ["distances"]
        asked = min(_stepped(limit + len(without)), self._counts[language])
        answered = _guarded(
            lambda: self._collections[language].query(
                query_embeddings=[vector], n_results=asked, include=include, where=where
            )
        )
        rows = _guarded(lambda: list(zip(answered["ids"][0], answered["distances"][0], strict=True)))
        if filters:
            rows = [
                row for row, metadata in zip(rows, answered["metadatas"][0], strict=True) if _passes(metadata, filters)
            ]
        found = (Neighbour(int(id_), 1.0 - float(distance)) for id_, distance in rows)
        return list(islice((neighbour for neighbour in found if neighbour.number not in without), limit))

    def count(self) -> int:
        """Count the vectors."""
        return sum(self._counts.values())

    def close(self) -> None:
        """Release files and connections."""
        with self._lock:
            self._closed = True
            self._client.close()


def _stepped(count: int) -> int:
    step = _STEP
    while step < count:
        step *= 2
    return step


def _names(client: Any) -> list[str]:
    """List the collections' names, however many there are: a server gives a page of them at a time."""
    names: list[str] = []
    while page := _guarded(partial(client.list_collections, limit=_PAGE, offset=len(names))):
        names += [found.name for found in page]
        if len(page) < _PAGE:
            break
    return names


def _opened(client: Any, name: str) -> Any:
    return _guarded(lambda: client.get_collection(name, embedding_function=None))


def _by_language(vectors: "Vectors", made: Mapping[str, Any]) -> Iterator[tuple[str, "Vectors"]]:
    """Split vectors by the collection they belong in."""
    places: dict[str, list[int]] = {}
    for row, metadata in enumerate(vectors.metadata):
        language = str(metadata.get("language", _REST))
        places.setdefault(language if language in made else _REST, []).append(row)
    for language, rows in places.items():
        metadata_of = tuple(vectors.metadata[row] for row in rows)
        yield (
            language,
            replace(vectors, numbers=vectors.numbers[rows], matrix=vectors.matrix[rows], metadata=metadata_of),
        )


def _add(collection: Any, vectors: "Vectors", step: int) -> None:
    for start in range(0, len(vectors.numbers), step):
        rows = range(start, min(start + step, len(vectors.numbers)))
        add = partial(
            collection.add,
            ids=[str(vectors.numbers[row]) for row in rows],
            embeddings=vectors.matrix[rows.start : rows.stop],
            metadatas=[dict(vectors.metadata[row]) for row in rows],
        )
        _guarded(add)


def nearest(
    vectors: "Vectors", vector: NDArray[np.float32], limit: int, filters: Filters = _EVERYTHING
) -> list[Neighbour]:
    """Return the `limit` nearest of some vectors that pass the filters, nearest first, by comparing with each."""
    scores = vectors.matrix @ vector
    order = np.argsort(-scores, kind="stable")
    best = islice((row for row in order if not filters or _passes(vectors.metadata[row], filters)), limit)
    return [Neighbour(int(vectors.numbers[row]), float(scores[row])) for row in best]


def _passes(metadata: Mapping[str, str | int], filters: Filters) -> bool:
    if filters.after or filters.before:
        published = metadata.get("published", 0)
        first = int(f"{filters.after:%Y%m%d}") if filters.after else 1
        last = int(f"{filters.before:%Y%m%d}") if filters.before else 99999999
        if not first <= int(published) <= last:
            return False
    wanted = (("language", filters.language), ("source", filters.source), ("category", filters.category))
    return all(not values or metadata.get(name) in values for name, values in wanted)


def _where(filters: Filters) -> dict[str, Any] | None:
    clauses: list[dict[str, Any]] = [
        {name: {"$in": list(wanted)}}
        for name in ("language", "source", "category")
        if (wanted := getattr(filters, name))
    ]
    if filters.after or filters.before:
        first = int(f"{filters.after:%Y%m%d}") if filters.after else 1
        clauses.append({"published": {"$gte": first}})
    if filters.before:
        clauses.append({"published": {"$lte": int(f"{filters.before:%Y%m%d}")}})
    if len(clauses) > 1:
        return {"$and": clauses}
    return clauses[0] if clauses else None


def _guarded(call: Callable[[], T], url: str | None = None) -> T:
    """Run one Chroma call; its errors have no common base, so every ordinary exception becomes ours.

    So does a panic of its Rust part, as a damaged database brings about, though Python does not count it as ordinary.
    """
    try:
        return call()
    except BaseException as error:
        # Ctrl-C and the like pass through.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if url is not None:
            raise LibraryError(
                f"No Chroma server answers at {url}: {error}. Start one with `chroma run`, or leave the URL out."
            ) from error
        raise LibraryError(f"Chroma failed: {error}. `khabar doctor` rebuilds its files.") from error
