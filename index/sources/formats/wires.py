"""What news agencies send: NITF, NewsML-G2 and IPTC 7901; their ninjs is JSON, and is read as such."""

import re
from collections.abc import Iterator
from typing import Any

from index.errors import LoadError
from index.sources.decoding import decode
from index.sources.documents import trim_blank_lines
from index.sources.formats.containers import local, parse_xml
from index.sources.labels import take_leading, with_labels
from index.sources.markup import block_text, text_of_html
from index.sources.metadata import Fields
from index.sources.records import Input, Record

_ROOT = re.compile(rb"<(?:\w+:)?(nitf|newsItem|newsMessage|packageItem|NewsML)[\s>]")
_SENT = re.compile(
    r"(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})\s*(?:[A-Z]{3}\s+)?(?P<month>[A-Z][a-z]{2})\s+(?P<year>\d{2,4})"
)
# Of a block of a story, what is no sentence of it.
_BLOCKS = ("p", "hl2", "li", "h1", "h2", "h3", "h4", "td")


def begins_news_xml(prefix: bytes) -> bool:
    """Tell NITF and NewsML by their first element."""
    return prefix.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _ROOT.search(prefix[:4096]) is not None


def begins_7901(prefix: bytes) -> bool:
    """Tell IPTC 7901 by the marks around its parts: start of header, start of text."""
    return prefix.lstrip(b"\r\n \x16").startswith(b"\x01") and b"\x02" in prefix[:1024]


def read_news_xml(file: Input) -> Iterator[Record]:
    """Read the items of NITF or NewsML-G2."""
    root = parse_xml(file.source.read_whole())
    items = [item for item in root.iter() if local(item.tag) == "newsItem"] or [root]
    if local(root.tag) == "NewsML":
        raise LoadError("It is NewsML 1, whose successor is read. Ask for NewsML-G2, NITF or ninjs.")
    for number, item in enumerate(items, start=1):
        fields = _nitf(item) if local(item.tag) == "nitf" else _news_item(item)
        yield Record(fields, number if len(items) > 1 else None)


def read_7901(file: Input) -> Iterator[Record]:
    """Read a message of IPTC 7901: header, text and time of sending, with control characters between them."""
    data = file.source.read_whole()
    header, _, rest = data.partition(b"\x02")
    body, _, trailer = rest.partition(b"\x03")
    text = decode(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", body))
    labels: dict[str, str] = {}
    text = take_leading(trim_blank_lines(text), labels)
    paragraphs = _unwrapped([line.strip() for line in text.split("\n")])
    if len(paragraphs) < 2:
        raise LoadError("This message of the wire has a heading alone, and no text.")
    sent = _SENT.search(trailer.decode("latin-1")) or _SENT.search(header.decode("latin-1"))
    words = re.sub(r"[\x00-\x1f]", " ", header.decode("latin-1")).split()
    agency = next(
        (
            word
            for word in words[3:]
            if word.isalpha() and len(word) <= 8 and len(word) > 2 and word.islower() and word != words[2]
        ),
        None,
    )
    fields = Fields(
        id=words[0] if words else None, title=paragraphs[0], text="\n".join(paragraphs[1:]),
        source=agency, published=_day(sent) if sent else None,
    )  # fmt: skip
    yield Record(with_labels(fields, labels))


def _day(sent: re.Match[str]) -> str:
    year = int(sent["year"])
    return f"{sent['day']} {sent['month']} {year + 2000 if year < 100 else year}"


def _unwrapped(lines: list[str]) -> list[str]:
    """Put the lines of the wire, 69 characters at most, together to paragraphs: a short or a blank line ends one."""
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if line and goes_on:
            paragraphs[-1] += " " + line
        elif line:
            paragraphs.append(line)
        goes_on = len(line) > 45
    return paragraphs


def _nitf(item: Any) -> Fields | LoadError:
    body = next((element for element in item.iter() if local(element.tag) == "body.content"), None)
    text = _story(body) if body is not None else ""
    issued = next((element.get("norm") for element in item.iter() if local(element.tag) == "date.issue"), None)
    identity = next((element.get("id-string") for element in item.iter() if local(element.tag) == "doc-id"), None)
    byline = _first(item, "byline")
    fields = Fields(
        id=identity,
        text=text or None,
        title=_first(item, "hl1") or _first(item, "title"),
        source=_first(item, "distributor") or _attribute(item, "doc.copyright", "holder"),
        byline=re.sub(r"(?i)^by\s+", "", byline) if byline else None,
        category=_attribute(item, "tobject.property", "tobject.property.type"),
        published=_norm_day(issued),
        language=_language(item),
        embargo=_later(_attribute(item, "date.release", "norm"), issued),
    )
    return fields if fields.text else LoadError("This item of the wire has no text: a picture, or a heading alone.")


def _news_item(item: Any) -> Fields | LoadError:
    story = next((element for element in item.iter() if local(element.tag) in ("inlineXML", "inlineData")), None)
    text, nested = "", None
    if story is not None:
        nested = next((element for element in story.iter() if local(element.tag) == "nitf"), None)
        bodies = {local(element.tag): element for element in story.iter()}
        body = bodies.get("body.content", bodies.get("body", story))
        text = _story(body) if len(story) else text_of_html(story.text or "")
    known = _nitf(nested) if nested is not None else None
    inner = known if isinstance(known, Fields) else Fields()
    created = _first(item, "contentCreated") or _first(item, "firstCreated") or _first(item, "versionCreated")
    version = _first(item, "versionCreated")
    fields = Fields(
        id=item.get("guid"),
        text=text or None,
        title=_first(item, "headline") or inner.title,
        source=_name_of(item, "provider") or _name_of(item, "infoSource") or inner.source,
        byline=_first(item, "by") or inner.byline,
        category=_name_of(item, "subject"),
        published=created or inner.published,
        language=_attribute(item, "language", "tag") or _language(item),
        modified=version if version and created and version[:10] != created[:10] else None,
        embargo=_first(item, "embargoed") or inner.embargo,
    )
    return fields if fields.text else LoadError("This item of the wire has no text: a picture, a package or a plan.")


def _story(body: Any) -> str:
    """Return the paragraphs of a story; the captions of pictures and tables of figures are no part of it."""
    for element in list(body.iter()):
        if local(element.tag) in ("media", "figure", "script", "style", "hl1") and element.getparent() is not None:
            element.getparent().remove(element)
    paragraphs = [
        " ".join("".join(element.itertext()).split()) for element in body.iter() if local(element.tag) in _BLOCKS
    ]
    return "\n".join(filter(None, paragraphs)) or block_text(body)


def _first(item: Any, name: str) -> str | None:
    found = ("".join(element.itertext()) for element in item.iter() if local(element.tag) == name)
    return next((" ".join(text.split()) for text in found if text.strip()), None)


def _attribute(item: Any, name: str, attribute: str) -> str | None:
    found = (element.get(attribute) for element in item.iter() if local(element.tag) == name)
    return next((value for value in found if value), None)


def _name_of(item: Any, name: str) -> str | None:
    """Return the name of what an element stands for: that in it, or its code."""
    for element in item.iter():
        if local(element.tag) == name:
            inner = next((child.text for child in element if local(child.tag) == "name" and child.text), None)
            code = element.get("literal") or (element.get("qcode") or "").rpartition(":")[2]
            return inner or code or None
    return None


def _language(item: Any) -> str | None:
    found: str | None = item.get("{http://www.w3.org/XML/1998/namespace}lang")
    return found


def _later(release: str | None, issued: str | None) -> str | None:
    """Return the time of release where it is after that of issue: until then it is not to be published."""
    if not release or not issued or release <= issued or not re.match(r"\d{8}", release):
        return None
    time = re.match(r"\d{8}T?(\d{2})(\d{2})\d{2}(Z|[+-]\d{4})?", release)
    return f"{_norm_day(release)}T{time[1]}:{time[2]}:00{time[3] or ''}" if time else _norm_day(release)


def _norm_day(norm: str | None) -> str | None:
    """Read "20251005T120000Z" as a day."""
    return f"{norm[:4]}-{norm[4:6]}-{norm[6:8]}" if norm and re.match(r"\d{8}", norm) else norm
