"""How alike a word of Latin letters and a word of Arabic letters sound: is one the other's spelling?

Name keys (`index.analysis.phonetic_keys`) find a name by an exact key, fit for an index. This weighs every sound:
what a script may leave out or write otherwise costs little, another consonant costs all, so that a slip or an unusual
reading still tells of the name. Needleman & Wunsch 1970, over sounds.
"""

import re
from functools import lru_cache

from anyascii import anyascii

from index.languages import readers
from index.text.normalisation import fold
from index.text.scripts import ARABIC, LATIN, Script

_POSSESSIVE = re.compile(r"['’]s$")
_DOUBLED = re.compile(r"([^aeiou])\1")
# What hangs on the name of a place or a people, with three letters at least before it.
_LATIN_ENDS = ("ian", "an", "ese", "ish", "ic", "i")
_ARABIC_ENDS = ("يه", "ي", "يين", "يون", "ه", "ات", "ين")
_STEM = 3
# Words of which one is over twice as long as the other are not compared.
_HALF = 0.5
_VOWEL_WEIGHT = 0.3
# The share of a word's kinds of consonants that the other must have.
_SHARED = 0.6
# Sounds of which one may be taken for another.
_KINDS = str.maketrans("zTtDdSCxgjGvw", "sssssskkkkkff")


# What it costs to take one sound for another; 1 where nothing is said. By hand, from how the scripts spell each
# other's names, and looked at on half of the articles of benchmarks/checking.py.
_NEAR = {
    frozenset(pair): cost
    for cost, pairs in {
        0.0: "fv yi wu Aa", 0.1: "Dz SC Ai Au", 0.12: "ai au", 0.15: "iu", 0.2: "sz Tt Dd Ts ya",
        0.25: "jg", 0.3: "kg vw jC ah zj", 0.4: "Ss jS hx gx", 0.5: "kx vb jy ht td Cs CT", 0.6: "fb gh",
    }.items()
    for pair in pairs.split()
}  # fmt: skip
_VOWELS = frozenset("aiuA")
_GLIDES = frozenset("yw")


@lru_cache(maxsize=1 << 16)
def alike(latin: str, arabic: str) -> float:
    """Return how alike two words sound, 0 to 1: 1 where the one is a usual spelling of the other.

    Words that share few kinds of sounds are 0 without being compared.
    """
    best = 0.0
    kinds, others = _latin_kinds(latin), _arabic_kinds(arabic)
    if len(kinds & others) < _SHARED * max(len(kinds), 1):
        return best
    for left in _latin_readings(latin):
        for right in _arabic_readings(arabic):
            weights = _weight(left), _weight(right)
            if min(weights) > 0 and min(weights) / max(weights) >= _HALF:
                best = max(best, 1.0 - _distance(left, right) / max(weights))
    return best


@lru_cache(maxsize=1 << 14)
def _latin_readings(word: str) -> tuple[tuple[str, ...], ...]:
    letters = re.sub("[^a-z]", "", anyascii(_POSSESSIVE.sub("", word.lower())).lower()).replace("x", "ks")
    letters = _DOUBLED.sub(r"\1", letters)
    spellings = [letters, *(letters.removesuffix(end) for end in _LATIN_ENDS if len(letters) >= len(end) + _STEM)]
    if "-" in word and letters.startswith(("al", "el")):
        spellings.append(letters[2:])
    return tuple(_read(LATIN, spelt) for spelt in dict.fromkeys(spellings))


@lru_cache(maxsize=1 << 14)
def _arabic_readings(word: str) -> tuple[tuple[str, ...], ...]:
    folded = fold(word)
    bases = dict.fromkeys((folded, *(base for own in readers(ARABIC, "und") for base in own.bases(folded))))
    spellings = [*bases, *(b.removesuffix(end) for b in bases for end in _ARABIC_ENDS if len(b) >= len(end) + _STEM)]
    return tuple(_read(ARABIC, spelt) for spelt in dict.fromkeys(spellings))


def _read(script: Script, letters: str) -> tuple[str, ...]:
    """Return the sounds of a word, unit by unit."""
    return tuple("".join(unit) for unit in script.sounds.read(letters)) if script.sounds else ()


@lru_cache(maxsize=1 << 14)
def _latin_kinds(word: str) -> frozenset[str]:
    return _kinds(_latin_readings(word)[-1])


@lru_cache(maxsize=1 << 14)
def _arabic_kinds(word: str) -> frozenset[str]:
    return _kinds(_arabic_readings(word)[0])


def _kinds(units: tuple[str, ...]) -> frozenset[str]:
    return frozenset(unit[0].translate(_KINDS) for unit in units if unit[0] not in _VOWELS | _GLIDES | {"h"})


def _distance(latin: tuple[str, ...], arabic: tuple[str, ...]) -> float:
    """Return the least cost of writing the one as the other, unit by unit."""
    missing = [_gap(unit, place, len(latin), arabic=False) for place, unit in enumerate(latin)]
    added = [_gap(unit, place, len(arabic), arabic=True) for place, unit in enumerate(arabic)]
    above = [0.0]
    for cost in added:
        above.append(above[-1] + cost)
    for left, dropped in zip(latin, missing, strict=True):
        row = [above[0] + dropped]
        for place, right in enumerate(arabic):
            row.append(
                min(above[place] + _exchange(left, right), above[place + 1] + dropped, row[place] + added[place])
            )
        above = row
    return above[-1]


@lru_cache(maxsize=1 << 12)
def _exchange(left: str, right: str) -> float:
    return min(0.0 if one == other else _NEAR.get(frozenset(one + other), 1.0) for one in left for other in right)


def _gap(unit: str, place: int, length: int, *, arabic: bool) -> float:
    """Return what it costs that the other script does not write a sound."""
    ends = place in (0, length - 1) if arabic else place == length - 1
    if unit[0] in _VOWELS:
        return 0.2 if arabic and place else 0.1
    if unit[0] in _GLIDES:
        return 0.25
    if unit == "h":
        return 0.15 if ends else 0.35
    if "_" in unit:
        return 0.3
    return 0.35 if unit == "s" and ends and not arabic else 1.0


def _weight(units: tuple[str, ...]) -> float:
    return sum(_VOWEL_WEIGHT if unit[0] in _VOWELS | _GLIDES else 1.0 for unit in units)
