"""One name, one kind: what an article calls somebody in one place is their name in its other places too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.analysis.terms import is_stopword
from index.languages import languages
from index.names.kinds import NameKind
from index.names.places import BODIES, known_places
from index.names.tagger import Tagged
from index.names.traits import Word

# A word of a script without capitals is a name elsewhere where it was taken for one in this share of its places.
_SHARE = 0.5
_SHORTEST_SURNAME = 4
_ARTICLE = "ال"

Key = tuple[str, ...]


def consistent(sentences: Sequence[Sequence[Word]], tagged: Sequence[Sequence[Tagged]]) -> list[list[Tagged]]:
    """Return the names of an article's sentences, with those that the tagger missed or took for another kind."""
    kinds = _kinds(sentences, tagged)
    spelt = {key: kind for key, kind in kinds.items() if _is_told(key, sentences, tagged)}
    for key, kind in kinds.items():
        if kind is NameKind.PERSON and len(key) > 1 and len(key[-1].removeprefix(_ARTICLE)) >= _SHORTEST_SURNAME:
            spelt.setdefault(key[-1:], kind)
    longest = max(map(len, spelt), default=0)
    found = []
    for words, names in zip(sentences, tagged, strict=True):
        own = [Tagged(kinds.get(_key(words, name), name.kind), name.first, name.last) for name in names]
        taken = {at for name in own for at in range(name.first, name.last)}
        own += _missed(words, spelt, longest, taken)
        found.append(sorted(own, key=lambda name: name.first))
    return found


def _kinds(sentences: Sequence[Sequence[Word]], tagged: Sequence[Sequence[Tagged]]) -> dict[Key, NameKind]:
    """Return the kind that each name looks like in all its places; of a person's surname, the person's."""
    sums: dict[Key, list[float]] = defaultdict(lambda: [0.0] * len(NameKind))
    for words, names in zip(sentences, tagged, strict=True):
        for name in names:
            own = sums[_key(words, name)]
            for place, likeness in enumerate(name.likeness):
                own[place] += likeness
    order = tuple(NameKind)
    kinds = {key: _known(key) or order[own.index(max(own))] for key, own in sums.items()}
    for key, kind in list(kinds.items()):
        if kind is NameKind.PERSON and len(key) > 1 and key[-1:] in kinds:
            kinds[key[-1:]] = kind
    return kinds


def _known(key: Key) -> NameKind | None:
    """Return the kind of a name that CLDR has for a country or a city, None for another one."""
    words = [part for word in key for part in word.split("-")]
    place = next((place for place in known_places(words) if (place.first, place.last) == (0, len(words))), None)
    if place is None:
        return None
    return NameKind.BODY if place.id in BODIES else NameKind.PLACE


def _is_told(key: Key, sentences: Sequence[Sequence[Word]], tagged: Sequence[Sequence[Tagged]]) -> bool:
    """Tell whether a name is one wherever it stands: some of its words are no name as often as they are."""
    if len(key) > 1:
        return True
    if is_stopword(key[0], "und"):
        return False
    named = sum(_key(words, name) == key for words, names in zip(sentences, tagged, strict=True) for name in names)
    standing = sum(key[0] in bare(word.token.folded) for words in sentences for word in words)
    return named >= _SHARE * standing


def _missed(words: Sequence[Word], spelt: dict[Key, NameKind], longest: int, taken: set[int]) -> Iterator[Tagged]:
    at = 0
    while at < len(words):
        length = next(
            (size for size in range(min(longest, len(words) - at), 0, -1) if _fits(words, at, size, spelt, taken)), 0
        )
        if length:
            yield Tagged(spelt[_matching(words, at, length, spelt)], at, at + length)
        at += max(1, length)


def _fits(words: Sequence[Word], at: int, size: int, spelt: dict[Key, NameKind], taken: set[int]) -> bool:
    if not taken.isdisjoint(range(at, at + size)):
        return False
    # In a script that has capitals a name has one.
    small = "xd"
    if any(trait.startswith("l") and trait[-1] in small for trait in words[at].traits if len(trait) == 4):
        return False
    return bool(_matching(words, at, size, spelt))


def _matching(words: Sequence[Word], at: int, size: int, spelt: dict[Key, NameKind]) -> Key:
    rest = tuple(word.token.folded.removesuffix("'s") for word in words[at + 1 : at + size])
    return next(((first, *rest) for first in bare(words[at].token.folded) if (first, *rest) in spelt), ())


def _key(words: Sequence[Word], name: Tagged) -> Key:
    """Return the folded words of a name, without what is written on to them."""
    first, *rest = (word.token.folded.removesuffix("'s") for word in words[name.first : name.last])
    return (bare(first)[-1], *rest)


@lru_cache(maxsize=1 << 15)
def bare(folded: str) -> tuple[str, ...]:
    """Return a folded word, and as it is without a preposition and article that are plainly written on to it."""
    folded = folded.removesuffix("'s")
    for pack in languages():
        if not pack.script.has_case and pack.script.letters.match(folded):
            for join in ("وال", "بال", "فال", "كال", "وبال", "لل", "ولل"):
                if folded.startswith(join) and len(folded) > len(join) + 2:
                    return (folded, _ARTICLE + folded[len(join) :])
    return (folded,)
