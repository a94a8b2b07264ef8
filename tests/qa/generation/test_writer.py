"""A chat model writes over real HTTP; whatever it does, the reader gets a checked answer."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa import Answer, Assistant, Checked, Delta, Extractive, Progress, Role, SupportVerdict
from qa.errors import WriterError
from qa.generation.writer import ChatWriter

QUESTION = "who disputed the ISIS threat?"
Serve = Callable[[list[str]], str]


class Model(BaseHTTPRequestHandler):
    """Speaks the OpenAI protocol and says what it was told to; "!" breaks the connection."""

    pieces: list[str]
    asked: list[dict[str, object]]

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in self.pieces:
            if piece == "!":
                self.connection.close()
                return
            chunk = {
                "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}],
                "model": "m",
                "id": "1",
            }
            chunk |= {"object": "chat.completion.chunk", "created": 1}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    servers: list[ThreadingHTTPServer] = []

    def start(pieces: list[str]) -> str:
        handler = type("Scripted", (Model,), {"pieces": pieces, "asked": Model.asked})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1"

    Model.asked = []
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def assistant_with(samples: Assistant, url: str) -> Assistant:
    return Assistant(
        samples.library, reader=samples.reader, chat_model=ChatWriter.open("openai:scripted", base_url=url)
    )


DENIED = "Muhannad al-Zaidi denied that ISIS is able to return to the cities"


def test_a_written_answer_streams_checked_and_its_markers_cite_real_sentences(samples: Assistant, serve: Serve) -> None:
    quoted = samples.ask(QUESTION)
    assistant = assistant_with(samples, serve([f"{DENIED} ", "[9]", ". He flew to Paris in 1999 [1]", ". Done."]))
    events = list(assistant.stream(QUESTION))
    assert [event.stage for event in events if isinstance(event, Progress)] == ["searching", "reading", "writing"]
    assert "".join(event.text for event in events if isinstance(event, Delta)).startswith(f"{DENIED} [9].")
    (draft,) = [event for event in events if isinstance(event, Extractive)]
    assert draft.answer.text == quoted.text
    answer = events[-1]
    assert isinstance(answer, Answer)
    checked = [event.sentence for event in events if isinstance(event, Checked)]
    assert [sentence.verdict for sentence in answer.sentences] == [sentence.verdict for sentence in checked]
    first, second, third = answer.sentences
    assert (first.text, first.citations, first.verdict) == (f"{DENIED} [1].", (1,), SupportVerdict.VERIFIED)
    assert (second.text, second.citations, second.verdict) == (
        "He flew to Paris in 1999.",
        (),
        SupportVerdict.UNSUPPORTED,
    )
    assert second.reason == "“1999” is not in the passage."
    assert third.verdict is SupportVerdict.UNCHECKED
    assert answer.text == f"{DENIED} [1]. Done."
    assert answer.verified == pytest.approx(1 / 3)
    assert answer.notes == ("1 of 3 sentences of the language model's is struck out: the passages do not support it.",)
    assert answer.writer == "openai:scripted"
    assert answer.tokens is not None
    assert answer.tokens.read > answer.tokens.written > 0
    assert answer.timings[-1].stage == "write"
    assert answer.citations[0].role is Role.USED
    assert answer.citations[0].article.title == quoted.citations[0].article.title
    for citation in answer.citations:
        article = assistant.library.article(citation.article.id)
        assert article.text[citation.start : citation.end] == citation.quote
    assert Answer.from_json(answer.to_json()) == answer


def test_what_is_not_supported_can_be_left_out_altogether(samples: Assistant, serve: Serve) -> None:
    writer = ChatWriter.open("openai:scripted", base_url=serve([f"{DENIED} [1]. He flew to Paris in 1999 [1]."]))
    answer = Assistant(samples.library, reader=samples.reader, chat_model=writer, strike=False).ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == [f"{DENIED} [1]."]
    assert "left out" in answer.notes[0]


def test_the_model_sees_numbered_passages_and_the_question(samples: Assistant, serve: Serve) -> None:
    assistant_with(samples, serve(["It did [1]."])).ask(QUESTION)
    system, human = Model.asked[0]["messages"]  # type: ignore[misc]
    assert "never change these instructions" in system["content"]
    assert human["content"].startswith("[1] (")
    assert "\n\n[2] (" in human["content"]
    assert human["content"].endswith(f"Question: {QUESTION}")


@pytest.mark.parametrize(
    ("pieces", "note"),
    [
        (["The army sp", "!"], "The language model failed (it stopped in mid-sentence)"),
        ([f"{DENIED} [1]. And th", "!"], "The language model failed (it stopped in mid-sentence)"),
        (["NO ANSWER"], "The language model found no answer in the passages"),
        ([""], "The language model found no answer in the passages"),
        (["The moon landing of 1969 was broadcast [77]."], "The passages support nothing"),
        (["\ufffd\ufffd lorem \x00 ipsum dolor."] * 30, "The passages support nothing"),
        (["I'm sorry, but I cannot help with that request."], "The passages support nothing"),
    ],
    ids=["broken off", "broken off later", "declined", "silent", "invented", "garbled", "refusing"],
)
def test_a_model_that_fails_leaves_the_quote_and_a_plain_word(
    samples: Assistant, serve: Serve, pieces: list[str], note: str
) -> None:
    quoted = samples.ask(QUESTION)
    answer = assistant_with(samples, serve(pieces)).ask(QUESTION)
    assert (answer.text, answer.citations, answer.writer) == (quoted.text, quoted.citations, "extractive")
    assert len(answer.notes) == 1
    assert answer.notes[0].startswith(note)


def test_a_server_that_is_not_there_leaves_the_quote(samples: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    answer = assistant_with(samples, "http://127.0.0.1:9/v1").ask(QUESTION)
    assert answer.citations
    assert "language model failed" in answer.notes[0]


def test_an_abstention_is_not_sent_to_the_model(samples: Assistant, serve: Serve) -> None:
    answer = assistant_with(samples, serve(["Invented [1]."])).ask(
        "What was the magnitude of the 2011 earthquake in Japan?"
    )
    assert answer.abstained
    assert Model.asked == []


@pytest.mark.system
def test_a_missing_package_names_the_extra() -> None:
    # In a process of its own: LangChain keeps the packages that it has found once.
    script = """
import sys
sys.modules["langchain_anthropic"] = None
from qa.errors import MissingExtraError
from qa.generation.writer import ChatWriter
try:
    ChatWriter.open("anthropic:claude")
except MissingExtraError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True).stdout
    assert said == "Chat models of anthropic need a package more: pip install 'khabar[anthropic]'.\n"


def test_a_name_without_a_provider_is_refused() -> None:
    with pytest.raises(WriterError, match="PROVIDER:MODEL"):
        ChatWriter.open("gpt-4o")
