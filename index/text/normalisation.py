"""Normalisation that keeps offsets: one spelling for what readers take as the same word.

Words are compared in their normalised form and quoted in their original one, so every normalised
character knows the original character it came from.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """Return the characters of `text` in this span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and where each of its characters stood in the original.

    `offsets[i]` is the original index of normalised character i; it never falls as i rises. There is
    one more offset than there are characters: the last is the original's length.
    """

    text: str
    offsets: tuple[int, ...]

    def to_original(self, start: int, end: int) -> Span:
        """Return the original characters behind `self.text[start:end]`.

        The marks that hang on the last letter belong to it, and an original character that became
        several (a ligature) is taken whole. Raises `IndexError` unless 0 <= start <= end <= len(text).
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"[{start}:{end}] is not within the {len(self.text)} normalised characters.")
        first = self.offsets[start]
        if start == end:
            return Span(first, first)
        last = self.offsets[end - 1]
        while self.offsets[end] == last:
            end += 1
        return Span(first, self.offsets[end])


class _Folds(dict[str, str]):
    """What each character normalises to, worked out the first time it is met."""

    def __missing__(self, character: str) -> str:
        folded = _fold(character)
        self[character] = folded
        return folded


_FOLDS = _Folds()

# Letters that decomposition does not unify: alef maqsura and Persian yeh are yeh, Persian and Urdu
# kaf and heh are the Arabic ones, teh marbuta is written as heh by many, alef wasla is an alef.
_LETTERS = {
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ے": "ي",
    "ک": "ك",
    "ڪ": "ك",
    "ة": "ه",
    "ۃ": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ٱ": "ا",
    "٫": ".",
    "٬": ",",
    "٪": "%",
    "’": "'",
    "ı": "i",
}
_TATWEEL = "\u0640"
# A breve makes another letter of Cyrillic i, and the Russian stemmer relies on it.
_KEPT_WHOLE = frozenset("й")


def normalise(text: str) -> Normalised:
    """Bring a text to the form in which words are compared, with the way back to the original.

    Case is folded; NFKC undoes presentation forms and widths; Arabic and Latin vowel marks, accents,
    tatweel, and zero-width and bidi controls go; a hamza gives way to the letter that carries it
    (أ إ آ -> ا, ؤ -> و, ئ -> ي) while a lone ء stays; ى -> ي; ة -> ه; Persian and Urdu letters become
    the Arabic ones; every script's decimal digits become 0-9.
    """
    pieces = [_FOLDS[character] for character in text]
    offsets = [index for index, piece in enumerate(pieces) for _ in piece]
    offsets.append(len(text))
    return Normalised("".join(pieces), tuple(offsets))


def fold(text: str) -> str:
    """Return the text of `normalise` alone, for words whose place is known already."""
    return "".join([_FOLDS[character] for character in text])


def word_set(words: str) -> frozenset[str]:
    """Return the set of the words in a list that is written as text, with white space between them."""
    return frozenset(words.split())


def folded_words(words: str) -> frozenset[str]:
    """Return the folded words of a list with white space between them."""
    return word_set(fold(words))


def valued(words: Mapping[int, str]) -> dict[str, int]:
    """Return the value of each folded word of lists by their value."""
    return {fold(word): value for value, listed in words.items() for word in listed.split()}


def _fold(character: str) -> str:
    if character in _KEPT_WHOLE:
        return character
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    return "".join(_fold_letter(letter) for letter in composed)


def _fold_letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if letter in _KEPT_WHOLE:
        return letter
    if letter == _TATWEEL or unicodedata.category(letter) == "Cf" or _is_optional_mark(letter):
        return ""
    decimal = unicodedata.decimal(letter, None)
    if decimal is not None:
        return str(decimal)
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) > 1 and any(_is_optional_mark(part) for part in parts):
        kept = "".join(part for part in parts if not _is_optional_mark(part))
        return unicodedata.normalize("NFC", "".join(_LETTERS.get(part, part) for part in kept))
    return letter


def _is_optional_mark(character: str) -> bool:
    # The marks of Indic and South-East Asian scripts are vowels no reader leaves out: they stay.
    return (
        "\u0300" <= character <= "\u036f"  # accents
        or ("\u0591" <= character <= "\u05c7" and unicodedata.category(character) == "Mn")  # Hebrew points
        or "\u0610" <= character <= "\u061a"
        or "\u064b" <= character <= "\u065f"
        or character == "\u0670"
        or ("\u06d6" <= character <= "\u06ed" and unicodedata.category(character) == "Mn")
        or "\u08d3" <= character <= "\u08ff"
        or "\ufe00" <= character <= "\ufe0f"  # variation selectors
    )
