"""What stood around an article, and the language of each quote, in every rendering."""

from dataclasses import replace

import pytest
from lxml import html

from index.article import Article
from index.languages.messages import messages_for
from qa.answer import Answer
from tests.ui.views.test_places import PAGED, SECOND, answer, cite
from ui.views import phrases
from ui.views.html import answer_html, article_html
from ui.views.markdown import answer_markdown
from ui.views.terminal import answer_terminal, article_terminal

HELD = replace(PAGED, embargo="2025-10-06T00:01:00Z", kicker="BREAKING")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "embargoed until 6 October 2025, 00:01 UTC"),
        ("ar", "محظور النشر حتى 6 تشرين الأول/أكتوبر 2025, 00:01 UTC"),
        ("fr", "sous embargo jusqu’au 6 octobre 2025, 00:01 UTC"),
    ],
)
def test_an_embargo_is_said_beside_each_citation(language: str, said: str) -> None:
    shown = answer(language, cite(HELD, SECOND))
    for written in (str(answer_html(shown)), answer_terminal(shown), answer_markdown(shown).replace("\\", "")):
        assert said in written
    assert Answer.from_json(shown.to_json()).citations[0].article.embargo == HELD.embargo


def test_what_is_no_day_is_shown_as_it_is_written() -> None:
    words = messages_for("en")
    until = {written: phrases.embargo(words, cite(replace(HELD, embargo=written), SECOND).article) for written in (
        "Monday 14:00", "2025-10-06", None,
    )}  # fmt: skip
    assert until == {
        "Monday 14:00": "embargoed until Monday 14:00", "2025-10-06": "embargoed until 6 October 2025", None: None,
    }  # fmt: skip


def test_a_kicker_stands_above_the_title_of_its_article() -> None:
    shown = html.fromstring(str(article_html(HELD, (), None)))
    (kicker,) = shown.find_class("khabar-kicker")
    assert (kicker.text, kicker.getnext().text) == ("BREAKING", "Bridge opens")
    assert article_terminal(HELD).startswith("BREAKING\nBridge opens\n")


def test_a_quote_is_in_the_language_of_its_block() -> None:
    arabic = "أعلن وزير النقل سالم الكناني يوم الثلاثاء افتتاح الجسر الجديد على شط العرب بعد ثلاث سنوات من العمل."
    english = "The transport ministry opened a bridge over the Shatt al-Arab in Basra on Tuesday after three years."
    article = Article.create("mixed", f"{arabic}\n{english}", title="افتتاح جسر البصرة", language="ar")
    quotes = [replace(cite(article, quote), own_language=own) for quote, own in ((arabic, None), (english, "en"))]
    shown = [html.fromstring(str(answer_html(answer("en", quote)))) for quote in quotes]
    asked = [
        (quote.get("lang"), quote.get("dir"), title.find("bdi").get("lang"))
        for page in shown
        for quote, title in zip(page.iter("blockquote"), page.iter("cite"), strict=True)
    ]
    assert asked == [("ar", "rtl", "ar"), ("en", "ltr", "ar")]
    lines = html.fromstring(str(article_html(article, (), None))).find_class("khabar-body")[0].findall("p")
    assert [(line.get("lang"), line.get("dir")) for line in lines] == [("ar", "rtl"), ("en", "ltr")]


def test_an_answer_that_was_kept_before_is_read() -> None:
    kept = answer("en", cite(PAGED, SECOND)).to_dict()
    for citation in kept["citations"]:  # type: ignore[attr-defined]
        del citation["own_language"], citation["article"]["kicker"], citation["article"]["embargo"]
    assert Answer.from_dict(kept).citations[0].language == "en"
