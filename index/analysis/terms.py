"""Words and the lexical terms they are found by: the same word gives the same term in every text."""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.analysis.identification import question_language
from index.languages import readers
from index.text.normalisation import fold
from index.text.scripts import MARKS, UNSPACED, script_of

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

# What is longer is a link or data, not a word.
_LONGEST = 64


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


def words(text: str, language: str | None = None) -> list[Word]:
    """Return the words of a text in order, stop words too; `language` as for `terms`.

    Scripts written without spaces give a word a character, whose term is that character and the next.
    """
    code = language or question_language(text)
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "unspaced":
            found.extend(_unspaced_words(match.group(), match.start()))
        else:
            analysed = _analyse(match.group(), code).terms
            if analysed:
                found.append(Word(match.group(), match.start(), match.end(), analysed))
    return found


def terms(text: str, language: str | None = None) -> list[str]:
    """Return the lexical terms of a text in order: folded, stemmed, clitics and stop words left out.

    `language` is the text's, by its code; it is detected where it is not given. Numbers are one term however they are
    written: 1,000 and 1000 and ١٠٠٠; 3.5 and 3,5 and ٣٫٥. A term has no white space.
    """
    code = language or question_language(text)
    found: list[str] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "unspaced":
            for word in _unspaced_words(match.group(), match.start()):
                found.extend(word.terms)
        else:
            analysis = _analyse(match.group(), code)
            if not analysis.stop:
                found.extend(analysis.terms)
    return found


def query_terms(query: str, language: str, others: Iterable[str] = ()) -> list[str]:
    """Return the terms of a query in its own language, then what its words are found by in texts in `others`.

    So a word that two languages share, most of all a name, is found in both however they stem it. Each term once.
    """
    asked = {match.group() for match in _WORD.finditer(query) if match.lastgroup != "unspaced"}
    kept = [word for word in asked if not _analyse(word, language).stop]
    analyses = (_analyse(word, code) for code in others for word in sorted(kept))
    foreign = (term for analysis in analyses if not analysis.stop for term in analysis.terms)
    return list(dict.fromkeys([*terms(query, language), *foreign]))


def is_stopword(word: str, language: str) -> bool:
    """Tell whether a word says nothing about the matter of a text in a language."""
    folded = fold(word)
    return all(folded in own.stop_words for own in readers(script_of(folded), language))


def _unspaced_words(run: str, start: int) -> Iterator[Word]:
    clusters = list(_CLUSTER.finditer(run))
    for index, cluster in enumerate(clusters):
        following = clusters[index + 1].group() if index + 1 < len(clusters) else ""
        term = fold(cluster.group() + following) or cluster.group()
        yield Word(cluster.group(), start + cluster.start(), start + cluster.end(), (term,))


@functools.lru_cache(maxsize=1 << 16)
def _analyse(word: str, language: str) -> _Analysis:
    folded = fold(word[:_LONGEST])
    if " " in folded and not folded[0].isdecimal():  # a ligature of several words, such as "ﷺ"
        return _Analysis(tuple(term for part in folded.split() for term in _analyse(part, language).terms), stop=False)
    if folded[:1].isdecimal():
        return _Analysis(_number_terms(folded), stop=False)
    read_by = readers(script_of(folded), language)
    if all(folded in own.stop_words for own in read_by):
        return _Analysis((folded,), stop=True)
    folded = folded.replace(".", "")
    stems = dict.fromkeys(stem for own in read_by for stem in own.stems(folded)) if folded else ()
    return _Analysis(tuple(stems), stop=False)


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
