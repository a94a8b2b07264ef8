"""What became of a question, stage by stage: for logs, metrics and `khabar ask --trace`."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from qa.answer import Answer, Timing
from qa.assistant import Assistant
from qa.question import Question
from qa.reader import Evidence
from qa.retriever import Ranked


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


class TracedAssistant(Assistant):
    """An assistant that tells an observer of every question when it is decided, and of every stage that fails."""

    _observe: Observer = staticmethod(lambda _: None)
    _failed: FailureObserver = staticmethod(lambda _, __: None)

    def telling(self, observe: Observer | None, failed: FailureObserver | None = None) -> Self:
        """Tell `observe` of every question from now on, and `failed` of every stage that fails."""
        if observe is not None:
            self._observe = observe
        if failed is not None:
            self._failed = failed
        return self

    def find(self, question: Question) -> Question:
        """Find the passages that may answer, in one state of the library."""
        try:
            return super().find(question)
        except BaseException as error:
            self._failed("search", error)
            raise

    def read(self, question: Question) -> Question:
        """Find the sentences that answer, and how sure that is."""
        try:
            return super().read(question)
        except BaseException as error:
            self._failed("read", error)
            raise

    def conclude(self, question: Question) -> Answer:
        """Answer with the best quotes, or abstain with the reason."""
        started = time.perf_counter()
        try:
            question.check_wanted()
        except BaseException as error:
            self._failed("decide", error)
            raise
        # What fails in here was found or read once more, and has been told by those stages.
        answer = super().conclude(question)
        decided = question.timed("decide", started)
        self._observe(
            Trace(
                uuid.uuid4().hex[:12],
                datetime.now(UTC),
                question.passages,
                question.reading.evidence,
                self._threshold,
                answer,
                decided.timings,
            )
        )
        return answer
