"""Feeds and sitemaps: what they are, and the addresses that they name."""

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException

from index.errors import LoadError
from index.sources.decoding import MEGABYTE, Source

# A feed is held whole, many times its size; sitemaps are read piece by piece.
_LARGEST_FEED = 16 * MEGABYTE
# What an XML file's first element tells, behind a declaration, comments and a document type.
_ROOT = re.compile(
    rb"^(?:\s|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?>)*"
    rb"<(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_JSON_FEED = re.compile(rb'^\s*\{.*?"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org', re.DOTALL)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
_SITEMAPS = (b"urlset", b"sitemapindex")


@dataclass(frozen=True, slots=True)
class Listed:
    """An address that a feed or sitemap names, with what it says of the story there; `stamp` changes as that does.

    `html` is the story's text where a feed carries it; `is_listing` marks a sitemap within a sitemap.
    """

    address: str
    stamp: str = ""
    title: str | None = None
    byline: str | None = None
    source: str | None = None
    published: str | None = None
    language: str | None = None
    html: str = ""
    is_listing: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap names, in its order; `unnamed` counts the entries that have no address."""

    items: tuple[Listed, ...]
    unnamed: int = 0


def unpacked(body: bytes) -> bytes:
    """Return what is in a gzipped file, such as a sitemap's, and anything else as it is.

    Raises `LoadError` for what is damaged or unpacks out of all proportion.
    """
    return Source(io.BytesIO(body)).read_whole() if body.startswith(b"\x1f\x8b") else body


def read_listing(body: bytes, url: str) -> Listing | None:
    """Read a feed (RSS, Atom, JSON Feed) or a sitemap; None for what is none. Raises `LoadError` for a broken one."""
    beginning = body[:8192]
    root = _ROOT.match(beginning.replace(b"\x00", b""))
    if root and root[1].lower() in _SITEMAPS:
        return Listing(tuple(_sitemap(body, url)))
    if root or _JSON_FEED.match(beginning):
        if len(body) > _LARGEST_FEED:
            raise LoadError(
                f"This feed is larger than {_LARGEST_FEED // MEGABYTE} MB. Follow its pages or a smaller one."
            )
        return _feed(body, url) if root else _json_feed(body, url)
    return None


def feed_of(page: str, url: str) -> str | None:
    """Return the address of the first feed that a page names as its own."""
    from lxml import html
    from lxml.etree import ParserError

    try:
        tree = html.document_fromstring(page)
    except (ParserError, ValueError):
        # Nothing in it, or an encoding declared in what is text already.
        return None
    for link in tree.iter("link"):
        is_other = "alternate" in (link.get("rel") or "").lower().split()
        if (
            is_other
            and (link.get("type") or "").lower() in _FEED_TYPES
            and (found := _joined(url, link.get("href") or ""))
        ):
            return found
    return None


def _feed(body: bytes, url: str) -> Listing:
    import feedparser  # type: ignore[import-untyped]

    # A stream, never a text: a text that is an address would be fetched.
    read = feedparser.parse(io.BytesIO(body), response_headers={"content-location": url})
    if not read.entries and (not read.version or isinstance(read.get("bozo_exception"), SAXException)):
        raise LoadError("This feed is broken: no entry of it can be read. Tell its makers, or follow another.")
    items = [_entry(entry, read.feed, url) for entry in read.entries]
    return Listing(tuple(item for item in items if item.address), sum(not item.address for item in items))


def _entry(entry: dict[str, Any], feed: Mapping[str, Any], url: str) -> Listed:
    contents = [content.get("value", "") for content in entry.get("content", ())]
    html = max([*contents, entry.get("summary", "")], key=len)
    return Listed(
        address=_joined(url, entry.get("link") or ""),
        # Past feedparser's own way of looking things up, which gives the one for the other.
        stamp=_stamp(dict.get(entry, "updated", ""), entry.get("published", ""), entry.get("title", ""), html),
        title=entry.get("title"),
        byline=", ".join(author["name"] for author in entry.get("authors", ()) if author.get("name")) or None,
        source=feed.get("title"),
        published=entry.get("published") or None,
        language=feed.get("language"),
        html=html,
    )


def _json_feed(body: bytes, url: str) -> Listing:
    try:
        feed = json.loads(body)
        entries = [entry for entry in feed["items"] if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # No JSON after all, or without a list of items.
        raise LoadError("This JSON feed is broken. Tell its makers, or follow another.") from error
    items = [_json_entry(entry, feed, url) for entry in entries]
    return Listing(tuple(item for item in items if item.address), sum(not item.address for item in items))


def _json_entry(entry: dict[str, Any], feed: dict[str, Any], url: str) -> Listed:
    def text(value: object) -> str:
        return value if isinstance(value, str) else ""

    html = text(entry.get("content_html")) or text(entry.get("content_text"))
    authors = entry.get("authors") if isinstance(entry.get("authors"), list) else [entry.get("author")]
    names = [text(author.get("name")) for author in authors or () if isinstance(author, dict)]
    published, modified, title = (text(entry.get(key)) for key in ("date_published", "date_modified", "title"))
    return Listed(
        address=_joined(url, text(entry.get("url")) or text(entry.get("external_url"))),
        stamp=_stamp(modified, published, title, html),
        title=title or None,
        byline=", ".join(filter(None, names)) or None,
        source=text(feed.get("title")) or None,
        published=published or None,
        language=text(entry.get("language")) or text(feed.get("language")) or None,
        html=html,
    )


def _sitemap(body: bytes, url: str) -> Iterator[Listed]:
    """Read a sitemap piece by piece; its entities are not resolved, and nothing it refers to is loaded."""
    from lxml import etree

    pieces = etree.iterparse(
        io.BytesIO(body), events=("end",), tag=("{*}url", "{*}sitemap"), resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, recover=True,
    )  # fmt: skip
    try:
        for _, element in pieces:
            fields: dict[str, str] = {}
            for part in element.iter("{*}*"):
                name = etree.QName(part).localname
                fields.setdefault(name, " ".join("".join(part.itertext()).split()))
            if fields.get("loc"):
                yield _of_sitemap(fields, url, is_listing=etree.QName(element).localname == "sitemap")
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        # Entities that multiply, nesting without end; what is merely wrong is recovered from.
        raise LoadError("This sitemap is broken. Tell its makers, or give the pages' own addresses.") from error


def _of_sitemap(fields: Mapping[str, str], url: str, *, is_listing: bool) -> Listed:
    day, title = fields.get("publication_date"), fields.get("title")
    return Listed(
        address=_joined(url, fields["loc"]),
        stamp=fields.get("lastmod") or (_stamp(day or "", title or "") if day or title else ""),
        title=title,
        source=fields.get("name"),
        published=day,
        language=fields.get("language"),
        is_listing=is_listing,
    )


def _joined(url: str, link: str) -> str:
    try:
        joined = urljoin(url, link.strip()) if link.strip() else ""
    except ValueError:
        # Brackets that are none of an address.
        return ""
    return joined if joined.lower().startswith(("http://", "https://")) else ""


def _stamp(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
