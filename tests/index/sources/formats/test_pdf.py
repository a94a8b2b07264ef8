"""PDFs: pages, paragraphs over lines and pages, Arabic as producers store it, scans, damage."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import arabic_reshaper
import pytest
from bidi import get_display

from index.sources.files import Loaded
from tests.support.loading import loaded, only, reasons
from tests.support.made_files import ARABIC, ENGLISH, arabic_font, pdf, scan

pytestmark = pytest.mark.system


def wrapped(text: str, width: int = 80) -> list[str]:
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def test_a_quote_can_name_its_page(tmp_path: Path) -> None:
    pages = [["Bridge opens in Basra", "", *wrapped(ENGLISH[0])], wrapped(ENGLISH[1]), wrapped(ENGLISH[2])]
    article = only(tmp_path, "release.pdf", pdf(pages))
    assert (article.title, article.text) == ("Bridge opens in Basra", "\n".join(ENGLISH))
    assert [article.page_of(article.text.index(sentence)) for sentence in ENGLISH] == [1, 2, 3]
    assert article.page_of(len(article.text) - 1) == 3


def test_a_sentence_goes_on_over_the_end_of_a_line_and_of_a_page(tmp_path: Path) -> None:
    long = " ".join(ENGLISH)
    lines = wrapped(long)
    article = only(tmp_path, "a.pdf", pdf([["Bridge opens", "", *lines[:2]], lines[2:]]))
    assert article.text == long
    assert article.page_of(0) == 1
    assert article.page_of(long.index(lines[2])) == 2


def test_running_heads_and_page_numbers_are_no_part_of_the_text(tmp_path: Path) -> None:
    pages = [
        ["Ministry of Transport", "", *wrapped(sentence), "", f"Page {n} of 3"] for n, sentence in enumerate(ENGLISH, 1)
    ]
    article = only(tmp_path, "a.pdf", pdf(pages))
    assert "Ministry" not in article.title and "Page 2" not in article.text
    assert ENGLISH[1] in article.text


@pytest.mark.skipif(arabic_font() is None, reason="no font with Arabic here")
@pytest.mark.parametrize("stored", ["logical", "visual", "shapes"])
def test_arabic_is_read_in_the_order_of_reading_however_it_is_stored(tmp_path: Path, stored: str) -> None:
    lines = ["افتتاح جسر البصرة", "", *(line for sentence in ARABIC for line in wrapped(sentence))]
    drawn = {
        "logical": lambda line: line,
        "visual": lambda line: get_display(line),
        "shapes": lambda line: get_display(arabic_reshaper.reshape(line)),
    }[stored]
    article = only(tmp_path, "بيان.pdf", pdf([[drawn(line) for line in lines]], font=arabic_font()))
    assert (article.title, article.text.split()) == ("افتتاح جسر البصرة", " ".join(ARABIC).split())


def test_a_pdf_of_blank_pages_says_that_it_holds_no_text(tmp_path: Path) -> None:
    (reason,) = reasons(tmp_path, "blank.pdf", pdf([[], []]))
    assert reason == "Its 2 pages hold no text and no pictures. Check how it was made."


needs_font = pytest.mark.skipif(arabic_font() is None, reason="no font with Arabic here")
HAS_TESSERACT = shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def scanned(title: str, *sentences: str) -> list[str]:
    return [title, "", *(line for sentence in sentences for line in wrapped(sentence, 60))]


@needs_font
@pytest.mark.skipif(not HAS_TESSERACT, reason="tesseract and pytesseract are not installed here")
@pytest.mark.parametrize(("title", "sentences"), [("Bridge opens in Basra", ENGLISH), ("افتتاح جسر البصرة", ARABIC)])
def test_a_scan_is_read_by_character_recognition(tmp_path: Path, title: str, sentences: tuple[str, ...]) -> None:
    drawn = [
        [get_display(arabic_reshaper.reshape(line)) if sentences is ARABIC else line for line in page]
        for page in (scanned(title, sentences[0]), scanned(sentences[1], *sentences[1:]))
    ]
    (found,) = loaded(tmp_path, "scan.pdf", scan(drawn, font=arabic_font() or Path()))
    assert isinstance(found, Loaded) and found.warning is not None
    assert found.warning.reason.startswith("Of its pages 2 are pictures: their text was read by character recognition")
    words = set(" ".join(sentences).split())
    assert len(words & set(found.article.text.split())) >= 0.6 * len(words)
    assert found.article.page_of(len(found.article.text) - 1) == 2
    assert found.article.language == ("ar" if sentences is ARABIC else "en")


@needs_font
def test_a_scan_where_there_is_no_tesseract_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    pictures = scan([scanned("Bridge opens", *ENGLISH)] * 2, font=arabic_font() or Path())
    (reason,) = reasons(tmp_path, "scan.pdf", pictures)
    assert reason.startswith("No text: 2 pages are pictures, as of a scan. Install khabar[ocr] and Tesseract")
    (found,) = loaded(tmp_path, "part.pdf", merged(pdf([["Bridge opens", "", *wrapped(ENGLISH[0])]]), pictures))
    assert isinstance(found, Loaded) and found.warning is not None
    assert (found.article.text, found.warning.reason) == (ENGLISH[0], reason)


def merged(*files: bytes) -> bytes:
    from io import BytesIO

    from pypdf import PdfWriter

    writer, made = PdfWriter(), BytesIO()
    for file in files:
        writer.append(BytesIO(file))
    writer.write(made)
    return made.getvalue()


def test_what_needs_a_password_and_what_is_damaged_say_so(tmp_path: Path) -> None:
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer, locked = PdfWriter(), BytesIO()
    writer.append(PdfReader(BytesIO(pdf([["Title", *ENGLISH]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(locked)
    (reason,) = reasons(tmp_path, "locked.pdf", locked.getvalue())
    assert reason.startswith("It opens with a password only.")
    (reason,) = reasons(tmp_path, "cut.pdf", b"%PDF-1.7\n1 0 obj\n<<")
    assert "damaged" in reason
    (reason,) = reasons(tmp_path, "named.pdf", "A plain text that is called a PDF.")
    assert reason == "Its name ends with .pdf, and it is no PDF inside. Check how it was made."


def test_too_many_pages_are_a_reason_and_no_wait(tmp_path: Path) -> None:
    (reason,) = reasons(tmp_path, "long.pdf", pdf([["x"]] * 2_001))
    assert reason.startswith("It has 2001 pages, more than the 2,000 that are read of one file.")


def test_the_title_of_the_file_is_taken_where_its_text_has_none(tmp_path: Path) -> None:
    text = wrapped(" ".join(ENGLISH))
    assert only(tmp_path, "a.pdf", pdf([text], title="Bridge opens")).title in {"Bridge opens", text[0]}
    assert "docx" not in only(tmp_path, "b.pdf", pdf([text], title="Microsoft Word - final.docx")).title
