"""Where traces go: a line of JSON in the log, Prometheus metrics, OpenTelemetry spans, a page of text for people."""

import json
import logging
import sys
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from index.errors import AbandonedError, KhabarError, MissingExtraError
from qa.answer import Role
from qa.tracing import Observer, Trace

if TYPE_CHECKING:
    from index import Library

_log = logging.getLogger("khabar.questions")
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SHOWN = 10


def all_of(*observers: Observer | None) -> Observer:
    """Join several observers; None is nobody."""

    def observe(trace: Trace) -> None:
        for observer in observers:
            if observer is not None:
                observer(trace)

    return observe


def log_line(trace: Trace) -> str:
    """Write a trace as one line of JSON. What was asked is not in it: questions are the askers' own."""
    answer = trace.answer
    return json.dumps(
        {
            "event": "question",
            "id": trace.id,
            "at": trace.at.isoformat(timespec="milliseconds"),
            "decision": answer.reason.value if answer.reason else "answered",
            "confidence": answer.score,
            "threshold": trace.threshold,
            "generation": answer.generation,
            "language": answer.language,
            "candidates": len(trace.passages),
            "sentences": len(trace.evidence),
            "cited": [f"{c.article.id}@{c.revision}" for c in answer.citations],
            "milliseconds": {timing.stage: timing.milliseconds for timing in trace.timings},
        },
        ensure_ascii=False,
    )


def log_questions() -> Observer:
    """Begin to log questions to standard error, a line each, and return the observer that does it."""
    if not _log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False
    return lambda trace: _log.info("%s", log_line(trace))


class Metrics:
    """Counts and times of questions, and the state of the library, as Prometheus collects them."""

    def __init__(self, library: "Library | None" = None) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector

        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._questions = Counter(
            "khabar_questions", "Questions by what was decided.", ["decision"], registry=self.registry
        )
        self._failures = Counter(
            "khabar_failures", "Questions that failed, by stage and kind of error.", ["stage", "error"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "khabar_stage_seconds", "How long each stage of a question took.", ["stage"], buckets=_BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        if library is not None:
            self.watch(library)

    def watch(self, library: "Library") -> None:
        """Report a library's state too: what it is when it is asked for."""
        self.registry.register(_LibraryCollector(library))

    def observe(self, trace: Trace) -> None:
        """Count a question."""
        self._questions.labels(trace.answer.reason.value if trace.answer.reason else "answered").inc()
        for timing in trace.timings:
            self._seconds.labels(timing.stage).observe(timing.milliseconds / 1000)

    def failed(self, stage: str, error: BaseException) -> None:
        """Count a failure; that somebody left before the answer is none."""
        if isinstance(error, AbandonedError):
            self._questions.labels("abandoned").inc()
            return
        self._failures.labels(stage, type(error).__name__).inc()

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry)


class _LibraryCollector:
    def __init__(self, library: "Library") -> None:
        self._library = library

    def collect(self) -> Iterable[Any]:
        from prometheus_client.core import GaugeMetricFamily

        try:
            stats = self._library.stats()
        except KhabarError:
            # The library's health is told by /healthz; the other metrics must come all the same.
            yield GaugeMetricFamily("khabar_library_up", "Whether the library can be read.", 0)
            return
        yield GaugeMetricFamily("khabar_library_up", "Whether the library can be read.", 1)
        yield GaugeMetricFamily("khabar_library_generation", "Commits so far.", stats.generation)
        yield GaugeMetricFamily("khabar_library_articles", "Articles in the library.", stats.articles)
        yield GaugeMetricFamily("khabar_library_passages", "Passages in the library.", stats.passages)


def spans_to(endpoint: str) -> Observer:
    """Send each question as an OpenTelemetry trace to an OTLP collector (gRPC), such as http://localhost:4317.

    Raises `MissingExtraError` where OpenTelemetry's packages are not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        # An extra: told by name instead of by a traceback.
        raise MissingExtraError(
            "Traces are sent with OpenTelemetry, which is not installed: pip install 'khabar[otel]'."
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": "khabar"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=True)))
    return SpanObserver(provider)


class SpanObserver:
    """Makes an OpenTelemetry span of each question, with one for each of its stages."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("khabar")

    def flush(self) -> None:
        """Send what is not sent yet."""
        self._provider.force_flush()

    def __call__(self, trace: Trace) -> None:
        """Give out the spans of a question; its stages followed one another and ended now."""
        from opentelemetry.trace import set_span_in_context

        answer = trace.answer
        end = time.time_ns()
        start = end - sum(int(timing.milliseconds * 1e6) for timing in trace.timings)
        whole = self._tracer.start_span("question", start_time=start)
        whole.set_attributes(
            {
                "khabar.id": trace.id,
                "khabar.decision": answer.reason.value if answer.reason else "answered",
                "khabar.confidence": answer.score,
                "khabar.generation": answer.generation,
                "khabar.candidates": len(trace.passages),
            }
        )
        for timing in trace.timings:
            stage = self._tracer.start_span(timing.stage, context=set_span_in_context(whole), start_time=start)
            start += int(timing.milliseconds * 1e6)
            stage.end(end_time=start)
        whole.end(end_time=end)


class Kept:
    """Keeps the last trace, for a command that shows it."""

    def __init__(self) -> None:
        self.trace: Trace | None = None
        # An assistant tells from whichever thread answered.
        self._lock = threading.Lock()

    def __call__(self, trace: Trace) -> None:
        """Keep a trace in place of the one before."""
        with self._lock:
            self.trace = trace


def trace_text(trace: Trace) -> str:
    """Lay out a question's whole path for people: passages, sentences, decision, times."""
    from ui.render import visible

    answer = trace.answer
    times = ", ".join(f"{timing.stage} {timing.milliseconds:.0f} ms" for timing in trace.timings)
    cited = {(c.article.id, c.start): c for c in answer.citations if c.role is Role.USED}
    lines = [
        f"question {trace.id}: language {answer.language}, generation {answer.generation}; {times}",
        f"found {len(trace.passages)} passages (score by late interaction; cosine; article, characters):",
    ]
    for number, item in enumerate(trace.passages, 1):
        passage, cosine = item.candidate.passage, item.candidate.similarity
        shown = f"{cosine:.3f}" if cosine is not None else "words"
        also = f", also in {len(item.also_in)}" if item.also_in else ""
        lines.append(f"  {number:2} {item.score:6.3f} {shown} {passage.article_id} {passage.start}-{passage.end}{also}")
    lines.append(f"read {len(trace.evidence)} sentences; the best {_SHOWN}, * quoted (score; article, characters):")
    for evidence in trace.evidence[:_SHOWN]:
        id_, span = evidence.ranked.candidate.article.id, evidence.sentence
        mark = "*" if (id_, span.start) in cited else " "
        lines.append(f"  {mark} {evidence.score:7.3f} {id_} {span.start}-{span.end} {evidence.quote[:70]}")
    decision = f"does not answer: {answer.reason.value}" if answer.reason else "answers"
    lines.append(f"confidence {answer.score:.3f}, threshold {trace.threshold:.3f}: {decision}")
    return "\n".join(visible(line.replace("\n", " ")) for line in lines)
