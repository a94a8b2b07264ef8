"""The time that a question names: "on 3 November", "in 2024", "last week", "before October"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from index.analysis.calendar import months as month_names
from index.analysis.calendar import weekdays as weekday_names
from index.analysis.relative_times import any_of, relative_names, time_words
from index.languages import language
from index.text.normalisation import Normalised, Span, normalise

_BEFORE = re.compile(r"([^\W\d_]+)\W*$")
_AFTER = re.compile(r"^\W*([^\W\d_]+)")
# What precedes within one sentence; the first letters of the words on either side of a space.
_WITHIN = re.compile(r"[^\W_][^.!?:؟]*$")
_LAST, _NEXT = re.compile(r"([^\W\d_])[\w'’.]*\s$"), re.compile(r"\s([^\W\d_])")
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day_>\d{1,2})[/.](?P<month_>\d{1,2})[/.](?P<year_>\d{4}))(?![\d./-])"
)
_YEAR = re.compile(r"(?<![\w.,/-])(?P<year>(?:19|20)\d\d)(?![\w/-]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included, None where it is open; `words` is how the question says it, folded."""

    start: date | None
    end: date | None
    words: str

    def holds(self, day: date | None) -> bool:
        """Tell whether a day is in it; an unknown one is not."""
        if day is None:
            return False
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class _Found:
    period: Period
    start: int
    end: int


def period_in(question: str, code: str, *, today: date, newest: date | None = None) -> Period | None:
    """Return the time that a question names, None for none or for several that have no day in common.

    Relative times are relative to `today`. A day or a month without its year is the last one up to today, or up to the
    `newest` article's day where that is earlier: a library of the past is asked about its own time.
    """
    asked = normalise(question)
    folded = asked.text
    latest = min(today, newest) if newest else today
    found = [
        *_dates(folded, code, latest),
        *_years(folded, code),
        *_relative(question, asked, code, today),
        *_weekdays(folded, code, today),
    ]
    found.sort(key=lambda item: (item.start, -item.end))
    periods: list[Period] = []
    reached = 0
    for item in found:
        # "November 2025" is no year of its own.
        if item.start >= reached:
            bounded = _bounded(folded, item, code)
            periods += [bounded] if bounded else []
            reached = item.end
    spans = bool(found) and _word_before(folded, found[0].start, code) in time_words(code).between
    return _common(periods, spans=spans)


def _dates(folded: str, code: str, latest: date) -> Iterator[_Found]:
    """Yield days and months, in figures or by the month's name."""
    for match in _NUMERIC.finditer(folded):
        year, month, day = (int(match[name] or match[f"{name}_"]) for name in ("year", "month", "day"))
        yield from _day(match, year, month, day)
    months = month_names(code)
    for match in _dated(code).finditer(folded):
        named, written = months[match["month"]], match["day"] or match["day_after"]
        if match["year"]:
            said = int(match["year"])
            yield from _day(match, said, named, int(written)) if written else _span(match, *_month(said, named))
        elif written:
            is_past = (named, int(written)) <= (latest.month, latest.day)
            yield from _day(match, latest.year if is_past else latest.year - 1, named, int(written))
        elif _word_before(folded, match.start(), code) in time_words(code).at:
            # Alone, "may" and "mars" are other words.
            yield from _span(match, *_month(latest.year if named <= latest.month else latest.year - 1, named))


def _years(folded: str, code: str) -> Iterator[_Found]:
    """Yield years that a word marks as a time: "the 2022 cup" names a cup."""
    for match in _YEAR.finditer(folded):
        if _word_before(folded, match.start(), code) in time_words(code).at:
            year = int(match["year"])
            yield from _span(match, date(year, 1, 1), date(year, 12, 31))


def _relative(question: str, asked: Normalised, code: str, today: date) -> Iterator[_Found]:
    """Yield times by their distance from today, without the same words in other meanings and in names."""
    names = relative_names(code)
    others = [other.span() for other in time_words(code).unlike.finditer(asked.text)]
    for match in _any(any_of(names)).finditer(asked.text):
        is_other = any(start < match.end() and match.start() < end for start, end in others)
        if not is_other and not _in_name(question, asked.to_original(*match.span())):
            unit, count = names[match.group()]
            yield from _span(match, *_shifted(unit, count, today))


def _in_name(question: str, words: Span) -> bool:
    """Tell whether words are part of a name, by the capitals that they and a word beside them have: "USA Today"."""
    before = question[: words.start]
    if not words.slice(question)[:1].isupper() or not _WITHIN.search(before) or question.isupper():
        return False
    beside = (_LAST.search(before), _NEXT.match(question, words.end))
    return any(word is not None and word[1].isupper() for word in beside)


def _weekdays(folded: str, code: str, today: date) -> Iterator[_Found]:
    """Yield weekdays that are said to be the last: any other is the article's to resolve."""
    names, last = weekday_names(code), time_words(code).last
    for match in _any(any_of(names)).finditer(folded):
        beside = {_word_before(folded, match.start(), code), _word_after(folded, match.end())}
        if beside & last:
            day = today - timedelta(days=(today.weekday() - names[match.group()] - 1) % 7 + 1)
            yield from _span(match, day, day)


def _bounded(folded: str, found: _Found, code: str) -> Period | None:
    """Return the period on the side that the word before it means."""
    words, before = time_words(code), _word_before(folded, found.start, code)
    period = found.period
    if before in words.before and period.start:
        return replace(period, start=None, end=period.start - timedelta(days=1))
    if before in words.after and period.end:
        return replace(period, start=period.end + timedelta(days=1), end=None)
    if before in words.since:
        return replace(period, end=None)
    return replace(period, start=None) if before in words.until else period


def _common(periods: list[Period], *, spans: bool) -> Period | None:
    """Return what periods have in common: "after 3 May and before June"; of two, all between them where so said."""
    if not periods:
        return None
    if len(periods) == 2 and spans:
        periods = [replace(periods[0], end=None), replace(periods[1], start=None)]
    starts = [period.start for period in periods if period.start]
    ends = [period.end for period in periods if period.end]
    start, end = max(starts, default=None), min(ends, default=None)
    if start and end and start > end:
        return None
    return Period(start, end, " ".join(period.words for period in periods))


def _day(match: re.Match[str], year: int, month: int, day: int) -> Iterator[_Found]:
    try:
        found = date(year, month, day)
    except ValueError:
        # 31 February is no day.
        return
    yield from _span(match, found, found)


def _span(match: re.Match[str], start: date, end: date) -> Iterator[_Found]:
    yield _Found(Period(start, end, match.group().strip()), match.start(), match.end())


def _month(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def _shifted(unit: str, count: int, today: date) -> tuple[date, date]:
    """Return the first and the last day of the day, week (from Monday), month or year so many ahead of today's."""
    if unit == "day":
        return today + timedelta(days=count), today + timedelta(days=count)
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=count)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        months = today.year * 12 + today.month - 1 + count
        return _month(months // 12, months % 12 + 1)
    return date(today.year + count, 1, 1), date(today.year + count, 12, 31)


def _word_before(folded: str, place: int, code: str) -> str:
    """Return the word before a place, articles passed over: "before the 5th"."""
    while found := _BEFORE.search(folded[:place]):
        if found[1] not in time_words(code).articles:
            return found[1]
        place = found.start()
    return ""


def _word_after(folded: str, place: int) -> str:
    found = _AFTER.search(folded[place:])
    return found[1] if found else ""


@lru_cache(maxsize=32)
def _any(names: str) -> re.Pattern[str]:
    """Match one of the names as a word; in Arabic a preposition may be written on to it."""
    return re.compile(rf"(?<![^\W_])(?:(?:{names})(?![^\W_]))")


@lru_cache(maxsize=32)
def _dated(code: str) -> re.Pattern[str]:
    """Match a month by its name, with the day before or after it and the year where they are given."""
    words, month = language(code).orthography.dates, any_of(month_names(code))
    first = f"(?:{any_of(words.first)})?"
    of = f"(?:(?:{any_of(words.of)})\\s+)?"
    day = rf"(?<!\d)(?P<day>\d{{1,2}}){first}\s+{of}(?:(?:{any_of(words.month)})\s+)?"
    after = rf"\s+(?P<day_after>\d{{1,2}}){first}(?!\d)"
    year = rf"\s*[,،]?\s*{of}(?:(?:{any_of(words.year)})\s+)?(?P<year>(?:19|20)\d\d)(?!\d)"
    return re.compile(
        rf"(?<![^\W_])(?:{day})?(?P<month>{month})(?:\s*/\s*(?:{month}))?(?![^\W\d_])(?:{after})?(?:{year})?"
    )
