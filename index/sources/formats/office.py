"""Documents of word processors: DOCX, ODT and RTF, each one article."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.errors import LoadError
from index.sources.decoding import MEGABYTE
from index.sources.documents import parse_plain
from index.sources.formats.containers import Package, local, parse_xml
from index.sources.metadata import Fields
from index.sources.records import Input, Record

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What Word keeps of a text beside what it shows: what was deleted, what stands in boxes a second time, and hidden runs.
_UNSHOWN = ("del", "moveFrom", "Fallback")
_LONGEST_RTF = 32 * MEGABYTE
# A space of ODT says how many it stands for.
_MOST_SPACES = 100


def read_docx(file: Input) -> Iterator[Record]:
    """Read a Word file; what is deleted, hidden or beside the text (notes, heads and feet) is left out."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    package = Package(file.source.read_whole())
    try:
        document = Document(io.BytesIO(package.data))
        core = document.core_properties
        title, author = core.title, core.author
    except (OpcError, KeyError, ValueError, XMLSyntaxError) as error:
        # Each layer of the library has errors of its own for a part that is missing or broken.
        raise LoadError(f"Its Word data is damaged: {error}. Save it anew.") from error
    styles = [(paragraph.style.name or "" if paragraph.style else "") for paragraph in document.paragraphs[:3]]
    lines = [_shown(paragraph) for paragraph in document.element.body.iter(f"{_WORD}p")]
    is_titled = any(name == "Title" or name.startswith("Heading") for name in styles)
    yield Record(_document(lines, title if is_titled else None, author))


def read_odt(file: Input) -> Iterator[Record]:
    """Read an OpenDocument text; deleted passages, notes and comments are left out."""
    package = Package(file.source.read_whole())
    body = parse_xml(package.read("content.xml"))
    lines = [
        "".join(_odt_text(element))
        for element in body.iter()
        if local(element.tag) in ("p", "h") and not _is_beside(element)
    ]
    yield Record(_document(lines))


def read_rtf(file: Input) -> Iterator[Record]:
    """Read a Rich Text file."""
    from striprtf.striprtf import rtf_to_text

    data = file.source.read_whole()
    if len(data) > _LONGEST_RTF:
        raise LoadError("It is longer than 32 MB. Save it as .docx or .txt.")
    try:
        text = rtf_to_text(data.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, OverflowError) as error:
        # The library has no errors of its own: a code page that does not exist, a number that is no character.
        raise LoadError(f"Its RTF data is damaged: {error}. Save it anew.") from error
    yield Record(_document(text.replace("\r", "\n").split("\n")))


def _document(lines: list[str], title: str | None = None, author: str | None = None) -> Fields:
    """Make the fields of lines, one a paragraph; a title that the file states is used where its text has none."""
    text = "\n".join(re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in lines)
    text = re.sub(r"\n{3,}", "\n\n", text)
    if not any(character.isalnum() for character in text):
        raise LoadError("It holds no text: perhaps pictures alone. Make it searchable by character recognition.")
    fields = parse_plain(text)
    return replace(fields, title=fields.title or title or None, byline=fields.byline)


def _shown(paragraph: Any) -> str:
    parts: list[str] = []
    for element in paragraph.iter():
        name = local(element.tag)
        if name not in ("t", "tab", "br", "cr", "noBreakHyphen"):
            continue
        if any(local(above.tag) in _UNSHOWN or _is_hidden(above) for above in element.iterancestors()):
            continue
        # A paragraph in a text box is one of its own.
        if next(element.iterancestors(f"{_WORD}p"), None) is not paragraph:
            continue
        parts.append(element.text or "" if name == "t" else {"tab": "\t", "noBreakHyphen": "-"}.get(name, "\n"))
    return "".join(parts)


def _is_hidden(element: Any) -> bool:
    return element.tag == f"{_WORD}r" and element.find(f"{_WORD}rPr/{_WORD}vanish") is not None


_BESIDE = {"tracked-changes", "note", "annotation", "p", "h"}


def _is_beside(element: Any) -> bool:
    return any(local(above.tag) in ("tracked-changes", "note", "annotation") for above in element.iterancestors())


def _odt_text(element: Any) -> Iterator[str]:
    """Yield the text of a paragraph, what stands beside it left out."""
    yield element.text or ""
    for child in element:
        name = local(child.tag)
        if name == "s":
            count = next((value for key, value in child.attrib.items() if local(key) == "c"), "1")
            yield " " * min(int(count) if count.isdigit() else 1, _MOST_SPACES)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name not in _BESIDE:
            yield from _odt_text(child)
        yield child.tail or ""
