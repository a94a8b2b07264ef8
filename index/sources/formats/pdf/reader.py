"""PDF: the text of each page, so that a quote can name its page."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.sources.damage import mended, mended_like
from index.sources.documents import parse_plain
from index.sources.formats.pdf.layout import joined
from index.sources.formats.pdf.recognition import recognised
from index.sources.metadata import Fields
from index.sources.records import Input, Record

_WORKER = Path(__file__).with_name("text_worker.py")
# More than the worker gives itself (seconds).
_PATIENCE = 120
_PROBLEMS = {
    "encrypted": "It opens with a password only. Save it without one.",
    "damaged": "Its PDF data is damaged ({detail}). Fetch it again, or print it to a new PDF.",
    "limits": "Reading it takes more time or memory than a document may. Print it to a new PDF, or split it.",
    "pages": "It has {detail} pages, more than the 2,000 that are read of one file. Split it.",
}
_NO_TEXT = "Its {pages} pages hold no text and no pictures. Check how it was made."
_RECOGNISED = "Of its pages {scanned} are pictures: their text was read by character recognition, which makes mistakes."
# What programs call a document that nobody gave a title.
_NO_TITLE = re.compile(
    r"(?i)(?:microsoft word|untitled|document\d*$|powerpoint)|\.(?:docx?|rtf|odt|indd|pdf|qxp|tmp)\b"
)


def read_pdf(file: Input) -> Iterator[Record]:
    """Read a PDF as one article, title and credit lines told from its text."""
    data = file.source.read_whole()
    found = _extracted(data)
    pages = _healthier(found["pages"], found.get("other"))
    note = None
    if scanned := found.get("pictures"):
        try:
            for place, text in recognised(data, scanned).items():
                pages[place] = text
            note = _RECOGNISED.format(scanned=len(scanned))
        except LoadError as error:
            if not any(page.strip() for page in pages):
                raise
            # The other pages have a text: what of it is not read is told beside the article.
            note = str(error)
    yield Record(replace(_fields(pages, found.get("title")), note=note))


def _fields(pages: list[str], stated: str | None) -> Fields:
    wrong = mended("\n".join(pages))
    if wrong is not None:
        # Before lines are joined: visual order is of lines.
        pages = [mended_like(page, wrong.repair) for page in pages]
    paged = joined(pages)
    if not any(character.isalnum() for character in paged.text):
        raise LoadError(_NO_TEXT.format(pages=len(pages)))
    fields = parse_plain(paged.text)
    text = fields.text or ""
    # The title and the lines under it were taken off the beginning.
    taken = len(paged.text) - len(paged.text[paged.text.rfind(text) :]) if text else 0
    starts = tuple(max(0, start - taken) for start in paged.pages)
    title = fields.title or (stated if not _NO_TITLE.search(stated or "") else None)
    return replace(fields, title=title, pages=starts, repair=wrong.repair if wrong else None)


def _healthier(pages: Sequence[str], other: Sequence[str] | None) -> list[str]:
    """Take the text of whichever reader gives sound text, of the second first; where neither does, it is put right.

    The second goes by where letters stand on the page: what runs from right to left comes in the order of reading.
    """
    read = [list(candidate) for candidate in (other or (), pages) if any(candidate)]
    sound = (candidate for candidate in read if mended("\n".join(candidate)) is None)
    return next(sound, None) or (read[0] if read else list(pages))


def _extracted(data: bytes) -> dict[str, Any]:
    """Have the text taken out in another process. Raises `LoadError`."""
    try:
        # -P: the folder of the script has a name of Python's own in it, and is not to be looked in.
        done = subprocess.run(
            [sys.executable, "-P", str(_WORKER)], input=data, capture_output=True, timeout=_PATIENCE, check=False
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise LoadError(_PROBLEMS["limits"]) from error
    except ValueError as error:
        # It was ended by its limits, or by a fault in the reader: it said nothing.
        raise LoadError(_PROBLEMS["limits"]) from error
    if "pages" not in found:
        raise LoadError(_PROBLEMS[found["problem"]].format(detail=found.get("detail", "")))
    return found
