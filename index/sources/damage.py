"""Text whose letters came to harm on the way into its file: put right where that is certain, else refused."""

import re
from dataclasses import dataclass, replace

from index.article import Repair
from index.errors import LoadError
from index.sources.metadata import Fields

# Enough to tell what is wrong by (characters), and how sure the diagnosis has to be, 0 to 1.
_SAMPLE = 6_000
_SURE = 0.9
_ARABIC = re.compile("[\u0620-\u06ff]")
_SHAPES = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdf1\ufe70-\ufefc]")
# Letters that begin what UTF-8 or windows-1256 becomes when it is taken for windows-1252, two or three side by side.
_SUSPECT = re.compile("[\u00c0-\u00ff][\u0080-\u00bf\u0152-\u0178\u02c6-\u2122]|[\u00c0-\u00ff]{3}")
_LOST = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|\\(cid:\\d+\\)")
# More of this share of a text's characters lost, and what is left is not to be quoted.
_MOST_LOST = 0.02


@dataclass(frozen=True, slots=True)
class Mended:
    """A text put right, and what was wrong with it."""

    text: str
    repair: Repair


def mended(text: str) -> Mended | None:
    """Put right letters in another encoding, in visual order or stored as shapes; None where nothing is wrong.

    Letters change only where the diagnosis is nearly certain. Visual order is of lines, so `text` has its lines as
    the file had them.
    """
    if _SUSPECT.search(text) and (found := _of_encoding(text)):
        return found
    shapes = len(_SHAPES.findall(text))
    if not shapes and not _ARABIC.search(text):
        return None
    from arafix import Defect, detect_visual_order, diagnose

    # The whole diagnosis takes four times as long as the one sign that a text without shapes can be told by.
    if not shapes and detect_visual_order(text[:_SAMPLE])[0] <= 0:
        return None
    told = diagnose(text[:_SAMPLE])
    wrong = {defect for defect in told.defects if told.defect_confidence.get(defect, 0.0) >= _SURE}
    is_visual = Defect.VISUAL_ORDER in wrong
    # A ligature among letters is how some write; a text of shapes has hardly a letter.
    if not is_visual and (Defect.PRESENTATION_FORMS not in wrong or shapes < len(_ARABIC.findall(text))):
        return None
    right = _repaired(text, is_visual=is_visual)
    if right == text:
        return None
    return Mended(right, Repair.VISUAL_ORDER if is_visual else Repair.PRESENTATION_FORMS)


def whole(fields: Fields) -> Fields:
    """Return the fields with their letters put right, as `repair` says. Raises `LoadError` for a text beyond repair."""
    text = fields.text or ""
    if len(_LOST.findall(text)) > _MOST_LOST * len(text):
        raise LoadError(
            "This text seems damaged: many of its letters are not known. Fetch it again, or make it from the original."
        )
    found = mended(text) if fields.repair is None and not fields.pages else None
    if found is None:
        return fields
    title, byline = (value and mended_like(value, found.repair) for value in (fields.title, fields.byline))
    return replace(fields, text=found.text, title=title, byline=byline, repair=found.repair)


def mended_like(text: str, repair: Repair) -> str:
    """Put right a title, a name or a page, which may be too short to tell what is wrong with it, as its text was."""
    if repair is Repair.ENCODING:
        found = _of_encoding(text)
        return found.text if found else text
    if not _ARABIC.search(text) and not _SHAPES.search(text):
        return text
    return _repaired(text, is_visual=repair is Repair.VISUAL_ORDER)


def _repaired(text: str, *, is_visual: bool) -> str:
    """Have letters put for shapes, and lines turned around where they are in visual order; nothing else changes."""
    from arafix import PipelineConfig, repair_text
    from arafix.normalize import NormalizeConfig

    letters = NormalizeConfig(
        strip_tatweel=False,
        strip_tatweel_in_pf_runs=False,
        strip_zero_width=False,
        fold_pdf_homoglyphs=False,
        apply_nfc=False,
    )
    config = PipelineConfig(
        normalize=letters,
        enable_mojibake_fix=False,
        enable_hygiene=False,
        enable_lam_alef_repair=False,
        use_core_lexicon=False,
        harvest_document_lexicon=False,
        enable_reorder=is_visual,
        force_reorder=is_visual,
    )
    right: str = repair_text(text, config).text
    return right


def _of_encoding(text: str) -> Mended | None:
    """Undo a decoding by the wrong table, where the other one makes words of all of it."""
    import ftfy

    right: str = ftfy.fix_encoding(text)
    if right != text:
        return Mended(right, Repair.ENCODING)
    try:
        arabic = text.encode("cp1252").decode("cp1256")
    except UnicodeError:
        # There are letters in it that neither table has.
        return None
    letters = sum(map(str.isalpha, text))
    is_arabic = (
        len(_ARABIC.findall(arabic)) > 0.7 * letters and len(re.findall("[\u00c0-\u00ff]{2}", text)) > letters / 8
    )
    return Mended(arabic, Repair.ENCODING) if is_arabic else None
