"""Lines and words around an article that are no part of it, such as kickers and embargoes: they are fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from index.analysis.dates import find_day
from index.languages import languages
from index.sources.credits import day_line
from index.sources.metadata import Fields
from index.text.normalisation import fold

# A longer line is a sentence (characters), and what says until when has no more words.
_LONGEST, _MOST_WORDS = 120, 14
# So many lines before and after a text may be labels.
_MOST_BEFORE, _MOST_AFTER = 6, 3
_SIGNS = re.compile(r"^[^\w«»\"“”'‘’]+|[^\w«»\"“”'‘’)]+$")
# What stands between a kicker and the title behind it; a hyphen between words is none.
_KICKED = re.compile(
    r"[^\w«»\"“”'‘’]*(?P<label>[^\W_][^|/\\:：•·…\])\n–—-]{0,60}?)"
    r"(?:\s*(?:\||//?|[:：•·…\])]|\.{2,}|[–—])[\s:–—-]*|\s+-+\s*|-+\s+|(?P<hyphen>-))(?=\S)"
)
# What Markdown has around words.
_EMPHASIS = re.compile(r"\*{1,3}|__")
_COUNTED = re.compile(r"\s*\d+$")
_CLOCK = re.compile(r"\d{1,2}[:h]\d{2}|\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE)
# What may part an embargo from the title that it stands before.
_PARTS = re.compile(r"\s*[\])|:：]\s+|\s+[-–—/]+\s+")


def labelled(fields: Fields) -> Fields:
    """Take the labels off the title and both ends of the text; what they say becomes fields where these are empty."""
    found: dict[str, str] = {}
    title = _take_title(" ".join((fields.title or "").split()), found)
    text = fields.text or ""
    own = take_leading(text, found)
    # Pages begin in what is left.
    begins = len(text) - len(own)
    pages = tuple(max(0, page - begins) for page in fields.pages)
    if not found and own == text and own == take_trailing(own, found):
        return fields
    return with_labels(replace(fields, title=title or None, text=take_trailing(own, found), pages=pages), found)


def with_labels(fields: Fields, found: Mapping[str, str]) -> Fields:
    """Give fields what labels say, where they have nothing of their own; kickers are put together."""
    kickers = [fields.kicker, found.get("kicker")]
    section = found.get("category")
    if section and fields.category and fold(section) != fold(fields.category):
        # It has a section by itself: what stands above the title is kept all the same.
        kickers.append(section)
    return replace(
        fields,
        kicker=" · ".join(dict.fromkeys(filter(None, kickers))) or None,
        category=fields.category or section,
        embargo=fields.embargo or found.get("embargo"),
        published=fields.published or found.get("published"),
        modified=fields.modified or found.get("modified"),
    )


def kind_of(label: str) -> str | None:
    """Tell which field a word above a title is, "kicker" or "category"; None where it is neither by itself."""
    return _words().get(fold(_COUNTED.sub("", _SIGNS.sub("", label))))


def take_label(line: str, found: dict[str, str]) -> bool:
    """Tell whether a line is a label and nothing else, and put down what it says; the first of a kind counts."""
    said = _label(line)
    for field, value in (said or {}).items():
        if field == "kicker" and found.get(field):
            value = f"{found[field]} · {value}"
        elif field in found:
            continue
        if value:
            found[field] = value
    return said is not None


def take_leading(text: str, found: dict[str, str]) -> str:
    """Return a text without the labels that it begins with."""
    rest = text
    for _ in range(_MOST_BEFORE):
        line, _, after = rest.lstrip("\n").partition("\n")
        if not after.strip() or not take_label(line, found):
            break
        rest = after
    return rest.lstrip("\n") if len(rest) < len(text) else text


def take_trailing(text: str, found: dict[str, str]) -> str:
    """Return a text without the labels of days that it ends with."""
    rest = text.rstrip()
    for _ in range(_MOST_AFTER):
        before, _, line = rest.rpartition("\n")
        if not before.strip() or not day_line(_SIGNS.sub("", _EMPHASIS.sub("", line))).is_whole:
            break
        if not take_label(line, found):
            # A bare day: at the end of a text that may be where and when it was written.
            break
        rest = before.rstrip()
    return rest if len(rest) < len(text.rstrip()) else text


def _says_no_more_than_a_day(line: str) -> bool:
    """Tell whether a line is a bare day."""
    day = find_day(line)
    return day is not None and not _SIGNS.sub("", line[: day.start] + line[day.end :]).strip()


def _take_title(title: str, found: dict[str, str]) -> str:
    """Return a title without the kickers and the embargo before it."""
    for _ in range(_MOST_BEFORE):
        cut = _kicked(title, found) or _embargoed(title, found)
        if not cut:
            return title
        title = title[cut:].strip()
    return title


def _kicked(title: str, found: dict[str, str]) -> int:
    match = _KICKED.match(title)
    if match is None:
        return 0
    label = match["label"].strip()
    # "EXCLUSIVE-Dam", as agencies write, and no word with a hyphen in it.
    if match["hyphen"] and label.upper() != label:
        return 0
    if kind_of(label) is None:
        return 0
    take_label(label, found)
    return match.end()


def _embargoed(title: str, found: dict[str, str]) -> int:
    """Return where the title begins behind "EMBARGOED UNTIL 00:01 6 OCTOBER:", 0 where no embargo stands before it."""
    for part in _PARTS.finditer(title):
        until = _until(title[: part.start()])
        if until and any(character.isdigit() for character in until):
            found.setdefault("embargo", until)
            return part.end()
    return 0


def _label(line: str) -> dict[str, str] | None:
    """Return what a line says by field, None where it is no label."""
    line = _EMPHASIS.sub("", line).strip()
    bare = _SIGNS.sub("", line)
    if not bare or len(bare) > _LONGEST:
        return None
    if field := kind_of(bare):
        return {field: bare}
    if (until := _until(line)) is not None:
        return {"embargo": until}
    days = day_line(bare)
    is_labelled = days.is_whole and not _says_no_more_than_a_day(bare)
    said = {"published": days.published, "modified": days.modified}
    return {field: day for field, day in said.items() if day} if is_labelled else None


def _until(line: str) -> str | None:
    """Return until when a line says that an article is not to be published, as written; None where it does not."""
    words = _SIGNS.sub("", line.strip()).split()
    if len(words) > _MOST_WORDS:
        return None
    for count in range(min(len(words), 6), 0, -1):
        said = fold(" ".join(words[:count]))
        rest = _SIGNS.sub("", " ".join(words[count:])).strip(" )")
        is_marked = said.rstrip().endswith((":", "：")) or words[count:][:1] in (["-"], ["–"], ["—"], [":"])
        kind = _embargoes().get(said.strip(" :："))
        if kind is None or not rest:
            continue
        # "Embargo" alone is a word of headlines: a day or a time has to follow.
        if kind or (is_marked and (find_day(rest) or _CLOCK.search(rest))):
            return rest
    return None


@cache
def _words() -> dict[str, str]:
    """Return what stands above titles, folded, each with the field that it is."""
    return dict(_kinds())


def _kinds() -> Iterator[tuple[str, str]]:
    for pack in languages():
        credit = pack.orthography.credits
        yield from ((word, "category") for word in credit.sections)
        yield from ((word, "kicker") for word in credit.kickers)


@cache
def _embargoes() -> dict[str, bool]:
    """Return the words before the end of an embargo, folded, and whether they can be nothing else."""
    every = [pack.orthography.credits for pack in languages()]
    return {word: False for own in every for word in own.embargo} | {
        word: True for own in every for word in own.embargo_until
    }
