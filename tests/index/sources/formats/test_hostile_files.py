"""Files that are made to exhaust whoever reads them end in a named reason."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.support.loading import loaded, reasons
from tests.support.made_files import ENGLISH, docx, epub, odt, page, pdf, xlsx, zipped

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
)
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


def swapped(package: bytes, name: str, content: bytes) -> bytes:
    """Put other content into a file of a package."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return zipped({entry: content if entry == name else archive.read(entry) for entry in archive.namelist()})


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt", "a.epub"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    part = {"a.docx": "word/document.xml", "a.xlsx": "xl/workbook.xml", "a.odt": "content.xml", "a.epub": "x.xhtml"}[
        name
    ]
    (reason,) = reasons(tmp_path, name, zipped({part: bytes(80 * 1024 * 1024)}))
    assert "out of all proportion to its size" in reason


def test_a_package_of_very_many_files_is_refused(tmp_path: Path) -> None:
    many = zipped({"word/document.xml": "x", **{f"word/{n}": "" for n in range(10_001)}})
    assert "in 10,002 files" in reasons(tmp_path, "a.docx", many)[0]


@pytest.mark.parametrize("trick", [LAUGHS, XXE])
def test_entities_are_not_expanded(tmp_path: Path, trick: str) -> None:
    entity = "&a9;" if trick is LAUGHS else "&f;"
    paragraph = f"<p>{ENGLISH[0]} {entity}</p>"
    nitf = f"{trick}<nitf><body><body.content>{paragraph}</body.content></body></nitf>"
    word = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    word = f"{trick}{word}{ENGLISH[0]} {entity}</w:t></w:r></w:p></w:body></w:document>"
    hostile = {
        "a.xml": nitf.encode(),
        "a.docx": swapped(docx(["x"]), "word/document.xml", word.encode()),
        "a.xlsx": swapped(
            xlsx({"A": [["text"], ["x"]]}), "xl/worksheets/sheet1.xml", f"{trick}<x>{entity}</x>".encode()
        ),
        "a.epub": swapped(
            epub({"1.xhtml": "x"}), "OEBPS/1.xhtml", f"{trick}<html><body>{paragraph * 9}</body></html>".encode()
        ),
    }
    for name, content in hostile.items():
        for item in loaded(tmp_path, name, content):
            text = getattr(getattr(item, "article", None), "text", "")
            assert len(text) < 5_000 and "root:" not in text and "hahaha" not in text, name


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_nesting_ends_in_a_reason_or_an_article(tmp_path: Path, depth: int) -> None:
    deep = "<b>" * depth + ENGLISH[0] + "</b>" * depth
    for name, content in {
        "a.xml": f"<nitf><body><body.content><p>{deep}</p></body.content></body></nitf>",
        "a.html": page("Bridge opens", ENGLISH, after=deep),
        "a.json": '{"text": ' + "[" * depth + "]" * depth + "}",
        "a.odt": odt(f"<text:p>{'<text:span>' * depth}x{'</text:span>' * depth}</text:p>"),
        "a.rtf": "{\\rtf1 " + "{" * depth + ENGLISH[0] + "}" * depth + "}",
        "a.eml": "From: a@b.c\nDate: x\nSubject: y\nContent-Type: multipart/mixed; boundary=b\n\n"
        + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * min(depth, 2_000),
    }.items():
        assert loaded(tmp_path, name, content), name


def test_a_pdf_that_calls_itself_again_and_again_ends(tmp_path: Path) -> None:
    """Its content draws a form that draws itself ten times, and so on."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    writer.append(PdfReader(BytesIO(pdf([["Bridge opens", *ENGLISH]]))))
    form = DecodedStreamObject()
    form.set_data(b"/F Do " * 10)
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    reference = writer._add_object(form)
    form[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/F"): reference})}
    )
    writer.pages[0]["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/F"): reference})
    content = writer.pages[0].get_contents()
    assert content is not None
    extended = DecodedStreamObject()
    extended.set_data(content.get_data() + b" /F Do")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(extended)
    made = BytesIO()
    writer.write(made)
    assert loaded(tmp_path, "a.pdf", made.getvalue())


def test_kinds_that_hold_no_article_say_what_they_are(tmp_path: Path) -> None:
    for name, content, reason in (
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "It is a picture."),
        ("a.mp3", b"ID3\x03" + bytes(40), "It is sound or film."),
        ("a.zip", zipped({"a.txt": "x"}), "It is a ZIP archive"),
        ("a.opml", "<?xml version='1.0'?><opml version='2.0'><body/></opml>", "It is a list of feeds"),
        ("robots.txt", "User-agent: *\nDisallow: /x/\n", "It tells crawlers"),
    ):
        assert reasons(tmp_path, name, content)[0].startswith(reason), name
