"""The answer and its evidence: the one schema of the browser, Python, JSON and the terminal."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from index.analysis.days import days_in
from index.article import Article, Filters
from index.store.rows import Extent
from index.text.normalisation import Span
from index.text.scripts import ARABIC, LATIN

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from index.search import Candidate


class Role(StrEnum):
    """What a citation is to its answer."""

    USED = "used"
    SUPPORTING = "supporting"
    ALSO_FOUND = "also_found"


class State(StrEnum):
    """What became of a question: answered; perhaps (the quote is the closest that the articles come); not found."""

    ANSWERED = "answered"
    PERHAPS = "perhaps"
    NOT_FOUND = "not_found"


class Reason(StrEnum):
    """Why an answer abstains."""

    EMPTY_LIBRARY = "empty_library"
    NOTHING_CLOSE = "nothing_close"
    FILTERED_OUT = "filtered_out"


class SupportVerdict(StrEnum):
    """What checking a written sentence against the passages it cites came to."""

    VERIFIED = "verified"
    UNSUPPORTED = "unsupported"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """The cited article without its text; `kicker` and `embargo` as `Article` has them."""

    id: str
    title: str
    source: str | None
    published: date | None
    language: str
    url: str | None
    byline: str | None
    category: str | None
    # By name, for what has a reference has more fields after it.
    kicker: str | None = field(default=None, kw_only=True)
    embargo: str | None = field(default=None, kw_only=True)

    @classmethod
    def of(cls, article: Article) -> "ArticleRef":
        """Take the reference of a stored article."""
        return cls(
            id=article.id,
            title=article.title,
            source=article.source,
            published=article.published,
            language=article.language,
            url=article.url,
            byline=article.byline,
            category=article.category,
            kicker=article.kicker,
            embargo=article.embargo,
        )


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said a quoted sentence, in the article's own words.

    `name` is `article.text[start:end]`; `role` is the description the article gives with it;
    `kind` is one of said, confirmed, denied, warned, … .
    """

    name: str
    start: int
    end: int
    role: str | None = None
    verb: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvedDay:
    """A day that a quote names by "Tuesday" or "yesterday", `article.text[start:end]`, and its date."""

    start: int
    end: int
    date: date


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote: `article.text[start:end] == quote` holds for revision `revision` of the article.

    `number` is the n of its [n] marker, from 1; `score` is higher for better, comparable within one
    answer only; `passage_start` and `passage_end` bound the passage the quote was read from; `also_in` are the
    other articles that tell the same story, word for word or nearly, from other paths or outlets. `days` are what it
    names by a weekday or "yesterday", by the day of its article. `page` is the page of a paged file that the quote
    begins on, `row` the row of a table that the article was, both from 1. `own_language` is the quote's where its block
    is in another one than the article.
    """

    number: int
    role: Role
    article: ArticleRef
    revision: int
    quote: str
    start: int
    end: int
    passage_start: int
    passage_end: int
    score: float
    speaker: Speaker | None = None
    also_in: tuple[ArticleRef, ...] = ()
    days: tuple[ResolvedDay, ...] = ()
    page: int | None = None
    row: int | None = None
    own_language: str | None = None

    @classmethod
    def of(
        cls, candidate: "Candidate", quote: Span, *, number: int, role: Role, score: float = 0.0,
        speaker: Speaker | None = None, also_in: Iterable[Article] = (),
    ) -> "Citation":  # fmt: skip
        """Cite a stretch of an article, `quote`, that begins in the passage of a candidate."""
        article = candidate.article
        language = article.language_of(quote.start)
        days = days_in(article.text, quote, article.published, language)
        return cls(
            number=number,
            role=role,
            article=ArticleRef.of(article),
            revision=candidate.revision,
            quote=quote.slice(article.text),
            start=quote.start,
            end=quote.end,
            passage_start=candidate.passage.start,
            passage_end=candidate.passage.end,
            score=score,
            speaker=speaker,
            also_in=tuple(ArticleRef.of(other) for other in also_in),
            days=tuple(ResolvedDay(day.start, day.end, day.date) for day in days),
            page=article.page_of(quote.start),
            row=article.row,
            own_language=language if language != article.language else None,
        )

    @property
    def language(self) -> str:
        """The language of the quote."""
        return self.own_language or self.article.language

    def day_words(self) -> "tuple[tuple[str, date], ...]":
        """Return each word of the quote that names a day, and its date."""
        return tuple((self.quote[day.start - self.start : day.end - self.start], day.date) for day in self.days)


class SegmentKind(StrEnum):
    """What a stretch of an answer's text is.

    A frame is a quote's own marks and [n] marker, a question stands above the part of a text that answers it.
    """

    TEXT = "text"
    SPEAKER = "speaker"
    NAME = "name"
    QUOTE = "quote"
    FRAME = "frame"
    MARKER = "marker"
    QUESTION = "question"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of an answer's text; `number` is the citation of a quote or a marker.

    A name, be it a speaker's, an outlet's or a title, is in the article's script and may run the other way.
    """

    kind: SegmentKind
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The few words that answer: `article.text[start:end]` of the article of citation `number`."""

    text: str
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """What became of one of several questions in a message, as `Answer` has it.

    `question` is as it was asked, `standalone` as it was searched for where it hangs on the other one; `citations` are
    the numbers of those that carry the part.
    """

    question: str
    state: State
    confidence: float
    citations: tuple[int, ...]
    reason: Reason | None = None
    standalone: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """One sentence that a chat model wrote: `text` with its [n] markers, and what became of checking it.

    `citations` are the numbers of the citations it rests on; `reason` says plainly, in the answer's language, why
    it is not verified. A sentence that was left out of the answer's text is kept here.
    """

    text: str
    citations: tuple[int, ...]
    verdict: SupportVerdict
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a chat model read and wrote for an answer, in cl100k tokens."""

    read: int
    written: int


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one stage of an answer took, in milliseconds."""

    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or an abstention with its reason and the closest articles.

    `text` is plain text with [n] markers, its own words in `language`: that of the question where Khabar speaks it;
    `confidence` is the probability, 0 to 1, that the first quote answers, and `score` the same under its older name;
    `state` is what that comes to, and `abstained` is true where it is not found; `generation` is the state of the
    library it was answered from; `writer` is "extractive" or the name of the chat model; `notes` are
    plain sentences about what went otherwise than configured. `standalone` is the question as it was searched
    for, where it was made to stand alone from earlier turns; `sentences` and `tokens` are there when a chat
    model wrote the answer. `others` are the short answers of the other quotes where the articles differ. `searched` is
    what the articles that were searched are, taken together, where nothing was found. `parts` are the questions of a
    message that asked several, each with what became of it; `state` and `confidence` are then those of the first one
    that is answered, and `others` hold the short answers of all further ones.
    """

    question: str
    language: str
    text: str
    abstained: bool
    reason: Reason | None
    citations: tuple[Citation, ...]
    short: ShortAnswer | None
    score: float
    generation: int
    filters: Filters
    writer: str = "extractive"
    notes: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()
    standalone: str | None = None
    sentences: tuple[WrittenSentence, ...] = ()
    tokens: Tokens | None = None
    others: tuple[ShortAnswer, ...] = ()
    segments: tuple[Segment, ...] = ()
    state: State = State.ANSWERED
    confidence: float = 0.0
    searched: Extent | None = None
    parts: tuple[AnswerPart, ...] = ()

    @property
    def shorts(self) -> tuple[ShortAnswer, ...]:
        """The short answers that can be shown first: where the articles differ, one of each or none."""
        found = (self.short, *self.others) if self.short else ()
        carrying = [part.citations for part in self.parts] or [tuple(citation.number for citation in self.used)]
        shown: list[ShortAnswer] = []
        for numbers in carrying:
            own = [short for short in found if short.number in numbers and short not in shown]
            shown += own if len(numbers) in (1, len(own)) else []
        return tuple(shown)

    @property
    def is_respelt(self) -> bool:
        """Tell whether it was typed in Latin letters, and searched for and answered in the Arabic that it stands for.

        A follow-up in another language may name in Arabic letters whom the turn before was about: it is no such one.
        """
        typed = LATIN.holds(self.question) and not ARABIC.holds(self.question)
        return typed and self.language == "ar" and self.standalone is not None and ARABIC.holds(self.standalone)

    @property
    def verified(self) -> float | None:
        """The share, 0 to 1, of the written sentences that are verified; None where no model wrote."""
        if not self.sentences:
            return None
        return sum(sentence.verdict is SupportVerdict.VERIFIED for sentence in self.sentences) / len(self.sentences)

    @property
    def used(self) -> tuple[Citation, ...]:
        """The citations that carry the answer."""
        return tuple(citation for citation in self.citations if citation.role is Role.USED)

    def to_dict(self) -> dict[str, object]:
        """Return the answer as plain JSON values."""
        dumped: dict[str, object] = _schema().dump_python(self, mode="json")
        return dumped

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the answer as JSON text; non-ASCII letters stay readable."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: object) -> "Answer":
        """Read back what `to_dict` wrote; raises pydantic's `ValidationError` for anything else."""
        return _schema().validate_python(data)

    @classmethod
    def from_json(cls, text: str) -> "Answer":
        """Read back what `to_json` wrote; raises pydantic's `ValidationError` for anything else."""
        return _schema().validate_json(text)


@dataclass(frozen=True, slots=True)
class Progress:
    """A step has begun: `stage` is "searching", "reading" or "writing"."""

    stage: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A further piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Extractive:
    """The extractive answer, before a chat model writes: it stands until the last event, and if the model fails."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that a chat model has finished, and its verdict."""

    sentence: WrittenSentence


Event = Progress | Extractive | Delta | Checked | Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation and what was answered, None where there was no answer."""

    question: str
    answer: Answer | None = None


@cache
def _schema() -> "TypeAdapter[Answer]":
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
