"""Pages of PDFs as pictures: drawn where the text is taken out, in a process of its own, few at a time."""

import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path

from index.errors import LoadError
from index.sources.decoding import MAX_FILE

_WORKER = Path(__file__).with_name("picture_worker.py")
# More than the worker gives itself, and how long one waits for its turn (seconds).
_PATIENCE, _TURN = 30, 30
_AT_A_TIME = 2
# Pictures that are kept: some hundred kilobytes each.
_KEPT = 32
# A file that is read as a PDF has this in its beginning.
_MARK, _BEGINNING = b"%PDF-", 1024

_NO_PDF = "It is no PDF. Open the file itself."
_NO_PAGE = "It has no page {number}. Open the file itself."
_NOT_DRAWN = "Page {number} cannot be drawn. Open the file itself."
_BUSY = "Other pages are being drawn. Ask for this one again."

# A file at a path with its state, and the number of a page.
_Key = tuple[str, int, int, int]


class PagePictures:
    """Draws pages, two at a time, and keeps the pictures that were asked for last; safe to use from threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._keeping = threading.Lock()
        self._turns = threading.BoundedSemaphore(_AT_A_TIME)

    def of(self, file: Path, number: int) -> bytes:
        """Return a page of a file as JPEG, at most 1,000 dots wide; its `number` counts from 1.

        Raises `LoadError` for a file that is no PDF, has no such page or cannot be drawn within the limits.
        """
        try:
            status = file.stat()
        except OSError as error:
            raise LoadError(_NO_PDF) from error
        key = str(file), status.st_mtime_ns, status.st_size, number
        if (known := self._known(key)) is not None:
            return known
        if not self._turns.acquire(timeout=_TURN):
            raise LoadError(_BUSY)
        try:
            picture = self._known(key) or _drawn(file, number)
        finally:
            self._turns.release()
        with self._keeping:
            self._kept[key] = picture
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return picture

    def _known(self, key: _Key) -> bytes | None:
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def is_pdf(file: Path) -> bool:
    """Tell whether a file is one that is read as a PDF."""
    try:
        with file.open("rb") as opened:
            return _MARK in opened.read(_BEGINNING)
    except OSError:
        # It has gone since it was found: whoever asks for it is told so.
        return False


def _drawn(file: Path, number: int) -> bytes:
    if number < 1:
        raise LoadError(_NO_PAGE.format(number=number))
    if not is_pdf(file) or file.stat().st_size > MAX_FILE:
        raise LoadError(_NO_PDF)
    try:
        with file.open("rb") as opened:
            done = subprocess.run(
                [sys.executable, "-P", str(_WORKER), str(number)],
                stdin=opened, capture_output=True, timeout=_PATIENCE, check=False,
            )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LoadError(_NOT_DRAWN.format(number=number)) from error
    if done.returncode != 0:
        # It was ended by its limits, or by damage that PDFium does not read.
        raise LoadError(_NOT_DRAWN.format(number=number))
    if not done.stdout:
        raise LoadError(_NO_PAGE.format(number=number))
    return done.stdout
