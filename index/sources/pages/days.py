"""The day a page was published on, and that of its last change, as the page states them of itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.sources.credits import DayLine, day_line
from index.sources.pages.linked_data import Stated

_IN_ADDRESS = re.compile(r"/(20\d{2})/(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])(?:/|$)")
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_PUBLISHED = frozenset(
    [
        "article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publication_date",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "citation_date",
        "citation_publication_date",
        "article.published",
        "cxenseparse:recs:publishtime",
    ]
)
_MODIFIED = frozenset(
    [
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "last-modified",
        "lastmod",
        "revised",
        "dcterms.modified",
        "dc.date.modified",
    ]
)
# The things whose properties are the article's.
_PAGE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|Page|CreativeWork)\b")
_CHANGE = re.compile(r"updat|modif|revis|edit", re.IGNORECASE)
_PUBLICATION = re.compile(r"publi|posted|pubdate|entry-date|created", re.IGNORECASE)
# A longer line is of the article's own text (characters); so many lines under the heading may be of its head.
_LONGEST_LINE, _MOST_LINES = 140, 30
_FIRST_PARAGRAPH = 160
# What tells of other things than the article: facts in tables, other stories, the site.
_APART = ("table", "aside", "nav", "footer", "figure")
_BLOCKS = ("p", "div", "span", "time", "li", "small", "address", "h2", "h3", "h4")


@dataclass(frozen=True, slots=True)
class Days:
    """When a page says that it was published and changed, as written; None where it does not say."""

    published: str | None
    modified: str | None


def days_of(tree: Any, stated: Sequence[Stated], address: str | None) -> Days:
    """Find the days in JSON-LD, in the head, in `<time>`, on the page, and in its address, in this order.

    The lines under the heading that say nothing but the days are taken out of the tree.
    """
    printed = _printed(tree)
    published = _first(item.get("datePublished") for item in stated) or _in_head(tree, _PUBLISHED)
    modified = _first(item.get("dateModified") for item in stated) or _in_head(tree, _MODIFIED)
    times = list(_times(tree))
    published = published or _marked(tree, "datePublished")
    modified = modified or _marked(tree, "dateModified")
    published = published or _first(day for day, is_change in times if not is_change) or printed.published
    modified = modified or _first(day for day, is_change in times if is_change) or printed.modified
    if published is None and address and (match := _IN_ADDRESS.search(address)):
        published = "-".join(match.groups())
    published, modified = _day(published), _day(modified)
    return Days(published, modified if modified != published else None)


def _day(stated: str | None) -> str | None:
    """Leave the time off a day as machines write it; it is the day where the page was made."""
    return stated[:10] if stated and re.match(r"\d{4}-\d{2}-\d{2}(?:[T ]|$)", stated) else stated


def _first(values: Iterator[Any]) -> str | None:
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), None)


def _in_head(tree: Any, names: frozenset[str]) -> str | None:
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if name in names and _DAY.search(meta.get("content") or "") and not _is_of_another_thing(meta):
            return str(meta.get("content")).strip()
    return None


def _marked(tree: Any, name: str) -> str | None:
    """Return the day of an element that is marked as a property of the article."""
    for element in tree.iterfind(f'.//*[@itemprop="{name}"]'):
        if _is_of_another_thing(element):
            continue
        for value in (element.get("content"), element.get("datetime"), element.text_content()):
            if value and _DAY.search(value):
                return str(value).strip()
    return None


def _is_of_another_thing(element: Any) -> bool:
    """Tell whether a property is that of a thing that the page tells of, such as the book of a review."""
    thing = next((above for above in element.iterancestors() if above.get("itemtype")), None)
    return thing is not None and not _PAGE_TYPES.search(thing.get("itemtype"))


def _times(tree: Any) -> Iterator[tuple[str, bool]]:
    """Yield the days of `<time>` elements of the article's own, and whether each is that of a change.

    One that says neither counts as publication where it stands before the article's first paragraph.
    """
    begun = False
    for element in tree.iter("p", "time"):
        if element.tag == "p":
            begun = begun or len(element.text_content()) > _FIRST_PARAGRAPH
            continue
        day = element.get("datetime") or ""
        around = element.getparent()
        marks = " ".join(str(value) for value in element.attrib.values() if value != day)
        if around is not None:
            before = around.text or "" if element.getprevious() is None else ""
            marks += f" {around.get('class') or ''} {before} {element.text or ''}"
        if not _DAY.match(day) or any(
            above.tag in ("aside", "nav", "footer", "li") for above in element.iterancestors()
        ):
            continue
        if _CHANGE.search(marks) and not _PUBLICATION.search(marks):
            yield day, True
        elif _PUBLICATION.search(marks) or element.get("pubdate") is not None or not begun:
            yield day, False


def _printed(tree: Any) -> Days:
    """Read the days in the lines under the heading, and take the lines out that say nothing else."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return Days(None, None)
    published = modified = None
    lines = 0
    for element in list(heading.xpath("following::*[not(*)] | following::p | following::div[not(p)][not(div)]")):
        element = _with_label(element)
        written = " ".join(element.text_content().split())
        if element.tag not in _BLOCKS or not written or any(above.tag in _APART for above in element.iterancestors()):
            continue
        if len(written) > _FIRST_PARAGRAPH or lines >= _MOST_LINES:
            break
        lines += 1
        line = day_line(written) if len(written) <= _LONGEST_LINE else DayLine()
        published, modified = published or line.published, modified or line.modified
        if line.is_whole and element.getparent() is not None:
            element.drop_tree()
    return Days(published, modified)


def _with_label(element: Any) -> Any:
    """Return the line that an inline element ends, where words before it say what it is: "Updated: <time>…"."""
    around = element.getparent()
    if around is None or element.tag not in ("span", "time", "small") or around.tag not in _BLOCKS:
        return element
    is_end = element.getprevious() is None and element.getnext() is None
    return around if is_end and (around.text or "").strip() else element
