"""The queue as those who wait meet it over HTTP: turns, the limit, and a question whose asker leaves."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import httpx
import pytest

from qa import Assistant
from tests.support.gates import Held, HeldReader, HeldRetriever, NothingRead
from tests.support.pages import Served
from tests.support.patience import PATIENCE, until
from ui.page.queueing.overload import WAITING, busy
from ui.page.queueing.queue import FairQueue

LAYLA, OMAR = "127.0.0.2", "127.0.0.3"


class Caller:
    """Somebody at an address of this machine who asks over HTTP."""

    def __init__(self, page: Served, address: str) -> None:
        self._page, self._address = page, address

    def connection(self) -> HTTPConnection:
        parts = urlsplit(self._page.url)
        return HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE, source_address=(self._address, 0))

    def post(self, path: str, body: dict[str, object]) -> HTTPResponse:
        connection = self.connection()
        connection.request("POST", f"/gradio_api/{path}", json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse()

    def ask(self, question: str, session: str | None = None) -> str:
        """Put a question into the queue; returns what to fetch the answer by."""
        body = {"data": [question, None, None, None, None, None, "en"], "session_hash": session}
        reply = self.post("call/ask", body)
        assert reply.status == 200
        return str(json.load(reply)["event_id"])

    def listen(self, path: str) -> HTTPConnection:
        """Begin to wait for an answer; closing the connection is leaving."""
        connection = self.connection()
        connection.request("GET", f"/gradio_api/{path}")
        return connection


@contextmanager
def served(assistant: Assistant, gate: Held, auth: Callable[[str, str], bool] | None = None) -> Iterator[Served]:
    page = Served(assistant, client=False, auth=auth)
    try:
        yield page
    finally:
        gate.free.set()
        page.close()


def all_done(page: Served) -> bool:
    queue = page.blocks._queue
    return not len(queue) and not any(queue.active_jobs)


@pytest.mark.parametrize(
    ("address", "session"), [(OMAR, None), (LAYLA, "a page")], ids=["another address", "a page of the same address"]
)
def test_one_question_waits_for_none_of_the_thirty_of_another(
    samples: Assistant, address: str, session: str | None
) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(samples.library, reader=reader), reader.gate) as page:
        script = Caller(page, LAYLA)
        for number in range(30):
            script.ask(f"How many trucks were in convoy {number}?")
        until(lambda: len(reader.gate.came) == 4)
        Caller(page, address).ask("Who won?", session)
        reader.gate.free.set()
        until(lambda: len(reader.gate.came) == 31)
        # It is begun next; of those whose passages are found at the same time some may be read before.
        assert reader.gate.came.index("Who won?") < 12


def test_signed_in_readers_take_turns_by_name(samples: Assistant) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(samples.library, reader=reader), reader.gate, lambda _, word: word == "a word") as page:
        callers = [httpx.Client(base_url=page.url, timeout=PATIENCE) for _ in range(2)]
        for caller, name in zip(callers, ("layla", "omar"), strict=True):
            assert caller.post("/login", data={"username": name, "password": "a word"}).json() == {"success": True}
        for caller, questions in zip(callers, (20, 1), strict=True):
            for number in range(questions):
                body = {
                    "data": [
                        f"How many trucks came on day {questions} in convoy {number}?",
                        None,
                        None,
                        None,
                        None,
                        None,
                        "en",
                    ]
                }
                assert caller.post("/gradio_api/call/ask", json=body).status_code == 200
            until(lambda: len(reader.gate.came) == 4)
        reader.gate.free.set()
        until(lambda: len(reader.gate.came) == 21)
        assert reader.gate.came.index("How many trucks came on day 1 in convoy 0?") < 12
        for caller in callers:
            caller.close()


def test_who_has_filled_the_queue_is_told_so_while_others_may_still_ask(samples: Assistant) -> None:
    reader = HeldReader(NothingRead())
    with served(Assistant(samples.library, reader=reader), reader.gate) as page:
        script, event = Caller(page, LAYLA), ""
        for number in range(4):
            script.ask(f"Who drove the first {number} trucks?")
        until(lambda: len(reader.gate.came) == 4)
        for number in range(WAITING * 3 // 4):
            event = script.ask(f"How many trucks were in convoy {number}?")
        refused = script.post("call/ask", {"data": ["One more?", None, None, None, None, None, "en"]})
        assert refused.status == 503
        assert json.load(refused) == {"detail": busy("")}
        Caller(page, OMAR).ask("Who won?")
        # What is no question is not kept out by questions.
        listed = script.post("call/articles", {"data": [None, None, None, None, None, None, 3, 0]})
        assert listed.status == 200
        # The rest is not waited for.
        for waiting in list(page.blocks._queue.event_ids_to_events.values()):
            page.blocks._queue.event_ids_to_events.pop(waiting._id)
        page.blocks._queue.event_queue_per_concurrency_id["questions"].queue.clear()
        assert event


def test_no_question_goes_around_the_queue(samples: Assistant) -> None:
    with served(samples, Held()) as page:
        body: dict[str, object] = {"data": ["Who won?", None, None, None, None, None, "en"]}
        assert Caller(page, LAYLA).post("run/ask", body).status == 404


def left(page: Served) -> bool:
    """Tell whether the server has noticed that somebody whose question is under way has left."""
    return any(not event.alive for job in page.blocks._queue.active_jobs if job for event in job)


def test_a_call_that_is_left_while_its_passages_are_found_is_not_read(samples: Assistant) -> None:
    retriever, reader = HeldRetriever(retriever=samples.retriever), HeldReader(NothingRead())
    reader.gate.free.set()
    with served(Assistant(samples.library, retriever=retriever, reader=reader), retriever.gate) as page:
        caller = Caller(page, LAYLA)
        waiting = caller.listen(f"call/ask/{caller.ask('Who left?')}")
        until(lambda: retriever.gate.came == ["Who left?"])
        waiting.close()
        until(lambda: left(page))
        retriever.gate.free.set()
        stays = caller.listen(f"call/ask/{caller.ask('Who stays?')}")
        assert b"event: complete" in stays.getresponse().read()
        until(lambda: all_done(page))
        assert reader.gate.came == ["Who stays?"]


def test_a_page_that_is_closed_while_its_passages_are_found_is_not_read_for(samples: Assistant) -> None:
    retriever, reader = HeldRetriever(retriever=samples.retriever), HeldReader(NothingRead())
    reader.gate.free.set()
    with served(Assistant(samples.library, retriever=retriever, reader=reader), retriever.gate) as page:
        caller = Caller(page, LAYLA)
        number, function = next(pair for pair in page.blocks.fns.items() if pair[1].name == "respond")
        values = ["Who left?", *[None for _ in function.inputs[1:]]]
        body: dict[str, object] = {"data": values, "fn_index": number, "session_hash": "page"}
        assert caller.post("queue/join", body).status == 200
        waiting = caller.listen("queue/data?session_hash=page")
        until(lambda: retriever.gate.came == ["Who left?"])
        waiting.close()
        until(lambda: left(page))
        retriever.gate.free.set()
        until(lambda: all_done(page))
        assert reader.gate.came == []


def test_nothing_is_kept_of_the_calls_of_programs(samples: Assistant) -> None:
    gate = Held()
    gate.free.set()
    with served(samples, gate) as page:
        caller, queue = Caller(page, LAYLA), page.blocks._queue
        for number in range(3):
            caller.listen(f"call/ask/{caller.ask(f'Who won {number}?')}").getresponse().read()
        until(lambda: all_done(page) and not queue.event_ids_to_events)
        assert not page.blocks.state_holder.session_data
        assert not page.blocks.state_holder.time_last_used
        assert isinstance(queue, FairQueue)
        assert len(queue.pending_event_ids_session) == 3
        queue.pending_event_ids_session.update({f"gone {number}": set() for number in range(5_000)})
        caller.listen(f"call/ask/{caller.ask('Who won at last?')}").getresponse().read()
        assert len(queue.pending_event_ids_session) == 1
