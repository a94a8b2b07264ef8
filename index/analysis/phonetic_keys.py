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

from anyascii import anyascii

from index.analysis.calendar import full_months, weekdays
from index.analysis.identification import question_language
from index.analysis.terms import is_stopword, terms
from index.languages import Orthography, readers, reading
from index.text.normalisation import fold
from index.text.scripts import LATIN, MARKS, Script, script_of
from index.text.sounds import SoundTable

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
_SPELLINGS = str.maketrans({"ş": "sh", "š": "sh", "č": "ch", "ć": "ch", "ž": "j", "ç": "s"})
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1+")
# "Essebsi", "Assad": an article that has become one with the name.
_MELTED_ARTICLE = re.compile(r"[ae]([stdrnlz]|[sc]h)(?=\1)")


@dataclass(frozen=True, slots=True)
class _Token:
    script: str
    word: str
    end: int


def name_keys(text: str, language: str | None = None) -> list[str]:
    """Return the keys of a passage's likely names and numbers in order, a key as often as it occurs.

    Arabic script does not mark names: each of its words of three letters or more that is no stop word is
    keyed, with its clitics off. Of the scripts that have capitals only capitalised words are, and of the others
    none. Numbers are keyed as `terms` writes them. A key has no white space. `language` is the text's, by its code; it
    is detected where it is not given. It tells which words are no names; a name has the same keys in each.
    """
    return list(_keys(text, language or question_language(text)))


def query_name_keys(text: str, language: str | None = None) -> list[str]:
    """Return the keys of a question's likely names and numbers, made as `name_keys` makes them, each once."""
    return list(dict.fromkeys(_keys(text, language or question_language(text))))


def _keys(text: str, language: str) -> Iterator[str]:
    particle: _Token | None = None
    particles = frozenset().union(*(own.particles for own in reading(language)))
    for match in _TOKEN.finditer(text):
        token = _Token(match.lastgroup or "", match.group(), match.end())
        if token.script == "number":
            particle = None
            yield from terms(token.word, language)
            continue
        named = len(token.word) <= _LONGEST and (token.script == "arabic" or _is_capital(token.word, language))
        if named:
            yield from _word_keys(token.word, language)
        if named and particle and particle.script == token.script and particle.end == match.start() - 1:
            yield from _joined_keys(particle.word, token.word, language)
        joins = len(token.word) <= _LONGEST and (fold(token.word) in particles or token.word in particles)
        particle = token if joins else None


def _is_capital(word: str, language: str) -> bool:
    """Tell whether a word is written as a name is, perhaps behind an elision: "l'Iran"."""
    if word[0].isupper() or not ("'" in word or "’" in word):
        return word[0].isupper()
    return any(own.elision.sub("", word, count=1)[:1].isupper() for own in readers(script_of(word), language))


@functools.lru_cache(maxsize=1 << 16)
def _word_keys(word: str, language: str) -> tuple[str, ...]:
    """Return the keys of one word of a text, none where it is not a likely name."""
    script = script_of(word)
    read_by = readers(script, language)
    keys = dict.fromkeys(key for own in read_by for key in _read_keys(word, script, own, language))
    return tuple(keys)


def _read_keys(word: str, script: Script, own: Orthography, language: str) -> Iterator[str]:
    """Yield the keys of a word as one orthography reads it."""
    bare = own.elision.sub("", word, count=1)
    if word not in own.names and (_is_no_name(fold(bare), script, own) or is_stopword(bare, language)):
        return
    for base in own.name_bases(bare):
        if script.classes and not script.has_case:
            yield from _spelt_keys(base, script.classes)
        # "UN", "BBC": read letter by letter or translated
        elif len(base) > 3 or not base.isupper():
            yield from _latin_keys(_latin_letters(base), own.demonym)


def _is_no_name(folded: str, script: Script, own: Orthography) -> bool:
    dated = script.has_case and (folded in full_months(own.code) or folded in weekdays(own.code))
    return folded in own.not_names or dated


@functools.lru_cache(maxsize=1 << 12)
def _joined_keys(particle: str, word: str, language: str) -> tuple[str, ...]:
    script = script_of(word)
    if script.classes and not script.has_case:
        return tuple(dict.fromkeys(_spelt_keys(fold(particle + word), script.classes)))
    bases: dict[str, None] = {}
    for own in readers(script, language):
        bare = own.elision.sub("", word, count=1)
        if not _is_no_name(fold(bare), script, own):
            bases |= dict.fromkeys(own.name_bases(bare))
    joined = (_DOUBLED.sub(r"\1", _latin_letters(particle + base)) for base in bases)
    return tuple(dict.fromkeys(key for letters in joined for key in _spelt_keys(letters, LATIN.classes)))


def _latin_keys(letters: str, demonym: re.Pattern[str]) -> Iterator[str]:
    spellings = [letters]
    melted = _MELTED_ARTICLE.match(letters)
    if melted:
        spellings.append(letters[melted.end() :])
    if place := demonym.search(letters):
        spellings += [letters[: -len(end)] for end in sorted(filter(None, place.groups()), key=len)]
    for spelt in spellings:
        yield from _spelt_keys(_DOUBLED.sub(r"\1", spelt), LATIN.classes)


def _latin_letters(word: str) -> str:
    return re.sub("[^a-z]", "", anyascii(word.lower().translate(_SPELLINGS)).lower())


def _spelt_keys(letters: str, classes: SoundTable | None) -> list[str]:
    """Return the key of each reading of a word, likeliest first; none where it would say too little."""
    if classes is None:
        return []
    readings = itertools.islice(itertools.product(*classes.read(letters)), _MOST_READINGS)
    return [key for key in (_key("".join(reading)) for reading in readings) if key]


def _key(sounds: str) -> str:
    skeleton = re.sub("[VHWY]", "", sounds)
    if len(skeleton) >= _TELLING:
        return skeleton
    marked = re.sub("V+", "a", re.sub("(?<!^)V+(?!V*$)", "", sounds)).lower()
    return marked if len(skeleton) >= 2 or len(marked) >= 3 else ""
