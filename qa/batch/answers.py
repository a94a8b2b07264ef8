"""What a row of a table says of an answer: the quote, who said it, where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from index.languages.messages import messages_for
from qa.answer import Answer, Reason, State
from qa.answering.phrasing import line, text_of
from qa.batch.questions import BatchQuestion

Value = str | int | float | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """An answer without its structure: `article.text[start:end] == quote` of revision `revision`.

    `state` is not found also where the question was none of the articles' (a greeting, a request to translate), and the
    reply is a note then. All from `quote` to `revision` is None where nothing is quoted as an answer. `other_quotes`
    are the further ones that answer, with their speakers and outlets: where the articles differ, and in an overview.
    `written` is what a chat model wrote; `notes` are as in `Answer`.
    """

    state: State
    confidence: float
    generation: int
    quote: str | None = None
    speaker: str | None = None
    speaker_role: str | None = None
    short: str | None = None
    article: str | None = None
    title: str | None = None
    outlet: str | None = None
    day: date | None = None
    url: str | None = None
    start: int | None = None
    end: int | None = None
    revision: int | None = None
    other_quotes: tuple[str, ...] = ()
    written: str | None = None
    reason: Reason | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> "BatchAnswer":
        """Take of an answer what a row says."""
        used = answer.used if answer.state is not State.NOT_FOUND else ()
        if not used:
            said = () if answer.abstained else (answer.text,)
            return cls(
                State.NOT_FOUND,
                answer.confidence,
                answer.generation,
                reason=answer.reason,
                notes=(*said, *answer.notes),
            )
        first, words = used[0], messages_for(answer.language)
        speaker, short = first.speaker, answer.short
        return cls(
            state=answer.state,
            confidence=answer.confidence,
            generation=answer.generation,
            quote=first.quote,
            speaker=speaker.name if speaker else None,
            speaker_role=speaker.role if speaker else None,
            short=short.text if short and short.number == first.number else None,
            article=first.article.id,
            title=first.article.title,
            outlet=first.article.source,
            day=first.article.published,
            url=first.article.url,
            start=first.start,
            end=first.end,
            revision=first.revision,
            other_quotes=tuple(text_of(line(words, citation)) for citation in used[1:]),
            written=answer.text if answer.writer != "extractive" else None,
            notes=answer.notes,
        )


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question and its answer, or the error why there is none, in the language of whoever reads it."""

    question: BatchQuestion
    answer: BatchAnswer | None = None
    error: str | None = None

    def values(self) -> Mapping[str, Value]:
        """Return what is told of the answer, by the names of the columns; the same names for every row."""
        answer = self.answer
        found: dict[str, Value] = {name: getattr(answer, field) if answer else None for name, field in _COLUMNS.items()}
        return {**found, "error": self.error}


# The columns after the question and what is passed through, each with the field of the answer that it holds.
_COLUMNS = {
    "state": "state",
    "confidence": "confidence",
    "quote": "quote",
    "speaker": "speaker",
    "speaker_role": "speaker_role",
    "answer": "short",
    "title": "title",
    "outlet": "outlet",
    "day": "day",
    "url": "url",
    "start": "start",
    "end": "end",
    "article": "article",
    "revision": "revision",
    "other_quotes": "other_quotes",
    "written": "written",
    "reason": "reason",
    "notes": "notes",
}
COLUMNS = (*_COLUMNS, "error")
