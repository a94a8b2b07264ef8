"""What became of a question, stage by stage, through LangChain's callbacks: for logs, metrics, `khabar ask --trace`."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler

from qa.answer import Answer, Timing
from qa.evidence import Evidence
from qa.question import Question
from qa.retrieval.retriever import Ranked

# The stages that are told of by name; LangChain reports the chain around them as well.
STAGES = frozenset({"understand", "retrieve", "rerank", "read", "recheck", "decide", "write", "verify"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One question's path: the passages found, best first, the sentences read in them, and the answer that came of it.

    `at` is when it was decided; `threshold` is the confidence from which a question is answered; `timings` are the
    stages' milliseconds, the decision's included. What a chat model wrote afterwards is not in it.
    """

    id: str
    at: datetime
    passages: tuple[Ranked, ...]
    evidence: tuple[Evidence, ...]
    threshold: float
    answer: Answer
    timings: tuple[Timing, ...]


Observer = Callable[[Trace], None]
FailureObserver = Callable[[str, BaseException], None]


class TraceHandler(BaseCallbackHandler):
    """A LangChain callback handler that tells of every question when it is decided, and of every stage that fails."""

    # An observer that fails is a fault to be seen, not a warning in a log.
    raise_error = True

    def __init__(self, observe: Observer | None = None, failed: FailureObserver | None = None) -> None:
        self._observe = observe
        self._failed = failed
        self._names: dict[uuid.UUID, str] = {}
        self._lock = threading.Lock()

    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: uuid.UUID, **kwargs: Any) -> None:
        """Note which stage a run is."""
        name = kwargs.get("name")
        if name in STAGES:
            with self._lock:
                self._names[run_id] = name

    def on_chain_end(self, outputs: Any, *, run_id: uuid.UUID, **kwargs: Any) -> None:
        """Tell of the question when it is decided."""
        with self._lock:
            name = self._names.pop(run_id, None)
        if name == "decide" and self._observe is not None and isinstance(outputs, Question):
            self._observe(trace_of(outputs))

    def on_chain_error(self, error: BaseException, *, run_id: uuid.UUID, **kwargs: Any) -> None:
        """Tell of the stage that failed."""
        with self._lock:
            name = self._names.pop(run_id, None)
        if name is not None and self._failed is not None:
            self._failed(name, error)


def trace_of(question: Question) -> Trace:
    """Return the path of a question that is decided."""
    assert question.answer is not None
    return Trace(
        uuid.uuid4().hex[:12],
        datetime.now(UTC),
        question.passages,
        question.reading.evidence,
        question.threshold,
        replace(question.answer, timings=question.timings),
        question.timings,
    )
