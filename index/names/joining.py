"""Which names are one bearer's: the same name in several scripts and spellings, the fuller and the shorter form.

A function of the names alone, whatever order they came in: who sees some of the articles has the entries that those
make.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from index.analysis import name_keys
from index.analysis.phonetic_similarity import alike
from index.languages.parts.exonyms import known_in
from index.names.kinds import NameKind
from index.names.places import known_places, names_of
from index.text.normalisation import fold
from index.text.scripts import Script, script_of

# Two words in one script are one name's where they share this much of their letters, and in two scripts where they
# sound so alike. Chosen on the libraries that the tagger is trained on.
_SPELT, _SOUNDS = 0.75, 0.75
# Of all who are called so, the one who has this share of the articles is meant by a surname alone.
_MEANT = 0.8
# One kind of a name has its others', where these are so few: a tagger's slips.
_SLIPS = 0.34
# A key that more words have is looked at no further: comparing all of them with each other would take too long.
_MOST_COMPARED = 200
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PARTICLES = frozenset(
    {"al", "el", "ال", "de", "la", "le", "du", "des", "of", "the", "and", "et", "d", "l", "بن", "bin", "ben", "ibn"}
)


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name as articles write it, and how many do."""

    kind: NameKind
    name: str
    articles: int


# One object for each word: told apart by identity.
@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    folded: str
    written: str
    keys: frozenset[str]
    script: Script


class _Groups:
    """Sets that are joined two by two (union-find)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def of(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._parent[second] = first


def bearers(forms: Iterable[NameForm]) -> list[tuple[NameForm, ...]]:
    """Group names by their bearer, the group with most articles first, and the form with most first in each."""
    known = sorted(forms, key=lambda form: (-form.articles, form.name, form.kind))
    groups = _Groups(len(known))
    words = [_words(form.name) for form in known]
    concepts: dict[tuple[NameKind, str], int] = {}
    for at, form in enumerate(known):
        if (concept := _concept(form.name)) is not None:
            groups.join(concepts.setdefault((form.kind, concept), at), at)
    for one, other in _near(known, words):
        if groups.of(one) != groups.of(other) and _same(words[one], words[other], known[one].kind):
            groups.join(one, other)
    _join_surnames(known, words, groups)
    grouped: dict[int, list[NameForm]] = defaultdict(list)
    for at, form in enumerate(known):
        grouped[groups.of(at)].append(form)
    found = [tuple(group) for group in grouped.values()]
    return sorted(found, key=lambda group: (-sum(form.articles for form in group), group[0].name))


def settled_kinds(counts: Mapping[tuple[str, NameKind], int]) -> dict[tuple[str, NameKind], NameKind]:
    """Return the kind that each name and kind counts as: a few of another kind than the rest are slips."""
    by_name: dict[str, Counter[NameKind]] = defaultdict(Counter)
    for (name, kind), articles in counts.items():
        by_name[fold(name)][kind] += articles
    settled = {}
    for name, kind in counts:
        own = by_name[fold(name)]
        most = min(own, key=lambda each: (-own[each], each))
        settled[name, kind] = most if own[kind] <= _SLIPS * sum(own.values()) else kind
    return settled


def _near(known: Sequence[NameForm], words: Sequence[tuple[_Word, ...]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of names of one kind that have a key in common, of their last word or of their first."""
    having: dict[tuple[NameKind, str], list[int]] = defaultdict(list)
    for at, form in enumerate(known):
        for key in {key for word in words[at] for key in word.keys | {word.folded}}:
            having[form.kind, key].append(at)
    told: set[tuple[int, int]] = set()
    for own in having.values():
        for place, other in enumerate(own[:_MOST_COMPARED]):
            for one in own[:place]:
                if (one, other) not in told:
                    told.add((one, other))
                    yield one, other


def _same(one: Sequence[_Word], other: Sequence[_Word], kind: NameKind) -> bool:
    """Tell whether two names are one: word by word or, of people, as the fuller and the shorter form."""
    if len(one) == len(other):
        return bool(one) and all(map(_alike, one, other))
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    if kind is not NameKind.PERSON or len(shorter) < 2:
        return False
    return _alike(shorter[0], longer[0]) and _alike(shorter[-1], longer[-1])


def _join_surnames(known: Sequence[NameForm], words: Sequence[tuple[_Word, ...]], groups: _Groups) -> None:
    """Join surnames that stand alone to the one bearer whom they mean, where it is plain who that is."""
    full: dict[str, list[int]] = defaultdict(list)
    for at, form in enumerate(known):
        if form.kind is NameKind.PERSON and len(words[at]) > 1:
            for key in words[at][-1].keys | {words[at][-1].folded}:
                full[key].append(at)
    for at, form in enumerate(known):
        if form.kind is not NameKind.PERSON or len(words[at]) != 1:
            continue
        (word,) = words[at]
        called: Counter[int] = Counter()
        for other in {other for key in word.keys | {word.folded} for other in full.get(key, ())}:
            if _alike(word, words[other][-1]):
                called[groups.of(other)] += known[other].articles
        if called and (most := called.most_common(1)[0])[1] >= _MEANT * called.total():
            groups.join(most[0], at)


@lru_cache(maxsize=1 << 15)
def _words(name: str) -> tuple[_Word, ...]:
    """Return the words of a name that tell of it, each as it may be written elsewhere."""
    found = (_word(match.group()) for match in _WORD.finditer(name.replace("-", " ")))
    return tuple(word for word in found if word.folded not in _PARTICLES)


@lru_cache(maxsize=1 << 15)
def _word(written: str) -> _Word:
    capital = written[:1].upper() + written[1:]
    return _Word(fold(written), written, frozenset(name_keys(capital, "und")), script_of(written))


def _alike(one: _Word, other: _Word) -> bool:
    return one is other or _compared(one, other)


@lru_cache(maxsize=1 << 17)
def _compared(one: _Word, other: _Word) -> bool:
    if one.script is not other.script:
        latin, arabic = (one, other) if one.script.has_case else (other, one)
        return alike(latin.written, arabic.written) >= _SOUNDS
    if one.folded == other.folded:
        return True
    first, second = (_stem(word) for word in (one, other))
    if first == second:
        return True
    shared = bool(one.keys & other.keys)
    return shared and min(len(first), len(second)) > 2 and SequenceMatcher(None, first, second).ratio() >= _SPELT


def _stem(word: _Word) -> str:
    """Return a folded word without its article."""
    return word.folded.removeprefix("ال") if not word.script.has_case else word.folded


@lru_cache(maxsize=1 << 15)
def _concept(name: str) -> str | None:
    """Return the id of a known name, the same in every language; None for another one."""
    folded = fold(name).replace("-", " ")
    words = folded.split()
    whole = next((place.id for place in known_places(words) if (place.first, place.last) == (0, len(words))), None)
    if whole is not None:
        return whole
    for known in known_in(name):
        rest = fold(name[: known.span.start] + name[known.span.end :]).strip()
        if known.is_certain and rest in ("", "ال", "the", "la", "le", "les", "l'"):
            return _by_english().get(fold(known.key), f"name {known.key}")
    return None


@lru_cache(maxsize=1)
def _by_english() -> dict[str, str]:
    """Return the ids of known places by their names."""
    named: dict[str, str] = {}
    for id, names in names_of().items():
        for name in names:
            named.setdefault(fold(name), id)
    return named
