"""Whoever asked may leave: what is under way ends before its next stage, and is no failure."""

import asyncio
import threading
from collections.abc import Iterator, Sequence

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index import Encoder, Filters
from qa import Answer, Assistant
from qa.errors import AbandonedError
from qa.evidence import Evidence, Reading
from qa.question import Question
from qa.retrieval.retriever import Ranked
from qa.tracing import TraceHandler
from tests.support.patience import PATIENCE
from ui.server.metrics import Metrics

QUESTION = "How many trucks were in the first convoy?"


class Leaving:
    """An asker who leaves when the assistant has looked for so many times whether anybody waits."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def __call__(self) -> bool:
        self.looks -= 1
        return self.looks >= 0


class NotedReader:
    """A reader that notes what it reads, and finds nothing."""

    def __init__(self) -> None:
        self.read_for: list[str] = []

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        self.read_for.append(question)
        return Reading((), 0.0)


@pytest.mark.parametrize(("looks", "reads"), [(0, 0), (1, 0), (2, 0), (3, 1)])
def test_each_stage_is_only_begun_for_who_still_waits(samples: Assistant, looks: int, reads: int) -> None:
    reader = NotedReader()
    with pytest.raises(AbandonedError, match="Ask again"):
        Assistant(samples.library, reader=reader).ask(QUESTION, is_wanted=Leaving(looks))
    assert len(reader.read_for) == reads


def test_who_stays_gets_the_same_answer(samples: Assistant) -> None:
    told: list[bool] = []

    def waits() -> bool:
        told.append(True)
        return True

    answer = samples.ask(QUESTION, is_wanted=waits)
    assert answer.citations == samples.ask(QUESTION).citations
    assert len(told) == 5


def test_a_stream_ends_for_who_has_left(samples: Assistant) -> None:
    reader = NotedReader()
    events = Assistant(samples.library, reader=reader).stream(QUESTION, is_wanted=Leaving(2))
    with pytest.raises(AbandonedError):
        list(events)
    assert reader.read_for == []


def test_a_cancelled_call_is_not_read(samples: Assistant) -> None:
    reader, free = NotedReader(), threading.Event()
    done = threading.Event()

    class HeldRetriever(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: object) -> list[Document]:
            assert free.wait(PATIENCE)
            done.set()
            return []

    async def cancelled() -> None:
        assistant = Assistant(samples.library, retriever=HeldRetriever(), reader=reader)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(assistant.aask(QUESTION), 0.2)
        free.set()

    # The loop waits for its threads when it ends.
    asyncio.run(cancelled())
    assert done.is_set()
    assert reader.read_for == []


class EndlessWriter:
    """A chat model that writes for ever, until its request is closed."""

    name = "endless"

    def __init__(self) -> None:
        self.pieces = 0
        self.closed = False

    def fit(
        self, question: str, evidence: Sequence[Evidence], language: str, *, length: str = ""
    ) -> Sequence[Evidence]:
        return evidence

    def usage(self, question: str, evidence: Sequence[Evidence], language: str, text: str) -> None:
        return None

    def write(self, question: str, evidence: Sequence[Evidence], language: str, *, length: str = "") -> Iterator[str]:
        try:
            while self.pieces < 1_000:
                self.pieces += 1
                yield "more "
        finally:
            self.closed = True


def test_a_chat_model_stops_writing_for_who_has_left(samples: Assistant) -> None:
    writer = EndlessWriter()
    with pytest.raises(AbandonedError):
        Assistant(samples.library, chat_model=writer).ask(QUESTION, is_wanted=Leaving(20))
    assert writer.closed
    assert writer.pieces < 30


def test_who_has_left_is_counted_as_that_and_not_as_a_failure(samples: Assistant, encoder: Encoder) -> None:
    metrics = Metrics()
    handler = TraceHandler(metrics.observe, metrics.failed)
    with Assistant.open(samples.library.path, encoder=encoder, callbacks=[handler]) as assistant:
        for looks in (0, 2, 4):
            with pytest.raises(AbandonedError):
                assistant.ask(QUESTION, is_wanted=Leaving(looks))
        assert isinstance(assistant.ask(QUESTION), Answer)
    text = metrics.text().decode()
    assert 'khabar_questions_total{decision="abandoned"} 3.0' in text
    assert 'khabar_questions_total{decision="answered"} 1.0' in text
    assert "khabar_failures_total{" not in text


def test_a_question_is_the_same_whoever_waits_for_it() -> None:
    assert Question.of(QUESTION, Filters(), is_wanted=Leaving(3)) == Question.of(QUESTION, Filters())
