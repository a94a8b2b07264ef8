"""EPUB: each chapter of a book or an issue is an article."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.errors import LoadError
from index.sources.decoding import decode
from index.sources.formats.containers import Package, local, parse_xml
from index.sources.markup import block_text
from index.sources.metadata import Fields
from index.sources.records import Input, Record

_MOST_CHAPTERS = 5_000
# Shorter than this a page of a book is a cover, a title page or a list (characters).
_SHORTEST = 200
# It speaks of bytes, which have been decoded.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_epub(file: Input) -> Iterator[Record]:
    """Read the chapters of a book in their order; covers and title pages are passed over."""
    package = Package(file.source.read_whole())
    if "META-INF/encryption.xml" in package.names and "META-INF/rights.xml" in package.names:
        raise LoadError("It is protected against being read by other programs. Ask for a copy without protection.")
    container = parse_xml(package.read("META-INF/container.xml"))
    root = next((element.get("full-path") for element in container.iter() if local(element.tag) == "rootfile"), None)
    if not root:
        raise LoadError("It does not say where its book begins. Save it anew.")
    book = parse_xml(package.read(root))
    items = {element.get("id"): element for element in book.iter() if local(element.tag) == "item"}
    spine = [element.get("idref") for element in book.iter() if local(element.tag) == "itemref"]
    about = {name: _stated(book, name) for name in ("title", "creator", "date", "language")}
    found = 0
    for number, name in enumerate(spine[:_MOST_CHAPTERS], start=1):
        item = items.get(name)
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(root), unquote(item.get("href") or "")))
        fields = _chapter(package.read(path), about) if path in package.names else None
        if fields is not None:
            found += 1
            yield Record(fields, number)
    if not found:
        raise LoadError("It holds no chapter with text: perhaps pictures alone.")


def _chapter(data: bytes, about: dict[str, str | None]) -> Fields | None:
    from lxml import html

    try:
        tree = html.document_fromstring(_DECLARATION.sub("", decode(data)))
    except (LoadError, ValueError, html.etree.ParserError):
        # A page with nothing on it.
        return None
    heading = next((element for element in tree.iter("h1", "h2", "h3") if element.text_content().strip()), None)
    title = " ".join(heading.text_content().split()) if heading is not None else None
    text = block_text(tree)
    if title and text.startswith(title):
        text = text[len(title) :].lstrip("\n")
    if len(text) < _SHORTEST:
        return None
    return Fields(
        text=text, title=title or about["title"], source=about["title"], byline=about["creator"],
        published=about["date"], language=about["language"],
    )  # fmt: skip


def _stated(book: Any, name: str) -> str | None:
    found = (element.text for element in book.iter() if local(element.tag) == name and element.text)
    return next((text.strip() for text in found if text.strip()), None)
