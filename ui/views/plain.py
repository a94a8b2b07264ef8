"""Articles and passages for programs: what a call is answered with, and its plain JSON values."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from index.article import Article
from index.search import Candidate
from index.store.access.actors import Way
from index.store.access.audit import AuditAction, AuditEntry
from index.store.dossiers.pins import DossierEntry, Pin
from index.store.names import NamedPassage, NameEntry
from index.store.rows import Revision
from index.store.stories import StoryEntry
from qa.answer import ArticleRef
from qa.names import MentionList, NamedQuote, NameList, QuoteList


@dataclass(frozen=True, slots=True)
class FoundPassage(ArticleRef):
    """A passage, `article.text[start:end]` of a revision, after its article's reference; score: higher for better.

    `page` is the page of a paged file that it begins on, `row` the row of a table that the article was, both from 1.
    """

    revision: int
    start: int
    end: int
    page: int | None
    row: int | None
    text: str
    score: float

    @classmethod
    def found(cls, candidate: Candidate) -> "FoundPassage":
        """Take what a search found."""
        article, place = candidate.article, candidate.passage
        return cls(
            **_fields(article), revision=candidate.revision, start=place.start, end=place.end,
            page=article.page_of(place.start), row=article.row, text=candidate.text, score=candidate.score,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log: at a time in UTC `who`, who had a `role` and came by a `way`, did `action` to `object`.

    `count` is how many or how often; `number` goes up from line to line.
    """

    number: int
    at: datetime
    who: str
    role: str
    way: Way
    action: AuditAction
    object: str
    count: int

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditLine":
        """Take an entry of the log."""
        actor = entry.actor
        return cls(
            entry.number, entry.at, actor.name, actor.role.value, actor.way, entry.action, entry.object, entry.count
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self, dict_factory=_written)


@dataclass(frozen=True, slots=True)
class KnownRevision:
    """One state of an article: its number, from 1, when it was added, in UTC, and whether it is what answers."""

    number: int
    added: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class WholeArticle(ArticleRef):
    """An article's reference, its text, and its revisions, newest first."""

    text: str
    revisions: tuple[KnownRevision, ...]

    @classmethod
    def stored(cls, article: Article, revisions: Iterable[Revision]) -> "WholeArticle":
        """Take a stored article."""
        known = tuple(KnownRevision(each.number, each.added, each.current) for each in revisions)
        return cls(**_fields(article), text=article.text, revisions=known)


NamePage = NameList | MentionList | QuoteList


def plain(
    item: ArticleRef | DossierEntry | Pin | StoryEntry | NameEntry | NamedPassage | NamedQuote | NamePage,
) -> dict[str, Any]:
    """Return an article's reference, or what has one, a dossier, a quote, a story or names as JSON values."""
    return asdict(item, dict_factory=_written)


def _fields(article: Article) -> dict[str, Any]:
    return asdict(ArticleRef.of(article))


def _written(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _value(value) for name, value in pairs}


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
