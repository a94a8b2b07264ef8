"""How many tokens a chat model may use, a question and a day; what is used is counted in the library's catalog."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from index.errors import LibraryError
from qa.errors import WriterBudgetError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a chat model may take: cl100k tokens read and written, and time.

    `question` is the tokens of one question, prompt and answer together, `answer` the part of them that is kept
    for the answer; `day` the tokens of one day (None: any); `seconds` how long one answer may take, and `silence` how
    many of them may pass without a word once it has begun. Raises `ValueError` for limits that leave a prompt nothing.
    """

    question: int = 6000
    answer: int = 600
    day: int | None = None
    seconds: float = 120.0
    silence: float = 20.0

    def __post_init__(self) -> None:
        if (
            self.answer < 1
            or self.question <= self.answer
            or min(self.seconds, self.silence) <= 0
            or (self.day is not None and self.day < 1)
        ):
            raise ValueError("A chat model needs more tokens a question than are kept for the answer, and some time.")


class CountedTokens(Protocol):
    """Counts the tokens of each day for everybody who shares it; raises `LibraryError` where it cannot."""

    def of(self, day: date) -> int:
        """Return how many tokens were used on a day."""
        ...

    def add(self, day: date, used: int) -> None:
        """Count tokens as used on a day."""
        ...


class TokenBudget:
    """Counts a day's tokens, where `counted` does for everybody, and in memory where it cannot be written."""

    def __init__(
        self, per_day: int | None, counted: CountedTokens | None = None, today: Callable[[], date] = date.today
    ) -> None:
        self._per_day = per_day
        self._counted = counted
        self._today = today
        self._own: tuple[date, int] = (date.min, 0)
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """The tokens used today, by everybody who counts together, and here where it could not be told them."""
        today = self._today()
        day, own = self._own
        return (self._counted.of(today) if self._counted else 0) + (own if day == today else 0)

    def check(self, tokens: int) -> None:
        """Raise `WriterBudgetError` when so many more would be over the day's budget."""
        if self._per_day is not None and (used := self.used) + tokens > self._per_day:
            raise WriterBudgetError(f"{used} of today's {self._per_day} tokens are used; {tokens} more are too many")

    def add(self, tokens: int) -> None:
        """Count tokens as used."""
        today = self._today()
        if self._counted is not None:
            # A library on a read-only disk answers all the same; its tokens are counted in this process alone.
            with suppress(LibraryError):
                self._counted.add(today, tokens)
                return
        with self._lock:
            day, own = self._own
            self._own = (today, tokens + (own if day == today else 0))
