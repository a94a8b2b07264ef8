"""The dateline a French report begins with, "TUNIS (AFP) -", which is no part of what it says."""

import re

from index.languages.fr.lexicon import is_institution, is_title
from index.languages.parts.agencies import is_agency
from index.languages.parts.latin import agency_dateline, dateline_pattern

_MONTH = r"(?:janv(?:ier|\.)|févr(?:ier|\.)|mars|avril|mai|juin|juill(?:et|\.)|août|sept(?:embre|\.)|oct(?:obre|\.)|nov(?:embre|\.)|déc(?:embre|\.))"
_DATE = rf"(?:(?:le )?\d{{1,2}}(?:er)? {_MONTH}(?: \d{{4}})?|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)"
_DATELINE = dateline_pattern(_DATE)


def dateline(sentence: str) -> int:
    """Return how many characters of a sentence are its dateline, 0 without one."""
    match = _DATELINE.match(sentence)
    if match is None or match["place"] is None:
        source = match["source"] if match else None
        return match.end() if match and source and is_agency(source) else agency_dateline(sentence)
    place, date, source = match["place"], match["date"], match["source"]
    if any(is_title(word.lower()) for word in re.split(r"[\s,/]+", place)):
        return 0
    capitals = place.isupper() and len(place) > 3 and not is_institution(place.lower())
    begins = sentence[match.end() :].lstrip("\"“«'‘ ")[:1].isupper()
    shown = date or (source and (capitals or is_agency(source))) or (capitals and begins)
    return match.end() if shown else agency_dateline(sentence)
