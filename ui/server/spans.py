"""Questions as OpenTelemetry traces."""

import time
from typing import Any

from qa.errors import MissingExtraError
from qa.tracing import Observer, Trace


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
                "khabar.decision": answer.reason.value if answer.reason else answer.state.value,
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
