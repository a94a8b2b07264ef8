"""The dateline an Arabic report begins with, "بغداد (رويترز) -", which is no part of what it says."""

import re

from index.languages.ar.lexicon import noun_of
from index.languages.ar.reporting_verbs import verb_of
from index.languages.parts.agencies import DASH, is_agency
from index.text.normalisation import fold

_LETTERS = r"[\u0621-\u064a\u064b-\u0652]+"
_TOWN = rf"{_LETTERS}(?: {_LETTERS}){{0,2}}"
_DATELINE = re.compile(
    rf"\s*(?P<place>{_TOWN})(?:[،,][^()،«»“”\"/]{{1,30}})?\s*"
    rf"(?:\((?P<source>[^()]{{2,30}})\)(?:{DASH}|: ?)|/ ?(?P<between>{_TOWN}) ?/\s*)"
)
_FROM_AGENCY = re.compile(
    rf"\s*(?P<place>{_TOWN}) ?(?:[-–—/]|\() ?"
    rf"(?P<source>[^\s()/:،–—-]+(?: [^\s()/:،–—-]+){{0,2}})\)?\s*(?:[-–—/:،]\s*|$)"
)
_TOWN_ALONE = re.compile(rf"\s*(?P<place>{_TOWN})(?:\s+[-–—]|[-–—])\s+(?!الذي|التي)(?=\S)")


def dateline(sentence: str) -> int:
    """Return how many characters of a sentence are its dateline, 0 without one."""
    return _with_source(sentence) or _from_agency(sentence) or _town_alone(sentence)


def _with_source(sentence: str) -> int:
    match = _DATELINE.match(sentence)
    if match is None:
        return 0
    place, source = match["place"], match["source"] or match["between"]
    if is_agency(source) or _is_place(place):
        return 0 if _has_verb(place) else match.end()
    return match.end() if match["source"] and not _speaks(place) else 0


def _from_agency(sentence: str) -> int:
    """Read "بغداد – واع:", where nothing but the agency shows it."""
    match = _FROM_AGENCY.match(sentence)
    if match is None or not is_agency(match["source"]) or _speaks(match["place"]):
        return 0
    return match.end()


def _town_alone(sentence: str) -> int:
    match = _TOWN_ALONE.match(sentence)
    return match.end() if match is not None and _is_place(match["place"]) else 0


def _is_place(words: str) -> bool:
    return all(noun_of(fold(word)).place for word in words.split())


def _speaks(words: str) -> bool:
    """Tell whether words hold a name, a title or a verb, as no dateline does."""
    nouns = [noun_of(fold(word)) for word in words.split()]
    return any(noun.title or noun.given_name or noun.institution for noun in nouns) or _has_verb(words)


def _has_verb(words: str) -> bool:
    return any(verb_of(fold(word)) is not None for word in words.split())
