"""What a question is about, in its own words, without those that say what is wanted: "how many articles name X?"."""

import re

from index.analysis import question_language, terms

_WORD = re.compile(r"[^\s?؟!.,،؛;:«»“”\"()]+")


def topic_of(text: str, asking: frozenset[str] | set[str]) -> str:
    """Return the words of a question from the first that says what it is about to the last; "" where none does.

    `asking` are the terms in which such questions are asked; a word without any term of its own says nothing either.
    """
    code = question_language(text)
    telling = [word for word in _WORD.finditer(text) if (own := set(terms(word.group(), code))) and not own <= asking]
    return text[telling[0].start() : telling[-1].end()] if telling else ""
