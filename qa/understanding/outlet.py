"""The outlets that a question names, among those of the library: "according to Rafidain Wire", "ماذا قالت رويترز"."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from index.analysis import name_keys, terms, words
from index.languages import languages
from index.text.normalisation import fold


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of the library's that a question names.

    `is_asked` tells whether as the one that tells, by the words before it; with them it is `question[start:end]`.
    """

    source: str
    is_asked: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    keys: frozenset[str]
    start: int
    end: int


def outlets_in(question: str, sources: Iterable[str]) -> tuple[Outlet, ...]:
    """Return the sources that a question names, in whatever script, by all their words in a row.

    What an outlet is called beside its name ("agency", "وكالة") need not stand there.
    """
    asked = _words(question)
    found = []
    for source in sources:
        place = _place(asked, _name(source))
        if place is None:
            continue
        first, last = place, place + len(_name(source)) - 1
        while first and asked[first - 1].folded in _generic():
            first -= 1
        while last + 1 < len(asked) and asked[last + 1].folded in _generic():
            last += 1
        is_asked = bool(first) and asked[first - 1].folded in _naming()
        # One word alone is as often another's.
        if is_asked or len(_name(source)) > 1:
            while first and asked[first - 1].folded in _naming():
                first -= 1
            found.append(Outlet(source, is_asked, asked[first].start, asked[last].end))
    return tuple(found)


def _place(asked: tuple[_Word, ...], name: tuple[_Word, ...]) -> int | None:
    """Return where the words of a name begin, None where they do not all stand in a row."""
    if not name:
        return None
    for place in range(len(asked) - len(name) + 1):
        stretch = asked[place : place + len(name)]
        if all(one.folded == other.folded or one.keys & other.keys for one, other in zip(stretch, name, strict=True)):
            return place
    return None


# An outlet of one language is asked about in another.
@cache
def _generic() -> frozenset[str]:
    return frozenset(word for pack in languages() for word in pack.orthography.outlets.generic)


@cache
def _naming() -> frozenset[str]:
    return frozenset(word for pack in languages() for word in pack.orthography.outlets.naming)


@lru_cache(maxsize=4096)
def _name(source: str) -> tuple[_Word, ...]:
    """Return the words that tell an outlet from others."""
    return tuple(word for word in _words(source) if word.folded not in _generic())


def _words(text: str) -> tuple[_Word, ...]:
    found = []
    for word in words(text):
        # A name may be written without its capital.
        keys = (*name_keys(word.text[:1].upper() + word.text[1:]), *terms(word.text))
        found.append(_Word(fold(word.text), frozenset(keys), word.start, word.end))
    return tuple(found)
