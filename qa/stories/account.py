"""What a story comes to: its first report, figures over time, who said what, and what is disputed."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from index.store.stories import StoryEntry
from qa.answer import ArticleRef, Citation

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class StoryFigure:
    """A figure in the quote of a citation: `text` is `article.text[start:end]`, `value` what it comes to."""

    text: str
    value: float
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FigureSeries:
    """One figure as the articles gave it, earliest first: where it was told first, and each time that it had changed.

    `kind` is what it counts (`dead`, `injured`, `missing`, `displaced`, `arrested`, `rescued`) or measures (`share`,
    `money`, `weight`, `length`).
    """

    kind: str
    figures: tuple[StoryFigure, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is quoted, under the name that the articles most often give, and the citations of what they said."""

    name: str
    role: str | None
    language: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Quotes, by their citations, that answer one thing differently; `probability`, 0 to 1, is how sure that is."""

    citations: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class StoryAccount:
    """A story, told in quotes alone: each is a slice of a stored revision, and is cited by its number.

    `articles` are all that tell it, the earliest first; `first` is the citation that opens the first report.
    `generation` is the state of the library that was read.
    """

    story: StoryEntry
    generation: int
    articles: tuple[ArticleRef, ...]
    first: int
    figures: tuple[FigureSeries, ...]
    voices: tuple[Voice, ...]
    disputes: tuple[Dispute, ...]
    citations: tuple[Citation, ...]

    def citation(self, number: int) -> Citation:
        """Return a citation by its number, from 1."""
        return self.citations[number - 1]

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON values."""
        found: dict[str, object] = _adapter().dump_python(self, mode="json")
        return found

    def to_json(self) -> str:
        """Return JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


@cache
def _adapter() -> "TypeAdapter[StoryAccount]":
    from pydantic import TypeAdapter

    return TypeAdapter(StoryAccount)
