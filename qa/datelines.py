"""The dateline a report begins with, "BAGHDAD (Reuters) -", which is no part of what its first sentence says."""

import re

from index.folding import Span, fold, word_set
from qa.reporting import arabic_verb
from qa.titles import arabic_noun, is_english_institution, is_english_title

_AGENCIES = word_set(
    fold(
        "رويترز واع وات وكالات سانا وفا الأناضول شينخوا سبوتنيك كونا واس وام بترا قنا بنا نينا واج إرنا تاس "
        "أسوشيتد أسوشييتد فرانس أ.ف.ب أ.ف.ب. د.ب.أ أ د آكي شفق "
        "Reuters AP AFP UPI DPA Xinhua TASS INA TAP MENA SANA WAFA KUNA SPA WAM "
        "Petra IRNA Anadolu AA Bloomberg EFE ANSA Shafaq"
    )
)
_DASH = r"(?:\s*--?\s+|\s+--?\s*|\s*[–—―]\s*|\s+_\s*)"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = rf"(?:(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_CITY = r"(?:St\. )?[A-Z][\w.'’-]*[^\W_](?: [A-Z][\w.'’-]*[^\W_]){0,2}"
_ENGLISH = re.compile(
    rf"\s*(?P<place>{_CITY}(?:[,/] ?(?!{_DATE}){_CITY})?)?,? ?(?P<date>{_DATE})?,? ?"
    rf"(?:\((?P<source>[A-Z][\w .&/]+)\))?,?(?: {_DATE})?"
    rf"(?:{_DASH}|(?<=\)): )(?=\S)"
)
_LETTERS = r"[\u0621-\u064a\u064b-\u0652]+"
_TOWN = rf"{_LETTERS}(?: {_LETTERS}){{0,2}}"
_ARABIC = re.compile(
    rf"\s*(?P<place>{_TOWN})(?:[،,][^()،«»“”\"/]{{1,30}})?\s*"
    rf"(?:\((?P<source>[^()]{{2,30}})\)(?:{_DASH}|: ?)|/ ?(?P<between>{_TOWN}) ?/\s*)"
)
_BARE = re.compile(
    rf"\s*(?P<place>{_TOWN}|{_CITY}) ?(?:[-–—/]|\() ?"
    rf"(?P<source>[^\s()/:،–—-]+(?: [^\s()/:،–—-]+){{0,2}})\)?\s*(?:[-–—/:،]\s*|$)"
)
_TOWN_ALONE = re.compile(rf"\s*(?P<place>{_TOWN})(?:\s+[-–—]|[-–—])\s+(?!الذي|التي)(?=\S)")


def after_dateline(text: str, sentence: Span) -> Span:
    """Return what a sentence says: all of it but the dateline it may begin with."""
    written = sentence.slice(text)
    found = _english(written) or _arabic(written) or _from_agency(written) or _town_alone(written)
    return Span(sentence.start + found, sentence.end)


def _english(sentence: str) -> int:
    match = _ENGLISH.match(sentence)
    if match is None:
        return 0
    place, date, source = match["place"], match["date"], match["source"]
    if place is None:
        return match.end() if source and _is_agency(source) else 0
    if any(is_english_title(fold(word)) for word in re.split(r"[\s,/]+", place)):
        return 0
    capitals = place.isupper() and len(place) > 3 and not is_english_institution(fold(place))
    # "OPEC - the group of producers - said": only a new sentence shows that a place in capitals is a dateline.
    begins = sentence[match.end() :].lstrip("\"“'‘")[:1].isupper()
    shown = date or (source and (capitals or _is_agency(source))) or (capitals and begins)
    return match.end() if shown else 0


def _arabic(sentence: str) -> int:
    match = _ARABIC.match(sentence)
    if match is None:
        return 0
    place, source = match["place"], match["source"] or match["between"]
    if _is_agency(source) or _is_place(place):
        return 0 if _has_verb(place) else match.end()
    return match.end() if match["source"] and not _speaks(place) else 0


def _from_agency(sentence: str) -> int:
    """Read "Baghdad - INA", "بغداد – واع:", where nothing but the agency shows it."""
    match = _BARE.match(sentence)
    if match is None or not _is_agency(match["source"]) or _speaks(match["place"]):
        return 0
    return match.end()


def _town_alone(sentence: str) -> int:
    match = _TOWN_ALONE.match(sentence)
    return match.end() if match is not None and _is_place(match["place"]) else 0


def _is_agency(source: str) -> bool:
    return any(fold(word) in _AGENCIES for word in re.split(r"[\s/]+", source))


def _is_place(words: str) -> bool:
    return all(arabic_noun(fold(word)).place for word in words.split())


def _speaks(words: str) -> bool:
    """Tell whether words hold a name, a title or a verb, as no dateline does."""
    nouns = [arabic_noun(fold(word)) for word in words.split()]
    return any(noun.title or noun.given_name or noun.institution for noun in nouns) or _has_verb(words)


def _has_verb(words: str) -> bool:
    return any(arabic_verb(fold(word)) is not None for word in words.split())
