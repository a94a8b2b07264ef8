"""Name keys: one key for a name however it is written, in Latin script or in Arabic.

A key is the consonant skeleton of a transliterated name. Where scripts or habits differ on a consonant, the
name has a key for each reading; a question's name finds a passage's when they share one.
"""

import functools
import itertools
import re
from collections.abc import Iterator

from anyascii import anyascii

from index.folding import fold
from index.words import MARKS, is_stopword, terms

_ARABIC_LETTER = "\u0620-\u064a\u066e-\u06d3"
_TOKEN = re.compile(
    rf"(?P<arabic>[{_ARABIC_LETTER}][{_ARABIC_LETTER}{MARKS}]+)"
    r"|(?P<latin>[^\W\d_]+(?:[-'’`ʿʾ][^\W\d_]+)*)"
    r"|(?P<number>\d+(?:[.,٫٬ \u00a0\u202f]\d+)*)"
)
_MOST_READINGS = 4

# Consonants by class. A letter with two readings lists both: "th" is a t in Thomas and an s in Othman.
_LATIN = {
    "tch": ("x",),
    "sch": ("x",),
    "tsch": ("x",),
    "ch": ("x", "k"),
    "sh": ("x",),
    "kh": ("k",),
    "gh": ("k",),
    "ph": ("f",),
    "th": ("t", "s"),
    "dh": ("s", "d"),
    "dj": ("j",),
    "ck": ("k",),
    "qu": ("k",),
    "tz": ("ts",),
    "b": ("b",),
    "p": ("b",),
    "f": ("f",),
    "v": ("f",),
    "t": ("t",),
    "d": ("d",),
    "s": ("s",),
    "z": ("s",),
    "ce": ("s",),
    "ci": ("s",),
    "cy": ("s",),
    "c": ("k",),
    "k": ("k",),
    "q": ("k",),
    "ge": ("j", "k"),
    "gi": ("j", "k"),
    "gy": ("j", "k"),
    "g": ("k", "j"),
    "j": ("j",),
    "x": ("ks",),
    "l": ("l",),
    "m": ("m",),
    "n": ("n",),
    "r": ("r",),
}
_ARABIC = {
    "تش": ("x",),
    "ش": ("x",),
    "ب": ("b",),
    "پ": ("b",),
    "ف": ("f",),
    "ڤ": ("f",),
    "ڥ": ("f",),
    "ت": ("t",),
    "ط": ("t",),
    "د": ("d",),
    "ض": ("d",),
    "ذ": ("s", "d"),
    "ث": ("s", "t"),
    "س": ("s",),
    "ص": ("s",),
    "ز": ("s",),
    "ظ": ("s",),
    "ك": ("k",),
    "ق": ("k",),
    "غ": ("k",),
    "خ": ("k",),
    "گ": ("k",),
    "ڨ": ("k",),
    "ج": ("j",),
    "چ": ("x",),
    "ژ": ("j",),
    "ل": ("l",),
    "م": ("m",),
    "ن": ("n",),
    "ر": ("r",),
}
_LATIN_UNITS = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)) + "|.", re.DOTALL)
_ARABIC_UNITS = re.compile("|".join(sorted(_ARABIC, key=len, reverse=True)) + "|.", re.DOTALL)
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1+")
_ARTICLE = re.compile(r"^(?:al|el|as|es|ach|ech|ash|esh|ad|ed|an|en|ar|er|at|et|az|ez)[-'’](?=\w)", re.IGNORECASE)


def name_keys(text: str) -> list[str]:
    """Return the keys of a passage's likely names and numbers.

    Arabic script does not mark names: each of its words of three letters or more that is not a stop word is
    keyed. Of other scripts only capitalised words are.
    """
    return list(_keys(text))


def query_name_keys(text: str) -> list[str]:
    """Return the keys of a question's likely names and numbers, as `name_keys` makes them."""
    return list(_keys(text))


def _keys(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        if match.lastgroup == "number":
            yield from terms(word)
        elif match.lastgroup == "arabic":
            yield from _arabic_keys(word)
        elif word[0].isupper():
            yield from _latin_keys(word)


@functools.lru_cache(maxsize=1 << 16)
def _arabic_keys(word: str) -> tuple[str, ...]:
    folded = fold(word)
    if len(folded) < 3 or is_stopword(word):
        return ()
    base = re.sub("^[وف]?(?:ال|بال|لل)(?=...)", "", folded)
    return tuple(_readings(_ARABIC_UNITS.findall(base), _ARABIC))


@functools.lru_cache(maxsize=1 << 14)
def _latin_keys(word: str) -> tuple[str, ...]:
    if is_stopword(word):
        return ()
    bare = _ARTICLE.sub("", word)
    letters = re.sub("[^a-z]", "", anyascii(bare).lower())
    return tuple(_readings(_LATIN_UNITS.findall(_DOUBLED.sub(r"\1", letters)), _LATIN))


def _readings(units: list[str], classes: dict[str, tuple[str, ...]]) -> Iterator[str]:
    choices = [classes[unit] for unit in units if unit in classes]
    for reading in itertools.islice(itertools.product(*choices), _MOST_READINGS):
        key = "".join(reading)
        if len(key) >= 3:
            yield key
