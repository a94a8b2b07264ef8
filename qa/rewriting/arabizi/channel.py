"""How Arabic letters are typed in Latin ones: the probability of each spelling of a letter, by its place in the word.

A noisy channel (Kernighan, Church & Gale 1990): an Arabic word is typed letter by letter, each as no to three Latin
ones, and between them vowels are put in that Arabic does not write. `python -m benchmarks.training.arabizi` learns it
by expectation maximisation from words in both writings.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

# A letter is typed as so many at most.
LONGEST = 3
ARTICLE = "ال"
# Where a letter stands in its word, and what it may be typed as there: for each letter how many characters, how likely.
FIRST, WITHIN, LAST = 0, 1, 2
Options = tuple[
    dict[str, list[tuple[int, float]]], dict[str, list[tuple[int, float]]], dict[str, list[tuple[int, float]]]
]
# What is likelier than this, as a logarithm, is looked at.
_LEAST = -7.0
_VOWELS = "اوي"
# So many characters are put in at one place at most.
MOST_PUT_IN = 2
_NO_LETTER = re.compile("[^a-z0-9]")


@dataclass(frozen=True)
class LetterChannel:
    """`spelt` has of each letter in its place (see `placed`) the log probability of what it is typed as.

    `put_in` has it of a character that is put in between two letters, by what they are (see `gap`), `stop` that no more
    is put in there.
    """

    spelt: Mapping[str, Mapping[str, float]]
    put_in: Mapping[str, Mapping[str, float]]
    stop: Mapping[str, float]

    @cached_property
    def _by_latin(self) -> dict[str, list[tuple[int, str, float]]]:
        """Of each spelling the places in the word, letters and log probabilities that it may be of."""
        found: dict[str, list[tuple[int, str, float]]] = {}
        for letter, spellings in self.spelt.items():
            for latin, share in spellings.items():
                if share >= _LEAST:
                    found.setdefault(latin, []).append((_place(letter), letter.strip("^$"), share))
        return found

    def put_ins(self, typed: str, kind: str) -> list[list[float]]:
        """Return for each place in a typed word how likely the next no, one or two characters are put in, in a gap."""
        put_in, stop = self.put_in.get(kind, {}), self.stop.get(kind, 0.0)
        places = []
        for start in range(len(typed) + 1):
            shares = [stop]
            for character in typed[start : start + MOST_PUT_IN]:
                share = put_in.get(character)
                if share is None:
                    break
                shares.append(shares[-1] + share)
            places.append(shares)
        return places

    def options(self, typed: str) -> list[Options]:
        """Return for each place in a typed word which letters may be typed there, in how many characters, how likely.

        There is one place more than the word has characters: at its end a letter may still be left out.
        """
        places: list[Options] = []
        for start in range(len(typed) + 1):
            here: Options = ({}, {}, {})
            for length in range(min(LONGEST, len(typed) - start) + 1):
                for place, letter, share in self._by_latin.get(typed[start : start + length], ()):
                    here[place].setdefault(letter, []).append((length, share))
            places.append(here)
        return places


def placed(word: str, at: int) -> str:
    """Return a letter of a word in its place: the first, the last and any other are typed each in their own way.

    What comes after the article is a first letter too.
    """
    if at == 0 or (at == len(ARTICLE) and word.startswith(ARTICLE)):
        return f"^{word[at]}"
    return f"{word[at]}$" if at == len(word) - 1 else word[at]


def gap(before: str, after: str) -> str:
    """Return what stands around a gap in a word: letters that are vowels or not, and after the last one nothing."""
    return ("v" if before in _VOWELS else "c") + ("$" if not after else "v" if after in _VOWELS else "c")


def _place(letter: str) -> int:
    return FIRST if letter.startswith("^") else LAST if letter.endswith("$") else WITHIN


def plain(typed: str) -> str:
    """Return a typed word in small letters and digits alone, without accents and apostrophes."""
    bare = unicodedata.normalize("NFKD", typed.lower().replace("ç", "s"))
    return _NO_LETTER.sub("", bare)
