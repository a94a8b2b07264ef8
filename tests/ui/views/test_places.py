"""The page or the row that a quote stands on: on the page, in the terminal, in Markdown, in JSON, in a copied quote."""

from dataclasses import replace
from datetime import date

import pytest

from index.article import Article, Filters, Repair
from index.languages.messages import messages_for
from qa.answer import Answer, ArticleRef, Citation, Role
from qa.answering.phrasing import answered, text_of
from ui.views.html import answer_html, article_html, reference_text
from ui.views.markdown import answer_markdown
from ui.views.terminal import answer_terminal

FIRST, SECOND = "The ministry opened a bridge on Tuesday.", "It had cost 48 million dollars, the minister said."
PAGED = Article(
    "release.pdf", f"{FIRST}\n{SECOND}", title="Bridge opens", source="Rafidain Wire", language="en",
    pages=(0, len(FIRST) + 1), modified=date(2025, 10, 6), repair=Repair.VISUAL_ORDER,
)  # fmt: skip


def cite(article: Article, quote: str, role: Role = Role.USED, number: int = 1) -> Citation:
    start = article.text.index(quote)
    return Citation(
        number, role, ArticleRef.of(article), 1, quote, start, start + len(quote), 0, len(article.text), 1.0,
        page=article.page_of(start), row=article.row,
    )  # fmt: skip


def answer(language: str, *citations: Citation) -> Answer:
    said = answered(messages_for(language), [citations[0]])
    return Answer(
        "What did it cost?", language, text_of(said), False, None, citations, None, 0.9, 1, Filters(), segments=said
    )


@pytest.mark.parametrize(
    ("language", "page", "row"), [("en", "p. 2", "row 12"), ("fr", "p. 2", "ligne 12"), ("ar", "ص 2", "الصف 12")]
)
def test_every_rendering_says_where_a_quote_stands(language: str, page: str, row: str) -> None:
    of_table = replace(PAGED, id="export.xlsx#12", pages=(), row=12)
    shown = answer(language, cite(PAGED, SECOND), cite(of_table, SECOND, Role.ALSO_FOUND, 2))
    for written in (str(answer_html(shown)), answer_terminal(shown), answer_markdown(shown).replace("\\", "")):
        assert page in written and row in written
    assert page in reference_text(shown.citations[0], messages_for(language))
    first, second = Answer.from_json(shown.to_json()).citations
    assert (first.page, first.row, second.page, second.row) == (2, None, None, 12)


def test_an_answer_that_was_kept_before_there_were_pages_is_read() -> None:
    kept = answer("en", cite(PAGED, SECOND)).to_dict()
    for citation in kept["citations"]:  # type: ignore[attr-defined]
        del citation["page"], citation["row"]
    assert Answer.from_dict(kept).citations[0].page is None


def test_an_article_is_shown_with_its_pages_and_what_was_put_right() -> None:
    from lxml import html

    shown = html.fromstring(str(article_html(PAGED, [cite(PAGED, SECOND)], None)))
    (body,) = shown.find_class("khabar-body")
    # The numbers are the style sheet's to show: the text stays the article's.
    assert "".join(body.itertext()) == PAGED.text
    assert [mark.get("data-page") for mark in body.find_class("khabar-page")] == ["p. 1", "p. 2"]
    said = " ".join(shown.text_content().split())
    assert "changed 6 October 2025" in said and "in the order of display" in said


def test_a_page_may_begin_within_a_line_and_within_a_quote() -> None:
    article = replace(PAGED, text="One sentence goes on over the page.", pages=(0, 13))
    shown = str(article_html(article, [cite(article, "sentence goes on over")], None))
    assert shown.count('data-page="p. 2"') == 1
