"""Word, OpenDocument and Rich Text: what is shown is read, and nothing else."""

from io import BytesIO
from pathlib import Path

import pytest

from tests.support.loading import only, reasons
from tests.support.made_files import ARABIC, ENGLISH, docx, odt

TITLE = "افتتاح جسر البصرة"


@pytest.mark.parametrize("paragraphs", [(TITLE, *ARABIC), ("Bridge opens in Basra", *ENGLISH)])
def test_a_word_file_is_a_title_and_its_paragraphs(tmp_path: Path, paragraphs: tuple[str, ...]) -> None:
    article = only(tmp_path, "بيان.docx", docx(paragraphs))
    assert (article.title, article.text) == (paragraphs[0], "\n".join(paragraphs[1:]))


def test_what_word_does_not_show_is_not_read(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import OxmlElement

    document, made = Document(), BytesIO()
    document.sections[0].header.paragraphs[0].text = "Draft, not for release"
    document.add_paragraph("Bridge opens in Basra")
    shown = document.add_paragraph(ENGLISH[0])
    shown.add_run(" The minister has resigned.").font.hidden = True
    deleted = OxmlElement("w:del")
    deleted.append(document.add_paragraph().add_run("Forty people died.")._r)
    shown._p.append(deleted)
    inserted = OxmlElement("w:ins")
    inserted.append(document.add_paragraph().add_run(" It was inserted.")._r)
    shown._p.append(inserted)
    document.add_table(1, 2).cell(0, 1).text = "48 million dollars"
    document.save(made)
    text = only(tmp_path, "a.docx", made.getvalue()).text
    assert text.startswith(f"{ENGLISH[0]} It was inserted.")
    assert "48 million dollars" in text
    assert not any(hidden in text for hidden in ("resigned", "Forty", "Draft"))


def test_an_open_document_is_read_without_its_notes_and_deletions(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:p>Forty people died.</text:p></text:tracked-changes>"
        f"<text:h>Bridge opens</text:h><text:p>{ENGLISH[0]}<text:note><text:p>A note.</text:p></text:note></text:p>"
        f'<text:p>It<text:s text:c="2"/>cost<text:tab/>48 <text:span>million</text:span> dollars.</text:p>'
    )
    article = only(tmp_path, "a.odt", odt(body))
    assert (article.title, article.text) == ("Bridge opens", f"{ENGLISH[0]}\nIt cost 48 million dollars.")


def test_rich_text_in_the_code_page_that_it_names(tmp_path: Path) -> None:
    arabic = "".join(f"\\'{byte:02x}" for byte in ARABIC[0].encode("cp1256"))
    title = "".join(f"\\'{byte:02x}" for byte in TITLE.encode("cp1256"))
    rtf = rf"{{\rtf1\ansi\ansicpg1256{{\fonttbl\f0 Arial;}}\f0 {title}\par {arabic}\par}}"
    article = only(tmp_path, "a.rtf", rtf.encode("ascii"))
    assert (article.title, article.text) == (TITLE, ARABIC[0])


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.xlsx", "a.epub"])
def test_a_damaged_package_says_so(tmp_path: Path, name: str) -> None:
    (reason,) = reasons(tmp_path, name, docx(["Title", *ENGLISH])[:2000])
    assert "damaged or cut short" in reason


def test_a_document_without_text_says_so(tmp_path: Path) -> None:
    assert reasons(tmp_path, "a.docx", docx(["", " "]))[0].startswith("It holds no text")


def test_an_old_office_file_says_what_to_do(tmp_path: Path) -> None:
    (reason,) = reasons(tmp_path, "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert reason.startswith("It is an old Office file (.doc, .xls, .ppt or .msg). Save it as")
