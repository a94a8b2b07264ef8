"""Name keys: one key for a name however it is written, in Latin script or in Arabic.

A key is the skeleton of a name: its consonants by class, and for a short one also whether it begins and ends
in a vowel. Where scripts or habits differ on a sound the name has a key for each reading; a question's name
finds a passage's when they share one.
"""

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from anyascii import anyascii

from index.folding import fold, word_set
from index.words import MARKS, arabic_bases, is_stopword, terms

# Shorter skeletons say too little alone: their weak consonants and the vowels at their ends are kept.
_TELLING = 4
_MOST_READINGS = 8
# What is longer is a link or data.
_LONGEST = 40

_ARABIC_LETTER = "\u0620-\u064a\u066e-\u06d3"
_LETTER = rf"[^\W\d_{_ARABIC_LETTER}]"
_TOKEN = re.compile(
    rf"(?P<arabic>[{_ARABIC_LETTER}][{_ARABIC_LETTER}{MARKS}]*)"
    r"|(?P<number>\d+(?:[.,٫٬ \u00a0\u202f]\d+)*)"
    rf"|(?P<cased>(?:{_LETTER}+[{MARKS}]*)+(?:['’ʿʾ`]{_LETTER}+)*)"
)
# Words that are part of the name that follows: "Le Pen" is one word in Arabic, and "بن علي" says more than "علي".
_PARTICLES = word_set(
    "le la de di da do du del van von ben bin abu abou bou abd abdel abdul abdal san saint mac mc "
    "بن ابن بو ابو ابي عبد لو لا دي دو فان فون سان مك"
)
# Capitalised in English without being the name of anybody; Arabic translates them.
_NOT_NAMES = word_set(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday mr mrs ms dr president minister prime king state "
    "university national international"
)
# "على" (on) is a stop word and folds to the same as Ali.
_NAMES = frozenset({"علي"})
# A hamza on an alef shows that it begins the name and is no article: "ألمانيا".
_OWN_ALEF = re.compile(f"[وفبلك]?[{MARKS}]*[أإآ]")
_SPELLINGS = str.maketrans({"ş": "sh", "š": "sh", "č": "ch", "ć": "ch", "ž": "j", "ç": "s"})
_POSSESSIVE = re.compile("['’]s$")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1+")
# "Essebsi", "Assad": an article that has become one with the name.
_MELTED_ARTICLE = re.compile(r"[ae]([stdrnlz]|[sc]h)(?=\1)")
# "Tunisian", "Libyan", "American" name the place.
_OF_A_PLACE = re.compile("(?<=...)(?:(?P<vowel>[iey])|(?<=c))an$")


@dataclass(frozen=True, slots=True)
class _Sounds:
    """How the letters of a script may sound.

    V is a vowel; H, W and Y are weak consonants, which the other script may leave out; the rest are classes.
    """

    units: re.Pattern[str]
    readings: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, table: dict[str, tuple[str, ...]]) -> Self:
        return cls(re.compile("|".join(f"({letters})" for letters in table)), tuple(table.values()))

    def keys(self, letters: str) -> list[str]:
        """Return the key of each reading of a word, likeliest first; none where it would say too little."""
        choices = [self.readings[(unit.lastindex or 1) - 1] for unit in self.units.finditer(letters)]
        readings = itertools.islice(itertools.product(*choices), _MOST_READINGS)
        return [key for key in (_key("".join(reading)) for reading in readings) if key]


_LATIN = _Sounds.of(
    {
        "t?sch|tch|sh": ("x",),
        "ch": ("x", "k"),
        "[kg]h|c?k|qu?|c(?![eiy])": ("k",),
        "ph|[fv]": ("f",),
        "th": ("t", "s"),
        "dh": ("s", "d"),
        "dj|j": ("j",),
        "[bp]": ("b",),
        "tz": ("ts",),
        "t": ("t",),
        "d": ("d",),
        "[szc]": ("s",),
        "g(?=[eiy])": ("j", "k"),
        "g": ("k", "j"),
        "x": ("ks",),
        "l": ("l",),
        "m": ("m",),
        "ng(?![aeiouy])": ("n", "nk"),
        "n": ("n",),
        "r": ("r",),
        "e$": ("V", ""),
        "(?<=[aeiou])y(?=[aeiou])|^y(?=[aeiou])": ("Y",),
        "(?<=[aeiou])w(?=[aeiou])|^w": ("W",),
        "[aeiouyw]": ("V",),
        "h$": ("",),
        "h(?![aeiouyw])": ("H", ""),
        "h": ("H",),
    }
)
# Arabic as it is after folding: no hamza on a letter, no teh marbuta, no alef maqsura.
_ARABIC = _Sounds.of(
    {
        "تش|[شچ]": ("x",),
        "[كقغخگڨ]": ("k",),
        "[فڤڥ]": ("f",),
        "ث": ("s", "t"),
        "ذ": ("s", "d"),
        "[جژ]": ("j",),
        "[بپ]": ("b",),
        "[تط]": ("t",),
        "[دض]": ("d",),
        "[سصزظ]": ("s",),
        "ل": ("l",),
        "م": ("m",),
        "ن": ("n",),
        "ر": ("r",),
        "^و": ("W",),
        "^ي": ("Y",),
        "و(?=[اوي])": ("W", "V"),
        "ي(?=[اوي])": ("Y", "V"),
        "يه?$": ("V", ""),
        "[اويع]|[هح]$": ("V",),
        "[هح]": ("H",),
    }
)


@dataclass(frozen=True, slots=True)
class _Token:
    script: str
    word: str
    end: int


def name_keys(text: str) -> list[str]:
    """Return the keys of a passage's likely names and numbers in order, a key as often as it occurs.

    Arabic script does not mark names: each of its words of three letters or more that is no stop word is
    keyed, with its clitics off. Of the scripts that have capitals only capitalised words are, and of the others
    none. Numbers are keyed as `terms` writes them. A key has no white space.
    """
    return list(_keys(text))


def query_name_keys(text: str) -> list[str]:
    """Return the keys of a question's likely names and numbers, made as `name_keys` makes them, each once."""
    return list(dict.fromkeys(_keys(text)))


def _keys(text: str) -> Iterator[str]:
    particle: _Token | None = None
    for match in _TOKEN.finditer(text):
        token = _Token(match.lastgroup or "", match.group(), match.end())
        if token.script == "number":
            particle = None
            yield from terms(token.word)
            continue
        named = len(token.word) <= _LONGEST and (token.script == "arabic" or token.word[0].isupper())
        if named:
            yield from _word_keys(token.word)
        if named and particle and particle.script == token.script and particle.end == match.start() - 1:
            yield from _joined_keys(particle.word, token.word)
        particle = token if len(token.word) <= _LONGEST and fold(token.word) in _PARTICLES else None


@functools.lru_cache(maxsize=1 << 16)
def _word_keys(word: str) -> tuple[str, ...]:
    """Return the keys of one word of a text, none where it is not a likely name."""
    folded = fold(word)
    if folded in _NOT_NAMES or (is_stopword(word) and word not in _NAMES):
        return ()
    if _is_arabic(word):
        return _arabic_keys(word, folded) if len(folded) > 2 else ()
    bare = _POSSESSIVE.sub("", word)
    if len(bare) <= 3 and bare.isupper():  # "UN", "BBC": read letter by letter or translated
        return ()
    return _latin_keys(_latin_letters(bare))


@functools.lru_cache(maxsize=1 << 12)
def _joined_keys(particle: str, word: str) -> tuple[str, ...]:
    if _is_arabic(word):
        return tuple(dict.fromkeys(_ARABIC.keys(fold(particle + word))))
    joined = _latin_letters(particle + _POSSESSIVE.sub("", word))
    return tuple(dict.fromkeys(_LATIN.keys(_DOUBLED.sub(r"\1", joined))))


def _arabic_keys(word: str, folded: str) -> tuple[str, ...]:
    bases = arabic_bases(folded)
    if _OWN_ALEF.match(word):
        bases = (folded,) if folded[0] == "ا" else (folded, folded[1:])
    return tuple(dict.fromkeys(key for base in bases for key in _ARABIC.keys(base)))


def _latin_keys(letters: str) -> tuple[str, ...]:
    spellings = [letters]
    melted = _MELTED_ARTICLE.match(letters)
    if melted:
        spellings.append(letters[melted.end() :])
    place = _OF_A_PLACE.search(letters)
    if place:
        spellings.append(letters[:-2])
        if place["vowel"]:
            spellings.append(letters[:-3])
    return tuple(dict.fromkeys(key for spelt in spellings for key in _LATIN.keys(_DOUBLED.sub(r"\1", spelt))))


def _latin_letters(word: str) -> str:
    return re.sub("[^a-z]", "", anyascii(word.lower().translate(_SPELLINGS)).lower())


def _is_arabic(word: str) -> bool:
    return "\u0620" <= word[0] <= "\u06d3"


def _key(sounds: str) -> str:
    skeleton = re.sub("[VHWY]", "", sounds)
    if len(skeleton) >= _TELLING:
        return skeleton
    marked = re.sub("V+", "a", re.sub("(?<!^)V+(?!V*$)", "", sounds)).lower()
    return marked if len(skeleton) >= 2 or len(marked) >= 3 else ""
