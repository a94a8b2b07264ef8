"""The time that a question names: "on 3 November", "in 2024", "last week", "before October"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from index.analysis.calendar import months as month_names
from index.analysis.calendar import weekdays as weekday_names
from index.analysis.relative_times import any_of, relative_names, time_words
from index.languages import language
from index.text.normalisation import Normalised, Span, normalise

# A word that bounds a time is looked for in so many characters before it.
_FURTHEST = 64
_BEFORE = re.compile(r"([^\W\d_]+)\W*$")
_AFTER = re.compile(r"^\W*([^\W\d_]+)")
# What precedes within one sentence; the first letters of the words on either side of a space.
_WITHIN = re.compile(r"[^\W_][^.!?:؟]*$")
_LAST, _NEXT = re.compile(r"([^\W\d_])[\w'’.]*\s$"), re.compile(r"\s([^\W\d_])")
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day_>\d{1,2})[/.](?P<month_>\d{1,2})[/.](?P<year_>\d{4}))(?![\d./-])"
)


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
    """A period and where it is named: `is_span` from one time to another, `is_loose` only where joined to a time."""

    period: Period
    start: int
    end: int
    is_span: bool = False
    is_loose: bool = False


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
    times = _joined(folded, found, code)
    spans = bool(times) and not times[0].is_span and _is_first(folded, times[0], code)
    return _common([_bounded(folded, item, code) for item in times], spans=spans)


def _joined(folded: str, found: list[_Found], code: str) -> list[_Found]:
    """Return times in their order, two of which only a word such as "and" or "to" parts as one from first to last."""
    times: list[_Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        last = times[-1] if times else None
        # "November 2025" is no year of its own.
        if last and item.start < last.end:
            continue
        if last and _joins(code, bounded=_is_first(folded, last, code)).fullmatch(folded, last.end, item.start):
            times[-1] = _Found(_from_to(last.period, item.period), last.start, item.end, is_span=True)
        elif not item.is_loose or _is_first(folded, item, code):
            times.append(item)
    return [item for item in times if not item.is_loose]


def _is_first(folded: str, found: _Found, code: str) -> bool:
    """Tell whether a word before a time says that it is the first of two."""
    return bool(_marks(folded, found.start, code) & time_words(code).between)


def _from_to(one: Period, other: Period) -> Period:
    starts = [period.start for period in (one, other) if period.start]
    ends = [period.end for period in (one, other) if period.end]
    return Period(min(starts), max(ends), f"{one.words} {other.words}")


def _dates(folded: str, code: str, latest: date) -> Iterator[_Found]:
    """Yield days and months, in figures or by the month's name."""
    for match in _NUMERIC.finditer(folded):
        year, month, day = (int(match[name] or match[f"{name}_"]) for name in ("year", "month", "day"))
        yield from _days(match, year, month, day, day)
    months = month_names(code)
    matches = list(_dated(code).finditer(folded))
    for match, year in zip(matches, _years_of(matches, code, latest), strict=True):
        named, first, last = months[match["month"]], match["first"] or match["day"], match["day"]
        if match["day_after"]:
            first, last = match["day_after"], match["last"] or match["day_after"]
        if last:
            yield from _days(match, year, named, int(first), int(last))
        else:
            # Alone, "may" and "mars" are other words.
            is_loose = not match["year"] and not _is_marked(folded, match.start(), code)
            yield from _span(match, *_month(year, named), is_loose=is_loose)


def _years_of(matches: Sequence[re.Match[str]], code: str, latest: date) -> list[int]:
    """Return the year of each day or month: its own, that of the one joined to it, else the last up to `latest`."""
    said = [int(match["year"]) if match["year"] else 0 for match in matches]
    months, joins = month_names(code), _joins(code, bounded=True)
    days = [(months[match["month"]], int(match["day"] or match["day_after"] or 1)) for match in matches]
    pairs = [
        place
        for place, (one, other) in enumerate(pairwise(matches))
        if joins.fullmatch(one.string, one.end(), other.start())
    ]
    for place in pairs:
        if said[place] and not said[place + 1]:
            said[place + 1] = said[place] + (days[place + 1] < days[place])
    for place in reversed(range(len(matches))):
        if not said[place] and place in pairs:
            said[place] = said[place + 1] - (days[place] > days[place + 1])
        elif not said[place]:
            match = matches[place]
            on = latest.day if match["day"] or match["day_after"] else 1
            said[place] = latest.year - (days[place] > (latest.month, on))
    return said


def _years(folded: str, code: str) -> Iterator[_Found]:
    """Yield years, loose where no word marks them as a time: "the 2022 cup" names a cup."""
    for match in _year(code).finditer(folded):
        year, is_loose = int(match["year"]), not _is_marked(folded, match.start(), code)
        yield from _span(match, date(year, 1, 1), date(year, 12, 31), is_loose=is_loose)


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
        if _marks(folded, match.start(), code) & last or _word_after(folded, match.end()) in last:
            day = today - timedelta(days=(today.weekday() - names[match.group()] - 1) % 7 + 1)
            yield from _span(match, day, day)


def _bounded(folded: str, found: _Found, code: str) -> Period:
    """Return the period on the side that the words before it mean; "before the end of March" may be in March."""
    words, marks, period = time_words(code), _marks(folded, found.start, code), found.period
    if found.is_span:
        return period
    is_part = bool(marks & words.parts)
    if marks & words.before and period.start and not is_part:
        return replace(period, start=None, end=period.start - timedelta(days=1))
    if marks & words.after and period.end and not is_part:
        return replace(period, start=period.end + timedelta(days=1), end=None)
    if marks & (words.since | words.after):
        return replace(period, end=None)
    return replace(period, start=None) if marks & (words.until | words.before) else period


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


def _days(match: re.Match[str], year: int, month: int, first: int, last: int) -> Iterator[_Found]:
    """Yield the days of a month from the first to the last; a later first one is no day: "killed 30 and 5 May"."""
    try:
        end = date(year, month, last)
        start = date(year, month, first) if first < last else end
    except ValueError:
        # 31 February is no day.
        return
    yield from _span(match, start, end, is_span=start < end)


def _span(
    match: re.Match[str], start: date, end: date, *, is_span: bool = False, is_loose: bool = False
) -> Iterator[_Found]:
    yield _Found(Period(start, end, match.group().strip()), match.start(), match.end(), is_span, is_loose)


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


def _marks(folded: str, place: int, code: str) -> frozenset[str]:
    """Return the words before a place up to the first that may not stand in between: "before", "the", "year"."""
    words, marks = time_words(code), set[str]()
    while found := _BEFORE.search(folded, max(0, place - _FURTHEST), place):
        marks.add(found[1])
        if found[1] not in words.articles and found[1] not in words.parts:
            break
        place = found.start()
    return frozenset(marks)


def _is_marked(folded: str, place: int, code: str) -> bool:
    return bool(_marks(folded, place, code) & time_words(code).at)


def _word_after(folded: str, place: int) -> str:
    found = _AFTER.search(folded[place:])
    return found[1] if found else ""


@lru_cache(maxsize=32)
def _any(names: str) -> re.Pattern[str]:
    """Match one of the names as a word; in Arabic a preposition may be written on to it."""
    return re.compile(rf"(?<![^\W_])(?:(?:{names})(?![^\W_]))")


@lru_cache(maxsize=32)
def _dated(code: str) -> re.Pattern[str]:
    """Match a month by its name, with the day or days before or after it and the year where they are given."""
    words, month = language(code).orthography.dates, any_of(month_names(code))
    first, to = f"(?:{any_of(words.first)})?", f"(?:{_joins(code, bounded=True).pattern})"
    of = f"(?:(?:{any_of(words.of)})\\s+)?"
    days = rf"(?:(?P<first>\d{{1,2}}){first}{to})?(?<!\d)(?P<day>\d{{1,2}}){first}"
    before = rf"{days}\s+{of}(?:(?:{any_of(words.month)})\s+)?"
    after = rf"\s+(?P<day_after>\d{{1,2}}){first}(?:{to}(?P<last>\d{{1,2}}){first}(?!\d|\s+{of}(?:{month})))?(?!\d)"
    year = rf"\s*[,،]?\s*{of}(?:(?:{any_of(words.year)})\s+)?(?P<year>(?:19|20)\d\d)(?!\d)"
    return re.compile(
        rf"{_begins(code)}(?:{before})?(?P<month>{month})(?:\s*/\s*(?:{month}))?(?![^\W\d_])(?:{after})?(?:{year})?"
    )


@lru_cache(maxsize=32)
def _year(code: str) -> re.Pattern[str]:
    return re.compile(rf"{_begins(code)}(?<![.,/-])(?P<year>(?:19|20)\d\d)(?![\w/-]|[.,]\d)")


def _begins(code: str) -> str:
    """Return a pattern of where a word begins; in Arabic "and" is written on to it."""
    written_on = "".join(word for word in time_words(code).to if len(word) == 1 and not language(code).script.has_case)
    return rf"(?:(?<![^\W_])|(?<=\W[{written_on}]))" if written_on else r"(?<![^\W_])"


@lru_cache(maxsize=32)
def _joins(code: str, *, bounded: bool) -> re.Pattern[str]:
    """Match what parts two times named together; `bounded` where a word such as "until" may bound the second."""
    words = time_words(code)
    bounds = words.until | words.before | words.after | words.since if bounded else frozenset[str]()
    to = any_of(words.to | words.until if bounded else words.to)
    between = any_of(words.articles | words.parts | bounds)
    return re.compile(rf"\s*[-–—]\s*|[\s',،]+(?:{to})(?:[\s']+(?:{between}))*[\s']*")
