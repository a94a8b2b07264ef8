"""What stands above the heading of a page, or in it, and is no part of the title: a kicker, or the section."""

import re
from collections.abc import Iterator
from typing import Any

from index.sources.labels import kind_of

_NAMED = re.compile(r"kicker|eyebrow|overline|over-?title|sur-?titre", re.IGNORECASE)
# A longer one is a line of its own (characters); so far above the heading it may stand, in elements.
_LONGEST, _MOST_ABOVE = 60, 3
_BETWEEN = " \t:：|/–—-·"


def take_kicker(tree: Any) -> dict[str, str]:
    """Take it out of the tree, and return it by the field that it is: "kicker" or "category"; nothing without one."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return {}
    for element in _candidates(heading):
        said = " ".join(element.text_content().split()).strip(_BETWEEN)
        field = _field(element, said)
        if field:
            element.drop_tree()
            return {field: said}
    return {}


def without_kicker(title: str | None, found: dict[str, str]) -> str | None:
    """Take off a title what was taken out of the heading: the head of a page repeats all of it."""
    for said in found.values():
        if title and title.startswith(said) and (rest := title[len(said) :].lstrip(_BETWEEN)):
            return rest
    return title


def _field(element: Any, said: str) -> str | None:
    if not any(map(str.isalnum, said)) or len(said) > _LONGEST or element.tag in ("h1", "nav", "figure"):
        return None
    if known := kind_of(said):
        return known
    if not _NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return None
    # A section leads to a page of its own.
    return "category" if element.tag == "a" or element.find(".//a") is not None else "kicker"


def _candidates(heading: Any) -> Iterator[Any]:
    """Yield what is in the heading, beside its own words, and what stands right above it."""
    inside = [element for element in heading.iter() if element is not heading and isinstance(element.tag, str)]
    if any(map(str.isalnum, heading.text_content())):
        whole = " ".join(heading.text_content().split())
        yield from (element for element in inside if " ".join(element.text_content().split()) != whole)
    at = heading
    for _ in range(_MOST_ABOVE):
        before = at.getprevious()
        while before is not None and not (isinstance(before.tag, str) and before.text_content().strip()):
            before = before.getprevious()
        if before is not None:
            yield before
            return
        at = at.getparent()
        if at is None or at.tag in ("article", "main", "body"):
            return
