"""Names that languages do not spell alike: places, peoples, faiths, bodies of the world.

Each pack has its own, by the same keys. A name that languages spell as it sounds (Paris, باريس) needs no entry:
`index.analysis.phonetic_keys` and `index.analysis.phonetic_similarity` find it.
"""

from functools import lru_cache

from index.languages import languages
from index.languages.grammar import KnownName


@lru_cache(maxsize=512)
def known_in(text: str) -> tuple[KnownName, ...]:
    """Return the known names of a text in order, whichever languages it is in."""
    found = {known for pack in languages() for known in pack.grammar.known_names(text)}
    return tuple(sorted(found, key=lambda known: (known.span.start, known.span.end)))
