"""WARC: what a crawler kept, the pages of it each an article."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.errors import LoadError
from index.sources.decoding import MAX_FILE
from index.sources.records import Enclosed, Input, Record

_PAGES = ("text/html", "application/xhtml+xml")
_ENDINGS = {"application/pdf": "page.pdf", "application/json": "page.json", "text/plain": "page.txt"}


def read_warc(file: Input) -> Iterator[Record]:
    """Read the pages of an archive one at a time, whatever its length; an article is known by its page's address."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = found = 0
    try:
        for entry in ArchiveIterator(file.source, arc2warc=True):
            number += 1
            for record in _of_entry(entry, file):
                found += 1
                yield replace(record, number=number)
    except (ArchiveLoadFailed, EOFError, ValueError, UnicodeError) as error:
        # Damage in the midst of it: what came before stays.
        yield Record(LoadError(f"Its archive data is damaged: {error}. Fetch it again."), number + 1)
        return
    if not found:
        raise LoadError("It holds no page with an article: other files alone, or pages that were not found.")


def _of_entry(entry: Any, file: Input) -> Iterator[Record]:
    kind = entry.rec_headers.get_header("Content-Type") or ""
    if entry.rec_type == "response" and entry.http_headers is not None:
        if not (entry.http_headers.get_statuscode() or "").startswith("2"):
            return
        kind = entry.http_headers.get_header("Content-Type") or ""
    elif entry.rec_type != "resource":
        return
    kind, _, rest = kind.lower().partition(";")
    kind = kind.strip()
    if kind not in _PAGES and kind not in _ENDINGS:
        return
    data = entry.content_stream().read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        yield Record(LoadError(f"This page is longer than {MAX_FILE // 1024**2} MB. Leave it out."))
        return
    if kind in _PAGES and "charset=" in rest and b"charset" not in data[:2048].lower():
        data = f'<meta charset="{rest.partition("charset=")[2].strip()}">'.encode("ascii", "ignore") + data
    address = entry.rec_headers.get_header("WARC-Target-URI") or ""
    address = address.strip("<>")
    for record in file.enclosed(Enclosed("page.html" if kind in _PAGES else _ENDINGS[kind], data)):
        if isinstance(record.fields, LoadError):
            yield replace(record, fields=LoadError(f"{address}: {record.fields}"))
        else:
            own = f"{address}#{record.part}" if record.part else address
            yield replace(record, fields=replace(record.fields, id=own or None, url=record.fields.url or address))
