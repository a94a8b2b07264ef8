"""A Chroma server by its address: what is refused, what is sent, what is said when it fails, and that it just works."""

import logging
import socket
import traceback
from pathlib import Path

import numpy as np
import pytest

from index import Article, ChromaServer, Filters, Library, LibraryError, StorageError
from index.store.rows import Vectors
from index.vectors import server as servers
from index.vectors.chroma import Made
from index.vectors.server import ServerStore
from tests.support.chroma_server import ChromaProcess, Gateway
from tests.support.small_encoder import SmallEncoder

pytestmark = pytest.mark.system

TOKEN = "ck-5esame"
MADE = Made(1, 4, 3)
ROWS = Vectors(
    np.array([1, 2, 3]), np.eye(3, dtype=np.float32), ({"language": "ar"}, {"language": "en"}, {"language": "fr"})
)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://localhost", "http://localhost:8000"),
        ("HTTP://Chroma.Example:9000/", "http://chroma.example:9000"),
        ("https://api.trychroma.com", "https://api.trychroma.com:443"),
        ("http://[::1]:8001", "http://[::1]:8001"),
    ],
)
def test_the_scheme_tells_the_port_and_whether_the_connection_is_encrypted(url: str, where: str) -> None:
    server = ChromaServer(url, "news", "archive")
    assert server.where == f"{where}, news/archive"
    assert server.secure == where.startswith("https")


@pytest.mark.parametrize(
    "url",
    ["localhost:8000", "ftp://x", "http://", "http://x:port", "http://x:99999", "http://x/v2", "http://x?y=1", ""],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(LibraryError, match="write it as http://localhost:8000"):
        ChromaServer(url)


def test_a_secret_is_not_shown_and_has_a_place_of_its_own() -> None:
    assert TOKEN not in repr(ChromaServer("http://localhost", token=TOKEN))
    for url in (f"http://me:{TOKEN}@localhost:8000", f"http://{TOKEN}@localhost:8000"):
        with pytest.raises(LibraryError, match="KHABAR_CHROMA_TOKEN") as refused:
            ChromaServer(url)
        assert TOKEN not in str(refused.value)
    for token in (f"{TOKEN}\n", f" {TOKEN}", f"{TOKEN}é", ""):
        with pytest.raises(LibraryError, match="without spaces") as refused:
            ChromaServer("http://localhost", token=token)
        assert TOKEN not in str(refused.value)


def test_a_place_is_told_by_host_tenant_and_database_however_it_is_written() -> None:
    place = ChromaServer("http://Chroma.example/")
    assert place.key == ChromaServer("http://chroma.example:8000", token=TOKEN).key
    others = [
        ChromaServer("http://chroma.example:8001"),
        ChromaServer("http://chroma.example", "news"),
        ChromaServer("http://chroma.example", database="news"),
    ]
    assert len({place.key, *(other.key for other in others)}) == 4


def test_chroma_cloud_is_asked_for_no_more_than_it_gives() -> None:
    assert ChromaServer("https://api.trychroma.com").quota == 300
    assert ChromaServer("https://trychroma.com.example").quota is None


def test_within_a_quota_the_same_is_found(
    tmp_path: Path, chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    matrix = rng.standard_normal((900, 8)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    sources = tuple({"language": "en", "source": "Rare" if row % 300 == 0 else "Wire"} for row in range(900))
    made = Made(1, 1, 900)
    monkeypatch.setattr(servers, "_CLOUD", "127.0.0.1")
    limited = ServerStore(ChromaServer(chroma.url), tmp_path.name)
    limited.build(made, [Vectors(np.arange(900), matrix, sources)])
    monkeypatch.setattr(servers, "_CLOUD", "trychroma.com")
    free = ServerStore(ChromaServer(chroma.url), tmp_path.name)
    assert limited.open(made).count() == 900
    for filters in (Filters(), Filters.of(source="Rare"), Filters.of(source="Wire")):
        expected = free.open(made).search(matrix[0], 50, filters, without=range(5, 100))
        assert limited.open(made).search(matrix[0], 50, filters, without=range(5, 100)) == expected


def test_a_server_that_is_not_there_is_a_clear_error(chroma: ChromaProcess) -> None:
    with pytest.raises(StorageError, match=r"server at http://127\.0\.0\.1:9, .* refused\. Check that it runs"):
        ServerStore(ChromaServer("http://127.0.0.1:9"), "x").build(MADE, [ROWS])
    with pytest.raises(StorageError, match=r"default_tenant/nowhere cannot be used: Database \[nowhere\] does not"):
        ServerStore(ChromaServer(chroma.url, database="nowhere"), "x").build(MADE, [ROWS])


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "_ASKING", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StorageError, match="timed out"):
            ServerStore(ChromaServer(url), "x").open(MADE)


def test_the_token_is_sent_and_a_wrong_one_is_a_clear_error_that_does_not_show_it(
    tmp_path: Path, chroma: ChromaProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Gateway(chroma.url, TOKEN) as gateway:
        let_in = ServerStore(ChromaServer(gateway.url, token=TOKEN), tmp_path.name)
        let_in.build(MADE, [ROWS])
        assert [found.number for found in let_in.open(MADE).search(ROWS.matrix[1], 1, Filters())] == [2]
        let_in.drop(MADE)
        for wrong, words in (("ck-wrong", "refuses the token"), (None, "refuses whoever comes without a token")):
            with pytest.raises(StorageError, match=rf"{words} \(HTTP 401\)\. Check KHABAR_CHROMA_TOKEN") as refused:
                ServerStore(ChromaServer(gateway.url, token=wrong), tmp_path.name).open(MADE)
            assert "ck-wrong" not in "".join(traceback.format_exception(refused.value))
    assert TOKEN not in caplog.text and "ck-wrong" not in caplog.text


def test_a_token_that_a_server_says_again_is_left_out(chroma: ChromaProcess, tmp_path: Path) -> None:
    with Gateway(chroma.url, TOKEN, refusal=500) as gateway:
        store = ServerStore(ChromaServer(gateway.url, token="ck-wrong"), tmp_path.name)
        with pytest.raises(StorageError, match="not let in with …") as failed:
            store.open(MADE)
    assert "ck-wrong" not in "".join(traceback.format_exception(failed.value))


def test_what_is_under_way_elsewhere_is_not_removed(chroma: ChromaProcess, tmp_path: Path) -> None:
    store = ServerStore(ChromaServer(chroma.url), tmp_path.name)
    for number in (1, 2, 3, 4):
        store.build(Made(number, 9, 3), [ROWS])
    # Of the builder of the third, late: the fourth is another one's, perhaps not finished.
    store.keep([Made(3, 9, 3), Made(2, 9, 3)])
    assert store.damage(Made(1, 9, 3)) is not None
    assert [store.damage(Made(number, 9, 3)) for number in (2, 3, 4)] == [None, None, None]


def test_a_library_finds_the_same_by_a_server_whatever_keeps_its_catalog(
    tmp_path: Path, chroma: ChromaProcess, served_at: str | None
) -> None:
    articles = [
        Article.create(f"a{n}", f"Report {n} tells of harbour{n}.", language="ar" if n % 2 else "en") for n in range(50)
    ]
    with (
        Library.open(tmp_path / "a", encoder=SmallEncoder()) as embedded,
        Library.open(
            tmp_path / "b", encoder=SmallEncoder(), catalog=served_at, chroma=ChromaServer(chroma.url)
        ) as served,
    ):
        for library in (embedded, served):
            library.add(articles)
        assert not list(served.path.rglob("chroma-*"))
        assert served._dense._held is None
        for question in ("harbour7", "Report 8 tells of harbour8"):
            ours = [(hit.passage, round(hit.score, 5)) for hit in embedded.search(question)]
            assert [(hit.passage, round(hit.score, 5)) for hit in served.search(question)] == ours
        assert served._dense._held is not None
        assert served.doctor(repair=False).ok
        served.remove(["a7"])
        assert "a7" not in {hit.article.id for hit in served.search("harbour7", limit=50)}
