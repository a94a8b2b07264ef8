"""Takes the text out of a PDF in a process of its own, which may take so much memory and time: run as a script.

The file comes on standard input; on standard output goes one JSON object: "pages" (texts), "title", "author", or
"problem", and "pictures": the numbers from 0 of pages that have a picture and no text. It imports nothing of Khabar: it
is started for each file.
"""

import contextlib
import json
import logging
import signal
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

MOST_PAGES = 2_000
MOST_CHARACTERS = 8_000_000
# For one of the two readers, in seconds; the whole process has twice as long, and so much memory in bytes.
SECONDS = 40
MEMORY = 3 * 1024**3

Extracted = dict[str, Any]


def main() -> None:
    """Read with pypdf; where that fails, finds nothing or finds Arabic, with PDFium as well."""
    _limit()
    logging.disable(logging.CRITICAL)
    data = sys.stdin.buffer.read()
    found = _tried(_with_pypdf, data)
    if found.get("problem") == "pages":
        print(json.dumps(found))
        return
    text = "".join(found.get("pages", ()))
    if (
        "problem" in found
        or not text.strip()
        or any("\u0590" <= letter <= "\u08ff" or letter > "\ufb1d" for letter in text)
    ):
        other = _tried(_with_pdfium, data)
        if "problem" in found or (not text.strip() and "pages" in other):
            found = {**found, **other} if "pages" in other else found
            if "pages" in other:
                found.pop("problem", None)
        elif "pages" in other:
            found["other"] = other["pages"]
    if "pages" in found and (blank := [place for place, text in enumerate(found["pages"]) if not text.strip()]):
        found |= _tried(lambda content: {"pictures": _with_pictures(content, blank)}, data)
        found.pop("problem", None)
    print(json.dumps(found))


def _limit() -> None:
    try:
        import resource
    except ImportError:
        # Not on Windows, where the time alone is limited, by whoever waits.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))


def _tried(extract: Callable[[bytes], Extracted], data: bytes) -> Extracted:
    def stop(*_: object) -> None:
        raise TimeoutError

    alarm = hasattr(signal, "SIGALRM")
    if alarm:
        signal.signal(signal.SIGALRM, stop)
        signal.alarm(SECONDS)
    try:
        return extract(data)
    except (TimeoutError, RecursionError, MemoryError):
        return {"problem": "limits"}
    except Exception as error:
        # Both readers end on damaged files in errors of many kinds; which one it is does not matter.
        return {"problem": "damaged", "detail": f"{type(error).__name__}: {error}"[:200]}
    finally:
        if alarm:
            signal.alarm(0)


def _with_pypdf(data: bytes) -> Extracted:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return {"problem": "encrypted"}
    if len(reader.pages) > MOST_PAGES:
        return {"problem": "pages", "detail": str(len(reader.pages))}
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text())
        if sum(map(len, pages)) > MOST_CHARACTERS:
            return {"problem": "limits"}
    meta = None
    with contextlib.suppress(Exception):
        meta = reader.metadata
    return {"pages": pages, "title": meta and meta.title, "author": meta and meta.author}


def _with_pdfium(data: bytes) -> Extracted:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if len(document) > MOST_PAGES:
        return {"problem": "pages", "detail": str(len(document))}
    pages: list[str] = []
    for page in document:
        pages.append(page.get_textpage().get_text_bounded().replace("\r\n", "\n"))
        if sum(map(len, pages)) > MOST_CHARACTERS:
            return {"problem": "limits"}
    return {"pages": pages}


def _with_pictures(data: bytes, places: list[int]) -> list[int]:
    """Return which of some pages have a picture on them."""
    import pypdfium2
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    document = pypdfium2.PdfDocument(data)
    return [
        place
        for place in places
        if next(iter(document[place].get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None
    ]


if __name__ == "__main__":
    main()
