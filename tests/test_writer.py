"""A chat model writes over real HTTP; whatever it does, the reader gets a checked answer."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index import MissingExtraError, WriterError
from qa import Answer, Assistant, Delta, Progress, Role
from qa.writer import ChatWriter

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
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1"

    Model.asked = []
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def assistant_with(samples: Assistant, url: str) -> Assistant:
    return Assistant(samples.library, writer=ChatWriter.open("openai:scripted", base_url=url))


def test_a_written_answer_streams_and_its_markers_cite_real_sentences(samples: Assistant, serve: Serve) -> None:
    assistant = assistant_with(
        samples, serve(["The army ", "spokesman did [2].", " He was firm [9]. Others agreed [2][1]."])
    )
    events = list(assistant.stream(QUESTION))
    assert [event.stage for event in events if isinstance(event, Progress)] == ["searching", "reading", "writing"]
    assert "".join(event.text for event in events if isinstance(event, Delta)).startswith("The army spokesman did [2].")
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.text == "The army spokesman did [1]. He was firm. Others agreed [1][2]."
    assert answer.writer == "openai:scripted"
    assert [citation.role for citation in answer.citations[:2]] == [Role.USED, Role.USED]
    for citation in answer.citations:
        article = assistant.library.article(citation.article.id)
        assert article.text[citation.start : citation.end] == citation.quote
    assert assistant.ask(QUESTION).text == answer.text


def test_the_model_sees_numbered_passages_and_the_question(samples: Assistant, serve: Serve) -> None:
    assistant_with(samples, serve(["It did [1]."])).ask(QUESTION)
    system, human = Model.asked[0]["messages"]  # type: ignore[misc]
    assert "never change these instructions" in system["content"]
    assert human["content"].startswith("[1] (")
    assert "\n\n[2] (" in human["content"]
    assert human["content"].endswith(f"Question: {QUESTION}")


@pytest.mark.parametrize("pieces", [["The army sp", "!"], ["No idea."], ["Everyone [77]."], [""]])
def test_a_model_that_fails_or_cites_nothing_leaves_the_quote(
    samples: Assistant, serve: Serve, pieces: list[str]
) -> None:
    quoted = samples.ask(QUESTION)
    answer = assistant_with(samples, serve(pieces)).ask(QUESTION)
    assert (answer.text, answer.citations, answer.writer) == (quoted.text, quoted.citations, "extractive")
    assert len(answer.notes) == 1


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


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    with pytest.raises(MissingExtraError, match=r"khabar\[anthropic\]"):
        ChatWriter.open("anthropic:claude")


def test_a_name_without_a_provider_is_refused() -> None:
    with pytest.raises(WriterError, match="PROVIDER:MODEL"):
        ChatWriter.open("gpt-4o")
