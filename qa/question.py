"""A question on its way through the chain."""

import time
from dataclasses import dataclass, field, replace

from index import Filters
from index.search import checked_query
from index.text import question_language
from qa.answer import Timing
from qa.reader import Reading
from qa.retriever import Ranked


@dataclass(frozen=True, slots=True)
class Question:
    """A question on its way through the chain, with what each stage has made of it so far.

    `text` stands alone; `asked` is what was asked where that hangs on earlier turns, else None.
    """

    text: str
    language: str
    filters: Filters
    asked: str | None = None
    generation: int = 0
    passages: tuple[Ranked, ...] = ()
    reading: Reading = field(default_factory=lambda: Reading((), 0.0))
    timings: tuple[Timing, ...] = ()

    @classmethod
    def of(cls, text: str, filters: Filters, standalone: str | None = None) -> "Question":
        """Take a question as it was asked and, where it hangs on earlier turns, made to stand alone.

        Raises `QueryError` when it is blank or too long.
        """
        trimmed = checked_query(text)
        if standalone is None:
            return cls(trimmed, question_language(trimmed), filters)
        return cls(checked_query(standalone), question_language(trimmed), filters, asked=trimmed)

    def timed(self, stage: str, started: float) -> "Question":
        """Add how long a stage took."""
        spent = Timing(stage, round((time.perf_counter() - started) * 1000, 2))
        return replace(self, timings=(*self.timings, spent))
