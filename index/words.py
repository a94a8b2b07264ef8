"""Words and the lexical terms they are found by: the same word gives the same term in every text."""

import functools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.folding import fold, word_set

# What hangs on a letter or joins two without being one: vowel marks, tatweel, zero-width and bidi controls.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a51\u0a81-\u0acd\u0b01-\u0b57\u0b82-\u0bd7\u0c00-\u0c56\u0c81-\u0cd6\u0d00-\u0d57"
    "\u0d82-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
)
_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
)
_WORD = re.compile(
    r"(?P<acronym>(?<![^\W_])[A-Za-z]\.(?:[A-Za-z]\.)+(?![^\W\d_]))"
    r"|(?P<number>(?<![\d.,])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d\u00a0\u202f])|\d+(?:[.,٫٬]\d+)+)(?![^\W_]))"
    rf"|(?P<unspaced>(?:[{_UNSPACED}][{MARKS}]*)+)"
    rf"|(?P<word>(?:[^\W_{_UNSPACED}]+[{MARKS}]*)+)"
)
_CLUSTER = re.compile(rf"[^{MARKS}][{MARKS}]*")
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_LEADING_DIGITS = re.compile(r"(\d+)(\D.*)", re.DOTALL)

_ENGLISH_STOPWORDS = word_set(
    "a about after all also am an and any are as at be because been before being but by can could d did do does doing "
    "for from had has have having he her here hers him his how i if in into is it its just ll m me more most my no nor "
    "not now of off on once only or other our out over own re s same she should so some such t than that the their "
    "them then there these they this those through to too under until up ve very was we were what when where which "
    "while who whom whose why will with would you your"
)
# Folded, as words are when they are looked up here.
_ARABIC_STOPWORDS = word_set(
    "في من علي الي عن ان انه انها هو هي هم هما نحن انت انا هذا هذه ذلك تلك هولاء اولئك التي الذي الذين اللذين اللتين "
    "اللاتي كان كانت كانوا يكون تكون ليس ليست قد لقد لم لن لا ما ماذا متي اين كيف كم هل لماذا لمن بمن بما مما عما "
    "فيما كما لكن ولكن او ام ثم حيث حين عند عندما بين بعد قبل مع ضد حول خلال منذ حتي اذا اذ لو اما انما كل بعض "
    "غير سوي اي ايه ايضا به بها بهم له لها لهم لنا لي فيه فيها فيهم منه منها منهم عليه عليها عليهم اليه اليها اليهم "
    "عنه عنها عنهم معه معها معهم وهو وهي وهم وان وانه وانها وفي ومن وعلي والي وعن ومع وقد ولم ولا وما وكان وكانت "
    "بان لان لانه لانها بانه بانها كذلك وذلك وهذا وهذه والتي والذي الا يا و ف ب ل ك"
)
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_STEMMERS = (
    (re.compile("[a-zà-ɏ]"), "english"),
    (_CYRILLIC, "russian"),
    (re.compile("[α-ω]"), "greek"),
    (re.compile("[\u0900-\u097f]"), "hindi"),
)
_LOCAL = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text, and the terms it is found by (at least one)."""

    text: str
    start: int
    end: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Analysis:
    terms: tuple[str, ...]
    stop: bool


def words(text: str) -> list[Word]:
    """Return the words of a text in order, stop words too.

    Scripts written without spaces give a word a character, whose term is that character and the next.
    """
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "unspaced":
            found.extend(_unspaced_words(match.group(), match.start()))
        else:
            found.append(Word(match.group(), match.start(), match.end(), _analyse(match.group()).terms))
    return found


def terms(text: str) -> list[str]:
    """Return the lexical terms of a text in order: folded, stemmed, clitics and stop words left out.

    Numbers are one term however they are written: 1,000 and 1000 and ١٠٠٠; 3.5 and 3,5 and ٣٫٥. A term has no
    white space.
    """
    found: list[str] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "unspaced":
            for word in _unspaced_words(match.group(), match.start()):
                found.extend(word.terms)
        else:
            analysis = _analyse(match.group())
            if not analysis.stop:
                found.extend(analysis.terms)
    return found


def is_stopword(word: str) -> bool:
    """Tell whether a word is one of the English or Arabic words that say nothing about a text's matter."""
    folded = fold(word)
    return folded in _ENGLISH_STOPWORDS or folded in _ARABIC_STOPWORDS


def _unspaced_words(run: str, start: int) -> Iterator[Word]:
    clusters = list(_CLUSTER.finditer(run))
    for index, cluster in enumerate(clusters):
        following = clusters[index + 1].group() if index + 1 < len(clusters) else ""
        term = fold(cluster.group() + following) or cluster.group()
        yield Word(cluster.group(), start + cluster.start(), start + cluster.end(), (term,))


@functools.lru_cache(maxsize=1 << 16)
def _analyse(word: str) -> _Analysis:
    folded = fold(word)
    if folded[:1].isdigit():
        return _Analysis(_number_terms(folded), stop=False)
    if folded in _ENGLISH_STOPWORDS or folded in _ARABIC_STOPWORDS:
        return _Analysis((folded,), stop=True)
    if _ARABIC.search(folded):
        return _Analysis(_arabic_terms(folded), stop=False)
    folded = folded.replace(".", "")
    if not folded:
        return _Analysis((word,), stop=True)
    name = next((name for letters, name in _STEMMERS if letters.search(folded)), None)
    return _Analysis((_stem(name, folded) if name else folded,), stop=False)


def _number_terms(folded: str) -> tuple[str, ...]:
    folded = folded.replace("\u00a0", " ").replace("\u202f", " ")
    if _GROUPED.fullmatch(folded):
        head, mark, tail = folded, "", ""
        for separator in ".,":
            before, _, after = folded.rpartition(separator)
            if before and len(after) < 3:
                head, mark, tail = before, separator, after
        del mark
        return (_decimal(re.sub(r"\D", "", head), tail),)
    decimal = _DECIMAL.fullmatch(folded)
    if decimal:
        return (_decimal(decimal[1], decimal[2]),)
    mixed = _LEADING_DIGITS.fullmatch(folded)
    if mixed and not any(character in " .," for character in folded):
        return (_decimal(mixed[1], ""), folded)
    return tuple(_decimal(part, "") for part in re.findall(r"\d+", folded)) or (folded,)


def _decimal(whole: str, fraction: str) -> str:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _arabic_terms(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_stem("arabic", "ال" + base) for base in arabic_bases(folded)))


def arabic_bases(folded: str) -> tuple[str, ...]:
    """Return what a folded Arabic word may be without its conjunction, preposition and article; likeliest first.

    A word that only may begin with a clitic ("وزير", "وترامب") is returned both ways.
    """
    rest = folded
    if rest[:1] in ("و", "ف") and len(rest) > 4 and rest[1:3] in ("ال", "لل", "با", "كا") and _article(rest[1:]):
        rest = rest[1:]
    base = _article(rest)
    if base:
        return (base,)
    if folded[:1] in ("و", "ف", "ب", "ل", "ك") and len(folded) > 4:
        return (folded, folded[1:])
    return (folded,)


def _article(word: str) -> str:
    """Return the word without its article, or "" where it has none."""
    for article in ("ال", "بال", "كال", "لل"):
        if word.startswith(article) and len(word) - len(article) >= 3:
            return word[len(article) :]
    return ""


def _stem(algorithm: str, word: str) -> str:
    # A stemmer object keeps its buffers between calls: each thread has its own.
    stemmers: dict[str, Any] | None = getattr(_LOCAL, "stemmers", None)
    if stemmers is None:
        stemmers = _LOCAL.stemmers = {}
    if algorithm not in stemmers:
        import Stemmer

        stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return str(stemmers[algorithm].stemWord(word)) or word
