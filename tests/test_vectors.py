"""The vector index, embedded and on a real server: nearest first, filtered, disposable."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from index import Encoder, Filters, Library, LibraryError
from index.records import Vectors
from index.vectors import VectorStore, nearest

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


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path_factory.mktemp("server"))]
    environment = {**os.environ, "ANONYMIZED_TELEMETRY": "False"}
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, env=environment
    ) as server:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGTERM)


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> VectorStore:
    url = request.getfixturevalue("chroma_url") if request.param == "server" else None
    return VectorStore(tmp_path, url=url, library=tmp_path.name)


def test_finds_the_nearest_first_with_cosine_scores(store: VectorStore) -> None:
    index = store.create(1)
    index.add(ROWS)
    found = index.search(QUERY, 2, Filters())
    assert [neighbour.number for neighbour in found] == [1, 2]
    assert [neighbour.score for neighbour in found] == pytest.approx([1.0, 0.8], abs=1e-5)
    index.close()


def test_filters_and_deletion(store: VectorStore) -> None:
    index = store.create(1)
    index.add(ROWS)
    index.add(ROWS)
    assert index.count() == 3
    for filters, numbers in {
        Filters.of(language="en"): [2, 3],
        Filters.of(language=["en", "ar"], source="Wire"): [2],
        Filters.of(after="2025-01-15"): [2],
        Filters.of(before="2025-01-15"): [1],
    }.items():
        assert [neighbour.number for neighbour in index.search(QUERY, 5, filters)] == numbers
    index.delete([1, 99])
    assert [neighbour.number for neighbour in index.search(QUERY, 5, Filters())] == [2, 3]
    index.close()


def test_an_index_is_found_again_and_dropped(store: VectorStore) -> None:
    assert store.open(1) is None
    store.create(1).close()
    reopened = store.open(1)
    assert reopened is not None
    assert reopened.count() == 0
    reopened.close()
    store.drop(1)
    assert store.open(1) is None


def test_exact_search_orders_like_the_index() -> None:
    assert [(n.number, round(n.score, 4)) for n in nearest(ROWS, QUERY, 2)] == [(1, 1.0), (2, 0.8)]


def test_a_server_that_does_not_answer_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="chroma run"):
        VectorStore(tmp_path, url="http://127.0.0.1:9", library="x").create(1)
    with pytest.raises(LibraryError, match="http://localhost:8000"):
        VectorStore(tmp_path, url="localhost:8000", library="x").create(1)


def test_a_library_works_the_same_on_a_server(
    tmp_path: Path, encoder: Encoder, chroma_url: str, samples_folder: Path
) -> None:
    with (
        Library.open(tmp_path / "a", encoder=encoder) as embedded,
        Library.open(tmp_path / "b", encoder=encoder, chroma_url=chroma_url) as served,
    ):
        embedded.sync(samples_folder)
        served.sync(samples_folder)
        assert not list(served.path.glob("chroma-*"))
        question = "How many soldiers leave Iraq?"
        ours = [(c.passage, round(c.score, 5)) for c in embedded.search(question)]
        assert [(c.passage, round(c.score, 5)) for c in served.search(question)] == ours
        assert served.doctor(repair=False).ok
        first = served.articles()[0].id
        served.remove([first])
        assert first not in {candidate.article.id for candidate in served.search(question, limit=50)}
