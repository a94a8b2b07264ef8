"""[n] markers of a written text: found, taken out, put back; and its sentences. Pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import sentences
from qa.answer import Citation, Role, Segment, SegmentKind

# A model may write [1], [1, 2] or [١]; all mean passages by number.
_MARKER = re.compile(r"\[\s*(\d{1,3}(?:\s*[,،]\s*\d{1,3})*)\s*\]")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:!?،؛؟…]|$)")
_LEADING_MARKERS = re.compile(r"^(?:\[[\d٠-٩\s,،]+\]\s*)+")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+")
_URL = re.compile(r"\b(?:https?|ftp|file|data|javascript)\s*:\S*|\bwww\.\S+", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^)]*\)")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text whose every marker resolves: renumbered from 1 in order of appearance.

    `used[n - 1]` is the number, among the passages that were offered, of the one marked [n].
    """

    text: str
    used: tuple[int, ...]


def markers(text: str) -> tuple[int, ...]:
    """Return the numbers of the [n] markers of a text, in order, each once."""
    return tuple(dict.fromkeys(int(part) for match in _MARKER.finditer(text) for part in re.split(r"[,،]", match[1])))


def without_markers(text: str) -> str:
    """Return a text without its [n] markers and the space before them."""
    return _SPACE_BEFORE.sub("", re.sub(rf"\s*{_MARKER.pattern}", "", text))


def plain(text: str) -> str:
    """Take from a model's sentence what is no prose: bullets, emphasis, links, tags. No URL is left in it."""
    clean = _LINK.sub(r"\1", _BULLET.sub("", text))
    clean = _URL.sub("…", _TAG.sub("", clean))
    return " ".join(re.sub(r"\*\*|__|`+|~~", "", clean).split())


def cut_sentences(text: str) -> list[str]:
    """Cut a text into sentences, each with the markers that follow it."""
    found: list[str] = []
    for span in sentences(text):
        part = span.slice(text)
        leading = _LEADING_MARKERS.match(part)
        if leading and found:
            found[-1] += f" {leading.group().strip()}"
            part = part[leading.end() :]
        if part:
            found.append(part)
    return found


def with_markers(text: str, marked: str) -> str:
    """Put markers before the full stop."""
    if not marked:
        return text
    match = re.search(r"[.!?؟。…]+[\"”»]?$", text)
    return f"{text[: match.start()].rstrip()} {marked}{match.group()}" if match else f"{text} {marked}"


def cited_segments(text: str, citations: Sequence[Citation]) -> tuple[Segment, ...]:
    """Take a written text apart: its [n] markers, whole quotes, and the names out of the cited articles.

    A marker that is no citation's stays text; so does everything else.
    """
    made: dict[str, tuple[Segment, ...]] = {}
    patterns: list[str] = []
    used = [citation for citation in citations if citation.role is Role.USED]
    for citation in sorted(used, key=lambda citation: -len(citation.quote)):
        quote, own_marker = re.escape(citation.quote), rf"\s*\[{citation.number}\]"
        # Between quotation marks, or beginning a line and marked as the quote it is.
        patterns.append(rf"(?P<q{citation.number}>[“«\"]{quote}[”»\"](?:{own_marker})?|^{quote}{own_marker})")
    for place, name in enumerate(_names(used)):
        made[f"n{place}"] = (name,)
        patterns.append(rf"(?P<n{place}>(?<!\w){re.escape(name.text)}(?!\w))")
    quotes = {f"q{citation.number}": citation for citation in used}
    numbers = {citation.number for citation in citations}
    patterns.append(r"\[(?P<marker>\d{1,3})\]")
    patterns.append(r"(?P<break>\n)")
    found: list[Segment] = []
    done = 0
    for match in re.finditer("|".join(patterns), text, re.MULTILINE):
        if match["marker"] and int(match["marker"]) not in numbers:
            continue
        if match.start() > done:
            found.append(Segment(SegmentKind.TEXT, text[done : match.start()]))
        found += _segments(match, made, quotes)
        done = match.end()
    return (*found, *([Segment(SegmentKind.TEXT, text[done:])] if done < len(text) else []))


def _segments(
    match: re.Match[str], names: Mapping[str, tuple[Segment, ...]], quotes: Mapping[str, Citation]
) -> Iterator[Segment]:
    kind, whole = str(match.lastgroup), match.group()
    if kind == "marker":
        yield Segment(SegmentKind.MARKER, whole, int(match["marker"]))
    elif kind == "break":
        yield Segment(SegmentKind.BREAK, whole)
    elif kind in names:
        yield from names[kind]
    else:
        citation = quotes[kind]
        before, _, after = whole.partition(citation.quote)
        for part, of in ((before, SegmentKind.FRAME), (citation.quote, SegmentKind.QUOTE), (after, SegmentKind.FRAME)):
            if part:
                yield Segment(of, part, citation.number)


def _names(used: Sequence[Citation]) -> list[Segment]:
    speakers = {citation.speaker.name for citation in used if citation.speaker}
    others: set[str] = set()
    for citation in used:
        role = citation.speaker.role if citation.speaker else None
        others |= {name for name in (role, citation.article.source, citation.article.title) if name}
    named = [Segment(SegmentKind.SPEAKER, name) for name in speakers]
    named += [Segment(SegmentKind.NAME, name) for name in others - speakers]
    return sorted(named, key=lambda name: (-len(name.text), name.text))
