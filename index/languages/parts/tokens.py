"""Words and marks of a text in any language."""

import re
from functools import lru_cache

from index.languages.grammar import Token
from index.text.normalisation import Span, fold

_TOKEN = re.compile(
    r"(?:[^\W_]|[\u064b-\u065f\u0670\u0610-\u061a])+(?:['’][^\W\d_]+)*|\.{2,}|[^\w\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# A hamza on the second letter shows that the first is a word of its own.
_JOINED = re.compile("[بلكوف][\u064b-\u0652]?[أإآ]")
# What may begin and end a quotation.
OPENING = frozenset("\"“«„”'‘")
CLOSING = frozenset("\"”»“'’")


def tokenise(text: str, span: Span, whole: frozenset[str] = frozenset()) -> tuple[Token, ...]:
    """Cut a span of the text into words and marks, folded but for those in `whole`."""
    return tuple(
        Token(
            match.start(),
            match.end(),
            folded,
            folded[:1].isalnum(),
            is_joined=_JOINED.match(match.group()) is not None,
        )
        for match in _TOKEN.finditer(text, span.start, span.end)
        if (folded := match.group() if match.group() in whole else _folded(match.group()))
    )


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    return fold(word)
