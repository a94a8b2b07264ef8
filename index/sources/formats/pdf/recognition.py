"""The text of scanned pages, by character recognition (Tesseract) where it is installed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from index.errors import LoadError
from index.languages import PACKS, language
from index.sources.formats.pdf.reading_order import in_reading_order

_WORKER = Path(__file__).with_name("recognition_worker.py")
# Scanned pages of one file that are read, and how long one may take (seconds).
MOST_SCANNED, _PATIENCE = 200, 60
_MISSING = (
    "No text: {pages} pages are pictures, as of a scan. Install khabar[ocr] and Tesseract with its languages (on "
    "Debian: tesseract-ocr tesseract-ocr-ara), or make it searchable, for example with ocrmypdf."
)
_TOO_MANY = "No text: {pages} pages are pictures, more than the 200 that are read of one file. Split it."
_FAILED = "No text: {pages} pages are pictures, and Tesseract cannot read them ({detail}). Check how it is installed."


def recognised(data: bytes, places: Sequence[int]) -> Mapping[int, str]:
    """Return the text of some pages of a PDF, counted from 0, in a process of its own.

    Raises `LoadError` with what to do where Tesseract is not installed, or fails.
    """
    if find_spec("pytesseract") is None or shutil.which("tesseract") is None:
        raise LoadError(_MISSING.format(pages=len(places)))
    if len(places) > MOST_SCANNED:
        raise LoadError(_TOO_MANY.format(pages=len(places)))
    call = [sys.executable, "-P", str(_WORKER), json.dumps(_languages()), *map(str, places)]
    try:
        done = subprocess.run(call, input=data, capture_output=True, timeout=_PATIENCE * (1 + len(places)), check=False)
        found: dict[str, str] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        # It took too long, or was ended by its limits and said nothing.
        raise LoadError(_FAILED.format(pages=len(places), detail="it took too long")) from error
    if "problem" in found:
        raise LoadError(_FAILED.format(pages=len(places), detail=found["problem"]))
    return {int(place): in_reading_order(text) for place, text in found.items()}


def _languages() -> dict[str, list[str]]:
    """Return by scripts the codes of three letters, by which Tesseract calls its languages, of those with a pack."""
    from babel.core import get_global

    found: dict[str, list[str]] = {}
    for name, short in get_global("language_aliases").items():
        if short in PACKS and len(name) == 3:
            found.setdefault(language(short).script.name, []).append(name)
    return found
