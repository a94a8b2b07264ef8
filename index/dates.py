"""Read dates as news sources write them, in figures or in words, in English, Arabic and a few more languages."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from index.folding import normalise

# The international names are joined by the Syriac ones of Iraq and the Levant, the French ones of Tunisia and
# Algeria, and the Moroccan ones; `dateparser` knows the first set alone.
_MONTHS = (
    ("يناير", "كانون الثاني", "جانفي"),
    ("فبراير", "شباط", "فيفري"),
    ("مارس", "آذار"),
    ("أبريل", "نيسان", "أفريل"),
    ("مايو", "أيار", "ماي"),
    ("يونيو", "يونيه", "حزيران", "جوان"),
    ("يوليو", "يوليه", "تموز", "جويلية", "يوليوز"),
    ("أغسطس", "آب", "أوت", "غشت"),
    ("سبتمبر", "أيلول", "شتنبر"),
    ("أكتوبر", "تشرين الأول"),
    ("نوفمبر", "تشرين الثاني", "نونبر"),
    ("ديسمبر", "كانون الأول", "دجنبر"),
)
_ENGLISH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = (
    "sunday monday tuesday wednesday thursday friday saturday sun mon tue tues wed thu thur thurs fri sat "
    "الأحد الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت"
)
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
def parse_date(text: str) -> date | None:
    """Read the calendar day a date names, in its own time zone; None where it cannot be read with certainty.

    ISO 8601 and YYYYMMDD, RFC 2822, days and months in words ("28 أيلول/سبتمبر 2025", "٢٨ سبتمبر ٢٠٢٥",
    "18 جانفي 2017"), and figures with the day first ("28/09/2025"; "03/04/2025" is 3 April), unless only the month can
    be first ("09/28/2025"). A date without a day, or a relative one ("yesterday"), is not read.
    """
    if len(text) > _LONGEST:
        return None
    folded = normalise(text).text.strip()
    found = _numeric(folded) or _arabic(folded) or _in_words(folded)
    return found if found and found.year >= _FIRST_YEAR else None


def months_in(text: str) -> list[tuple[int, str, int]]:
    """Return where a text names a month, as it is written there, and the month's number: (start, word, 1 to 12)."""
    folded = normalise(text)
    found = []
    for match in _month_pattern().finditer(folded.text):
        span = folded.to_original(match.start(), match.end())
        # "may" and "march" are months only with a capital.
        if match["english"] and not text[span.start].isupper():
            continue
        english, arabic = match["english"], match["arabic"]
        number = _ENGLISH_MONTHS.index(english[:3]) + 1 if english else _arabic_months()[arabic]
        found.append((span.start, span.slice(text), number))
    return found


def find_day(text: str) -> WrittenDay | None:
    """Find the first day that a text writes with its year, in figures or in words; it may be one no calendar has."""
    folded = normalise(text)
    match = _written_pattern().search(folded.text)
    if match is None:
        return None
    whole, day = folded.to_original(*match.span()), folded.to_original(*match.span("day"))
    return WrittenDay(whole.start, whole.end, day.slice(text))


def _numeric(text: str) -> date | None:
    match = _NUMERIC.match(text)
    return _day(int(match[1]), int(match[3]), int(match[4])) if match else None


def _arabic(text: str) -> date | None:
    match = _arabic_pattern().search(text)
    return _day(int(match["year"]), _arabic_months()[match["month"]], int(match["day"])) if match else None


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


@lru_cache(maxsize=1)
def _arabic_months() -> dict[str, int]:
    return {normalise(name).text: number for number, names in enumerate(_MONTHS, start=1) for name in names}


@lru_cache(maxsize=1)
def _month_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<english>{_ENGLISH})\b|(?<!\w)[وفبل]?(?P<arabic>{_any_arabic_month()})(?!\w)")


@lru_cache(maxsize=1)
def _any_arabic_month() -> str:
    """Return a pattern of the Arabic months, the longest first."""
    return "|".join(sorted(map(re.escape, _arabic_months()), key=len, reverse=True))


@lru_cache(maxsize=1)
def _arabic_pattern() -> re.Pattern[str]:
    """Match a day, a month by one of its names or by two ("أيلول/سبتمبر", "أيلول (سبتمبر)"), and a year."""
    month = _any_arabic_month()
    return re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?:من\s+)?(?P<month>{month})"
        rf"(?:\s*[/(\-]\s*(?:{month})\s*\)?)?\s*[,،]?\s*(?:سنه\s+|عام\s+)?(?P<year>\d{{4}})(?!\d)"
    )


@lru_cache(maxsize=1)
def _written_pattern() -> re.Pattern[str]:
    """Match a day with its year, perhaps behind a weekday and before a time."""
    arabic, weekday = _any_arabic_month(), "|".join(normalise(WEEKDAYS).text.split())
    month = rf"(?:(?:{_ENGLISH})\b\.?|(?:{arabic})(?:\s*[/(\-]\s*(?:{arabic})\s*\)?)?)"
    number = r"\d{1,2}(?:st|nd|rd|th)?"
    day = "|".join(
        (
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
            r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}",
            rf"{number}\s+(?:of\s+|من\s+)?{month}\s*[,،]?\s*(?:سنه\s+|عام\s+)?\d{{4}}",
            rf"{month}\s+{number}\s*,?\s+\d{{4}}",
        )
    )
    zone = r"(?:\s*(?:z|gmt|utc|[+-]\d{2}:?\d{2}))?"
    time = rf"(?:t|\s*[,،-]?\s*(?:at\s+|الساعه\s+)?)\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s*(?:[ap]\.?m\.?|ص|م))?{zone}"
    return re.compile(
        rf"(?:(?<!\w)(?:يوم\s+)?(?:{weekday})\.?\s*[,،]?\s+)?(?<![\w/.\-])(?P<day>{day})(?!\d)(?:{time})?(?!\w)"
    )
