"""A question leaves one line in the log, counts in the metrics, spans for a collector, and its whole path on demand."""

import json
from collections.abc import Iterator
from concurrent import futures
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from fastapi import FastAPI
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from index import Encoder, Library, LibraryError
from qa import Assistant
from qa.answer import State
from qa.tracing import Trace, TraceHandler
from tests.support.small_encoder import SmallEncoder
from ui.server.health import add_health
from ui.server.logs import all_of, log_line
from ui.server.metrics import Metrics
from ui.server.spans import SpanObserver, spans_to
from ui.views.trace import trace_text

CONVOY = "How many trucks were in the first convoy?"


@pytest.fixture(scope="module")
def traces(samples: Assistant, encoder: Encoder) -> Iterator[tuple[Trace, Trace, Metrics]]:
    """What is told of a question that is answered and of one that is not, and the metrics of both."""
    told: list[Trace] = []
    metrics = Metrics()
    observe = all_of(told.append, None, metrics.observe)
    handler = TraceHandler(observe, metrics.failed)
    with Assistant.open(samples.library.path, encoder=encoder, callbacks=[handler]) as assistant:
        metrics.watch(assistant.library)
        answered = assistant.ask(CONVOY)
        abstained = assistant.ask("من فاز بكأس العالم للشطرنج؟")
        assert [trace.answer for trace in told] == [answered, abstained]
        yield told[0], told[1], metrics


def test_a_question_is_one_line_of_json_without_the_question(traces: tuple[Trace, Trace, Metrics]) -> None:
    answered, abstained, _ = traces
    line = log_line(answered)
    assert "\n" not in line
    assert "convoy?" not in line
    told = json.loads(line)
    assert told["decision"] == "answered"
    assert told["confidence"] >= told["threshold"]
    assert told["generation"] == answered.answer.generation
    assert told["candidates"] == len(answered.passages) > 0
    assert told["cited"][0] == f"{answered.answer.citations[0].article.id}@1"
    assert list(told["milliseconds"]) == ["understand", "retrieve", "rerank", "read", "recheck", "decide"]
    assert json.loads(log_line(abstained))["decision"] == "nothing_close"
    assert answered.id != abstained.id
    unsure = replace(answered, answer=replace(answered.answer, state=State.PERHAPS))
    assert json.loads(log_line(unsure))["decision"] == "perhaps"


def test_the_metrics_count_questions_stages_and_what_the_library_holds(traces: tuple[Trace, Trace, Metrics]) -> None:
    text = traces[2].text().decode()
    assert 'khabar_questions_total{decision="answered"} 1.0' in text
    assert 'khabar_questions_total{decision="nothing_close"} 1.0' in text
    assert 'khabar_stage_seconds_count{stage="read"} 2.0' in text
    assert "khabar_library_up 1.0" in text
    assert "khabar_library_generation 1.0" in text
    assert "process_open_fds" in text


def test_the_whole_path_is_laid_out_for_people(traces: tuple[Trace, Trace, Metrics]) -> None:
    answered, abstained, _ = traces
    lines = trace_text(answered).splitlines()
    assert f"found {len(answered.passages)} passages" in lines[1]
    quoted = [line for line in lines if line.startswith("  * ")]
    assert answered.answer.citations[0].quote[:40] in quoted[0]
    assert lines[-1].endswith(": answers")
    assert trace_text(abstained).endswith("does not answer: nothing_close")


def test_each_question_is_a_span_with_its_stages(traces: tuple[Trace, Trace, Metrics]) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    SpanObserver(provider)(traces[0])
    *stages, whole = kept.get_finished_spans()
    assert [span.name for span in stages] == ["understand", "retrieve", "rerank", "read", "recheck", "decide"]
    assert all(span.parent.span_id == whole.context.span_id for span in stages)
    assert whole.attributes["khabar.decision"] == "answered"
    assert whole.start_time == stages[0].start_time
    assert stages[0].end_time == stages[1].start_time


def test_a_collector_gets_the_spans(traces: tuple[Trace, Trace, Metrics]) -> None:
    names: list[str] = []

    class Collector(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request: object, context: object) -> object:
            for resource in request.resource_spans:  # type: ignore[attr-defined]
                names.extend(span.name for scope in resource.scope_spans for span in scope.spans)
            return trace_service_pb2.ExportTraceServiceResponse()

    server = grpc.server(futures.ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Collector(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        observer = spans_to(f"http://127.0.0.1:{port}")
        observer(traces[0])
        observer.flush()  # type: ignore[attr-defined]
    finally:
        server.stop(None)
    assert sorted(names) == ["decide", "question", "read", "recheck", "rerank", "retrieve", "understand"]


def test_a_stage_that_fails_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics()

    def broken(*_: object, **__: object) -> None:
        raise LibraryError("The disk is gone.")

    handler = TraceHandler(None, metrics.failed)
    with Assistant.open(tmp_path, encoder=SmallEncoder(), callbacks=[handler]) as assistant:
        monkeypatch.setattr(Library, "search", broken)
        with pytest.raises(LibraryError):
            assistant.ask("Who?")
    assert 'khabar_failures_total{error="LibraryError",stage="retrieve"} 1.0' in metrics.text().decode()


def test_health_says_whether_the_catalog_can_be_read(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        app = FastAPI()
        app.mount("/", FastAPI())
        metrics = Metrics(library)
        add_health(app, library, metrics)
        client = TestClient(app)
        assert client.get("/healthz").json() == {"status": "ok", "generation": 0, "index": None}
        assert "khabar_library_up 1.0" in client.get("/metrics").text
        (tmp_path / "catalog.sqlite3-wal").unlink(missing_ok=True)
        broken = tmp_path / "broken"
        broken.write_bytes(b"no database " * 1000)
        broken.replace(tmp_path / "catalog.sqlite3")
        reply = client.get("/healthz")
        assert reply.status_code == 503
        assert "khabar doctor --restore" in reply.json()["reason"]
        assert "khabar_library_up 0.0" in client.get("/metrics").text
