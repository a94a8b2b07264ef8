"""A dossier as a Word document; Arabic runs from right to left in it. Pure functions."""

import io
import re
from typing import TYPE_CHECKING, Any

from index.analysis import direction
from index.languages.messages import Messages
from index.store.dossiers.pins import Dossier, Pin
from ui.views.dossiers import sayings
from ui.views.html import safe_url, visible

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

# What XML cannot hold, beside what `visible` boxes in.
_NOT_XML = re.compile("[\ufffe\uffff]")
# What comes after a paragraph's direction among its properties, in the order that Word wants.
_AFTER = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
    "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


def dossier_docx(dossier: Dossier, words: Messages) -> bytes:
    """Write a dossier as .docx: its name, then each quote, where it is from, what became of it, and the note."""
    from docx import Document

    made = Document()
    made.core_properties.title = _written(dossier.name)[:255]
    made.core_properties.author, made.core_properties.comments = "", ""
    _add(made, dossier.name, "Title")
    _add(made, words.count("dossier.quotes", len(dossier.pins)), "Subtitle")
    for pin in dossier.pins:
        _add_pin(made, pin, words)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _add_pin(made: Any, pin: Pin, words: Messages) -> None:
    article = pin.article
    _add(made, pin.quote, "Intense Quote")
    named = [sayings.title(article, words), *sayings.origin(article, words), safe_url(article.url) or ""]
    _add(made, " · ".join(part for part in named if part), "Normal", like=pin.quote)
    _add(made, sayings.proof(article, words), "Caption")
    if said := sayings.became(pin, words):
        _add(made, said, "Strong")
    if pin.note:
        _add(made, pin.note, "Normal")


def _add(made: Any, written: str, style: str, *, like: str = "") -> "Paragraph":
    """Add a paragraph in its own direction, or in that of another text that it belongs to."""
    from docx.oxml import OxmlElement

    is_of_letters = style == "Strong"
    paragraph: Paragraph = made.add_paragraph(style=None if is_of_letters else style)
    run = paragraph.add_run(_written(written), style=style if is_of_letters else None)
    if direction(like or written) == "rtl":
        paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER)
        run.font.rtl = direction(written) == "rtl"
    return paragraph


def _written(text: str) -> str:
    return _NOT_XML.sub("\ufffd", visible(text))
