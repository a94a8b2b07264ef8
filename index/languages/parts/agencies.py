"""News agencies, by which a dateline is known, and the dashes after it."""

import re
from functools import cache

from index.languages import languages
from index.text.normalisation import fold

DASH = r"(?:\s*--?\s+|\s+--?\s*|\s*[–—―]\s*|\s+_\s*)"


def is_agency(source: str) -> bool:
    """Tell whether a source as a dateline names it is a news agency, in any language."""
    return any(fold(word) in _agencies() for word in re.split(r"[\s/]+", source))


@cache
def _agencies() -> frozenset[str]:
    return frozenset(name for pack in languages() for name in pack.orthography.outlets.agencies)
