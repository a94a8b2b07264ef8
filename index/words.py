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
UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
)
# "75 000" and "75 000,5" are one number; so is anything with points or commas between its digits.
_SPACED = r"[1-9١-٩]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,٫]\d{1,2}(?!\d))?"
_WORD = re.compile(
    r"(?P<acronym>(?<![^\W_])[A-Za-z]\.(?:[A-Za-z]\.)+(?![^\W\d_]))"
    rf"|(?P<number>(?<![\d.,])(?:{_SPACED}|\d+(?:[.,٫٬]\d+)+)(?![^\W_]))"
    rf"|(?P<unspaced>(?:(?=[^\W\d_])[{UNSPACED}][{MARKS}]*)+)"
    rf"|(?P<word>(?:[^\W_{UNSPACED}]+[{MARKS}]*)+)"
)
_CLUSTER = re.compile(rf"[^{MARKS}][{MARKS}]*")
# In folded text: thousands in groups of three, then perhaps a fraction of another mark.
_GROUPED = re.compile(r"(?P<whole>[1-9]\d{0,2}([ ,.])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](?P<fraction>\d+))?")
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
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_STEMMERS = (
    (re.compile("[a-zà-ɏ]"), "english"),
    (re.compile("[\u0400-\u052f]"), "russian"),
    (re.compile("[α-ω]"), "greek"),
    (re.compile("[\u0900-\u097f]"), "hindi"),
)
# What is longer is a link or data, not a word.
_LONGEST = 64
# Clitics and the article, with three letters at least after them.
_DEFINITE = re.compile("[وف]?(?:ال|بال|كال|(?P<to>لل))(?=...)")
_CLITICS = frozenset("وفبلك")
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
            analysed = _analyse(match.group()).terms
            if analysed:
                found.append(Word(match.group(), match.start(), match.end(), analysed))
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
    folded = fold(word[:_LONGEST])
    if " " in folded and not folded[0].isdecimal():  # a ligature of several words, such as "ﷺ"
        return _Analysis(tuple(term for part in folded.split() for term in _analyse(part).terms), stop=False)
    if folded[:1].isdecimal():
        return _Analysis(_number_terms(folded), stop=False)
    if folded in _ENGLISH_STOPWORDS or folded in _ARABIC_STOPWORDS:
        return _Analysis((folded,), stop=True)
    if _ARABIC.search(folded):
        return _Analysis(_arabic_terms(folded), stop=False)
    folded = folded.replace(".", "")
    name = next((name for letters, name in _STEMMERS if letters.search(folded)), None)
    stemmed = _stem(name, folded) if name else folded
    return _Analysis((stemmed,) if stemmed else (), stop=False)


def _number_terms(folded: str) -> tuple[str, ...]:
    """Return one term for a number, the number and the whole for "20th", the parts of "12.10.2016"."""
    grouped = _GROUPED.fullmatch(folded)
    if grouped:
        return (_decimal(re.sub(r"\D", "", grouped["whole"]), grouped["fraction"] or ""),)
    decimal = _DECIMAL.fullmatch(folded)
    if decimal:
        return (_decimal(decimal[1], decimal[2]),)
    mixed = _LEADING_DIGITS.fullmatch(folded)
    if mixed and mixed[2].isalnum():
        return (_decimal(mixed[1], ""), folded)
    return tuple(_decimal(part, "") for part in re.findall(r"\d+", folded))


def _decimal(whole: str, fraction: str) -> str:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _arabic_terms(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_stem("arabic", base) for base in arabic_bases(folded)))


def arabic_bases(folded: str) -> tuple[str, ...]:
    """Return what a folded Arabic word may be without its conjunction, preposition and article; likeliest first.

    A first letter may be a clitic or the word's own ("وترامب", "وزير"): such a word is returned both ways.
    """
    definite = _DEFINITE.match(folded)
    if definite:
        rest = folded[definite.end() :]
        # The article melts into "ل": "للعراق" holds "عراق", "لليبيا" "ليبيا", and "للجنة" "لجنة".
        return (rest, "ل" + rest) if definite["to"] else (rest,)
    if folded[:1] in _CLITICS and len(folded) >= 4:
        return (folded, folded[1:])
    return (folded,)


def _stem(algorithm: str, word: str) -> str:
    # A stemmer object keeps its buffers between calls: each thread has its own.
    stemmers: dict[str, Any] | None = getattr(_LOCAL, "stemmers", None)
    if stemmers is None:
        stemmers = _LOCAL.stemmers = {}
    if algorithm not in stemmers:
        import Stemmer

        stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return str(stemmers[algorithm].stemWord(word)) or word
