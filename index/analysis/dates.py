"""Read dates as news sources write them, in figures or in words, in any language whose months are known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from index.analysis.calendar import all_weekdays, has_capitals, in_other_calendar, months, other_patterns
from index.analysis.identification import question_language
from index.languages import PACKS, language, languages, reading
from index.text.normalisation import normalise

# What `dateparser` is asked for: it reads an English date in more forms than a pattern of month names does.
_LANGUAGES = ["en", "ar", "fr", "es", "de", "it", "pt", "tr", "fa", "ru"]
_NUMERIC = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?!\d)")
_LONGEST = 120
# A smaller year is one of the Hijri calendar, or a misreading.
_FIRST_YEAR = 1500


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """Where a text writes a day, the weekday and the time around it included, and the day alone as it is written."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=4096)
def parse_date(text: str, code: str = "und") -> date | None:
    """Read the calendar day a date names, in its own time zone; None where it cannot be read with certainty.

    ISO 8601 and YYYYMMDD, RFC 2822, days and months in words ("28 أيلول/سبتمبر 2025", "٢٨ سبتمبر ٢٠٢٥",
    "18 جانفي 2017", "1er octobre 2025"), and figures with the day first ("28/09/2025"; "03/04/2025" is 3 April), unless
    only the month can be first ("09/28/2025"). A date without a day, or a relative one ("yesterday"), is not read.
    Days of the Hijri and the Jalali calendar are read by the names of their months or a mark ("1447/04/06 هـ"). `code`
    is the language of the article, whose months are known beside those of the packs.
    """
    if len(text) > _LONGEST:
        return None
    folded = normalise(text).text.strip()
    # A day that is given in two calendars is read in the common one.
    found = _common(_numeric(folded) or _by_month(folded, code)) or in_other_calendar(folded, code)
    return found or _common(_in_words(folded))


def months_in(text: str, language: str | None = None) -> list[tuple[int, str, int]]:
    """Return where a text names a month, as it is written there, and the month's number: (start, word, 1 to 12).

    `language` is the text's, by its code; it is detected where it is not given.
    """
    codes = tuple(own.code for own in reading(language or question_language(text)))
    folded = normalise(text)
    found = []
    for match in _month_pattern(codes).finditer(folded.text):
        span = folded.to_original(match.start(), match.end())
        code = match.lastgroup or ""
        # "may" and "march" are months only with a capital.
        if has_capitals(code) and not text[span.start].isupper():
            continue
        found.append((span.start, span.slice(text), months(code)[match[code]]))
    return found


def find_day(text: str) -> WrittenDay | None:
    """Find the first day that a text writes with its year, in figures or in words; it may be one no calendar has.

    Where it is written in two calendars beside each other, that of the common one is taken, and both are its place.
    """
    folded = normalise(text)
    other = next((found.span() for find in other_patterns() if (found := find.search(folded.text))), None)
    common = [(found.span(), found.span("day")) for found in _written_pattern().finditer(folded.text)]
    days = [(whole, day) for whole, day in common if other is None or whole[1] <= other[0] or other[1] <= whole[0]]
    days = sorted([*days, (other, other)]) if other else days
    if not days:
        return None
    (start, end), day = days[0]
    start = _before_weekday(folded.text, start)
    end = _after_mark(folded.text, end)
    if len(days) > 1 and other in (days[0][0], days[1][0]) and _means_the_same(folded.text[end : days[1][0][0]]):
        day = days[1][1] if days[0][0] == other else day
        end = _after_mark(folded.text, days[1][0][1])
    whole, written = folded.to_original(start, end), folded.to_original(*day)
    return WrittenDay(whole.start, whole.end, written.slice(text))


def _before_weekday(text: str, start: int) -> int:
    """Return where a day begins with its weekday, if one stands before it."""
    found = re.search(rf"(?<!\w)(?:{_any_weekday()})\.?\s*[,،]?\s+$", text[:start])
    return found.start() if found else start


@cache
def _any_weekday() -> str:
    return _any_of({name for code in PACKS for name in all_weekdays(code)})


def _after_mark(text: str, end: int) -> int:
    """Return where a day ends with the mark of the common calendar, if one stands after it: "2025 م"."""
    found = _common_mark().match(text, end)
    return found.end() if found else end


def _means_the_same(between: str) -> bool:
    """Tell whether what stands between two days says that they are one."""
    return between.strip(" \t,،-–/|()") in _equals()


def _common(found: date | None) -> date | None:
    return found if found and found.year >= _FIRST_YEAR else None


@cache
def _common_mark() -> re.Pattern[str]:
    marks = (normalise(mark).text for pack in languages() for mark in pack.orthography.dates.common_marks)
    return re.compile(rf"\s*(?:{_any_of(marks)})\.?(?!\w)")


@cache
def _equals() -> frozenset[str]:
    return frozenset(["", *(normalise(word).text for own in languages() for word in own.orthography.dates.equals)])


def _numeric(text: str) -> date | None:
    match = _NUMERIC.match(text)
    return _day(int(match[1]), int(match[3]), int(match[4])) if match else None


def _by_month(text: str, code: str) -> date | None:
    """Read a day by the name of its month; English ones are left to `dateparser`."""
    for other in dict.fromkeys((*PACKS, code)):
        if other != "en" and (match := _named_pattern(other).search(text)):
            return _day(int(match["year"]), months(other)[match["month"]], int(match["day"]))
    return None


def _in_words(text: str) -> date | None:
    """Leave the rest to `dateparser`, held to absolute dates that state day, month and year."""
    if not any(character.isdigit() for character in text):
        return None
    from dateparser import parse  # type: ignore[import-untyped]

    settings = {"STRICT_PARSING": True, "DATE_ORDER": "DMY", "PARSERS": ["absolute-time"]}
    found = parse(text, languages=_LANGUAGES, settings=settings)
    return found.date() if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        # 31 February: digits that look like a day and are none.
        return None


@cache
def _any_month(code: str) -> str:
    """Return a pattern of the months of a language, the longest first; one that never matches where it has none."""
    return _any_of(months(code)) or "(?!)"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _before(words: Iterable[str]) -> str:
    """Return a pattern of one of some words, or of none, with space after it."""
    found = _any_of(words)
    return rf"(?:(?:{found})\s+)?" if found else ""


@cache
def _month_pattern(codes: tuple[str, ...]) -> re.Pattern[str]:
    """Match a month in one of some languages; the group is called by the language's code."""
    prefixes = {code: language(code).orthography.dates.prefixes for code in codes}
    named = (
        rf"(?<!\w){f'[{prefixes[code]}]?' if prefixes[code] else ''}(?P<{code}>{_any_month(code)})(?!\w)"
        for code in codes
    )
    return re.compile("|".join(named))


@cache
def _named_pattern(code: str) -> re.Pattern[str]:
    """Match a day, a month by one of its names or by two ("أيلول/سبتمبر", "أيلول (سبتمبر)"), and a year."""
    month, words = _any_month(code), language(code).orthography.dates
    first = f"(?:{_any_of((*words.first, '.'))})?"
    return re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}}){first}\s+{_before(words.of)}(?P<month>{month})"
        rf"\.?(?:\s*[/(\-]\s*(?:{month})\s*\)?)?\s*[,،]?\s*{_before(words.year)}(?P<year>\d{{4}})(?!\d)"
    )


@cache
def _written_pattern() -> re.Pattern[str]:
    """Match a day with its year, perhaps behind a weekday and before a time, in the languages of the packs."""
    words = [pack.orthography.dates for pack in languages()]
    cased = _any_of(name for pack in languages() if pack.script.has_case for name in months(pack.code))
    bare = _any_of(name for pack in languages() if not pack.script.has_case for name in months(pack.code))
    month = rf"(?:(?:{cased})\b\.?|(?:{bare})(?:\s*[/(\-]\s*(?:{bare})\s*\)?)?)"
    number = rf"\d{{1,2}}(?:{_any_of(end for own in words for end in own.first)})?"
    of, year = (_before(word for own in words for word in getattr(own, kind)) for kind in ("of", "year"))
    at, halves = (_any_of(word for own in words for word in getattr(own, kind)) for kind in ("at", "halves"))
    day = "|".join(
        (
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
            r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}",
            rf"{number}\s+{of}{month}\s*[,،]?\s*{year}\d{{4}}",
            rf"{month}\s+{number}\s*,?\s+\d{{4}}",
        )
    )
    zone = r"(?:\s*(?:z|gmt|utc|[+-]\d{2}:?\d{2}))?"
    time = rf"(?:t|\s*[,،-]?\s*(?:(?:{at})\s+)?)\d{{1,2}}[:h]\d{{2}}(?::\d{{2}})?(?:\s*(?:{halves}))?{zone}"
    before = _before(word for own in words for word in own.day)
    return re.compile(
        rf"(?:(?<!\w){before}(?:{_any_weekday()})\.?\s*[,،]?\s+)?(?<![\w/.\-])(?P<day>{day})(?!\d)(?:{time})?(?!\w)"
    )
