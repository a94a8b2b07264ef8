"""What a page says of its articles for programs: JSON-LD, of one article, of several, and of a live blog's entries."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index.text.normalisation import fold

Stated = Mapping[str, Any]

_ARTICLES = re.compile(r"(?:Article|BlogPosting|Report|Posting|LiveBlog\w*|Review)$")
_LIVE = "LiveBlogPosting"
# What programs that make XHTML put around a script's text.
_AROUND = re.compile(r"^\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*$")
_DEEPEST = 4
# Where an article, or a list of them, may lie.
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "blogPost", "blogPosts")


def stated_articles(tree: Any) -> list[Stated]:
    """Return the articles that a page describes in JSON-LD, in its order."""
    found: list[Stated] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            value: object = json.loads(_AROUND.sub("", script.text or ""), strict=False)
        except (ValueError, RecursionError):
            # Pages state what is no JSON; the other ways of saying it are looked at.
            continue
        found += [item for item in _objects(value, _DEEPEST) if _is_article(item)]
    return found


def own_of(tree: Any, stated: Sequence[Stated]) -> list[Stated]:
    """Return of the articles that a page states those with its title, for it may state other stories; else all."""
    titles = [fold(element.text_content()) for element in tree.iter("h1", "title")]
    return [item for item in stated if _is_named(item, titles)] or list(stated)


def with_bodies(stated: Sequence[Stated]) -> list[Stated]:
    """Return the articles whose whole text is stated, each once."""
    own: dict[str, Stated] = {}
    for item in stated:
        if body := body_of(item):
            own.setdefault(" ".join(body.split()), item)
    return list(own.values())


def live_entries(stated: Sequence[Stated]) -> list[Stated]:
    """Return the entries of the live blogs among some articles, that have a text."""
    entries = (entry for item in stated for entry in _listed(item.get("liveBlogUpdate")))
    return [entry for entry in entries if isinstance(entry, dict) and body_of(entry)]


def is_live(stated: Sequence[Stated]) -> bool:
    """Tell whether a page says that it is a live blog."""
    return any(_LIVE in _listed(item.get("@type")) for item in stated)


def body_of(item: Stated) -> str:
    """Return an article's text, a line a paragraph."""
    body = item.get("articleBody")
    return re.sub(r"[ \t]*\r?\n\s*", "\n", body.strip()) if isinstance(body, str) else ""


def text_at(item: Stated, *keys: str) -> str | None:
    """Return the first of some properties that is a text, or a thing with an address or a name."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("name")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _objects(value: object, depth: int) -> Iterator[Stated]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _objects(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        if depth:
            for key in _WITHIN:
                yield from _objects(value.get(key), depth - 1)


def _is_article(item: Stated) -> bool:
    return any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in _listed(item.get("@type")))


def _is_named(item: Stated, titles: Sequence[str]) -> bool:
    headline = fold(text_at(item, "headline", "name") or "").strip()
    return bool(headline) and any(headline in title for title in titles)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
