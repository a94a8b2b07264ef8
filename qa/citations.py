"""[n] markers and quotes: found, taken out, verified. Pure functions."""

import re
from dataclasses import dataclass

from index.article import Article
from qa.answer import Citation

# A model may write [1], [1, 2] or [١]; all mean passages by number.
_MARKER = re.compile(r"\[\s*(\d{1,3}(?:\s*[,،]\s*\d{1,3})*)\s*\]")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:!?،؛؟…]|$)")


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


def is_verbatim(citation: Citation, article: Article) -> bool:
    """Tell whether a citation's quote is the slice of the article's text that it says."""
    return 0 <= citation.start < citation.end and article.text[citation.start : citation.end] == citation.quote
