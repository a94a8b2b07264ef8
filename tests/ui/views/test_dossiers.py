"""Dossiers as files: each form holds the quotes word for word, whatever is in them, as other programs read it."""

import io
import json
import re
from datetime import date
from html.parser import HTMLParser

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc import latex2text

from index.languages.messages import LANGUAGES, messages_for
from index.store.dossiers.pins import Dossier
from index.store.rows import Standing
from tests.support.any_text import TEXTS
from tests.support.dossiers import RETRIEVED, article, dossier, pin
from ui.views.dossiers.exporting import MEDIA_TYPES, SUFFIXES, DossierForm, export_dossier
from ui.views.dossiers.references import cite_key

ENGLISH = messages_for("en")
ARABIC = "قال محافظ البنك: «سعر الفائدة ثابت»."
ATTACKS = (
    "}, title = {x", "{", "}}", "\\", "\\}", "50% & #1_a $5 ~x^2", "a -- b --- c", "''``?`!`<<>>,,", "@article{x,}",
    "ER  - \nTY  - BOOK", "a\u2028ER  - \x85TI  - x", "<script>alert(1)</script>", "</blockquote>&amp;",
    "C’est « l’été »\u202f!",
    "[x](javascript:x)", "# a", ARABIC, "مرحبا {بكم} 100٪\nسطر", "\x00\x1b\u202e\ufffe", "🌊\n\n\r\n\t", "http://x/{}%20\\",
)  # fmt: skip
ANY = st.one_of(TEXTS, st.sampled_from(ATTACKS), st.lists(st.sampled_from(ATTACKS), max_size=3).map(" ".join))
# What pylatexenc does not know, or takes for another sign.
_MORE = latex2text.get_default_latex_context_db()
_MORE.add_context_category(
    "braces",
    macros=[
        latex2text.MacroTextSpec("textbraceleft", "{"),
        latex2text.MacroTextSpec("textbraceright", "}"),
        latex2text.MacroTextSpec("textasciicircum", "^"),
    ],
    prepend=True,
)


def written(form: DossierForm, made: Dossier, language: str = "en") -> str:
    return export_dossier(made, form, messages_for(language)).content.decode()


def one_line(text: str) -> str:
    """Return text as a reference has it."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


def bib(text: str) -> list[dict[str, str]]:
    """Read BibTeX as another program does; the braces of each entry pair up, escaped ones too, as BibTeX wants."""
    assert text.count("{") == text.count("}")
    decoder = latex2text.LatexNodes2Text(latex_context=_MORE, keep_braced_groups=False, strict_latex_spaces=True)
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == [] and library.comments == []
    # An address is taken as it is, all else is TeX.
    addresses = [{"url": entry["url"]} if "url" in entry else {} for entry in library.entries]
    read = LatexDecodingMiddleware(decoder=decoder).transform(library).entries
    entries = [{"key": entry.key, **{field.key: field.value for field in entry.fields}} for entry in read]
    return [{**entry, **address} for entry, address in zip(entries, addresses, strict=True)]


@given(ANY, ANY, ANY, ANY, ANY)
def test_bibtex_is_read_back_as_it_was(quote: str, note: str, title: str, source: str, byline: str) -> None:
    cited = article(quote, title=title, source=source or None, byline=byline or None)
    (entry,) = bib(written(DossierForm.BIBTEX, dossier(pin(quote, note, of=cited))))
    assert entry["key"] == cite_key(cited) and re.fullmatch(r"[a-z0-9]+-[0-9a-f]{10}", entry["key"])
    said = one_line(f"“{quote}”{f' — {note}' if note else ''}")
    assert entry["annote"] == said
    assert entry["title"] == one_line(title or "Untitled article") or not one_line(title)
    assert entry.get("journal", "") == one_line(source)
    assert entry.get("author", "") == one_line(byline)
    assert entry["sha256"] == cited.text_hash
    assert (entry["date"], entry["urldate"]) == ("2025-11-24", "2025-11-25")
    assert entry["retrieved"] == "2025-11-25T06:30:15+00:00"
    assert entry["url"] == "https://harbour.example/ferry?a=1&b=2"


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=3), ANY, ANY, ANY)
def test_ris_is_read_back_as_it_was(quotes: list[tuple[str, str]], title: str, source: str, byline: str) -> None:
    cited = article("text", title=title, source=source or None, byline=byline or None)
    text = written(DossierForm.RIS, dossier(*(pin(quote, note, of=cited) for quote, note in quotes)))
    (entry,) = rispy.loads(text)
    assert (entry["type_of_reference"], entry["id"]) == ("NEWS", cite_key(cited))
    assert entry["notes"] == [
        *(one_line(f"“{quote}”{f' — {note}' if note else ''}") for quote, note in quotes),
        "Retrieved: 2025-11-25T06:30:15+00:00", f"SHA-256: {cited.text_hash}",
    ]  # fmt: skip
    assert entry.get("title", "") == one_line(title or "Untitled article")
    assert entry.get("authors", []) == [line for line in [one_line(byline)] if line]
    assert entry.get("secondary_title", "") == one_line(source)
    assert (entry["date"], entry["access_date"], entry["year"]) == ("2025/11/24", "2025/11/25", "2025")
    assert entry["urls"] == ["https://harbour.example/ferry?a=1&b=2"]


def test_csl_json_has_all_that_an_article_is_cited_by() -> None:
    quotes = [pin(f"quote {number} {attack}", attack, of=article("text")) for number, attack in enumerate(ATTACKS)]
    (item,) = json.loads(written(DossierForm.CSL_JSON, dossier(*quotes)))
    assert item.pop("custom") == {
        "sha256": article("text").text_hash,
        "retrieved": RETRIEVED.isoformat(),
        "article": "ferry-1",
        "revision": 1,
        "quotes": [{"quote": each.quote, "start": 0, "end": each.end, "note": each.note} for each in quotes],
    }
    assert item == {
        "id": cite_key(article("text")),
        "type": "article-newspaper",
        "title": "Ferry service resumes",
        "author": [{"literal": "Layla Haddad"}],
        "container-title": "Harbour News",
        "issued": {"date-parts": [[2025, 11, 24]]},
        "accessed": {"date-parts": [[2025, 11, 25]]},
        "URL": "https://harbour.example/ferry?a=1&b=2",
        "language": "en",
    }


def test_what_an_article_lacks_is_left_out_and_its_states_are_told_apart() -> None:
    bare = article("one", title="", source=None, byline=None, published=None, url="javascript:alert(1)", language="und")
    made = dossier(pin("a", of=bare), pin("b", of=article("two", id=bare.id)), pin("c", of=bare))
    first, second = json.loads(written(DossierForm.CSL_JSON, made))
    assert set(first) == {"id", "type", "title", "accessed", "custom"}
    assert [quote["quote"] for quote in first["custom"]["quotes"]] == ["a", "c"]
    assert second["id"] != first["id"]
    entries = bib(written(DossierForm.BIBTEX, made))
    assert set(entries[0]) == {"key", "title", "retrieved", "sha256", "annote", "urldate"}
    assert [set(rispy.loads(written(DossierForm.RIS, made))[0]) & {"urls", "authors", "date", "language"}] == [set()]
    assert [entry["key"] for entry in entries] == [first["id"], second["id"]]


@pytest.mark.parametrize(
    "url", ['https://x.example/{a}b\\c d"e', "https://x.example/خبر?س=ص#ث", "https://x.example/%7Ba%20b"]
)
def test_an_address_is_one_that_a_field_can_hold(url: str) -> None:
    made = dossier(pin("a", of=article("one", url=url)))
    text = written(DossierForm.BIBTEX, made)
    (line,) = (line for line in text.split("\n") if line.startswith("  url = "))
    assert re.fullmatch(r"  url = \{https://x\.example/[!-z~]+\},", line) and line.count("{") == 1
    assert rispy.loads(written(DossierForm.RIS, made))[0]["urls"] == [line[9:-2]]


class Seen(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, and the text in each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta",):
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data


@given(ANY, ANY, ANY, st.sampled_from(LANGUAGES))
def test_the_page_shows_every_quote_and_neither_runs_nor_loads_anything(
    quote: str, note: str, title: str, language: str
) -> None:
    made = dossier(pin(quote, note, of=article(quote, title=title)), name=title or "x")
    seen = Seen(written(DossierForm.HTML, made, language))
    assert seen.texts["blockquote"] == [quote]
    assert {tag for tag, _ in seen.tags} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "ol", "li", "figure", "figcaption",
        "blockquote", "cite", "bdi", "small", "a",
    }  # fmt: skip
    assert {name for _, attributes in seen.tags for name in attributes} <= {
        "lang", "dir", "charset", "http-equiv", "content", "name", "class", "href", "target", "rel", "title",
    }  # fmt: skip
    assert [a["href"] for tag, a in seen.tags if tag == "a"] == ["https://harbour.example/ferry?a=1&b=2"]
    assert seen.tags[0] == ("html", {"lang": language, "dir": messages_for(language).direction})
    assert any("default-src 'none'" in (attributes.get("content") or "") for _, attributes in seen.tags)
    assert "url(" not in seen.texts["style"][0] and "@import" not in seen.texts["style"][0]
    assert note in "".join(seen.texts["p"])


@settings(max_examples=40)
@given(ANY, ANY)
def test_any_dossier_can_be_opened_by_word(quote: str, note: str) -> None:
    made = dossier(pin(quote, note, of=article(quote, title=note)), name=note or "x")
    document = Document(io.BytesIO(export_dossier(made, DossierForm.DOCX, ENGLISH).content))
    assert [paragraph.style.name for paragraph in document.paragraphs][:3] == ["Title", "Subtitle", "Intense Quote"]


def test_word_reads_a_dossier_in_order_and_arabic_from_right_to_left() -> None:
    made = dossier(
        pin(ARABIC, "اسأله ثانية", of=article(ARABIC, title="سعر الفائدة", language="ar")),
        pin("Nobody was hurt", "Ask her\nagain", standing=Standing.CHANGED, stands=False),
    )
    document = Document(io.BytesIO(export_dossier(made, DossierForm.DOCX, ENGLISH).content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:3] == ["The port", "2 quotes", ARABIC]
    assert texts[3].startswith(
        "سعر الفائدة · Harbour News · Layla Haddad · 24 November 2025 · https://harbour.example/"
    )
    assert texts[4] == f"retrieved 2025-11-25 06:30:15 UTC · SHA-256 {made.pins[0].article.text_hash}"
    assert texts[5:7] == ["اسأله ثانية", "Nobody was hurt"]
    assert texts[-2:] == ["The article has changed since. The quote stands in it no more.", "Ask her\nagain"]
    turned = [paragraph.text for paragraph in document.paragraphs if paragraph._p.xpath("./w:pPr/w:bidi")]
    assert turned == [ARABIC, texts[3], "اسأله ثانية"]


def test_markdown_quotes_line_by_line_and_says_what_became_of_each() -> None:
    made = dossier(
        pin("*Nobody* was\n# hurt", "Ask _her_\nagain"), pin("Gone", standing=Standing.WITHDRAWN, stands=False)
    )
    hashes = [each.article.text_hash for each in made.pins]
    about = (
        "> — [Ferry service resumes](<https://harbour.example/ferry?a=1&b=2>) · Harbour News · Layla Haddad · "
        "24 November 2025\n>\n> retrieved 2025-11-25 06:30:15 UTC · SHA-256 "
    )
    assert written(DossierForm.MARKDOWN, made) == (
        "# The port\n\n2 quotes\n\n"
        f"> \\*Nobody\\* was\\\n> \\# hurt\n>\n{about}{hashes[0]}\n\nAsk \\_her\\_\\\nagain\n\n"
        f"> Gone\n>\n{about}{hashes[1]}\n\n**The article has been withdrawn since.**\n"
    )


@pytest.mark.parametrize("form", DossierForm)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_dossier_is_a_file_as_well(form: DossierForm, language: str) -> None:
    made = export_dossier(dossier(name="الميناء: 2025/11"), form, messages_for(language))
    assert made.name == f"الميناء-2025-11{SUFFIXES[form]}" and made.media_type == MEDIA_TYPES[form]


@given(ANY)
def test_a_file_is_called_after_the_dossier_and_lies_nowhere_else(name: str) -> None:
    made = export_dossier(dossier(name=name), DossierForm.RIS, ENGLISH).name
    assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*\.ris", made) and len(made) <= 64


def test_an_article_without_a_day_has_none() -> None:
    made = dossier(pin("a", of=article("one", published=date(1, 2, 3))))
    assert rispy.loads(written(DossierForm.RIS, made))[0]["date"] == "0001/02/03"
