"""Who wrote a page, as far as it says so by a name."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from index.languages.parts.page_words import NO_NAMES
from index.sources.credits import begins_byline, credit_of
from index.sources.pages.linked_data import Stated
from index.text.normalisation import fold

_LONGEST, _MOST_WORDS = 60, 7
# Addresses, accounts, counts and sentences.
_NO_NAME = re.compile(r"[@/\\<>{}|#=_:;!?\d]|https?|www\.|\.(?:com|net|org)\b", re.IGNORECASE)
_FOLLOWS = re.compile(r"follow\b|تابع\b|suivre\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[;,،]\s*")


def byline_of(tree: Any, stated: Sequence[Stated], found: str | None, outlet: str | None) -> str | None:
    """Return the names of a page's authors, as linked data, its meta tags or `found` say; None where none is a name.

    The outlet itself is no author, nor is what a form or a profile has in the author's place.
    """
    linked = [name for item in stated for name in _names(item.get("author"))]
    tagged = [meta.get("content", "") for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "author"]
    for names in (linked, tagged, [found or ""]):
        if kept := [name for name in _split(names) if is_name(name, outlet)]:
            return ", ".join(dict.fromkeys(kept))
    return None


def is_name(text: str, outlet: str | None) -> bool:
    """Tell whether what stands in an author's place can be the name of one."""
    folded = fold(text).strip(" .,:")
    return (
        any(character.isalpha() for character in text)
        and len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and not _NO_NAME.search(text)
        and not _FOLLOWS.match(folded)
        and folded not in NO_NAMES
        and folded != fold(outlet or "").strip()
    )


def _names(author: object) -> Iterable[str]:
    """Yield the names in an author of linked data; an organisation is none."""
    if isinstance(author, list):
        for item in author:
            yield from _names(item)
    elif isinstance(author, dict):
        if author.get("@type") not in ("Organization", "NewsMediaOrganization") and isinstance(author.get("name"), str):
            yield author["name"]
    elif isinstance(author, str):
        yield author


def _split(names: Iterable[str]) -> Iterable[str]:
    """Yield single names, without "By" before them."""
    for name in names:
        line = " ".join(name.split())
        if begins_byline(line) and (credit := credit_of(line)) and "byline" in credit.fields:
            line = credit.fields["byline"]
        yield from filter(None, _BETWEEN.split(line))
