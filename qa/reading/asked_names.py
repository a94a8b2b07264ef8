"""Whether an article has any of the names that a question asks about, in a script that marks names."""

import re
from difflib import get_close_matches
from functools import lru_cache

from index.languages.parts.latin import SHORTEST_NAME

_APOSTROPHE = re.compile("['’]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Endings that a name may have in one place and not in another: "Iraq", "Iraqi", "Iraqis".
_ENDING = 3
_LIKE = 0.8


@lru_cache(maxsize=256)
def has_any(names: tuple[str, ...], title: str, text: str) -> bool:
    """Tell whether an article has one of the names, an ending or a slip of the pen apart."""
    whole = [word.lower() for word in _WORD.findall(f"{title} {text}") if len(word) >= SHORTEST_NAME]
    # "l'Iran" has the name after its apostrophe, "O'Connor" in all of it.
    words = frozenset(whole) | {
        part for word in whole for part in _APOSTROPHE.split(word)[1:] if len(part) >= SHORTEST_NAME
    }
    return any(
        any(word.startswith(name[: max(SHORTEST_NAME, len(name) - _ENDING)]) for word in words)
        or get_close_matches(name, words, 1, _LIKE)
        for name in names
    )
