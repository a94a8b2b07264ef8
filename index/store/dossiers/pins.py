"""What a dossier holds: quotes pinned to one revision of an article, with what is needed to cite it for ever."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from index.article import Article
from index.store.rows import Revision, Standing, to_date

# The columns of a pin, in the order `Pin.row` gives and `Pin.of` takes.
PIN_COLUMNS = "id, dossier, place, article, hash, start, stop, quote, note, pinned, cited"
# Letters that an id is shown by.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class PinnedArticle:
    """The article of a quote as it was when the quote was pinned: it can be cited when it is here no more.

    `text_hash` is the SHA-256 (hex) of its text in UTF-8; `retrieved` is when this revision came into the library, in
    UTC.
    """

    id: str
    revision: int
    title: str
    source: str | None
    byline: str | None
    category: str | None
    published: date | None
    language: str
    url: str | None
    text_hash: str
    retrieved: datetime

    @classmethod
    def of(cls, article: Article, revision: Revision) -> "PinnedArticle":
        """Take one revision of a stored article."""
        return cls(
            article.id, revision.number, article.title, article.source, article.byline, article.category,
            article.published, article.language, article.url, hashlib.sha256(article.text.encode()).hexdigest(),
            revision.added,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pin:
    """A quote: `text[start:end]` of a revision of an article, with a note on it; `pinned` is a time in UTC.

    `standing` tells whether that revision still is what the article says, `stands` whether the quote stands in the
    article as it is now, word for word.
    """

    id: str
    article: PinnedArticle
    start: int
    end: int
    quote: str
    note: str
    pinned: datetime
    standing: Standing = Standing.CURRENT
    stands: bool = True

    @property
    def name(self) -> str:
        """The beginning of its id, by which it is shown and named."""
        return self.id[:SHOWN]

    def row(self, dossier: str, place: int, content_hash: str) -> tuple[object, ...]:
        """Give the columns of a new pin."""
        cited = json.dumps(asdict(self.article), default=lambda day: day.isoformat())
        return (
            self.id, dossier, place, self.article.id, content_hash, self.start, self.end, self.quote, self.note,
            self.pinned.isoformat(), cited,
        )  # fmt: skip

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Pin":
        """Read a pin back, as if nothing had become of its article."""
        id, _, _, _, _, start, stop, quote, note, pinned, cited = row
        fields = json.loads(cited)
        days = {"published": to_date(fields["published"]), "retrieved": datetime.fromisoformat(fields["retrieved"])}
        article = PinnedArticle(**{**fields, **days})
        return cls(id, article, start, stop, quote, note, datetime.fromisoformat(pinned))

    def now(self, hash: str, current: str | None, text: str) -> "Pin":
        """Say what has become of it: its article's content had a `hash`, now has the `current` one and this text.

        `current` is None for an article that is here no more.
        """
        if current is None:
            return replace(self, standing=Standing.WITHDRAWN, stands=False)
        if current == hash:
            return self
        return replace(self, standing=Standing.CHANGED, stands=self.quote in text)


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A dossier in a list of them: whose it is ("" for nobody's), how many quotes it has, its times in UTC."""

    id: str
    name: str
    owner: str
    made: datetime
    changed: datetime
    quotes: int


@dataclass(frozen=True, slots=True)
class Dossier(DossierEntry):
    """A dossier with its quotes, in their order."""

    pins: tuple[Pin, ...]
