"""The days that a text names without a date, "on Tuesday", "yesterday", by the day it was published."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from index.analysis.calendar import weekdays
from index.analysis.relative_times import any_of, relative_names, time_words
from index.text.normalisation import Span, normalise

_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """Where a text names a day, `text[start:end]`, and the day that is meant."""

    start: int
    end: int
    date: date


def days_in(text: str, span: Span, published: date | None, language: str) -> tuple[NamedDay, ...]:
    """Resolve the weekdays, "yesterday" and "tomorrow" of a sentence, `text[span.start:span.end]`.

    A weekday is the last one up to the day of publication. Nothing is resolved where that day is not known; no weekday
    where the sentence speaks of what is to come, or where a number beside it gives the date.
    """
    if published is None:
        return ()
    folded = normalise(text[span.start : span.end])
    found = sorted(_named(folded.text, published, language))
    places = [(folded.to_original(start, end), day) for start, end, day in found]
    return tuple(NamedDay(span.start + place.start, span.start + place.end, day) for place, day in places)


def _named(folded: str, published: date, language: str) -> Iterator[tuple[int, int, date]]:
    for match in _pattern(any_of(_one_day(language))).finditer(folded):
        yield *match.span(), published + timedelta(days=_one_day(language)[match.group()])
    words = set(_WORDS.findall(folded))
    if words & time_words(language).ahead:
        return
    for match in _pattern(any_of(weekdays(language))).finditer(folded):
        if not re.match(r"\s*[,،]?\s*\d", folded[match.end() :]):
            back = (published.weekday() - weekdays(language)[match.group()]) % 7
            back += 7 if back == 0 and _is_last(folded, match.end(), language) else 0
            yield *match.span(), published - timedelta(days=back)


def _is_last(folded: str, place: int, language: str) -> bool:
    """Tell whether a weekday is said to be the last one: "الثلاثاء الماضي" on a Tuesday is a week ago."""
    after = _WORDS.match(folded, len(folded) - len(folded[place:].lstrip()))
    return after is not None and after.group() in time_words(language).last


def _one_day(language: str) -> dict[str, int]:
    """Return what the days beside today are called; "today" is as often "these days"."""
    return {name: count for name, (unit, count) in relative_names(language).items() if unit == "day" and count}


@lru_cache(maxsize=32)
def _pattern(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{names})(?![^\W_])")
