"""What the languages' orthographies speak of: words for numbers, dates, times, bylines and outlets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Folded words for numbers, with their values.

    `scales` multiply what stands before them, and are numbers alone where they are in `alone`. `compounds` are numbers
    of two words that do not add up ("quatre vingt"), `percent` words, or two, that are no number although they look it.
    `joins` stand between the words of a number, `prefixes` are written on to them, and `ordinal` ends a cardinal that
    is an ordinal. `half` matches, folded, what after a number adds a half of its last scale, or of one. `duals` are
    scales that alone mean two of them. `spaced` is whether the digits of figures are grouped by spaces.
    """

    cardinals: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    compounds: Mapping[str, int] = field(default_factory=dict)
    percent: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    ordinal: str = ""
    half: re.Pattern[str] = _NEVER
    duals: tuple[str, ...] = ()
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class DateWords:
    """How days are written, beside the names of CLDR.

    `months` (1 to 12) and `weekdays` (0 for Monday to 6, abbreviated) are folded names that CLDR has not, `locales` the
    CLDR locales whose names are used in the language, `prefixes` letters that are written on to a month. Of a written day, the
    folded words are what stands before a weekday (`day`), between day and month (`of`), before a month (`month`), before a year (`year`) and a
    time (`at`), and what halves of a day are called (`halves`) and the times of places behind a time (`zones`); `first`
    ends the number of a day.

    `hijri_months` and `jalali_months` are the names of months of these calendars, the numbers 1 to 12 with all that are
    used of each; an apostrophe in a name may be missing, a hyphen may be a space. `hijri_marks`, `jalali_marks` and
    `common_marks` stand after a day of a calendar, `equals` between two days that are one.
    """

    locales: tuple[str, ...] = ()
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    prefixes: str = ""
    day: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    hijri_months: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    jalali_months: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    hijri_marks: tuple[str, ...] = ()
    jalali_marks: tuple[str, ...] = ()
    common_marks: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditWords:
    """Words of a byline.

    `by` stands before a name, `beside` before another one, as they are written; folded are the others. `outlets` are words of an outlet's name and `small` words
    that any name may have, without a capital; `sentence` are words that no name has; `published` are labels of a day,
    and `updated` those of the day of a change. `kickers` stand above or before a title and call for attention,
    `sections` say there what kind of article it is; `embargo_until` stands before the time until which it is not to be
    published, and `embargo` may.
    """

    by: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    outlets: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    sentence: frozenset[str] = frozenset()
    published: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    kickers: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    embargo: frozenset[str] = frozenset()
    embargo_until: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeWords:
    """What stands before a time in a question, folded: `at` says that it is one, the next four which side of it is meant.

    `between` stands before the first of two, `to` between them. `articles` may stand between all these and a time ("the",
    "year"), and so may `parts`, which say which part of it is meant ("early").

    `last` says, on either side of a weekday, that it is the one before; `ahead` that a sentence speaks of what is still
    to come; `relative` are further names, by `dateparser`'s for the same ("1 day ago"); `unlike` matches what looks like
    one of these names and has another meaning.
    """

    at: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    since: frozenset[str] = frozenset()
    until: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    ahead: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    to: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    relative: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unlike: re.Pattern[str] = _NEVER


@dataclass(frozen=True, slots=True)
class OutletWords:
    """Folded words of outlets: those around the name of one in a question, and those of agencies.

    `generic` are what it is called beside its name ("agency"); `naming` stand before one that tells ("according to").
    `agencies` are words of the names of news agencies, by which a dateline is known.
    """

    generic: frozenset[str] = frozenset()
    naming: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
