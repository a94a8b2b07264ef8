"""What languages in Latin letters share: capitals tell names, and a city in front of a dash is a dateline."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.languages.grammar import KnownName
from index.languages.parts.agencies import DASH, is_agency
from index.text.normalisation import Span

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# Shorter ones are found in too many words, and what is written in capitals is as often written out.
SHORTEST_NAME = 4
CITY = r"(?:St\. )?[A-ZÀ-ÖØ-Þ][\w.'’-]*[^\W_](?: [A-ZÀ-ÖØ-Þ][\w.'’-]*[^\W_]){0,2}"
_FROM_AGENCY = re.compile(
    rf"\s*(?P<place>{CITY}) ?(?:[-–—/]|\() ?"
    rf"(?P<source>[^\s()/:،–—-]+(?: [^\s()/:،–—-]+){{0,2}})\)?\s*(?:[-–—/:،]\s*|$)"
)


def names_asked(question: str, not_names: frozenset[str]) -> tuple[str, ...]:
    """Return the names in a question, in lower case; none where every word is written with a capital.

    `not_names` are words in lower case that are written with a capital and are no names.
    """
    words = _WORD.findall(question)[1:]
    long = [word for word in words if len(word) >= SHORTEST_NAME]
    names = [word for word in long if word[0].isupper() and not word.isupper() and word.lower() not in not_names]
    return tuple(_POSSESSIVE.sub("", name.lower()) for name in names) if len(names) < len(long) else ()


def dateline_pattern(date: str) -> re.Pattern[str]:
    """Return the pattern of a dateline, "BAGHDAD, 3 Nov. (Reuters) -", given that of a date."""
    return re.compile(
        rf"\s*(?P<place>{CITY}(?:[,/] ?(?!{date}){CITY})?)?,? ?(?P<date>{date})?,? ?"
        rf"(?:\((?P<source>[A-Z][\w .&/]+)\))?,?(?: {date})?"
        rf"(?:{DASH}|(?<=\)): )(?=\S)"
    )


def agency_dateline(sentence: str) -> int:
    """Return how much of a sentence is a dateline that nothing but its agency shows, "Baghdad - INA"; 0 for none."""
    match = _FROM_AGENCY.match(sentence)
    return match.end() if match is not None and is_agency(match["source"]) else 0


def capitalised(text: str) -> str:
    """Return a sentence with its first letter a capital."""
    return text[:1].upper() + text[1:]


def is_name(word: str) -> bool:
    """Tell whether a word is written as a name: with a capital, or in a script without small letters."""
    return word[:1].isalpha() and not word[:1].islower()


@dataclass(frozen=True, slots=True)
class NameTable:
    """Known names as they are written, each with its key."""

    keys: dict[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, column: str) -> "NameTable":
        """Read a column: a line a name, its key before "=" and its forms after it, or its forms alone, the key first."""
        keys: dict[str, str] = {}
        for line in filter(None, column.splitlines()):
            key, _, listed = line.rpartition(" = ")
            forms = listed.split(", ")
            keys |= dict.fromkeys(forms, key or forms[0])
        longest_first = sorted(keys, key=len, reverse=True)
        return cls(keys, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"))

    def found_in(self, text: str) -> Iterator[KnownName]:
        """Yield the names that stand in a text, in order."""
        for match in self.pattern.finditer(text):
            yield KnownName(Span(*match.span()), self.keys[match.group()])
