"""A conversation as a browser keeps it, and an answer as a link opens it: what is sent, and what may come back."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from index.errors import QueryError
from index.store.feedback import ReaderVerdict
from qa.answer import Answer
from qa.generation.translation import Translation

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MARKDOWN, JSON = "md", "json"


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """One question as a browser keeps it; `answer` is None where it was stopped or failed.

    `translations` are those of the answer's quotes that a reader asked for; `seal` shows that a server of the library
    handed all this out.
    """

    id: str
    question: str
    answer: Answer | None = None
    verdict: ReaderVerdict | None = None
    translations: tuple[Translation, ...] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True)
class SavedChat:
    """One conversation as a browser keeps it; `at` is when it was last added to, in milliseconds since 1970."""

    id: str
    title: str
    turns: tuple[SavedTurn, ...]
    at: float = 0

    @classmethod
    def of(cls, data: object) -> "SavedChat":
        """Read what a browser sent; raises `QueryError` for anything else."""
        from pydantic import ValidationError

        try:
            return schema().validate_python(data)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise QueryError(f"This is no conversation that Khabar kept ({place}: {first['msg']}).") from error

    @property
    def day(self) -> date | None:
        """The day it was last added to, where that is one at all."""
        try:
            return date.fromtimestamp(self.at / 1000) if self.at > 0 else None
        except (OverflowError, OSError, ValueError):
            # A browser may have kept any number.
            return None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page was opened by a link to: an answer that was shared at a time, or nothing (None)."""

    at: datetime | None


@cache
def schema() -> "TypeAdapter[SavedChat]":
    """Return what reads and writes conversations."""
    from pydantic import TypeAdapter

    return TypeAdapter(SavedChat)
