"""A dossier as a file to be handed on, in one of six forms; pure functions."""

import re
from dataclasses import dataclass
from enum import StrEnum

from index.languages.messages import Messages
from index.store.dossiers.pins import Dossier
from ui.views.dossiers.document import dossier_docx
from ui.views.dossiers.lines import dossier_markdown
from ui.views.dossiers.references import bibtex, csl_json, ris
from ui.views.dossiers.webpage import dossier_page

_LONGEST_NAME = 60


class DossierForm(StrEnum):
    """A form that a dossier is exported in: the last three are references to its articles."""

    MARKDOWN = "markdown"
    DOCX = "docx"
    HTML = "html"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"


# What each form is called by people, how its files' names end, and what HTTP calls it.
LABELS = {
    DossierForm.MARKDOWN: "Markdown", DossierForm.DOCX: "Word", DossierForm.HTML: "HTML",
    DossierForm.BIBTEX: "BibTeX", DossierForm.RIS: "RIS", DossierForm.CSL_JSON: "CSL-JSON",
}  # fmt: skip
SUFFIXES = {
    DossierForm.MARKDOWN: ".md", DossierForm.DOCX: ".docx", DossierForm.HTML: ".html",
    DossierForm.BIBTEX: ".bib", DossierForm.RIS: ".ris", DossierForm.CSL_JSON: ".json",
}  # fmt: skip
MEDIA_TYPES = {
    DossierForm.MARKDOWN: "text/markdown; charset=utf-8",
    DossierForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DossierForm.HTML: "text/html; charset=utf-8",
    DossierForm.BIBTEX: "application/x-bibtex; charset=utf-8",
    DossierForm.RIS: "application/x-research-info-systems; charset=utf-8",
    DossierForm.CSL_JSON: "application/vnd.citationstyles.csl+json",
}


@dataclass(frozen=True, slots=True)
class DossierFile:
    """A file to be written or downloaded."""

    name: str
    media_type: str
    content: bytes


def export_dossier(dossier: Dossier, form: DossierForm, words: Messages) -> DossierFile:
    """Write a dossier in a form, Khabar's own words in the language of `words`."""
    match form:
        case DossierForm.MARKDOWN:
            content = dossier_markdown(dossier, words).encode()
        case DossierForm.DOCX:
            content = dossier_docx(dossier, words)
        case DossierForm.HTML:
            content = dossier_page(dossier, words).encode()
        case DossierForm.BIBTEX:
            content = bibtex(dossier, words).encode()
        case DossierForm.RIS:
            content = ris(dossier, words).encode()
        case DossierForm.CSL_JSON:
            content = csl_json(dossier, words).encode()
    return DossierFile(f"{_slug(dossier.name)}{SUFFIXES[form]}", MEDIA_TYPES[form], content)


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", name))[:_LONGEST_NAME].strip("-") or "dossier"
