"""One name, one kind: what an article calls somebody in one place is their name in its other places too."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from index.analysis.terms import is_stopword
from index.languages import languages
from index.names.kinds import NameKind
from index.names.places import BODIES, known_places
from index.names.tagger import Tagged
from index.names.traits import TraitedWord

# A word of a script without capitals is a name elsewhere where it was taken for one in this share of its places.
_SHARE = 0.5
_SHORTEST_SURNAME = 4
_ARTICLE = "ال"

Key = tuple[str, ...]


def consistent(sentences: Sequence[Sequence[TraitedWord]], tagged: Sequence[Sequence[Tagged]]) -> list[list[Tagged]]:
    """Return the names of an article's sentences, with those that the tagger missed or took for another kind."""
    keys = [[_key(words, name) for name in names] for words, names in zip(sentences, tagged, strict=True)]
    kinds = _kinds(keys, tagged)
    named = Counter(key for own in keys for key in own)
    standing = Counter(form for words in sentences for word in words for form in bare(word.token.folded))
    spelt = {key: kind for key, kind in kinds.items() if len(key) > 1 or _is_told(key[0], named[key], standing)}
    for key, kind in kinds.items():
        if kind is NameKind.PERSON and len(key) > 1 and len(key[-1].removeprefix(_ARTICLE)) >= _SHORTEST_SURNAME:
            spelt.setdefault(key[-1:], kind)
    beginning: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(spelt, key=len, reverse=True):
        beginning[key[0]].append(key)
    found = []
    for words, names, own in zip(sentences, tagged, keys, strict=True):
        known = [replace(name, kind=kinds[key]) for name, key in zip(names, own, strict=True)]
        taken = {at for name in names for at in range(name.first, name.last)}
        known += _missed(words, spelt, beginning, taken)
        found.append(sorted(known, key=lambda name: name.first))
    return found


def _kinds(keys: Sequence[Sequence[Key]], tagged: Sequence[Sequence[Tagged]]) -> dict[Key, NameKind]:
    """Return the kind that each name looks like in all its places; of a person's surname, the person's."""
    sums: dict[Key, list[float]] = defaultdict(lambda: [0.0] * len(NameKind))
    for own, names in zip(keys, tagged, strict=True):
        for key, name in zip(own, names, strict=True):
            for place, likeness in enumerate(name.likeness):
                sums[key][place] += likeness
    order = tuple(NameKind)
    kinds = {key: _known(key) or order[summed.index(max(summed))] for key, summed in sums.items()}
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


def _is_told(word: str, named: int, standing: Mapping[str, int]) -> bool:
    """Tell whether a word is a name wherever it stands: some are none as often as they are."""
    return not is_stopword(word, "und") and named >= _SHARE * standing[word]


def _missed(
    words: Sequence[TraitedWord], spelt: Mapping[Key, NameKind], beginning: Mapping[str, Sequence[Key]], taken: set[int]
) -> Iterator[Tagged]:
    """Yield names that stand where the tagger found none; in a script that has capitals a name begins with one."""
    after = 0
    for at, word in enumerate(words):
        if at < after or word.is_small:
            continue
        keys = (key for form in bare(word.token.folded) for key in beginning.get(form, ()))
        key = next((key for key in keys if _stands(key, words, at, taken)), None)
        if key is not None:
            after = at + len(key)
            yield Tagged(spelt[key], at, after)


def _stands(key: Key, words: Sequence[TraitedWord], at: int, taken: set[int]) -> bool:
    """Tell whether a name whose first word stands at a place goes on there, in no other name."""
    rest = words[at + 1 : at + len(key)]
    goes_on = len(rest) == len(key) - 1 and all(
        word.token.folded.removesuffix("'s") == part for word, part in zip(rest, key[1:], strict=True)
    )
    return goes_on and taken.isdisjoint(range(at, at + len(key)))


def _key(words: Sequence[TraitedWord], name: Tagged) -> Key:
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
