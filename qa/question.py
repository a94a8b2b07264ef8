"""A question on its way through the chain."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from index import AbandonedError, Filters
from index.search import checked_query
from index.text import question_language
from qa.answer import Timing
from qa.reader import Reading
from qa.retriever import Ranked


def always() -> bool:
    """Tell that an answer is still wanted: what holds of a question whose asker cannot leave."""
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """A question on its way through the chain, with what each stage has made of it so far.

    `text` stands alone; `asked` is what was asked where that hangs on earlier turns, else None. `is_wanted` tells
    whether anybody still waits for the answer; each stage begins with `check_wanted`.
    """

    text: str
    language: str
    filters: Filters
    asked: str | None = None
    generation: int = 0
    passages: tuple[Ranked, ...] = ()
    reading: Reading = field(default_factory=lambda: Reading((), 0.0))
    timings: tuple[Timing, ...] = ()
    is_wanted: Callable[[], bool] = field(default=always, compare=False, repr=False)

    @classmethod
    def of(
        cls, text: str, filters: Filters, standalone: str | None = None, is_wanted: Callable[[], bool] = always
    ) -> "Question":
        """Take a question as it was asked and, where it hangs on earlier turns, made to stand alone.

        Raises `QueryError` when it is blank or too long.
        """
        trimmed = checked_query(text)
        if standalone is None:
            return cls(trimmed, question_language(trimmed), filters, is_wanted=is_wanted)
        return cls(checked_query(standalone), question_language(trimmed), filters, asked=trimmed, is_wanted=is_wanted)

    def check_wanted(self) -> None:
        """Raise `AbandonedError` when nobody waits for the answer any longer."""
        if not self.is_wanted():
            raise AbandonedError("Whoever asked has left before the answer. Ask again.")

    def timed(self, stage: str, started: float) -> "Question":
        """Add how long a stage took."""
        spent = Timing(stage, round((time.perf_counter() - started) * 1000, 2))
        return replace(self, timings=(*self.timings, spent))
