"""Every kind of file that is read, and which one a file is: by its first bytes where they tell, else by its name."""

import re

from index.errors import LoadError, NoArticleError
from index.sources.collections import is_collection, is_json_lines
from index.sources.decoding import encoding_of
from index.sources.documents import begins_front_matter
from index.sources.formats.archives import read_warc
from index.sources.formats.books import read_epub
from index.sources.formats.mail import begins_mail, begins_mailbox, read_mail, read_mailbox
from index.sources.formats.office import read_docx, read_odt, read_rtf
from index.sources.formats.pdf.reader import read_pdf
from index.sources.formats.tables import read_csv, read_xlsx
from index.sources.formats.texts import read_doc_collection, read_json, read_lines, read_markdown, read_page, read_text
from index.sources.formats.wires import begins_7901, begins_news_xml, read_7901, read_news_xml
from index.sources.records import Format

_ZIP = b"PK\x03\x04"


def _zipped(mark: bytes) -> "re.Pattern[bytes]":
    """Match a ZIP archive that names one of the files that its kind has in its beginning."""
    return re.compile(re.escape(_ZIP) + b".*" + mark, re.DOTALL)


def _begins_odt(prefix: bytes) -> bool:
    return prefix[30:77] == b"mimetypeapplication/vnd.oasis.opendocument.text"


_TEXT = Format("plain text", (".txt", ".text"), read_text)
_MARKDOWN = Format("Markdown", (".md", ".markdown"), read_markdown)
_PAGE = Format("web page", (".html", ".htm", ".xhtml"), read_page)
_JSON = Format("JSON", (".json",), read_json)
_LINES = Format("JSON Lines", (".jsonl", ".ndjson"), read_lines)
_COLLECTION = Format("collection", (".xml", ".trec", ".sgml"), read_doc_collection)
_TABLE = Format("table", (".csv", ".tsv", ".tab"), read_csv)
_MAILBOX = Format("mailbox", (".mbox",), read_mailbox, begins_mailbox)
_MAIL = Format("mail", (".eml", ".mht", ".mhtml"), read_mail, begins_mail)
_NEWS_XML = Format("NITF or NewsML-G2", (".nitf", ".newsml"), read_news_xml, begins_news_xml)
# A kind that stands before another tells more by its beginning.
FORMATS = (
    Format("PDF", (".pdf",), read_pdf, lambda prefix: b"%PDF-" in prefix[:1024]),
    Format("EPUB", (".epub",), read_epub, lambda prefix: prefix[30:58] == b"mimetypeapplication/epub+zip"),
    Format("ODT", (".odt",), read_odt, _begins_odt),
    Format("Excel", (".xlsx", ".xlsm"), read_xlsx, lambda prefix: _zipped(b"xl/").match(prefix) is not None),
    Format("Word", (".docx", ".docm"), read_docx, lambda prefix: _zipped(b"word/").match(prefix) is not None),
    Format("RTF", (".rtf",), read_rtf, lambda prefix: prefix.startswith(b"{\\rtf")),
    Format("WARC", (".warc", ".arc"), read_warc, lambda prefix: prefix.startswith((b"WARC/", b"filedesc://"))),
    Format("IPTC 7901", (".iptc", ".7901"), read_7901, begins_7901),
    _NEWS_XML, _MAILBOX, _MAIL, _TEXT, _MARKDOWN, _PAGE, _JSON, _LINES, _COLLECTION, _TABLE,
)  # fmt: skip
SUFFIXES = tuple(suffix for kind in FORMATS for suffix in kind.suffixes)
_BY_SUFFIX = {suffix: kind for kind in FORMATS for suffix in kind.suffixes}

_OCR = "If it shows a text, make it searchable by character recognition first, for example with ocrmypdf."
# What is told by its first bytes and holds no article, and what to do.
_REFUSED = tuple(
    (re.compile(mark, re.DOTALL), reason)
    for mark, reason in (
        (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*|BM....\x00\x00|RIFF....WEBP", f"It is a picture. {_OCR}"),
        (
            rb"\xd0\xcf\x11\xe0",
            "It is an old Office file (.doc, .xls, .ppt or .msg). Save it as .docx, .xlsx, .pdf or .eml.",
        ),
        (
            rb"ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF....(?:WAVE|AVI )|....ftyp|\x1aE\xdf\xa3",
            "It is sound or film. Index its transcript.",
        ),
        (
            rb"7z\xbc\xaf|Rar!|\xfd7zXZ|BZh\d|.{257}ustar",
            "It is an archive. Unpack it, and index the folder.",
        ),
        (rb"\x7fELF|MZ.{60}|\xca\xfe\xba\xbe", "It is a program, not an article."),
        (rb"SQLite format 3", "It is a database. Export its articles as JSON Lines or CSV."),
        (
            rb"PK\x03\x04|PK\x05\x06",
            "It is a ZIP archive of a kind that is not read. Unpack it, and index the folder.",
        ),
    )
)
_FEED = re.compile(r"<(?:rss|rdf:RDF|feed)[\s/>]", re.IGNORECASE)
_SITEMAP = re.compile(r"<(?:urlset|sitemapindex)[\s/>]", re.IGNORECASE)
_LIST_OF_FEEDS = re.compile(r"<opml[\s/>]", re.IGNORECASE)
_HTML = re.compile(r"(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|article)\b", re.IGNORECASE | re.DOTALL)
# Files of a website and of a system that are no article whatever their name.
_ROBOTS = re.compile(r"(?:#[^\n]*\n|\s)*(?:User-agent|Sitemap)\s*:", re.IGNORECASE)


def format_of(prefix: bytes, suffix: str | None) -> Format:
    """Tell what kind a file is by the first bytes of it and the ending of its name, None where it has no name.

    Raises `LoadError` for a kind that is not read, with what to do.
    """
    for kind in FORMATS:
        if kind.begins is not None and kind.begins(prefix):
            return kind
    named = _BY_SUFFIX.get(suffix or "")
    if prefix.startswith(_ZIP) and named is not None and named.name in ("Word", "Excel", "ODT", "EPUB"):
        # Its files stand in another order than usual; its reader looks for them by name.
        return named
    for mark, reason in _REFUSED:
        if mark.match(prefix):
            raise NoArticleError(reason)
    if named is not None and named.begins is not None and named not in (_MAIL, _MAILBOX, _NEWS_XML):
        raise LoadError(f"Its name ends with {suffix}, and it is no {named.name} inside. Check how it was made.")
    return _of_text(prefix.decode(encoding_of(prefix, complete=False), "replace"), suffix, named)


def _of_text(beginning: str, suffix: str | None, named: Format | None) -> Format:
    """Tell a kind of text: content goes before the name where it is certain, <DOC> in .txt or JSON Lines in .json."""
    start = beginning.lstrip("\ufeff \t\r\n")
    if named in (None, _TEXT, _COLLECTION) and is_collection(start):
        return _COLLECTION
    if named in (None, _JSON) and start[:1] in ("{", "["):
        return _LINES if is_json_lines(start) else _JSON
    if named is _TEXT and begins_front_matter(beginning.removeprefix("\ufeff")):
        return _MARKDOWN
    if named in (None, _TEXT, _COLLECTION) and (reason := _no_article(start)):
        raise NoArticleError(reason)
    if named is not None:
        return named
    if start.startswith(("---\n", "---\r\n")):
        return _MARKDOWN
    if _HTML.match(start):
        return _PAGE
    return _COLLECTION if start.startswith("<?xml") else _TEXT


def is_certain(kind: Format) -> bool:
    """Tell whether a kind is told by its content alone: a file of such a kind is read whatever its name."""
    return kind not in (_TEXT, _MARKDOWN, _COLLECTION)


def _no_article(start: str) -> str | None:
    if _ROBOTS.match(start):
        return "It tells crawlers where they may go, and is no article."
    if start.startswith("<") and _LIST_OF_FEEDS.search(start[:2000]):
        return (
            "It is a list of feeds (OPML), not an article. Name it itself, and its feeds are taken: khabar index FILE."
        )
    if start.startswith("<") and _FEED.search(start[:2000]):
        return "It is a feed, whose items are often no whole articles. Index its address."
    if start.startswith("<") and _SITEMAP.search(start[:2000]):
        return "It is a sitemap, which names pages and holds none. Index its address."
    return None
