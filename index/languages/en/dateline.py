"""The dateline an English report begins with, "BAGHDAD (Reuters) -", which is no part of what it says."""

import re

from index.languages.en.lexicon import is_institution, is_title
from index.languages.parts.agencies import is_agency
from index.languages.parts.latin import agency_dateline, dateline_pattern
from index.text.normalisation import fold

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = rf"(?:(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_DATELINE = dateline_pattern(_DATE)


def dateline(sentence: str) -> int:
    """Return how many characters of a sentence are its dateline, 0 without one."""
    return _with_place(sentence) or agency_dateline(sentence)


def _with_place(sentence: str) -> int:
    match = _DATELINE.match(sentence)
    if match is None:
        return 0
    place, date, source = match["place"], match["date"], match["source"]
    if place is None:
        return match.end() if source and is_agency(source) else 0
    if any(is_title(fold(word)) for word in re.split(r"[\s,/]+", place)):
        return 0
    capitals = place.isupper() and len(place) > 3 and not is_institution(fold(place))
    # "OPEC - the group of producers - said": only a new sentence shows that a place in capitals is a dateline.
    begins = sentence[match.end() :].lstrip("\"“'‘")[:1].isupper()
    shown = date or (source and (capitals or is_agency(source))) or (capitals and begins)
    return match.end() if shown else 0
