"""What in a sentence can be looked up in a passage: its numbers, dates and names, compared across scripts."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from index.dates import months_in
from index.folding import Span, fold, word_set
from index.names import name_keys
from index.words import is_stopword, terms
from qa.arabic_names import tokenise
from qa.mentions import Kind
from qa.statements import mentions_in


class FactKind(StrEnum):
    """What kind of fact it is."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, a date's month or weekday, or a name's word: `text` is `sentence[start:end]` or stands for it.

    It occurs in a passage when one of its `forms` is among the passage's.
    """

    kind: FactKind
    text: str
    start: int
    end: int
    forms: frozenset[str]

    def occurs(self, known: Collection[str]) -> bool:
        """Tell whether a passage with these forms has it."""
        return any(form in known for form in self.forms)


_SMALL = (
    "zero صفر",
    "one واحد واحده احد احدي",
    "two اثنان اثنين اثنتين اثنتان اثنا اثني اثنتا اثنتي",
    "three ثلاث ثلاثه",
    "four اربع اربعه",
    "five خمس خمسه",
    "six ست سته",
    "seven سبع سبعه",
    "eight ثمان ثمانيه ثماني",
    "nine تسع تسعه",
    "ten عشر عشره",
    "eleven",
    "twelve dozen",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_ORDINALS = (
    "",
    "first اول اولي",
    "second ثاني ثانيه",
    "third ثالث ثالثه",
    "fourth رابع رابعه",
    "fifth خامس خامسه",
    "sixth سادس سادسه",
    "seventh سابع سابعه",
    "eighth ثامن ثامنه",
    "ninth تاسع تاسعه",
    "tenth عاشر عاشره",
)
_TENS = {
    20: "twenty twentieth عشرون عشرين",
    30: "thirty thirtieth ثلاثون ثلاثين",
    40: "forty fortieth اربعون اربعين",
    50: "fifty fiftieth خمسون خمسين",
    60: "sixty ستون ستين",
    70: "seventy سبعون سبعين",
    80: "eighty ثمانون ثمانين",
    90: "ninety تسعون تسعين",
}
_SCALES = {
    100: "hundred hundreds مئه مائه مئات",
    1000: "thousand thousands الف الاف الفا",
    10**6: "million millions مليون ملايين مليونا",
    10**9: "billion billions مليار مليارات بليون",
}
_WHOLE = {200: "مئتين مئتان مائتين مائتان", 2000: "الفين الفان", 2 * 10**6: "مليونين مليونان"} | {
    hundred * 100: f"{stem}مئه {stem}مائه"
    for hundred, stem in enumerate(("ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع"), 3)
}
_WEEKDAYS = (
    "monday الاثنين الإثنين",
    "tuesday الثلاثاء",
    "wednesday الأربعاء",
    "thursday الخميس",
    "friday الجمعة",
    "saturday السبت",
    "sunday الأحد",
)


def _table(words: dict[int, str]) -> dict[str, int]:
    return {fold(word): value for value, listed in words.items() for word in listed.split()}


_WORDS = _table(dict(enumerate(_SMALL)) | _TENS | _WHOLE)
_ORDERED = _table(dict(enumerate(_ORDINALS)))
_SCALED = _table(_SCALES)
_DAYS = _table(dict(enumerate(_WEEKDAYS)))
# After a figure without a space, "£30m".
_ABBREVIATED = {"k": 10.0**3, "m": 10.0**6, "mn": 10.0**6, "bn": 10.0**9, "tn": 10.0**12}
# "بالمئة" and "في المئة" mean per cent.
_PERCENT = word_set(fold("بالمئة بالمائة المئة المائة"))
# The second year of "1620–21".
_SECOND_YEAR = re.compile(r"(?<![\d.,])(\d\d)(\d\d)[\-–](\d\d)(?!\d)")
# "One" and "two" are articles, pronouns and Arabic duals as often as counts.
_LEAST_IN_WORDS = 3
_UNIT = re.compile(r"(?P<digits>[0-9٠-٩۰-۹]+(?:[.,٫٬][0-9٠-٩۰-۹]+)*)|(?P<word>[^\W\d_]+)")
_CAPITAL = re.compile(r"[^\W\d_][^\W_]*(?:['’\-][^\W_]+)*")
# What may stand between two words of one name.
JOINS = re.compile(r"(?:['’]s)?[\s\-–]+(?:(?:of|the|de|al|bin|بن)[\s\-]+)*")


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: float
    parts: tuple[float, ...]
    in_words: bool
    # What it may mean as well: "30m" is thirty millions or metres, the end of "1620–21" is 1621.
    also: tuple[float, ...] = ()

    @property
    def forms(self) -> frozenset[str]:
        return frozenset(_form(value) for value in (self.value, *self.also))


def facts_of(sentence: str) -> tuple[Fact, ...]:
    """Return the numbers, dates and names of a sentence, in that order."""
    found: list[Fact] = []
    for number in _numbers(sentence, ordinals=True):
        if number.in_words and number.value < _LEAST_IN_WORDS:
            continue
        text = sentence[number.start : number.end]
        found.append(Fact(FactKind.NUMBER, text, number.start, number.end, number.forms))
    found += [
        Fact(FactKind.DATE, text, at, at + len(text), frozenset({f"month {n}"})) for at, text, n in months_in(sentence)
    ]
    found += [
        Fact(FactKind.DATE, text, at, at + len(text), frozenset({f"day {n}"})) for at, text, n in _weekdays(sentence)
    ]
    return (*found, *_names(sentence))


@lru_cache(maxsize=256)
def forms_in(text: str, published: date | None = None) -> frozenset[str]:
    """Return the forms of every number, date, name and word of a passage; of its article's date too."""
    forms: set[str] = set()
    for number in _numbers(text, ordinals=True):
        forms |= number.forms | {_form(part) for part in number.parts}
    forms |= {f"month {number}" for _, _, number in months_in(text)}
    forms |= {f"day {number}" for _, _, number in _weekdays(text)}
    if published:
        forms |= {_form(published.year), _form(published.day), f"month {published.month}", f"day {published.weekday()}"}
    forms |= {f"key {key}" for key in name_keys(text)}
    return frozenset(forms | {f"term {term}" for term in terms(text)})


def word_forms(word: str) -> frozenset[str]:
    """Return the forms by which a word is found in a passage: its term and, for a likely name, its keys."""
    return frozenset({f"term {term}" for term in terms(word)} | {f"key {key}" for key in name_keys(word)})


def _form(value: float) -> str:
    return f"number {value:g}" if abs(value) < 10**5 and value != int(value) else f"number {value:.10g}"


def _numbers(text: str, *, ordinals: bool = False) -> Iterator[_Number]:
    """Read numbers in figures and in words; with a scale word after it ("5 million") both count."""
    run: list[tuple[float, bool]] = []
    start = end = 0
    in_words = True
    years = {match.start(3): float(match[1] + match[3]) for match in _SECOND_YEAR.finditer(text)}
    for match in _UNIT.finditer(text):
        unit = _unit(match, ordinals)
        if match.start() in years and match["digits"]:
            yield from _closed(run, start, end, in_words)
            run = []
            value = float(match["digits"])
            yield _Number(match.start(), match.end(), value, (), in_words=False, also=(years[match.start()],))
            continue
        if unit and unit[1] and fold(match.group()) in _ABBREVIATED and run:
            run.append((unit[0], True))
            for number in _closed(run, start, match.end(), in_words):
                yield replace(number, also=number.parts)
            run = []
            continue
        joined = bool(run) and not re.search(r"[^\s\-–وand,،]", text[end : match.start()])
        if unit is None:
            if not (run and fold(match.group()) in ("and", "و")):
                yield from _closed(run, start, end, in_words)
                run = []
            continue
        value, scale, worded = unit
        if run and (not joined or not (scale or (worded and in_words))):
            yield from _closed(run, start, end, in_words)
            run = []
        if not run:
            start, in_words = match.start(), worded
        run.append((value, scale))
        end = match.end()
    yield from _closed(run, start, end, in_words)


def _closed(run: Sequence[tuple[float, bool]], start: int, end: int, in_words: bool) -> Iterator[_Number]:
    if not run or (len(run) == 1 and run[0][1]):
        return
    total = current = 0.0
    for value, scale in run:
        if not scale:
            current += value
            continue
        current = max(current, 1) * value
        if value >= 1000:
            total, current = total + current, 0.0
    parts = tuple(value for value, scale in run if not scale)
    yield _Number(start, end, round(total + current, 6), parts, in_words)


def _unit(match: re.Match[str], ordinals: bool) -> tuple[float, bool, bool] | None:
    """Return a token's value, whether it is a scale, and whether it is a word; None when it is no number."""
    if match["digits"]:
        term = terms(match["digits"])
        return (float(term[0]), False, False) if len(term) == 1 else None
    folded = fold(match["word"])
    if folded in _ABBREVIATED and match.string[: match.start()][-1:].isdecimal():
        return _ABBREVIATED[folded], True, False
    if folded in _PERCENT:
        return None
    for bare in dict.fromkeys(
        (folded, folded.removeprefix("و"), folded.removeprefix("ال"), folded[1:].removeprefix("ال"))
    ):
        if bare in _WORDS:
            return _WORDS[bare], False, True
        if bare in _SCALED:
            return _SCALED[bare], True, True
        if ordinals and bare in _ORDERED:
            return _ORDERED[bare], False, True
    teen = re.fullmatch(r"(\w+?)th", folded) if ordinals else None
    return (_WORDS[teen[1]], False, True) if teen and teen[1] in _WORDS else None


def _weekdays(text: str) -> Iterator[tuple[int, str, int]]:
    for match in _CAPITAL.finditer(text):
        day = _DAYS.get(fold(match.group()).removeprefix("و"))
        if day is not None and (match.group()[0].isupper() or match.group()[0] >= "\u0600"):
            yield match.start(), match.group(), day


def _names(sentence: str) -> Iterator[Fact]:
    """Read the words of names: capitalised ones, and what Arabic calls a person or a place."""
    dated = {fold(text) for _, text, _ in (*months_in(sentence), *_weekdays(sentence))}
    for span in (*_capitalised(sentence), *_arabic_people(sentence)):
        word = span.slice(sentence)
        bare = re.sub(r"['’]s$", "", word)
        forms = word_forms(bare)
        counts = fold(bare) in _WORDS or fold(bare) in _SCALED or fold(bare) in _ORDERED
        if forms and not counts and fold(word) not in dated and not is_stopword(bare):
            yield Fact(FactKind.NAME, bare, span.start, span.start + len(bare), forms)


def _capitalised(sentence: str) -> Iterator[Span]:
    words = list(_CAPITAL.finditer(sentence))
    for place, match in enumerate(words):
        if not _is_capital(match.group()):
            continue
        follows = place + 1 < len(words) and _is_capital(words[place + 1].group())
        before = sentence[: match.start()].rstrip(" \"'“«([")
        begins = not before or before[-1] in ".!?:"
        if not begins or follows or match.group().endswith(("'s", "’s")):
            yield Span(match.start(), match.end())


def _is_capital(word: str) -> bool:
    """Tell whether a word is written as a name: with a capital, or with one after an article, as "al-Zaidi"."""
    return word[0].isupper() or (word[:1] in "ae" and word[2:3] == "-" and word[3:4].isupper())


def _arabic_people(sentence: str) -> Iterator[Span]:
    tokens = tokenise(sentence, Span(0, len(sentence)))
    for mention in mentions_in(tokens):
        if mention.kind is Kind.PERSON:
            for token in tokens:
                if token.word and mention.name.start <= token.start < mention.name.end and token.folded[0] >= "\u0600":
                    yield Span(token.start, token.end)
