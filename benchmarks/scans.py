"""How much of a scan character recognition reads, by how a page is taken apart and in which languages.

    python -m benchmarks.scans

Needs '.[test]', '.[ocr]', Tesseract with Arabic and French, and a font with Arabic. The pages are drawn here.
"""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks.harness import Table, parser, say, write
from index.sources.formats.pdf.reading_order import in_reading_order
from tests.support import made_files as made

if TYPE_CHECKING:
    from PIL.Image import Image

_NOTE = (
    "Pages of news text drawn as a scanner of 200 dots an inch sees them, and once more as a poor copy: tilted by one "
    "degree, at 120 dots, blurred, with grains. They are read at 300 dots, as `khabar index` reads them. The share is "
    "of the words of the text that stand among the words that were read: as Tesseract gives them, and with those lines "
    "of Arabic turned around that it gives from the wrong end, as `khabar index` does. `psm` is how Tesseract takes a "
    "page apart: 3 by itself, 6 as one block."
)
_TEXTS = {
    "Arabic": ("افتتاح جسر البصرة", *made.ARABIC),
    "English": ("Bridge opens in Basra", *made.ENGLISH),
    "both": ("افتتاح جسر البصرة", made.ARABIC[0], made.ENGLISH[1], made.ARABIC[2]),
}
_WIDTH = 60


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a page, and the share of words, 0 to 1, that it gets right: as given, and turned around."""

    page: str
    is_poor: bool
    psm: int
    languages: str
    given: float
    turned: float


def drawn(sentences: tuple[str, ...]) -> bytes:
    """Draw lines of sentences as a scanner sees them."""
    import arabic_reshaper
    from bidi import get_display

    font = made.arabic_font()
    if font is None:
        raise SystemExit("No font with Arabic is here: install fonts-dejavu-core.")
    lines: list[str] = []
    for sentence in sentences:
        line = ""
        for word in sentence.split():
            if len(line) + len(word) > _WIDTH:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    turned = [get_display(arabic_reshaper.reshape(line)) if made.ARABIC[0][0] in line else line for line in lines]
    return made.scan([turned], font=font)


def share(sentences: tuple[str, ...], read: str) -> float:
    """Return the share of the words of a text that were read."""
    words = [word for sentence in sentences for word in sentence.split()]
    found = set(read.split())
    return sum(word in found for word in words) / len(words)


def poorer(page: "Image") -> "Image":
    """Make a poor copy of a page."""
    import numpy as np
    from PIL import Image, ImageFilter

    small = page.rotate(1, fillcolor=255).resize((page.width * 2 // 5, page.height * 2 // 5))
    grains = np.random.default_rng(7).normal(0, 18, (small.height, small.width))
    dark = np.asarray(small.filter(ImageFilter.GaussianBlur(0.6)), dtype=float) + grains
    return Image.fromarray(dark.clip(0, 255).astype("uint8")).resize(page.size)


def measure(name: str, *, is_poor: bool, ways: Sequence[tuple[int, str]]) -> list[Way]:
    """Read a page in each way."""
    import pypdfium2
    import pytesseract

    sentences = _TEXTS[name]
    page = pypdfium2.PdfDocument(io.BytesIO(drawn(sentences)))[0].render(scale=300 / 72, grayscale=True).to_pil()
    page = poorer(page) if is_poor else page
    found = []
    for psm, languages in ways:
        read = pytesseract.image_to_string(page, languages, config=f"--psm {psm}")
        shares = (round(share(sentences, text), 3) for text in (read, in_reading_order(read)))
        found.append(Way(name, is_poor, psm, languages, *shares))
        say(f"{found[-1]}")
    return found


def main() -> None:
    """Read every page in every way."""
    parser(__doc__).parse_args()
    ways = [(psm, languages) for languages in ("ara", "eng+fra", "ara+eng+fra") for psm in (3, 6)]
    found = [way for is_poor in (False, True) for name in _TEXTS for way in measure(name, is_poor=is_poor, ways=ways)]
    header = ("page", "-l", "psm", "words right, as given", "turned around")
    tables = [
        Table(
            "Poor copies" if is_poor else "Clean scans", "", header,
            tuple(
                (way.page, way.languages, f"{way.psm}", f"{way.given:.3f}", f"{way.turned:.3f}")
                for way in found if way.is_poor is is_poor
            ),
        )
        for is_poor in (False, True)
    ]  # fmt: skip
    write("scans", "Scans read by character recognition", _NOTE, [asdict(way) for way in found], tables)


if __name__ == "__main__":
    main()
