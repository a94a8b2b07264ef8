"""Files of every kind that is read, made here: what a newsroom receives, sound and hostile."""

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

ENGLISH = (
    "The transport ministry opened a bridge over the Shatt al-Arab in Basra on Tuesday after three years of work.",
    "Minister Salem al-Kinani said that it had cost 48 million dollars and would carry 90,000 vehicles a day.",
    "Contractor Adel Jabbar denied that the delay was due to a lack of money, and spoke of a flood in its second year.",
)
ARABIC = (
    "أعلن وزير النقل سالم الكناني يوم الثلاثاء افتتاح الجسر الجديد على شط العرب بعد ثلاث سنوات من العمل.",
    "وقال الكناني إن كلفة الجسر بلغت 48 مليون دولار وإنه سيخدم 90 ألف مركبة في اليوم.",
    "ونفى المقاول عادل جبار أن يكون التأخير بسبب نقص التمويل.",
)
_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu/DejaVuSans.ttf")


def arabic_font() -> Path | None:
    """Return a font that has Arabic, or None where this machine has none."""
    return next((path for path in map(Path, _FONTS) if path.exists()), None)


def pdf(pages: Sequence[Sequence[str]], *, font: Path | None = None, title: str = "") -> bytes:
    """Make a PDF of pages of lines, each as it is given: what a producer does to Arabic is done before."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    canvas.setTitle(title)
    name = "Helvetica"
    if font:
        pdfmetrics.registerFont(TTFont("Arabic", str(font)))
        name = "Arabic"
    for lines in pages:
        canvas.setFont(name, 10)
        for place, line in enumerate(lines):
            canvas.drawString(60, 780 - 16 * place, line)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def scan(pages: Sequence[Sequence[str]], *, font: Path) -> bytes:
    """Make a PDF of pictures of lines, as a scanner does; Arabic ones are given in the order of display."""
    from PIL import Image, ImageDraw, ImageFont

    drawn = []
    letters = ImageFont.truetype(str(font), 38, layout_engine=ImageFont.Layout.BASIC)
    for lines in pages:
        sheet = Image.new("L", (1654, 2339), 255)
        pen = ImageDraw.Draw(sheet)
        for place, line in enumerate(lines):
            is_arabic = any("\u0600" <= letter <= "\ufeff" for letter in line)
            at, anchor = (1550 if is_arabic else 100), "ra" if is_arabic else "la"
            pen.text((at, 120 + 70 * place), line, font=letters, anchor=anchor, fill=0)
        drawn.append(sheet)
    made = io.BytesIO()
    drawn[0].save(made, "PDF", resolution=200, save_all=True, append_images=drawn[1:])
    return made.getvalue()


def zipped(files: dict[str, bytes | str]) -> bytes:
    """Make a ZIP archive; a file called mimetype stands first and is stored as it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def docx(paragraphs: Sequence[str]) -> bytes:
    """Make a Word file."""
    from docx import Document

    document, made = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(made)
    return made.getvalue()


def odt(body: str) -> bytes:
    """Make an OpenDocument text of the XML of its paragraphs."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def xlsx(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """Make an Excel file."""
    from openpyxl import Workbook

    book, made = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(made)
    return made.getvalue()


def epub(chapters: dict[str, str], *, title: str = "Quarterly review", creator: str = "Sara Hamid") -> bytes:
    """Make a book of chapters in XHTML, by file name."""
    items = "".join(
        f'<item id="{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator><dc:date>2025-10-05</dc:date>"
        f"<dc:language>en</dc:language></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    texts = {f"OEBPS/{name}": content for name, content in chapters.items()}
    return zipped(
        {
            "mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": package, **texts
        }
    )  # fmt: skip


def mail(subject: str, text: str, *, html: str | None = None, attached: dict[str, bytes] | None = None) -> bytes:
    """Make a message, its text, HTML and attachments encoded as mail does."""
    message = EmailMessage()
    message["From"] = "Press Office <press@min.example>"
    message["To"] = "list@example.org"
    message["Subject"] = subject
    message["Date"] = "Sun, 05 Oct 2025 18:40:12 +0300"
    message["Message-ID"] = "<release-7@min.example>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def page(title: str, paragraphs: Sequence[str], *, head: str = "", before: str = "", after: str = "") -> str:
    """Make a web page with an article; `before` and `after` stand in it around its paragraphs."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<article><h1>{title}</h1>{before}{body}{after}</article></body></html>"
    )


def warc(pages: dict[str, str], *, status: str = "200 OK") -> bytes:
    """Make an archive of pages by their addresses, each record compressed."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    made = io.BytesIO()
    writer = WARCWriter(made, gzip=True)
    for address, html in pages.items():
        headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        record = writer.create_warc_record(address, "response", payload=io.BytesIO(html.encode()), http_headers=headers)
        writer.write_record(record)
    return made.getvalue()
