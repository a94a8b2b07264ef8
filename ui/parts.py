"""An answer's text taken apart: what is its own wording, what is a name, a marker, a quote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer import Answer, Citation


@dataclass(frozen=True, slots=True)
class Plain:
    """The answer's own words, in its own language."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name, role or title out of a cited article, in whatever script; `speaker` marks who is quoted."""

    text: str
    speaker: bool


@dataclass(frozen=True, slots=True)
class Marker:
    """A [n] marker that resolves to a citation of the answer."""

    number: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation's whole quote, its quotation marks and its own [n] marker taken off."""

    citation: Citation


Inline = Plain | Named | Marker
# A paragraph of wording, or one quote that stands by itself.
Paragraph = tuple[Inline, ...] | Quoted


def take_apart(answer: Answer) -> tuple[Paragraph, ...]:
    """Split the text into paragraphs, a new one at each line end and around each quote.

    Of an abstention only the first line is kept: the rest lists the citations, which the answer holds too.
    """
    text = answer.text.split("\n", 1)[0] if answer.abstained else answer.text
    paragraphs: list[Paragraph] = []
    line: list[Inline] = []
    for part in _scan(text, answer):
        if isinstance(part, Quoted):
            paragraphs += [*_closed(line), part]
            line = []
        elif isinstance(part, Plain):
            first, *more = part.text.split("\n")
            line.append(Plain(first))
            for text in more:
                paragraphs += _closed(line)
                line = [Plain(text)]
        else:
            line.append(part)
    return (*paragraphs, *_closed(line))


def embedded(answer: Answer) -> frozenset[int]:
    """Return the numbers of the citations whose whole quote stands in the text."""
    return frozenset(part.citation.number for part in take_apart(answer) if isinstance(part, Quoted))


def _closed(line: list[Inline]) -> list[Paragraph]:
    """Return the line as a paragraph, or nothing where it says nothing (the full stop after a quote)."""
    said = any(not isinstance(part, Plain) or any(map(str.isalnum, part.text)) for part in line)
    return [tuple(part for part in line if not isinstance(part, Plain) or part.text)] if said else []


def _scan(text: str, answer: Answer) -> Iterator[Inline | Quoted]:
    made: dict[str, Quoted | Named] = {}
    patterns: list[str] = []
    for citation in sorted(answer.used, key=lambda citation: -len(citation.quote)):
        key = f"q{len(made)}"
        made[key] = Quoted(citation)
        quote, own_marker = re.escape(citation.quote), rf"\s*\[{citation.number}\]"
        # Between quotation marks, or beginning a line and marked as the quote it is.
        patterns.append(rf"(?P<{key}>[“«\"]{quote}[”»\"](?:{own_marker})?|^{quote}{own_marker})")
    for name in _names(answer):
        key = f"n{len(made)}"
        made[key] = name
        patterns.append(rf"(?P<{key}>(?<!\w){re.escape(name.text)}(?!\w))")
    numbers = {citation.number for citation in answer.citations}
    patterns.append(r"\[(?P<marker>\d{1,3})\]")
    done = 0
    for match in re.finditer("|".join(patterns), text, re.MULTILINE):
        if match["marker"] and int(match["marker"]) not in numbers:
            continue
        if match.start() > done:
            yield Plain(text[done : match.start()])
        yield Marker(int(match["marker"])) if match["marker"] else made[str(match.lastgroup)]
        done = match.end()
    if done < len(text):
        yield Plain(text[done:])


def _names(answer: Answer) -> list[Named]:
    speakers = {citation.speaker.name for citation in answer.used if citation.speaker}
    others: set[str] = set()
    for citation in answer.used:
        role = citation.speaker.role if citation.speaker else None
        others |= {name for name in (role, citation.article.source, citation.article.title) if name}
    named = [Named(name, speaker=True) for name in speakers]
    named += [Named(name, speaker=False) for name in others - speakers]
    return sorted(named, key=lambda name: (-len(name.text), name.text))
