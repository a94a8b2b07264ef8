"""Lines of pages to paragraphs: what a page breaks is put together again, and running heads are left out."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# A line shorter than this share of its page's lines ends a paragraph.
_FULL = 0.72
# A head or a foot stands on more than this share of the pages, and there are so many pages.
_REPEATED, _FEWEST_PAGES = 0.5, 3
# So many lines at each end of a page may be heads and feet.
_ENDS = 2
_ENDS_SENTENCE = re.compile(r"[.!?؟…:;؛»”\"')\]]\s*$")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_PAGE_NUMBER = re.compile(r"\W*\d{1,4}\W*(?:\d{1,4}\W*)?")


@dataclass(frozen=True, slots=True)
class Paged:
    """The text of pages, a line a paragraph, and where each page begins in it."""

    text: str
    pages: tuple[int, ...]


def joined(pages: Sequence[str]) -> Paged:
    """Join pages of lines into one text; a paragraph that goes on over the end of a page stays one."""
    text = ""
    starts: list[int] = []
    for lines in _without_heads([[line.strip() for line in page.split("\n")] for page in pages]):
        paragraphs = _paragraphs(lines)
        if text and paragraphs:
            text += "\n" if _ENDS_SENTENCE.search(text) or len(text) - text.rfind("\n") < _width(lines) / 2 else " "
        starts.append(len(text))
        text += "\n".join(paragraphs)
    return Paged(text, tuple(min(start, len(text)) for start in starts))


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Put lines together where one is full and the next goes on."""
    found: list[str] = []
    width, goes_on = _width(lines), False
    for line in lines:
        if not line:
            goes_on = False
            continue
        if goes_on and _HYPHENATED.search(found[-1]) and line[0].islower():
            found[-1] = found[-1][:-1] + line
        elif goes_on:
            found[-1] += " " + line
        else:
            found.append(line)
        goes_on = len(line) >= _FULL * width
    return found


def _width(lines: Sequence[str]) -> int:
    """Return how long a full line is: the longest but for one in ten."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[math.ceil(0.9 * (len(lengths) - 1))] if lengths else 0


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and lines that stand at the same end of most pages."""
    filled = [[line for line in page if line] for page in pages]
    count = sum(bool(page) for page in filled)
    seen = Counter(key for page in filled for key in {_masked(line) for line in (*page[:_ENDS], *page[-_ENDS:])})
    heads = {key for key, times in seen.items() if count >= _FEWEST_PAGES and times > _REPEATED * count}

    def is_kept(line: str, place: int, last: int) -> bool:
        at_end = place < _ENDS or place > last - _ENDS
        return not (at_end and (_masked(line) in heads or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line))))

    kept = []
    for page in pages:
        places = [place for place, line in enumerate(page) if line]
        order = {place: rank for rank, place in enumerate(places)}
        kept.append(
            [line for place, line in enumerate(page) if not line or is_kept(line, order[place], len(places) - 1)]
        )
    return kept


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line)
