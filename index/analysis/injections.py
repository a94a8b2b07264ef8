"""Sentences that speak to a language model rather than to a reader: never shown to one, and evidence of nothing."""

import re
from functools import lru_cache

from index.analysis import sentences
from index.languages import NEUTRAL, languages
from index.text.normalisation import Span, normalise

_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")


@lru_cache(maxsize=4096)
def speaks_to_a_model(sentence: str) -> bool:
    """Tell whether a sentence gives orders to a language model, hidden characters in it or not."""
    folded = normalise(sentence).text
    # Whoever writes one need not write it in the article's language.
    return any(pack.grammar.orders.search(folded) for pack in (NEUTRAL, *languages()))


@lru_cache(maxsize=256)
def orders_in(text: str) -> tuple[Span, ...]:
    """Return the stretches of a text that speak to a language model: from such a sentence to the end of its line."""
    found: list[Span] = []
    for span in sentences(text):
        if found and span.start < found[-1].end:
            continue
        if speaks_to_a_model(span.slice(text)):
            broken = _LINE_END.search(text, span.end)
            found.append(Span(span.start, broken.start() if broken else len(text)))
    return tuple(found)


def is_ordered(text: str, place: Span) -> bool:
    """Tell whether a place of a text lies where it speaks to a language model."""
    return any(span.start < place.end and place.start < span.end for span in orders_in(text))


def for_readers(text: str) -> str:
    """Return a text with the stretches that speak to a language model replaced by an ellipsis."""
    pieces, done = [], 0
    for span in orders_in(text):
        pieces += [text[done : span.start], "…"]
        done = span.end
    return "".join(pieces) + text[done:]
