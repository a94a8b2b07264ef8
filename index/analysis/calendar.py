"""Calendars: names of months and weekdays (CLDR's and the packs'), and days of the Hijri and the Persian calendar."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from index.languages import language, languages
from index.languages.cldr import Kind, Width, names
from index.text.normalisation import fold

# A shorter abbreviation is another word too often.
_SHORTEST = 3
# Years in which both calendars lie, by their own count; without a mark or a month's name such a year tells nothing.
_HIJRI, _JALALI = range(1343, 1501), range(1250, 1501)
_FIGURES = r"(?<![\d/.-])(?P<first>1[2-5]\d\d|\d{1,2})[-/.](?P<number>\d{1,2})[-/.](?P<last>1[2-5]\d\d|\d{1,2})(?!\d)"
_PERSIAN = "fa"
_APOSTROPHES = "'‘’ʿʾ`´"
_MARKS = re.compile(f"[{_APOSTROPHES}]")


@cache
def months(code: str) -> Mapping[str, int]:
    """Return the folded names of months in a language, in full and abbreviated, with their numbers 1 to 12."""
    named = {name: number for name, number in _cldr(code, "months", "abbreviated") if len(name) >= _SHORTEST}
    return {**named, **full_months(code), **language(code).orthography.dates.months}


@cache
def full_months(code: str) -> Mapping[str, int]:
    """Return the folded names of months in a language that are no abbreviations, with their numbers."""
    return dict(_cldr(code, "months", "wide"))


@cache
def weekdays(code: str) -> Mapping[str, int]:
    """Return the folded names of weekdays in a language, in full, with their numbers: 0 for Monday to 6."""
    return dict(_cldr(code, "days", "wide"))


@cache
def all_weekdays(code: str) -> Mapping[str, int]:
    """Return the folded names of weekdays in a language, in full and abbreviated, with their numbers."""
    short = {name: day for name, day in _cldr(code, "days", "abbreviated") if len(name) >= _SHORTEST}
    return {**short, **language(code).orthography.dates.weekdays, **weekdays(code)}


@cache
def has_capitals(code: str) -> bool:
    """Tell whether a language writes the names of months with a capital: "march" is no month."""
    return any(name[0].isupper() for _, name in names(code, "months", "wide"))


def _cldr(code: str, kind: Kind, width: Width) -> list[tuple[str, int]]:
    locales = language(code).orthography.dates.locales or (code,)
    return [
        (folded, number)
        for locale in locales
        for number, name in names(locale, kind, width)
        if (folded := fold(name).rstrip(".")) and folded[0].isalpha()
    ]


def in_other_calendar(folded: str, code: str) -> date | None:
    """Read the first Hijri or Jalali day of a folded text, by the name of its month or a mark at its year; else None.

    Hijri days follow the calendar of Umm al-Qura; where months begin by sight, a day may be one off. `code` is the
    text's language: figures of a year such as 1404 are Jalali in Persian without a mark.
    """
    if match := _written_pattern().search(folded):
        month = _plain(match["month"])
        is_jalali = month in _jalali_months()
        number = (_jalali_months() if is_jalali else _hijri_months())[month]
        return _day(int(match["year"]), number, int(match["day"]), is_jalali=is_jalali)
    marked = _marked_pattern().search(folded)
    if match := marked or (re.search(_FIGURES, folded) if code == _PERSIAN else None):
        first, number, last = (int(match[name]) for name in ("first", "number", "last"))
        year, day = (first, last) if first > last else (last, first)
        return _day(year, number, day, is_jalali=marked is None or marked["mark"] in _jalali_marks())
    return None


def other_patterns() -> tuple[re.Pattern[str], ...]:
    """Return what matches a day that says by its month's name or by a mark that it is of another calendar."""
    return _written_pattern(), _marked_pattern()


@cache
def _written_pattern() -> re.Pattern[str]:
    """Match a day with a month of either calendar by its name: "6 ربيع الاخر 1447 هـ", "6 Mehr 1404"."""
    names = sorted({**_hijri_months(), **_jalali_months()}, key=len, reverse=True)
    months = "|".join(map(_spelt, names))
    of = _any_of(word for pack in languages() for word in (*pack.orthography.dates.of, *pack.orthography.dates.month))
    first = _any_of(end for pack in languages() for end in pack.orthography.dates.first)
    year = _any_of(word for pack in languages() for word in pack.orthography.dates.year)
    return re.compile(
        rf"(?<![\d/.-])(?P<day>\d{{1,2}})(?:{first})?\s+(?:(?:{of})\s+)?(?P<month>{months})\s*[,،]?\s*(?:(?:{year})\s+)?"
        rf"(?P<year>1[2-5]\d\d)(?!\d)(?:\s*(?:{_any_mark()})(?!\w))?"
    )


@cache
def _marked_pattern() -> re.Pattern[str]:
    """Match a day in figures with a mark after it."""
    return re.compile(rf"{_FIGURES}\s*(?P<mark>{_any_mark()})(?!\w)")


def _day(year: int, month: int, day: int, *, is_jalali: bool) -> date | None:
    try:
        if is_jalali and year in _JALALI:
            from persiantools.jdatetime import JalaliDate

            found_day: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
            return found_day
        if not is_jalali and year in _HIJRI:
            from hijridate import Hijri

            found = Hijri(year, month, day).to_gregorian()
            return date(found.year, found.month, found.day)
    except (ValueError, OverflowError):
        # A day that its month has not, or beyond the calendar's tables.
        pass
    return None


@cache
def _hijri_months() -> Mapping[str, int]:
    own = (pack.orthography.dates.hijri_months for pack in languages())
    return {_plain(fold(name)): number for names in own for number, listed in names.items() for name in listed}


@cache
def _jalali_months() -> Mapping[str, int]:
    """Return the Jalali months in the packs' languages, and in Persian."""
    from persiantools.jdatetime import MONTH_NAMES_FA

    persian = {fold(name): number for number, name in enumerate(MONTH_NAMES_FA) if name}
    own = (pack.orthography.dates.jalali_months for pack in languages())
    return persian | {
        _plain(fold(name)): number for names in own for number, listed in names.items() for name in listed
    }


def _spelt(name: str) -> str:
    """Match a month's name with a hyphen or a space between its parts, and an apostrophe wherever one may stand."""
    letters = (re.escape(letter) if letter != " " else "[ -]" for letter in name)
    return (f"[{_APOSTROPHES}]?" if name.isascii() else "").join(letters)


def _plain(name: str) -> str:
    return _MARKS.sub("", name).replace("-", " ")


@cache
def _jalali_marks() -> frozenset[str]:
    return frozenset(fold(mark) for pack in languages() for mark in pack.orthography.dates.jalali_marks)


@cache
def _any_mark() -> str:
    hijri = (fold(mark) for pack in languages() for mark in pack.orthography.dates.hijri_marks)
    return _any_of((*_jalali_marks(), *hijri))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
