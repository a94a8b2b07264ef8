"""Answers that a chat model writes, as events of the REST API: in order, checked, and stopped when nobody listens."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from qa import Assistant
from qa.generation.writer import ChatWriter
from tests.support.pages import Served
from tests.support.patience import until
from tests.support.rest_calls import client, is_idle, streamed
from tests.support.scripted import Scripted, saying

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

QUESTION = "Why did the Dilmuni dinar rise?"
PIECES = ("The dinar strengthened after a surprise rise in interest rates [1]. ", "It fell again in 1999 [1].")


@contextmanager
def served(samples: Assistant, model: Scripted) -> Iterator[Served]:
    page = Served(Assistant(samples.library, chat_model=ChatWriter(model, "scripted")), client=False)
    try:
        yield page
    finally:
        if model.free:
            model.free.set()
        page.close()


def test_the_quoted_answer_comes_first_then_what_is_written_and_checked(samples: Assistant) -> None:
    with served(samples, saying(*PIECES)) as page, client(page.url) as caller:
        with streamed(caller, QUESTION) as events:
            came = list(events)
        whole = caller.post("/ask", json={"question": QUESTION}).json()
    names = [name for name, _ in came]
    assert [name for name in dict.fromkeys(names)] == ["progress", "extractive", "delta", "checked", "answer"]
    by_name = dict(came)
    assert by_name["extractive"]["writer"] == "extractive"
    assert by_name["answer"]["writer"] == whole["writer"] == "scripted"
    checked = [data for name, data in came if name == "checked"]
    assert [sentence["verdict"] for sentence in checked] == ["verified", "unsupported"]
    assert checked == by_name["answer"]["sentences"] == whole["sentences"]


def test_who_closes_the_stream_stops_the_chat_model_at_its_next_piece(samples: Assistant) -> None:
    endless: Any = itertools.repeat("It did [1]. ")
    model = Scripted(script=lambda _: endless, free=threading.Event())
    with served(samples, model) as page, client(page.url) as caller:
        with streamed(caller, QUESTION) as events:
            assert next(name for name, _ in events if name == "extractive")
            until(lambda: model.prompts)
        (job,) = [job for job in page.blocks.questions.active_jobs if job]
        until(lambda: job[0].is_left)
        assert model.free
        model.free.set()
        until(lambda: is_idle(page))
        until(lambda: len(model.closed) == 1)
