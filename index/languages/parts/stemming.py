"""Snowball stemmers by the code of a language."""

import threading
from typing import Any

_LOCAL = threading.local()


def stem(code: str, folded: str) -> str:
    """Return the stem of a folded word, the word itself where Snowball has no stemmer of the language."""
    # A stemmer object keeps its buffers between calls: each thread has its own.
    stemmers: dict[str, Any] | None = getattr(_LOCAL, "stemmers", None)
    if stemmers is None:
        stemmers = _LOCAL.stemmers = {}
    if code not in stemmers:
        stemmers[code] = _stemmer(code)
    stemmer = stemmers[code]
    return (str(stemmer.stemWord(folded)) or folded) if stemmer else folded


def _stemmer(code: str) -> Any:
    import Stemmer

    try:
        return Stemmer.Stemmer(code)
    except KeyError:
        return None
