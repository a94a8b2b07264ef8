"""Live blogs: the entries of a page, each with its time, as JSON-LD states them or as the page shows them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from index.languages.parts.page_words import LIVE
from index.sources.credits import day_line
from index.sources.documents import same_words
from index.sources.markup import block_text
from index.sources.pages.linked_data import Stated, body_of, is_live, live_entries, text_at
from index.text.normalisation import fold, normalise

_ISO = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?P<zone>Z|[+-]00:?00)?")
_CLOCK = re.compile(
    r"[(\[]?(?:(?:[01]?\d|2[0-3])\s?[:h]\s?[0-5]\d|(?:[01]\d|2[0-3])\.[0-5]\d)(?!\d)(?::[0-5]\d)?"
    r"(?:\s*(?:[ap]\.?\s?m\b\.?|[صم](?!\w)))?(?:\s*(?:gmt|utc|bst|cet|est|edt)\b)?[)\]]?\s*[-–—:|•·]?\s*"
)
_NAMED = re.compile(
    r"(?:^|[\s_-])live-?(?:blog|feed|updates?|ticker|stream|coverage|posts?|entr(?:y|ies))", re.IGNORECASE
)
_LEAVES = ("p", "li", "dt", "dd", "time", "h2", "h3", "h4", "h5", "h6", "div", "span", "meta")
_BLOCKS = ("p", "li", "dt", "dd", "h2", "h3", "h4", "h5", "h6", "div", "ul", "ol", "dl", "section", "article", "table")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_FEWEST = 3
# Of the times of entries this share may stand out of order, where a new day begins.
_OUT_OF_ORDER = 0.2


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a live blog: its text, its own headline, and its day and time as the page writes them.

    `name` tells it from the others of the page, and stays its own when others are added.
    """

    text: str
    name: str
    time: str
    day: str | None = None
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Start:
    """Where an entry's time stands: the element, and the day and time that it names."""

    element: Any
    day: str | None
    time: str


def entries_of(tree: Any, stated: Sequence[Stated]) -> list[Entry]:
    """Return the entries of a page that is a live blog, in its order, and take them out of its tree; none of another.

    What JSON-LD states goes before what the page shows.
    """
    shown = _shown(tree, stated)
    told = [_of_stated(item) for item in live_entries(stated)]
    if told:
        _drop_repeated(tree, told)
    entries = told or [entry for entry in shown if entry is not None]
    return list(_named_apart(entries))[::-1]


def _of_stated(item: Stated) -> Entry:
    at = _ISO.match(text_at(item, "datePublished", "dateCreated", "dateModified") or "")
    url = text_at(item, "url", "mainEntityOfPage", "@id")
    name = (url or "").rpartition("#")[2] or (at[0] if at else "")
    return Entry(body_of(item), name, _time(at), at["day"] if at else None, text_at(item, "headline", "name"), url)


def _shown(tree: Any, stated: Sequence[Stated]) -> list[Entry | None]:
    """Read the entries that a live page shows, and take them out of it."""
    if not (is_live(stated) or _says_live(tree)):
        return []
    parted = _parted(list(_starts(tree)))
    if len(parted) < _FEWEST or not _in_order([start.time for start, _ in parted]):
        return []
    days = _days_between([parts for _, parts in parted])
    entries = [_entry(start, parts, day) for (start, parts), day in zip(parted, days, strict=True)]
    for _, parts in parted:
        for part in parts:
            part.getparent().remove(part)
    return entries


def _says_live(tree: Any) -> bool:
    titles = (fold("".join(element.itertext())) for element in tree.iter("title", "h1"))
    if any(re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, LIVE))})(?!\w)", title) for title in titles):
        return True
    return any(
        "LiveBlogPosting" in element.get("itemtype", "")
        or _NAMED.search(element.get("class", ""))
        or _NAMED.search(element.get("id", ""))
        for element in tree.iter()
        if isinstance(element.tag, str)
    )


def _starts(tree: Any) -> Iterator[_Start]:
    """Yield the times that stand at the beginning of a line, or that machines are told of there."""
    for element in tree.iter(*_LEAVES):
        if any(True for _ in element.iter(*_BLOCKS) if _ is not element):
            continue
        told = element.get("datetime") or (element.get("content") if element.get("itemprop") == "datePublished" else "")
        at, clock = _ISO.match(told or ""), _clock(element)
        if at is not None and element.tag != "meta" and _is_within_words(element):
            continue
        if at is not None or (clock and element.tag not in ("span", "meta")):
            yield _Start(element, at["day"] if at else None, clock or _time(at))


def _clock(element: Any) -> str:
    written = " ".join("".join(element.itertext()).split())
    match = _CLOCK.match(normalise(written).text)
    return written[: normalise(written).to_original(0, match.end()).end].strip(" -–—:|•·()[]") if match else ""


def _is_within_words(element: Any) -> bool:
    """Tell whether words of the same line stand before an element."""
    around = element.getparent()
    return around is not None and around.tag == "p" and bool((around.text or "").strip())


def _parted(starts: Sequence[_Start]) -> list[tuple[_Start, list[Any]]]:
    """Return each entry's elements: parts of whatever holds most entries, from the one with a time to the next."""
    holders: dict[Any, dict[Any, _Start]] = {}
    for start in starts:
        inner = start.element
        for above in start.element.iterancestors():
            holders.setdefault(above, {}).setdefault(inner, start)
            inner = above
    if not holders:
        return []
    holder, tops = max(holders.items(), key=lambda item: len(item[1]))
    parts: list[tuple[_Start, list[Any]]] = []
    for child in holder:
        if child in tops:
            parts.append((tops[child], [child]))
        elif parts:
            parts[-1][1].append(child)
    # A heading before a time that stands alone is that of the time's entry.
    for (_, one), (_, other) in pairwise(parts):
        if len(one) > 1 and one[-1].tag in _HEADINGS:
            other.insert(0, one.pop())
    if parts and all(len(own) == 1 for _, own in parts[:-1]):
        # What follows the last is no part of it where each of the others is whole in itself.
        del parts[-1][1][1:]
    return parts


def _entry(start: _Start, parts: Sequence[Any], day: str | None) -> Entry | None:
    headings = (heading for part in parts for heading in part.iter(*_HEADINGS))
    titles = (_without_clock(" ".join("".join(heading.itertext()).split())) for heading in headings)
    title = next(filter(None, titles), None)
    lines = [line for part in parts for line in block_text(part).split("\n")]
    if lines:
        lines[0] = _without_clock(lines[0])
    kept = [line for line in lines if line and not (title and same_words(_without_clock(line), title))]
    text = "\n".join(line for line in kept if _without_clock(line) and not day_line(line).is_whole)
    name = next((part.get("id") for part in parts if part.get("id")), None) or f"{start.day or day or ''} {start.time}"
    if not any(character.isalnum() for character in text):
        return Entry(title, name.strip(), start.time, start.day or day) if title else None
    return Entry(text, name.strip(), start.time, start.day or day, title)


def _without_clock(line: str) -> str:
    match = _CLOCK.match(normalise(line).text)
    return line[normalise(line).to_original(0, match.end()).end :].strip() if match else line


def _days_between(entries: Sequence[Sequence[Any]]) -> list[str | None]:
    """Return the day of each entry where lines between them say it: "Monday 6 October 2025"."""
    days: list[str | None] = []
    for parts in entries:
        before = parts[0].getprevious()
        headings = [part for part in (before, parts[0]) if part is not None and isinstance(part.tag, str)]
        lines = [day_line(" ".join("".join(heading.itertext()).split())) for heading in headings]
        days.append(next((line.published for line in lines if line.is_whole), days[-1] if days else None))
    return days


def _in_order(times: Sequence[str]) -> bool:
    """Tell whether times run one way, but for new days."""
    minutes = [_minutes(time) for time in times]
    pairs = list(pairwise(minutes))
    most = max(1, int(_OUT_OF_ORDER * len(pairs)))
    return sum(a > b for a, b in pairs) <= most or sum(a < b for a, b in pairs) <= most


def _minutes(time: str) -> int:
    folded = normalise(time).text
    numbers = [int(number) for number in re.findall(r"\d+", folded)[:2]]
    is_late = bool(re.search(r"p\.?\s?m|م", folded)) and numbers[0] < 12
    return 60 * (numbers[0] + 12 * is_late) + numbers[1]


def _time(at: "re.Match[str] | None") -> str:
    """Write the time of a day as machines have it for a reader."""
    return f"{at['time']} UTC" if at and at["zone"] else at["time"] if at else ""


def _drop_repeated(tree: Any, entries: Sequence[Entry]) -> None:
    """Take the lines out of a page's tree that its entries say as well."""
    said = " ".join(" ".join(entry.text.split()) for entry in entries)
    titles = {" ".join(entry.title.split()) for entry in entries if entry.title}
    for element in list(tree.iter("p", "li", "h2", "h3", "h4", "blockquote")):
        written = " ".join("".join(element.itertext()).split())
        if written and (written in titles or written in said) and element.getparent() is not None:
            element.getparent().remove(element)


def _named_apart(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Give entries of one name a number each, the earliest, which is last as a rule, without one."""
    seen: dict[str, int] = {}
    for entry in reversed(entries):
        seen[entry.name] = seen.get(entry.name, 0) + 1
        count = seen[entry.name]
        yield entry if count == 1 else replace(entry, name=f"{entry.name} {count}")
