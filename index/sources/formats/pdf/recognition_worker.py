"""Reads scanned pages of a PDF with Tesseract, in a process of its own: run as a script.

The file comes on standard input; the arguments are the languages by scripts as JSON ({"Arab": ["ara"]}) and the numbers
of the pages. On standard output goes one JSON object: the text of each page by its number, or "problem". It imports
nothing of Khabar.
"""

import json
import os
import sys
from typing import Any

MEMORY = 3 * 1024**3
# For one page, in seconds; it is drawn with so many dots an inch, and at most so many dots.
SECONDS, DOTS, MOST_DOTS = 55, 300, 25_000_000


def main() -> None:
    """Draw each page and have it read."""
    _limit()
    # Several threads on one page make Tesseract slower, not faster.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    wanted, places = json.loads(sys.argv[1]), [int(place) for place in sys.argv[2:]]
    try:
        found: dict[str, str] = _read(sys.stdin.buffer.read(), wanted, places)
    except Exception as error:
        # Tesseract and PDFium end in errors of many kinds; which one it is does not matter.
        found = {"problem": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(found))


def _read(data: bytes, wanted: dict[str, list[str]], places: list[int]) -> dict[str, str]:
    import pypdfium2
    import pytesseract

    installed = set(pytesseract.get_languages())
    by_script = {script: "+".join(name for name in names if name in installed) for script, names in wanted.items()}
    choices = {script: names for script, names in by_script.items() if names} or {"": "+".join(installed - {"osd"})}
    document, found = pypdfium2.PdfDocument(data), {}
    for place in places:
        page = _drawn(document[place])
        found[str(place)] = pytesseract.image_to_string(page, _languages(page, choices), timeout=SECONDS)
    return found


def _languages(page: Any, choices: dict[str, str]) -> str:
    """Return the languages of a page's script, for those of several scripts together are mixed up."""
    import pytesseract

    if len(choices) == 1:
        return next(iter(choices.values()))
    try:
        script = pytesseract.image_to_osd(page, output_type=pytesseract.Output.DICT, timeout=SECONDS)["script"]
    except (pytesseract.TesseractError, KeyError):
        # Too few letters on the page to tell, or the data for it is not installed: whichever is read most surely.
        return max(choices.values(), key=lambda names: _sureness(page, names))
    # "Arabic" is Arab by ISO 15924, "Latin" Latn, "Cyrillic" Cyrl.
    told = (names for iso, names in choices.items() if script[:3] == iso[:3])
    return next(told, None) or max(choices.values(), key=lambda names: _sureness(page, names))


def _sureness(page: Any, languages: str) -> float:
    """Return how sure the words of a page are, 0 to 100."""
    import pytesseract

    found = pytesseract.image_to_data(page, languages, output_type=pytesseract.Output.DICT, timeout=SECONDS)
    sure = [float(value) for value, word in zip(found["conf"], found["text"], strict=True) if word.strip()]
    return sum(sure) / len(sure) if sure else 0.0


def _drawn(page: Any) -> Any:
    width, height = page.get_size()
    scale = min(DOTS / 72, (MOST_DOTS / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale, grayscale=True).to_pil()


def _limit() -> None:
    try:
        import resource
    except ImportError:
        # Not on Windows, where the time alone is limited, by whoever waits.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
