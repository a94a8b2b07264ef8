"""Times relative to a day, as a language names them, folded: CLDR's names, with what CLDR lacks."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from index.languages import language
from index.languages.orthography import TimeWords
from index.text.normalisation import fold

_RELATIVE = re.compile(r"(?P<ahead>in )?(?P<count>\d+) (?P<unit>day|week|month|year)(?(ahead)| ago)")


@cache
def relative_names(code: str) -> Mapping[str, tuple[str, int]]:
    """Return what times relative to today are called: the unit ("day", "week", "month", "year"), and how many ahead."""
    found: dict[str, tuple[str, int]] = {}
    for meant, names in (*_cldr(code).items(), *time_words(code).relative.items()):
        told = _RELATIVE.fullmatch(meant)
        if told:
            count = int(told["count"]) if told["ahead"] else -int(told["count"])
            found |= {fold(name): (told["unit"], count) for name in names}
    return found


def time_words(code: str) -> TimeWords:
    """Return the words that bound a time; none for a language that Khabar does not know."""
    return language(code).orthography.times


def any_of(names: Iterable[str]) -> str:
    """Return a pattern of names, the longest first; one that never matches where there are none."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)"


@cache
def _cldr(code: str) -> Mapping[str, tuple[str, ...]]:
    """Return the names by what they mean ("1 day ago"), as `dateparser` has them from CLDR."""
    try:
        module = import_module(f"dateparser.data.date_translation_data.{code}")
    except ImportError:
        # A language that CLDR does not know, or none.
        return {}
    names: Mapping[str, tuple[str, ...]] = module.info["relative-type"]
    return names
