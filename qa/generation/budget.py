"""How many tokens a chat model may use, a question and a day; what is used is kept beside the library."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.errors import WriterBudgetError

_FILE = "tokens-used.json"
_LOCK_SECONDS = 2.0


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


class TokenBudget:
    """Counts a day's tokens, in a file of `folder` where there is one that can be written, else in memory."""

    def __init__(self, per_day: int | None, folder: Path | None = None, today: Callable[[], date] = date.today) -> None:
        self._per_day = per_day
        self._path = folder / _FILE if folder else None
        self._today = today
        self._used: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """The tokens used today, by every process that shares the folder."""
        day = self._today().isoformat()
        return max(self._read().get(day, 0), self._used.get(day, 0))

    def check(self, tokens: int) -> None:
        """Raise `WriterBudgetError` when so many more would be over the day's budget."""
        if self._per_day is not None and self.used + tokens > self._per_day:
            raise WriterBudgetError(
                f"{self.used} of today's {self._per_day} tokens are used; {tokens} more are too many"
            )

    def add(self, tokens: int) -> None:
        """Count tokens as used."""
        day = self._today().isoformat()
        with self._lock:
            if self._path is None:
                self._used = {day: self._used.get(day, 0) + tokens}
                return
            from filelock import FileLock

            # A library on a read-only disk answers all the same; its tokens are counted in this process alone.
            with suppress(OSError), FileLock(f"{self._path}.lock", timeout=_LOCK_SECONDS):
                total = self._read().get(day, 0) + tokens
                made = self._path.with_suffix(".part")
                made.write_text(json.dumps({day: total}), encoding="utf-8")
                made.replace(self._path)
                return
            self._used = {day: self._used.get(day, 0) + tokens}

    def _read(self) -> dict[str, int]:
        if self._path is None:
            return {}
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(day): int(tokens) for day, tokens in data.items()} if isinstance(data, dict) else {}
