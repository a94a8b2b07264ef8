"""Whether an article has any of the names that a question asks about, in the one script that marks names."""

import re
from difflib import get_close_matches
from functools import lru_cache

from index.folding import word_set

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_DAYS = word_set(
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
# Shorter ones are found in too many words, and what is written in capitals is as often written out.
_SHORTEST = 4
# Endings that a name may have in one place and not in another: "Iraq", "Iraqi", "Iraqis".
_ENDING = 3
_LIKE = 0.8


def names_asked(question: str) -> tuple[str, ...]:
    """Return the names in an English question, in lower case; none where every word is written with a capital."""
    words = _WORD.findall(question)[1:]
    long = [word for word in words if len(word) >= _SHORTEST]
    names = [word for word in long if word[0].isupper() and not word.isupper() and word.lower() not in _DAYS]
    return tuple(_POSSESSIVE.sub("", name.lower()) for name in names) if len(names) < len(long) else ()


@lru_cache(maxsize=256)
def has_any(names: tuple[str, ...], title: str, text: str) -> bool:
    """Tell whether an English article has one of the names, an ending or a slip of the pen apart."""
    words = frozenset(word.lower() for word in _WORD.findall(f"{title} {text}") if len(word) >= _SHORTEST)
    return any(
        any(word.startswith(name[: max(_SHORTEST, len(name) - _ENDING)]) for word in words)
        or get_close_matches(name, words, 1, _LIKE)
        for name in names
    )
