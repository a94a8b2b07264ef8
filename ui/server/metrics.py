"""Questions and the library as Prometheus collects them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from index.errors import KhabarError
from index.store.access.actors import Actor, Way, acting
from qa.errors import AbandonedError
from qa.tracing import Trace

if TYPE_CHECKING:
    from index import Library

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


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
        self._questions.labels(trace.answer.reason.value if trace.answer.reason else trace.answer.state.value).inc()
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
            with acting(Actor(Way.SERVER)):
                stats, is_open = self._library.stats(), not self._library.collections.is_used
        except KhabarError:
            # The library's health is told by /healthz; the other metrics must come all the same.
            yield GaugeMetricFamily("khabar_library_up", "Whether the library can be read.", 0)
            return
        yield GaugeMetricFamily("khabar_library_up", "Whether the library can be read.", 1)
        yield GaugeMetricFamily("khabar_library_generation", "Commits so far.", stats.generation)
        if is_open:
            # Whoever reaches the server may read this, and what is in a collection is not for them to count.
            yield GaugeMetricFamily("khabar_library_articles", "Articles in the library.", stats.articles)
            yield GaugeMetricFamily("khabar_library_passages", "Passages in the library.", stats.passages)
