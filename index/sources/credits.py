"""The short lines under a title that say who wrote an article, for which outlet, and on which day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from index.analysis.calendar import all_weekdays
from index.analysis.dates import find_day
from index.languages import languages
from index.sources.metadata import field_named
from index.text.normalisation import fold

# Longer lines, and parts of more words, are sentences (characters, words).
_LONGEST = 120
_MOST_WORDS = 5
_BETWEEN = re.compile(r"\s*[/|·•–—]\s*|\s+-+\s+|\s*[,،;؛]\s+")
_LABEL = re.compile(r"(?P<key>[^:：]{1,30})[:：]\s*(?P<value>[^:：]+)")
_BEFORE_DAY = re.compile(rf"(?:^|{_BETWEEN.pattern}|[(\[])\s*$")
_SENTENCE_MARKS = re.compile(r"[!?…؟:：«»\"“”]|[.،,]$")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a line says of its article, by field; `is_whole` when it says nothing else."""

    fields: dict[str, str]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of bylines in all languages: a line is read before its language is known."""

    by: re.Pattern[str]
    beside: re.Pattern[str]
    after_day: re.Pattern[str]
    # A name that holds one of these, whatever its case, is an outlet's; without them it may be a place or a person.
    outlets: frozenset[str]
    small: frozenset[str]
    # Words that names are not made of: the line is a sentence.
    sentence: frozenset[str]
    no_first_names: frozenset[str]
    published: frozenset[str]
    updated: frozenset[str]


@cache
def _words() -> _Words:
    every = [pack.orthography.credits for pack in languages()]
    by, beside = (_any_of(word for own in every for word in getattr(own, kind)) for kind in ("by", "beside"))
    small = frozenset(word for own in every for word in own.small)
    days = frozenset(day for pack in languages() for day in all_weekdays(pack.code))
    return _Words(
        by=re.compile(rf"(?:{by})(?:\s*[:：]\s*|\s+)(?=\S)", re.IGNORECASE),
        beside=re.compile(rf"\s+\(?(?:{beside})\s+", re.IGNORECASE),
        after_day=re.compile(rf"\s*[)\]]?(?:$|{_BETWEEN.pattern}|\s+(?=(?:{by})\s))", re.IGNORECASE),
        outlets=frozenset(word for own in every for word in own.outlets),
        small=small,
        sentence=frozenset(word for own in every for word in own.sentence),
        no_first_names=small | days,
        published=frozenset(word for own in every for word in own.published),
        updated=frozenset(word for own in every for word in own.updated),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def credit_of(line: str) -> Credit | None:
    """Read a line such as "By Ian Mercer, Northern Ledger / 4 November 2025"; None where it is not clearly one.

    It begins with "By", "كتب" and the like or has a day that stands apart, and all its parts are short as names are.
    """
    line = line.strip()
    if len(line) > _LONGEST:
        return None
    fields: dict[str, str] = {}
    words = _words()
    parts = _BETWEEN.split(line)
    if day := find_day(line):
        (before, kind), after = _without_label(line[: day.start]), line[day.end :]
        ahead, behind = _BEFORE_DAY.search(before), words.after_day.match(after)
        if ahead is None or behind is None:
            return None
        fields[kind] = day.text
        parts = [*_BETWEEN.split(before[: ahead.start()]), *_BETWEEN.split(after[behind.end() :])]
    elif not begins_byline(line):
        return None
    parts = [named.strip() for part in parts for named in _beside(part)]
    return _credit(fields, [part for part in parts if part])


def _beside(part: str) -> list[str]:
    """Take apart who wrote a text and whose report it goes by as well: "Par Jean Dupont (avec AFP)"."""
    named = _words().beside.split(part)
    return [named[0], *(name.rstrip(" )") for name in named[1:])]


@dataclass(frozen=True, slots=True)
class DayLine:
    """The days in a line of a page's head, as written; `is_whole` when it says nothing else."""

    published: str | None = None
    modified: str | None = None
    is_whole: bool = False


def day_line(line: str) -> DayLine:
    """Read "Published 10 July 2020 | Updated 7 January 2025": each day by the label before it, or alone in its part."""
    found: dict[str, str] = {}
    is_whole, label, has_time = True, "", False
    for part in re.split(r"\s*[|·•]\s*|\s+[-–—]\s+", line):
        day = find_day(part)
        folded = fold(part[: day.start] if day else part)
        before = _clock().sub(" ", folded)
        # A label may stand before a time, and the day behind it: "Updated: 14:30 - 7 January 2025".
        label = " ".join(before.split()).strip(":：(,،").strip() or label
        kind = _kind_of_day(label)
        has_time = has_time or (bool(kind and label) and before != folded)
        if day is None:
            is_whole = is_whole and bool(kind and label)
        elif kind is None or _zone().sub(" ", _clock().sub(" ", fold(part[day.end :]))).strip(" ().,،"):
            is_whole = False
        else:
            found.setdefault(kind, day.text)
            label = ""
    if not found and (credit := credit_of(line)):
        return DayLine(credit.fields.get("published"), credit.fields.get("modified"))
    return DayLine(found.get("published"), found.get("modified"), is_whole and (bool(found) or has_time))


def _kind_of_day(label: str) -> str | None:
    """Tell which day of an article a label is that of, folded; without one it is that of publication."""
    if label in _words().updated:
        return "modified"
    return "published" if not label or label in _words().published or field_named(label) == "published" else None


@cache
def _clock() -> re.Pattern[str]:
    """Match a time of day with what stands around it, folded: "at 14:30 GMT", "2.30pm"."""
    dates = [pack.orthography.dates for pack in languages()]
    at, halves = (_any_of(word for own in dates for word in getattr(own, kind)) for kind in ("at", "halves"))
    time = rf"\d{{1,2}}[:h]\d{{2}}(?::\d{{2}})?(?:\s*(?:{halves})(?!\w))?|\d{{1,2}}(?:\.\d{{2}})?\s*(?:{halves})(?!\w)"
    return re.compile(rf"(?:(?<!\w)(?:{at})\s+)?(?<!\d)(?:{time})(?:\s*\(?{_zone().pattern}\)?)?")


@cache
def _zone() -> re.Pattern[str]:
    """Match what follows a time to say where it is that time, folded."""
    zones = _any_of(word for pack in languages() for word in pack.orthography.dates.zones)
    return re.compile(rf"(?:z|gmt|utc|[+-]\d{{2}}:?\d{{2}}|{zones})(?!\w)")


def begins_byline(line: str) -> bool:
    """Tell whether a line begins as bylines do."""
    return bool(_words().by.match(line.strip()))


def _credit(fields: dict[str, str], parts: list[str]) -> Credit | None:
    """Give each part its field; what follows a name and is no outlet (a post, a place) belongs to the byline."""
    is_whole = True
    for part in parts:
        field, value = _field_of(part)
        if not _is_label(value) or (field == "byline" and not _begins_name(value)):
            return None
        if field is None and "byline" in fields:
            fields["byline"] += f", {value}"
        elif field is None or field in fields:
            is_whole = False
        else:
            fields[field] = value
    return Credit(fields, is_whole) if fields else None


def _field_of(part: str) -> tuple[str | None, str]:
    """Tell which field a part is, if any, and its value without the label."""
    if match := _words().by.match(part):
        return "byline", part[match.end() :]
    if (match := _LABEL.fullmatch(part)) and (field := field_named(match["key"])) in ("byline", "source"):
        return field, match["value"].strip()
    words = set(fold(part).split())
    return "source" if words & _words().outlets or _DOMAIN.fullmatch(part) else None, part


def _is_label(text: str) -> bool:
    """Tell whether a part can be a name: short, no sentence, and with capitals where its script has them."""
    words = text.split()
    return (
        len(words) <= _MOST_WORDS and _SENTENCE_MARKS.search(text) is None and all(_is_of_names(word) for word in words)
    ) or _DOMAIN.fullmatch(text) is not None


def _begins_name(text: str) -> bool:
    words = fold(text).split()
    return bool(words) and words[0] not in _words().no_first_names and words[0][0].isalpha()


def _is_of_names(word: str) -> bool:
    folded = fold(word)
    has_capitals = word != word.lower() or word == word.upper()
    return folded in _words().small or (has_capitals and folded not in _words().sentence)


def _without_label(before: str) -> tuple[str, str]:
    """Take "Published:" and the like off what stands before a day, and tell which of the article's days it is."""
    start = max((match.end() for match in _BETWEEN.finditer(before)), default=0)
    label = fold(before[start:].strip().rstrip(":：").rstrip())
    kind = _kind_of_day(label) if label else None
    return (before[:start], kind) if kind else (before, "published")
