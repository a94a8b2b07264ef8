"""What each address of the REST API gives, and what it says to a call that it cannot answer."""

import json
import socket
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from index import Article, Library
from index.store.backups import CATALOG
from qa import Answer, Assistant
from tests.support.gates import Held, HeldReader, NothingRead
from tests.support.pages import Served
from tests.support.patience import PATIENCE, until
from tests.support.rest_calls import client, is_idle, streamed
from tests.ui.rest.conftest import ODD
from ui.rest.gate import LARGEST

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

QUESTION = "who disputed the ISIS threat?"


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without how long it took."""
    return {name: value for name, value in answer.items() if name != "timings"}


def problem(response: httpx.Response, status: int, detail: str) -> dict[str, Any]:
    """Check a problem's form, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert set(told) <= {"type", "title", "status", "detail", "errors"}
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert detail in told["detail"], told
    return dict(told)


# Answers, the same as everywhere.


def test_an_answer_is_the_one_that_python_and_the_page_give(served: Served) -> None:
    with client(served.url) as caller:
        asked = {"question": QUESTION, "language": "ar", "after": "2025-10-01"}
        given = caller.post("/ask", json=asked)
        with streamed(caller, **asked) as events:
            stream = list(events)
    assert given.headers["content-type"] == "application/json"
    elsewhere = served.ask(QUESTION, language="ar", after="2025-10-01").to_dict()
    assert timeless(given.json()) == timeless(elsewhere)
    assert Answer.from_dict(given.json()).citations[0].speaker is not None
    names = [name for name, _ in stream]
    assert [data["stage"] for name, data in stream if name == "progress"] == ["waiting", "searching", "reading"]
    assert names == ["progress"] * 3 + ["delta"] * names.count("delta") + ["answer"]
    assert timeless(stream[-1][1]) == timeless(elsewhere)
    assert "".join(data["text"] for name, data in stream if name == "delta") == given.json()["text"]


def test_a_question_hangs_on_the_turns_before_it_as_they_were_given(served: Served) -> None:
    with client(served.url) as caller:
        first = caller.post("/ask", json={"question": QUESTION, "language": "ar"}).json()
        then = caller.post("/ask", json={"question": "and when?", "history": [{"question": QUESTION, "answer": first}]})
        forged = [{"question": QUESTION, "answer": {**first, "citations": [{**first["citations"][0], "hidden": "x"}]}}]
        told = problem(caller.post("/ask", json={"question": "and when?", "history": forged}), 422, "errors")
    assert [each["field"] for each in told["errors"]] == ["body.history.0.answer.citations.0.hidden"]
    assert then.status_code == 200, then.text
    assert then.json()["standalone"]
    assert then.json()["filters"]["language"] == ["ar"]


def test_a_question_in_arabic_with_emoji_is_asked_and_answered_in_arabic(page: Served) -> None:
    with client(page.url) as caller:
        answer = caller.post("/ask", json={"question": "ما سعر الفائدة 🏦؟", "source": ["وكالة الضفاف"]}).json()
    assert (answer["question"], answer["language"]) == ("ما سعر الفائدة 🏦؟", "ar")
    assert answer["filters"]["source"] == ["وكالة الضفاف"]


# Passages.


def test_passages_are_the_same_by_address_and_by_body_as_the_page_gives(served: Served) -> None:
    with client(served.url) as caller:
        by_body = caller.post("/search", json={"question": QUESTION, "language": ["ar", "en"], "limit": 3})
        address = {"question": QUESTION, "language": ["ar", "en"], "limit": 3}
        by_address = caller.get("/search", params=address)
    assert by_body.json() == by_address.json()
    elsewhere = served.client.predict(QUESTION, language=["ar", "en"], limit=3, api_name="/search")
    assert by_body.json() == {"passages": elsewhere}
    assert len(elsewhere) == 3
    article = served.assistant.library.article(elsewhere[0]["id"], elsewhere[0]["revision"])
    assert article.text[elsewhere[0]["start"] : elsewhere[0]["end"]] == elsewhere[0]["text"]


# Articles.


def test_articles_are_listed_in_pages_newest_first(page: Served) -> None:
    everything = [article.id for article in page.assistant.library.articles()]
    with client(page.url) as caller:
        found, offset = [], 0
        while offset is not None:
            listed = caller.get("/articles", params={"limit": 4, "offset": offset}).json()
            found += [article["id"] for article in listed["articles"]]
            offset = listed["next_offset"]
        assert found == everything
        assert found[0] == "ferry-1"
        assert caller.get("/articles", params={"offset": 1000}).json() == {"articles": [], "next_offset": None}
        filtered = caller.get("/articles", params={"language": "ar", "title": "سعر", "before": "2025-10-31"}).json()
    assert filtered == {
        "articles": [
            {
                "id": "bank-1", "title": "سعر الفائدة", "source": "وكالة الضفاف", "published": "2025-10-03",
                "language": "ar", "url": None, "byline": None, "category": None, "kicker": None, "embargo": None,
            }
        ],
        "next_offset": None,
    }  # fmt: skip


@pytest.mark.parametrize("id", ODD)
def test_an_article_is_had_by_any_id(page: Served, id: str) -> None:
    # As a script writes it who has every character escaped; clients leave out a part that is two dots by themselves.
    with client(page.url) as caller:
        given = caller.get(f"/articles/{quote(id, safe='')}") if id != ".." else dotted(page)
    assert given.status_code == 200, given.text
    article = given.json()
    assert (article["id"], article["title"]) == (id, id.strip())
    assert [known["number"] for known in article["revisions"]] == [1]


def dotted(page: Served) -> httpx.Response:
    """Ask for the article whose id is two dots, which no client sends as they are."""
    target = b"/api/v1/articles/%2E%2E"
    with httpx.Client(timeout=PATIENCE) as caller:
        request = caller.build_request("GET", page.url)
        request.url = request.url.copy_with(raw_path=target)
        return caller.send(request)


def test_an_earlier_state_of_an_article_is_had_by_its_number(own_page: Served) -> None:
    own_page.assistant.library.add([Article.create("ferry-1", "The ferry stopped again. 🚢", title="Ferry stops")])
    with client(own_page.url) as caller:
        now, before = caller.get("/articles/ferry-1").json(), caller.get("/articles/ferry-1?revision=1").json()
        assert (now["title"], before["title"]) == ("Ferry stops", "Ferry service resumes")
        assert [known["current"] for known in now["revisions"]] == [True, False]
        problem(caller.get("/articles/ferry-1?revision=9"), 404, "revision")


# What cannot be answered.

LONG = "x" * 4001
WRONG: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({}, 422, "errors", "body.question"),
    ({"question": None}, 422, "errors", "body.question"),
    ({"question": 7}, 422, "errors", "body.question"),
    ({"question": ["a"]}, 422, "errors", "body.question"),
    ({"question": "   "}, 422, "The question is empty. Ask about something in the articles.", None),
    ({"question": "🚚؟"}, 422, "The question is empty.", None),
    ({"question": LONG}, 422, "The question has 4001 characters; 4000 are the most. Shorten it.", None),
    ({"question": "Who?", "quesiton": "Who?"}, 422, "errors", "body.quesiton"),
    ({"question": "Who?", "مصدر 🚚": 1}, 422, "errors", "body.مصدر 🚚"),
    ({"question": "Who?", "is_wanted": "x"}, 422, "errors", "body.is_wanted"),
    ({"question": "Who?", "language": 3}, 422, "errors", "body.language"),
    ({"question": "Who?", "source": ["a"] * 51}, 422, "errors", "body.source"),
    ({"question": "Who?", "source": "x" * 501}, 422, "errors", "body.source.0"),
    ({"question": "Who?", "after": "2025-02-30"}, 422, "'2025-02-30' is not a date: write it as 2025-09-28.", None),
    ({"question": "Who?", "after": "yesterday"}, 422, "errors", "body.after"),
    ({"question": "Who?", "after": "٢٠٢٥-١٠-٠١"}, 422, "errors", "body.after"),
    ({"question": "Who?", "after": 20250928}, 422, "errors", "body.after"),
    ({"question": "Who?", "after": "2025-10-02", "before": "2025-10-01"}, 422, "The dates leave nothing", None),
    ({"question": "Who?", "history": "before"}, 422, "errors", "body.history"),
    ({"question": "Who?", "history": [{"question": "?"}] * 9}, 422, "errors", "body.history"),
    ({"question": "Who?", "history": [{"question": "?", "answer": 1}]}, 422, "errors", "body.history.0.answer"),
    ({"question": "Who?", "history": [{"question": "?", "said": "x"}]}, 422, "errors", "body.history.0.said"),
    ({"question": "Who?", "interface": "de"}, 422, "Khabar's own words are in one of ar, en, fr, not in 'de'.", None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "detail", "field"), WRONG)
def test_a_question_that_cannot_be_asked_is_refused_with_what_to_do(
    page: Served, body: dict[str, Any], status: int, detail: str, field: str | None
) -> None:
    with client(page.url) as caller:
        told = problem(caller.post("/ask", json=body), status, detail)
    assert field is None or field in [each["field"] for each in told["errors"]]
    assert all(each["message"] for each in told.get("errors", ()))


def test_what_is_wrong_is_told_in_the_language_that_is_asked_for(page: Served) -> None:
    with client(page.url, headers={"accept-language": "fr"}) as caller:
        told = problem(caller.post("/ask", json={"question": "?"}), 422, "")
    assert told["detail"].startswith("La question est vide.")


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/search", "query.question"),
        ("/search?question=Who&limit=0", "query.limit"),
        ("/search?question=Who&limit=101", "query.limit"),
        ("/search?question=Who&limit=many", "query.limit"),
        ("/search?question=Who&page=2", "query.page"),
        ("/articles?limit=1000", "query.limit"),
        ("/articles?offset=-1", "query.offset"),
        ("/articles?offset=99999999999999999999", "query.offset"),
        ("/articles?after=2025", "query.after"),
        ("/articles?sort=title", "query.sort"),
        (f"/articles?title={'x' * 501}", "query.title"),
        ("/articles/ferry-1?revision=0", "query.revision"),
        ("/articles/ferry-1?revision=1&as=html", "query.as"),
    ],
)
def test_an_address_with_a_wrong_field_is_refused(page: Served, address: str, field: str) -> None:
    with client(page.url) as caller:
        told = problem(caller.get(address), 422, "errors")
    assert [each["field"] for each in told["errors"]] == [field]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/asks", 404),
        ("GET", "/ask/", 404),
        ("GET", "/ask", 405),
        ("DELETE", "/articles", 405),
        ("DELETE", "/articles/nowhere", 404),
        ("DELETE", "/articles/%F0%9F%9A%A2/%00", 404),
        ("DELETE", "/ask", 405),
        ("PATCH", "/articles/ferry-1", 405),
        ("PUT", "/articles/ferry-1", 405),
        ("OPTIONS", "/ask", 405),
        ("HEAD", "/articles", 405),
        ("GET", "/articles/nowhere", 404),
        ("GET", "/articles/%F0%9F%9A%A2/%D8%A3", 404),
        ("GET", "/articles/%00%FF", 404),
        ("GET", "/docs", 404),
    ],
)
def test_what_is_not_there_or_not_asked_so_is_a_problem(page: Served, method: str, address: str, status: int) -> None:
    with client(page.url) as caller:
        given = caller.request(method, address, headers={"content-type": "application/json"})
    assert (given.status_code, given.headers["content-type"]) == (status, "application/problem+json")
    assert method == "HEAD" or given.json()["status"] == status
    assert status != 405 or given.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"question=Who", b"\xff\xfe", b"[" * 100_000, b'{"question": ' + b"9" * 5_000 + b"}", b'"Who?"',
        b"null",
    ],
    ids=["empty", "half", "form", "no UTF-8", "deep", "a number", "a text", "null"],
)  # fmt: skip
def test_a_body_that_is_no_question_is_a_problem(page: Served, body: bytes) -> None:
    with client(page.url) as caller:
        given = caller.post("/ask", content=body, headers={"content-type": "application/json"})
    assert given.status_code in (400, 422), given.text
    problem(given, given.status_code, "")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_said_to_be_json_is_not_read(page: Served, kind: str) -> None:
    with client(page.url) as caller:
        given = caller.post("/ask", content=b'{"question": "Who?"}', headers={"content-type": kind})
    problem(given, 415, "application/json")


def test_a_huge_body_is_refused_before_it_is_read(page: Served) -> None:
    parts = urlsplit(page.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE) as connection:
        head = f"POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {10**12}"
        connection.sendall(f"{head}\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_body_in_chunks_is_taken_no_further_than_the_longest(page: Served) -> None:
    parts = urlsplit(page.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE) as connection:
        head = "POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
        connection.sendall(f"{head}\r\n\r\n".encode())
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        for _ in range(LARGEST // 0x10000 + 1):
            connection.sendall(chunk)
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_body_of_nearly_the_longest_is_read(page: Served) -> None:
    with client(page.url) as caller:
        body = json.dumps({"question": "Who won?"}).encode().ljust(LARGEST)
        assert caller.post("/ask", content=body, headers={"content-type": "application/json"}).status_code == 200


# What goes wrong inside.


class Broken:
    """A reader that fails in a way that nobody foresaw."""

    def read(self, question: str, passages: object) -> Any:
        raise RuntimeError("a secret of the inside")


def test_an_error_of_the_inside_says_nothing_of_it(news: Library, caplog: pytest.LogCaptureFixture) -> None:
    page = Served(Assistant(news, reader=Broken()), client=False)
    try:
        with client(page.url) as caller:
            told = problem(caller.post("/ask", json={"question": "Who won?"}), 500, "The server's log says why.")
            with streamed(caller, "Who won?") as events:
                *_, (name, data) = events
            assert "secret" not in json.dumps([told, data])
            assert (name, data) == ("error", told)
        until(lambda: is_idle(page))
        assert "a secret of the inside" in caplog.text
    finally:
        page.close()


def test_a_library_that_cannot_be_read_is_said_to_be_so_without_its_place(news: Library) -> None:
    page = Served(Assistant(news, reader=NothingRead()), client=False)
    try:
        for file in news.path.glob(f"{CATALOG}*"):
            file.write_bytes(b"no catalog any more" * 1000)
        with client(page.url) as caller:
            told = problem(caller.get("/articles"), 503, "The library cannot be read or written at the moment.")
            assert caller.post("/ask", json={"question": "Who won?"}).json() == told
            assert caller.get("/articles/ferry-1").json() == told
    finally:
        page.close()


def test_after_a_failure_the_next_question_is_answered(news: Library) -> None:
    reader = HeldReader(Broken())
    reader.gate = Held()
    reader.gate.free.set()
    page = Served(Assistant(news, reader=reader), client=False)
    try:
        with client(page.url) as caller:
            for _ in range(6):
                assert caller.post("/ask", json={"question": "Who won?"}).status_code == 500
        until(lambda: is_idle(page))
    finally:
        page.close()
