"""What became of a question, stage by stage: for logs, metrics and `khabar ask --trace`."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from index import Encoder
from qa.answer import Answer, Timing
from qa.assistant import Assistant
from qa.budget import Limits
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

    observe: Observer
    failed: FailureObserver

    @classmethod
    def observed(
        cls,
        path: str | Path,
        observe: Observer | None = None,
        failed: FailureObserver | None = None,
        *,
        encoder: Encoder | None = None,
        chroma_url: str | None = None,
        llm: str | None = None,
        llm_base_url: str | None = None,
        limits: Limits | None = None,
        strike: bool = True,
    ) -> Self:
        """Open the library in folder `path` as `Assistant.open` does; raises what that raises."""
        made = cls.open(
            path,
            encoder=encoder,
            chroma_url=chroma_url,
            llm=llm,
            llm_base_url=llm_base_url,
            limits=limits,
            strike=strike,
        )
        made.observe, made.failed = observe or (lambda _: None), failed or (lambda _, __: None)
        return made

    def find(self, question: Question) -> Question:
        """Find the passages that may answer, in one state of the library."""
        try:
            return super().find(question)
        except BaseException as error:
            self.failed("search", error)
            raise

    def read(self, question: Question) -> Question:
        """Find the sentences that answer, and how sure that is."""
        try:
            return super().read(question)
        except BaseException as error:
            self.failed("read", error)
            raise

    def conclude(self, question: Question) -> Answer:
        """Answer with the best quotes, or abstain with the reason."""
        started = time.perf_counter()
        answer = super().conclude(question)
        decided = question.timed("decide", started)
        evidence = question.reading.evidence
        self.observe(
            Trace(
                uuid.uuid4().hex[:12],
                datetime.now(UTC),
                question.passages,
                tuple(evidence),
                self._threshold,
                answer,
                decided.timings,
            )
        )
        return answer
