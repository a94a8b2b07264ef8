"""An answer's segments as paragraphs: its own words line by line, each quote by itself."""

from dataclasses import dataclass

from index.languages.messages import Messages
from qa.answer import Answer, Citation, Segment, SegmentKind


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation's whole quote, which stands by itself."""

    citation: Citation


Paragraph = tuple[Segment, ...] | Quoted


def paragraphs(answer: Answer) -> tuple[Paragraph, ...]:
    """Return the answer's paragraphs: a new one at each line end and around each quote, whose frame is left off.

    Of an abstention only the first line is kept: the rest lists the citations, which the answer holds too.
    """
    cited = {citation.number: citation for citation in answer.citations}
    found: list[Paragraph] = []
    line: list[Segment] = []
    for segment in answer.segments or _unsegmented(answer):
        if segment.kind is SegmentKind.BREAK and answer.abstained:
            break
        if segment.kind is SegmentKind.BREAK:
            found, line = [*found, *_closed(line)], []
        elif segment.kind is SegmentKind.QUOTE and segment.number in cited:
            found, line = [*found, *_closed(line), Quoted(cited[segment.number])], []
        elif segment.kind is not SegmentKind.FRAME:
            line.append(segment)
    return (*found, *_closed(line))


def embedded(answer: Answer) -> frozenset[int]:
    """Return the numbers of the citations whose whole quote stands in the text."""
    return frozenset(part.citation.number for part in paragraphs(answer) if isinstance(part, Quoted))


def _closed(line: list[Segment]) -> list[Paragraph]:
    """Return the line as a paragraph, or nothing where it says nothing (the full stop after a quote)."""
    said = any(part.kind is not SegmentKind.TEXT or any(map(str.isalnum, part.text)) for part in line)
    return [tuple(line)] if said else []


def _unsegmented(answer: Answer) -> list[Segment]:
    """Take the text line by line: an answer that was kept before there were segments has none."""
    lines = [Segment(SegmentKind.TEXT, text) for text in answer.text.split("\n")]
    return [part for line in lines for part in (Segment(SegmentKind.BREAK, "\n"), line)][1:]


# So many of the other outlets are named; how many there are is always said.
_NAMED = 8


def outlets(citation: Citation) -> tuple[str, ...]:
    """Return the outlets that carry a citation's story, its own first, each once; unnamed ones are left out."""
    named = [article.source for article in (citation.article, *citation.also_in)]
    return tuple(dict.fromkeys(source for source in named if source))


def carried_line(citation: Citation, words: Messages) -> str | None:
    """Say in one line how many outlets, or how many other articles, carry the story; None where there are none."""
    if not citation.also_in:
        return None
    found = outlets(citation)
    if len(found) > 1:
        shown = [*found[:_NAMED], *(("…",) if len(found) > _NAMED else ())]
        return words.say("citation.outlets", number=len(found), names=words.listed(shown))
    return words.say("citation.copies", number=len(citation.also_in))


def days_line(citation: Citation, words: Messages) -> str | None:
    """Say which days a quote means by "Tuesday" or "yesterday"; None where it names none."""
    named = [words.say("citation.day", word=word, day=day) for word, day in citation.day_words()]
    return " · ".join(named) or None
