"""Scripts that texts are written in: their letters, direction and case, and how the letters sound."""

import re
from dataclasses import dataclass, field

from anyascii import anyascii

from index.text.sounds import ARABIC_CLASSES, ARABIC_SOUNDS, LATIN_CLASSES, LATIN_SOUNDS, SoundTable

# What hangs on a letter or joins two without being one: vowel marks, tatweel, zero-width and bidi controls.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a51\u0a81-\u0acd\u0b01-\u0b57\u0b82-\u0bd7\u0c00-\u0c56\u0c81-\u0cd6\u0d00-\u0d57"
    "\u0d82-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
)
# Letters of scripts that put no space between words.
UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
)


# There is one of each: it is its own key, which costs no hashing of tables.
@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A script, `name` by ISO 15924, and the `letters` it is written with.

    `has_case` is whether it tells names by a capital, `is_rtl` whether it runs from right to left; `classes` and
    `sounds` are how it sounds, coarsely for name keys and finely for phonetic similarity, None where nobody has said.
    `language` is the code of the one language that is written in it, "" where there are several, `likeliest` of the one
    that most texts in it are in, "" where nobody can tell, and `weight` how much a letter of it says about the language
    of a text: texts in other scripts quote Latin names far more than the other way round, and a Han character is about
    a word. `romanised` are letters that transliteration gives otherwise than a reader expects.
    """

    name: str
    letters: re.Pattern[str]
    has_case: bool = True
    is_rtl: bool = False
    language: str = ""
    likeliest: str = ""
    weight: int = 2
    classes: SoundTable | None = None
    sounds: SoundTable | None = None
    romanised: dict[int, int] = field(default_factory=dict, compare=False, hash=False)

    def share(self, text: str) -> float:
        """Return the share, 0 to 1, of a text's letters that are of this script; 0 without letters."""
        letters = sum(map(str.isalpha, text))
        return sum(map(str.isalpha, self.letters.findall(text))) / letters if letters else 0.0

    def holds(self, text: str) -> bool:
        """Tell whether a text has a letter of this script."""
        return self.letters.search(text) is not None

    def in_latin(self, word: str) -> str:
        """Write a word in plain Latin letters: what is written without its vowels stays without them."""
        return " ".join(anyascii(word.translate(self.romanised)).split())


def _alone(name: str, language: str, letters: str, *, is_rtl: bool = False, weight: int = 2) -> Script:
    return Script(name, re.compile(f"[{letters}]"), False, is_rtl, language, language, weight)


LATIN = Script("Latn", re.compile("[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]"), weight=1, classes=LATIN_CLASSES, sounds=LATIN_SOUNDS)
ARABIC = Script(
    "Arab",
    re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08b4\ufb50-\ufdff\ufe70-\ufefc]"),
    has_case=False,
    is_rtl=True,
    classes=ARABIC_CLASSES,
    sounds=ARABIC_SOUNDS,
    romanised=str.maketrans("اآأىةإ", "aaaaai"),
)
CYRILLIC = Script("Cyrl", re.compile("[\u0400-\u052f]"), likeliest="ru")
GREEK = Script("Grek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), language="el", likeliest="el")
DEVANAGARI = Script("Deva", re.compile("[\u0900-\u0963]"), has_case=False, likeliest="hi")
HAN = _alone("Hani", "zh", "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f", weight=4)
KANA = _alone("Kana", "ja", "\u3041-\u30ff", weight=4)
SCRIPTS = (
    LATIN,
    ARABIC,
    CYRILLIC,
    GREEK,
    _alone("Hebr", "he", "\u05d0-\u05f2", is_rtl=True),
    Script("Armn", re.compile("[\u0531-\u0587]"), language="hy"),
    DEVANAGARI,
    _alone("Beng", "bn", "\u0980-\u09e3"),
    _alone("Guru", "pa", "\u0a00-\u0a65"),
    _alone("Gujr", "gu", "\u0a80-\u0ae5"),
    _alone("Orya", "or", "\u0b00-\u0b63"),
    _alone("Taml", "ta", "\u0b80-\u0be5"),
    _alone("Telu", "te", "\u0c00-\u0c63"),
    _alone("Knda", "kn", "\u0c80-\u0ce3"),
    _alone("Mlym", "ml", "\u0d00-\u0d63"),
    _alone("Sinh", "si", "\u0d80-\u0de5"),
    _alone("Thai", "th", "\u0e01-\u0e4e"),
    _alone("Laoo", "lo", "\u0e81-\u0ecd"),
    _alone("Tibt", "bo", "\u0f40-\u0fbc"),
    _alone("Mymr", "my", "\u1000-\u103f"),
    _alone("Geor", "ka", "\u10a0-\u10ff"),
    _alone("Ethi", "am", "\u1200-\u135a"),
    _alone("Khmr", "km", "\u1780-\u17d3"),
    _alone("Hang", "ko", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"),
    KANA,
    HAN,
)
# For a language without a pack: nothing is taken for a name by its capital.
ANY = Script("Zyyy", re.compile(r"[^\W\d_]"), False)
# Scripts whose words are stemmed, in the order in which a word of several is taken for one of them.
_STEMMED = (ARABIC, LATIN, CYRILLIC, GREEK, DEVANAGARI)


def script_of(word: str) -> Script:
    """Return the script a word is written in, `ANY` for one whose words have no stems."""
    return next((script for script in _STEMMED if script.holds(word)), ANY)
