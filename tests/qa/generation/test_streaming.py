"""Real servers that refuse, are busy, hang up or fall silent: asked again where it helps, left where it does not."""

import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk

from qa import Answer, Assistant, Turn
from qa.errors import WriterBusyError, WriterError, WriterTimeoutError
from qa.generation import streaming
from qa.generation.budget import Limits
from qa.generation.chat_models import open_chat_model
from qa.generation.probe import probe
from qa.generation.streaming import stream_with_limits
from qa.generation.writer import ChatWriter
from tests.support.misbehaving import Act, serving
from tests.support.patience import PATIENCE, until

pytestmark = pytest.mark.system

QUESTION = "who disputed the ISIS threat?"
DENIED = "Muhannad al-Zaidi denied that ISIS is able to return to the cities [1]. "
PROVIDERS = ("openai", "ollama", "anthropic")
SAYS = Act(("One ", "two."))


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{provider}_API_KEY", "none")
    # What is tested is that a busy server is asked again, and not for how long it is left alone.
    monkeypatch.setattr(streaming, "_FIRST_WAIT", 0.01)


def open_at(provider: str, url: str, limits: Limits | None = None) -> ChatWriter:
    base = f"{url}/v1" if provider == "openai" else url
    return ChatWriter.open(f"{provider}:m", base_url=base, limits=limits)


def heard(provider: str, url: str, *, seconds: float = PATIENCE, silence: float = PATIENCE) -> str:
    return said_by(model_at(provider, url), seconds=seconds, silence=silence)


def model_at(provider: str, url: str) -> BaseChatModel:
    return open_chat_model(f"{provider}:m", base_url=f"{url}/v1" if provider == "openai" else url)


def said_by(model: Any, *, seconds: float = PATIENCE, silence: float = PATIENCE) -> str:
    return "".join(str(piece.text) for piece in stream_with_limits(model, "count", seconds=seconds, silence=silence))


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(provider: str, status: int) -> None:
    with serving(Act(status=status), SAYS) as (url, stage):
        assert heard(provider, url) == "One two."
        assert stage.asked == 2


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_server_that_stays_busy_is_asked_three_times(provider: str) -> None:
    with serving(Act(status=429)) as (url, stage):
        with pytest.raises(WriterBusyError):
            heard(provider, url)
        assert stage.asked == 3


class Refused:
    """A model whose connection is refused, and which is asked again only once its server is there."""

    def __init__(self, model: BaseChatModel) -> None:
        self._model = model
        self.refused, self.is_there = threading.Event(), threading.Event()

    def stream(self, messages: str) -> Iterator[AIMessageChunk]:
        try:
            yield from self._model.stream(messages)
        except Exception:
            self.refused.set()
            assert self.is_there.wait(PATIENCE)
            raise


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refused_connection_is_tried_again(provider: str) -> None:
    # The port is this test's, and nobody listens at it yet.
    with socket.socket() as taken, ThreadPoolExecutor(1) as pool:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        model = Refused(model_at(provider, f"http://127.0.0.1:{port}"))
        listening = pool.submit(said_by, model)
        assert model.refused.wait(PATIENCE)
        with serving(SAYS, port=port) as (_, stage):
            model.is_there.set()
            assert listening.result(PATIENCE) == "One two."
            assert stage.asked == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_server_that_refuses_the_request_is_not_asked_again(provider: str) -> None:
    with serving(Act(status=400), SAYS) as (url, stage):
        with pytest.raises(WriterError, match="overloaded"):
            heard(provider, url)
        assert stage.asked == 1


def test_a_server_is_asked_when_it_says_and_not_at_all_where_that_is_late() -> None:
    with serving(Act(status=503, retry_after="0"), SAYS) as (url, stage):
        assert heard("openai", url) == "One two."
    with serving(Act(status=429, retry_after="3600"), SAYS) as (url, stage):
        with pytest.raises(WriterBusyError):
            heard("openai", url)
        assert stage.asked == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_has_begun_is_not_asked_again(provider: str) -> None:
    with serving(replace(SAYS, hangs=True), SAYS) as (url, stage):
        with pytest.raises(WriterTimeoutError, match=r"^silent for 0\.2 seconds$"):
            heard(provider, url, silence=0.2)
        assert stage.asked == 1
        assert not stage.over.is_set()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_server_that_never_begins_is_left_when_the_time_is_up(provider: str) -> None:
    with serving(Act(hangs=True)) as (url, stage):
        with pytest.raises(WriterTimeoutError, match=r"^longer than 0\.3 seconds$"):
            heard(provider, url, seconds=0.3)
        until(lambda: stage.asked == 1)


def written(samples: Assistant, acts: Sequence[Act], limits: Limits, provider: str) -> Answer:
    with serving(*acts) as (url, _):
        return Assistant(samples.library, reader=samples.reader, chat_model=open_at(provider, url, limits)).ask(
            QUESTION
        )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_that_falls_silent_leaves_the_quote(samples: Assistant, provider: str) -> None:
    answer = written(samples, [Act((DENIED, "And th"), hangs=True)], Limits(silence=0.3), provider)
    assert (answer.text, answer.writer) == (samples.ask(QUESTION).text, "extractive")
    assert answer.notes == (
        "The language model took too long (silent for 0.3 seconds), so this answer is a quote chosen without it.",
    )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_after_a_busy_moment_is_written(samples: Assistant, provider: str) -> None:
    answer = written(samples, [Act(status=503), Act((DENIED,))], Limits(), provider)
    assert (answer.writer, answer.notes) == (f"{provider}:m", ())


@pytest.mark.parametrize("acts", [[Act(hangs=True)], [Act(("Who ",), hangs=True)]], ids=["at once", "midway"])
def test_a_follow_up_is_worded_by_rule_where_the_model_hangs(samples: Assistant, acts: list[Act]) -> None:
    history = [Turn(QUESTION, samples.ask(QUESTION))]
    by_rule = Assistant(samples.library).ask("And when?", history=history).standalone
    with serving(*acts) as (url, _):
        writer = open_at("ollama", url, Limits(seconds=0.4, silence=0.2))
        assert writer.rewrite("And when?", history) == by_rule


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_translation_that_hangs_is_told(samples: Assistant, provider: str) -> None:
    citation = samples.ask(QUESTION).citations[0]
    with serving(Act(("The spokes",), hangs=True), Act(("The spokesman denied it.",))) as (url, _):
        hurried = Assistant(
            samples.library, reader=samples.reader, chat_model=open_at(provider, url, Limits(silence=0.2))
        )
        with pytest.raises(WriterTimeoutError, match="silent"):
            hurried.translate(citation)
        assert (
            Assistant(samples.library, reader=samples.reader, chat_model=open_at(provider, url))
            .translate(citation)
            .text
            == "The spokesman denied it."
        )


def test_the_doctor_does_not_wait_for_a_server_that_hangs() -> None:
    with serving(Act(hangs=True)) as (url, _), pytest.raises(WriterTimeoutError):
        probe(open_chat_model("ollama:m", base_url=url), seconds=0.2)
