"""Calls of the REST API in the queue of questions: turns beside the page's visitors, the limit, and who leaves."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from index import Library
from qa import Assistant
from tests.support.gates import Held, HeldReader, HeldRetriever, NothingRead
from tests.support.pages import Served
from tests.support.patience import PATIENCE, until
from tests.support.rest_calls import LAYLA, NOOR, OMAR, client, is_idle, streamed, waiting
from ui.page.queueing.overload import WAITING, busy

# Every wait here ends with what it waits for; one that does not is a fault, and is not to hold up all others.
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


@contextmanager
def served(assistant: Assistant, gate: Held) -> Iterator[Served]:
    page = Served(assistant, client=False)
    try:
        yield page
    finally:
        gate.free.set()
        page.close()


class Askers:
    """Callers who ask one question each, every one in a thread of its own."""

    def __init__(self, page: Served) -> None:
        self._page = page
        self._threads: list[threading.Thread] = []
        self.statuses: list[int] = []

    def ask(self, question: str, address: str) -> None:
        def call() -> None:
            with client(self._page.url, address) as caller:
                self.statuses.append(caller.post("/ask", json={"question": question}).status_code)

        self._threads.append(threading.Thread(target=call, daemon=True))
        self._threads[-1].start()

    def end(self) -> list[int]:
        for thread in self._threads:
            thread.join(PATIENCE)
        return self.statuses


def test_rest_callers_and_a_visitor_of_the_page_take_turns(news: Library) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(news, reader=reader), reader.gate) as page:
        askers = Askers(page)
        for number in range(16):
            askers.ask(f"How many trucks were in convoy {number}?", LAYLA)
        until(lambda: len(reader.gate.came) == 4 and waiting(page) == 12)
        askers.ask("Who won?", OMAR)
        until(lambda: waiting(page) == 13)
        with client(page.url, NOOR) as visitor:
            body = {"data": ["Who lost?", None, None, None, None, None, "en"]}
            asked = visitor.post(f"{page.url}gradio_api/call/ask", json=body)
            assert asked.status_code == 200
            until(lambda: waiting(page) == 14)
            reader.gate.free.set()
            # What the page's own endpoint answers comes to its caller as before.
            heard = visitor.get(f"{page.url}gradio_api/call/ask/{asked.json()['event_id']}").text
            assert "event: complete" in heard
        assert askers.end() == [200] * 17
        # Both are begun next; of those whose passages are found at the same time some may be read before.
        for question in ("Who won?", "Who lost?"):
            assert reader.gate.came.index(question) < 12
        until(lambda: is_idle(page))


def test_no_more_than_four_questions_are_under_way_and_all_get_their_turn(news: Library) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(news, reader=reader), reader.gate) as page:
        askers = Askers(page)
        for number in range(10):
            askers.ask(f"Who won in round {number}?", (LAYLA, OMAR, NOOR)[number % 3])
        until(lambda: waiting(page) == 6)
        until(lambda: len(reader.gate.came) == 4)
        queue = page.blocks.questions
        assert sum(job is not None for job in queue.active_jobs) == 4
        reader.gate.free.set()
        assert askers.end() == [200] * 10
        until(lambda: is_idle(page))
        assert queue.event_queue_per_concurrency_id["questions"].current_concurrency == 0


def test_who_has_filled_the_queue_is_told_so_in_words_while_others_may_still_ask(news: Library) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(news, reader=reader), reader.gate) as page:
        askers = Askers(page)
        for number in range(4):
            askers.ask(f"first {number}?", LAYLA)
        until(lambda: len(reader.gate.came) == 4)
        for number in range(WAITING * 3 // 4):
            askers.ask(f"Who won in round {number}?", LAYLA)
        until(lambda: waiting(page) == WAITING * 3 // 4)
        with client(page.url, LAYLA) as caller:
            for accept in ("application/json", "text/event-stream"):
                headers = {"accept": accept, "accept-language": "ar"}
                refused = caller.post("/ask", json={"question": "One more?"}, headers=headers)
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
                assert refused.headers["content-type"] == "application/problem+json"
                assert refused.json() == {
                    "type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": busy("ar"),
                }  # fmt: skip
            # What is no question is not kept out by questions.
            assert caller.get("/articles").status_code == 200
        askers.ask("Who won?", OMAR)
        until(lambda: waiting(page) == WAITING * 3 // 4 + 1)
        reader.gate.free.set()
        assert askers.end() == [200] * (WAITING * 3 // 4 + 5)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_question_whose_asker_has_left_is_dropped_from_the_queue(news: Library, accept: str) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(news, reader=reader), reader.gate) as page:
        askers = Askers(page)
        for number in range(4):
            askers.ask(f"first {number}?", OMAR)
        until(lambda: len(reader.gate.came) == 4)
        leave = begun(page, "/ask", {"question": "Who left?"}, accept)
        until(lambda: waiting(page) == 1)
        leave()
        until(lambda: waiting(page) == 0)
        reader.gate.free.set()
        assert askers.end() == [200] * 4
        until(lambda: is_idle(page))
        assert "Who left?" not in reader.gate.came


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_question_that_is_left_while_its_passages_are_found_is_not_read(news: Library, accept: str) -> None:
    reader, found = HeldReader(NothingRead()), Assistant(news).retriever
    retriever = HeldRetriever(retriever=found)
    reader.gate.free.set()
    with served(Assistant(news, retriever=retriever, reader=reader), retriever.gate) as page:
        leave = begun(page, "/ask", {"question": "Who left?"}, accept)
        until(lambda: retriever.gate.came == ["Who left?"])
        leave()
        # Its place is taken until what is under way has ended: nobody gets more places by leaving them.
        (job,) = [job for job in page.blocks.questions.active_jobs if job]
        until(lambda: job[0].is_left)
        assert not is_idle(page)
        retriever.gate.free.set()
        until(lambda: is_idle(page))
        assert reader.gate.came == []


def test_a_search_that_is_left_before_its_turn_is_not_made(news: Library) -> None:
    reader, retriever = HeldReader(NothingRead()), HeldRetriever(retriever=Assistant(news).retriever)
    retriever.gate.free.set()
    with served(Assistant(news, retriever=retriever, reader=reader), reader.gate) as page:
        askers = Askers(page)
        for number in range(4):
            askers.ask(f"first {number}?", OMAR)
        until(lambda: len(reader.gate.came) == 4)
        leave = begun(page, "/search", {"question": "Who left?"}, "application/json")
        until(lambda: waiting(page) == 1)
        leave()
        until(lambda: waiting(page) == 0)
        reader.gate.free.set()
        assert askers.end() == [200] * 4
        until(lambda: is_idle(page))
        assert "Who left?" not in retriever.gate.came


def test_events_come_while_the_question_is_under_way(news: Library) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(news, reader=reader), reader.gate) as page, client(page.url) as caller:
        with streamed(caller, "Who won?") as events:
            stages = [next(events) for _ in range(3)]
            assert [event for event, _ in stages] == ["progress"] * 3
            assert [data["stage"] for _, data in stages] == ["waiting", "searching", "reading"]
            reader.gate.free.set()
            *_, (last, answer) = events
        assert (last, answer["state"]) == ("answer", "not_found")


def test_a_stream_that_waits_says_so_and_holds_its_place(news: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.rest.events._QUIET_SECONDS", 0.01)
    reader = HeldReader(NothingRead())
    with served(Assistant(news, reader=reader), reader.gate) as page, client(page.url) as caller:
        asked, accept = {"question": "Who won?"}, {"accept": "text/event-stream"}
        with caller.stream("POST", "/ask", json=asked, headers=accept) as response:
            lines = response.iter_lines()
            assert next(line for line in lines if line.startswith(":")) == ": waiting"
            reader.gate.free.set()
            assert "event: answer" in list(lines)


def test_a_server_that_ends_lets_nobody_wait(news: Library) -> None:
    reader = HeldReader(NothingRead())
    page = Served(Assistant(news, reader=reader), client=False)
    askers = Askers(page)
    for number in range(6):
        askers.ask(f"Who won in round {number}?", LAYLA)
    until(lambda: len(reader.gate.came) == 4 and waiting(page) == 2)
    with client(page.url) as caller, streamed(caller, "Who won?") as events:
        assert next(events) == ("progress", {"stage": "waiting"})
        ending = threading.Thread(target=page.close, daemon=True)
        ending.start()
        ((last, problem),) = events
    assert last == "error"
    assert problem == {
        "type": "about:blank", "title": "Service Unavailable", "status": 503,
        "detail": "The server is shutting down. Ask again in a moment.",
    }  # fmt: skip
    assert askers.end() == [503] * 6
    reader.gate.free.set()
    ending.join(PATIENCE)
    assert not ending.is_alive()


def begun(page: Served, path: str, body: dict[str, object], accept: str) -> Callable[[], None]:
    """Send a call; returns what closes its connection, the answer unread."""
    parts = urlsplit(page.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE, source_address=(LAYLA, 0))
    headers = {"Content-Type": "application/json", "Accept": accept}
    connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
    return connection.close
