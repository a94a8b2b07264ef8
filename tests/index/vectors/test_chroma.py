"""The vector index, embedded and on a real server: nearest first, filtered, disposable."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import ChromaServer, Filters, LibraryError
from index.store.engines.protocol import HISTORY_STEP
from index.store.rows import Vectors
from index.vectors.chroma import Made, VectorStore, nearest
from index.vectors.embedded import EmbeddedStore
from index.vectors.server import ServerStore
from tests.support.chroma_server import ChromaProcess

pytestmark = pytest.mark.system

ROWS = Vectors(
    numbers=np.array([1, 2, 3]),
    matrix=np.array([[1, 0, 0], [0.8, 0.6, 0], [0, 0, 1]], dtype=np.float32),
    metadata=(
        {"language": "ar", "published": 20250101},
        {"language": "en", "published": 20250201, "source": "Wire"},
        {"language": "en"},
    ),
)
QUERY = np.array([1, 0, 0], dtype=np.float32)


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> VectorStore:
    if request.param == "embedded":
        return EmbeddedStore(tmp_path)
    chroma: ChromaProcess = request.getfixturevalue("chroma")
    return ServerStore(ChromaServer(chroma.url), tmp_path.name)


def of(number: int, count: int = 3) -> Made:
    return Made(number, 10 + number, count)


def test_finds_the_nearest_first_with_cosine_scores(store: VectorStore) -> None:
    store.build(of(1), [ROWS])
    index = store.open(of(1))
    found = index.search(QUERY, 2, Filters())
    assert [neighbour.number for neighbour in found] == [1, 2]
    assert [neighbour.score for neighbour in found] == pytest.approx([1.0, 0.8], abs=1e-5)
    index.close()
    with pytest.raises(LibraryError, match="closed"):
        index.search(QUERY, 2, Filters())


FILTERED = {
    Filters.of(language="en"): [2, 3],
    Filters.of(language=["en", "ar"], source="Wire"): [2],
    Filters.of(after="2025-01-15"): [2],
    Filters.of(before="2025-01-15"): [1],
    Filters.of(after="2025-01-01", before="2025-02-01"): [1, 2],
    Filters.of(category="sport"): [],
}


def test_filters_select_the_same_in_the_index_and_in_exact_search(store: VectorStore) -> None:
    store.build(of(1), [ROWS])
    index = store.open(of(1))
    for filters, numbers in FILTERED.items():
        assert [neighbour.number for neighbour in index.search(QUERY, 5, filters)] == numbers
        assert [neighbour.number for neighbour in nearest(ROWS, QUERY, 5, filters)] == numbers
    index.close()


def test_languages_with_a_graph_of_their_own_are_found_together_and_apart(store: VectorStore) -> None:
    more = replace(ROWS, numbers=np.array([4, 5, 6]))
    store.build(of(1, 6), [ROWS, more], {"en": 4})
    index = store.open(of(1, 6))
    assert [neighbour.number for neighbour in index.search(QUERY, 3, Filters())] == [1, 4, 2]
    for filters, numbers in FILTERED.items():
        both = sorted(numbers + [number + 3 for number in numbers])
        assert sorted(neighbour.number for neighbour in index.search(QUERY, 6, filters)) == both
    index.close()


def test_a_filter_that_few_pass_is_left_to_the_index(store: VectorStore) -> None:
    random = np.random.default_rng(0)
    matrix = random.standard_normal((400, 3)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    far = matrix @ QUERY < -0.5
    metadata = tuple({"language": "en", "source": "Rare" if row else "Wire"} for row in far)
    rows = Vectors(np.arange(1, 401), matrix, metadata)
    store.build(of(1, 400), [rows])
    index = store.open(of(1, 400))
    for source in ("Rare", "Wire"):
        filters = Filters.of(source=source)
        expected = [neighbour.number for neighbour in nearest(rows, QUERY, 3, filters)]
        assert [neighbour.number for neighbour in index.search(QUERY, 3, filters)] == expected
    index.close()


def test_an_index_is_there_until_it_is_not_kept(store: VectorStore) -> None:
    with pytest.raises(LibraryError):
        store.open(of(1))
    for number in (1, 2):
        store.build(of(number), [ROWS])
    with pytest.raises(LibraryError, match="3 passages, not 4"):
        store.open(of(1, 4))
    store.keep([of(2)])
    store.open(of(2)).close()
    with pytest.raises(LibraryError):
        store.open(of(1))


def test_a_number_that_comes_again_after_lost_commits_is_another_index(store: VectorStore) -> None:
    lost, again = of(2), Made(2, HISTORY_STEP + 12, 3)
    store.build(lost, [ROWS])
    before = store.open(lost)
    assert before.search(QUERY, 1, Filters())[0].number == 1
    # The same numbers of other passages, made while the one that is lost is still open.
    store.build(again, [replace(ROWS, numbers=np.array([3, 2, 1]))])
    index = store.open(again)
    before.close()
    assert index.search(QUERY, 1, Filters())[0].number == 3
    assert store.damage(again, afresh=True) is None
    index.close()


def test_opening_and_asking_leaves_the_sealed_files_as_they_were(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path).build(of(1), [ROWS])
    for _ in range(3):
        store = EmbeddedStore(tmp_path)
        index = store.open(of(1))
        assert index.search(QUERY, 1, Filters())[0].number == 1
        index.close()
        assert store.damage(of(1), afresh=True) is None


@pytest.mark.parametrize("harm", ["flipped", "cut", "gone", "unsealed"])
def test_an_index_with_a_damaged_file_is_never_opened(tmp_path: Path, harm: str) -> None:
    EmbeddedStore(tmp_path).build(of(1), [ROWS])
    (file,) = (tmp_path / "chroma-1").rglob("seal.json" if harm == "unsealed" else "data_level0.bin")
    data = bytearray(file.read_bytes())
    if harm in {"gone", "unsealed"}:
        file.unlink()
    else:
        data[len(data) // 2] ^= 1
        file.write_bytes(data if harm == "flipped" else data[: len(data) // 2])
    store = EmbeddedStore(tmp_path)
    assert file.name in (store.damage(of(1)) or "")
    with pytest.raises(LibraryError, match="khabar doctor"):
        store.open(of(1))


def test_exact_search_orders_like_the_index() -> None:
    assert [(n.number, round(n.score, 4)) for n in nearest(ROWS, QUERY, 2)] == [(1, 1.0), (2, 0.8)]


def test_chroma_is_asked_for_few_different_numbers_of_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = np.random.default_rng(1).standard_normal((600, 8)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    many = Vectors(np.arange(1, 601), matrix, tuple({"language": "ar", "published": 20250101} for _ in matrix))
    store = EmbeddedStore(tmp_path)
    store.build(of(1, 600), [many])
    index = store.open(of(1, 600))
    asked: set[int] = set()
    for collection in index._collections.values():
        original = collection.query

        def query(original: Any = original, **named: Any) -> Any:
            asked.add(named["n_results"])
            return original(**named)

        monkeypatch.setattr(collection, "query", query)
    for gone in range(0, 400, 7):
        without = frozenset(range(1, gone + 1))
        found = index.search(matrix[0], 50, Filters(), without)
        assert len(found) == 50
        assert without.isdisjoint(neighbour.number for neighbour in found)
        filtered = index.search(matrix[0], 20, Filters.of(after="2025-01-01"), without)
        assert filtered == found[:20]
    assert asked == {128, 256, 512, 600}
    index.close()
