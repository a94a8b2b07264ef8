"""Answers and articles as HTML."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Extent, Filters
from index.languages.messages import messages_for
from qa import ArticleRef, Citation, Reason, Role, ShortAnswer, Timing
from qa.answer import ResolvedDay
from qa.answering.phrasing import answered
from tests.support.answers import (
    ALSO,
    ANSWER,
    ARABIC,
    DENIED,
    HOSTILE,
    LATIN,
    QUOTE,
    TEXTS,
    WORDS,
    abstention,
    answer_with,
    cite,
)
from ui.state.filters import FilterForm
from ui.views.html import answer_html, article_html, safe_url
from ui.views.markdown import answer_markdown
from ui.views.markup import element
from ui.views.page import answered_html, over_html, question_html, tools_html, welcome_html, writing_html
from ui.views.phrases import extent
from ui.views.terminal import answer_terminal

ALLOWED = {
    *("article", "bdi", "blockquote", "button", "cite", "details", "div", "figcaption", "figure", "h1", "h2", "h3"),
    *("header", "li", "mark", "p", "nav", "q", "section", "small", "span", "strong", "summary", "time", "ul", "a"),
}


class Page(HTMLParser):
    """What a browser would make of HTML: elements with their attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        self._open.append(len(self.found))
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.found[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.found[place][2].append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def texts(self, tag: str, kind: str | None = None) -> list[str]:
        return ["".join(text) for name, attrs, text in self.found if name == tag and kind in (None, attrs.get("class"))]

    def attributes(self, tag: str, kind: str | None = None) -> list[dict[str, str | None]]:
        return [attrs for name, attrs, _ in self.found if name == tag and kind in (None, attrs.get("class"))]


def test_the_quote_is_verbatim_in_its_own_direction_and_language() -> None:
    page = Page(answer_html(ANSWER))
    assert page.texts("q") == [QUOTE]
    assert page.attributes("blockquote")[0] == {"dir": "rtl", "lang": "ar"}
    assert page.texts("strong") == ["الزيدي"]
    assert page.attributes("section") == [{"class": "khabar-answer", "dir": "ltr", "lang": "en"}]
    assert page.texts("cite")[0] == "المتحدث يرد على السفارة"


def test_a_marker_is_a_button_that_names_its_answer_and_citation() -> None:
    page = Page(answer_html(ANSWER, key="4"))
    assert [attrs["value"] for attrs in page.attributes("button", "khabar-cite")] == ["4:1", "4:2"]
    assert page.texts("button") == ["[1]", "[2]"]


def test_a_quote_the_text_lacks_is_shown_below_with_speaker_outlet_and_date() -> None:
    page = Page(answer_html(answer_with("An officer denied it [1].", (DENIED,))))
    assert page.texts("q") == [QUOTE]
    caption = page.texts("figcaption")[0]
    assert caption == "[1] الزيدي, اللواء · المتحدث يرد على السفارة · وكالة الضفاف · 5 October 2025"
    assert page.attributes("time") == [{"datetime": "2025-10-05"}]


def test_the_short_answer_comes_first_and_is_bold_in_the_quote() -> None:
    at = ARABIC.text.index("عصابات داعش")
    short = ShortAnswer("عصابات داعش", 1, at, at + len("عصابات داعش"))
    page = Page(answer_html(replace(ANSWER, short=short)))
    assert page.texts("p")[0] == "عصابات داعش [1]"
    assert page.texts("strong") == ["عصابات داعش", "الزيدي", "عصابات داعش"]
    assert page.texts("q") == [QUOTE]


def test_arabic_answers_have_arabic_words_around_them() -> None:
    html = answer_html(replace(ANSWER, language="ar"))
    assert '<section class="khabar-answer" dir="rtl" lang="ar">' in html
    assert "وُجد أيضًا (1)" in html


def test_an_abstention_says_what_was_searched_what_is_closest_and_what_to_try() -> None:
    filters = Filters.of(language="ar", after="2025-09-01")
    page = Page(answer_html(abstention(Reason.FILTERED_OUT, (ALSO,), filters), key="2"))
    assert page.texts("p", "khabar-scope") == [
        "Only part of the library was searched: language Arabic, from 1 September 2025 on."
    ]
    closest, advice = page.texts("ul")
    assert "Embassy warns · Rafidain Wire · no date" in closest
    assert "It said ISIS is waiting." in closest
    assert advice.startswith("Remove a filter, or widen the dates.")
    assert page.attributes("button")[0]["value"] == "2:2"


def test_an_abstention_says_how_much_was_searched() -> None:
    searched = Extent(13, 6, date(2025, 9, 28), date(2025, 11, 22))
    answer = abstention(Reason.NOTHING_CLOSE, searched=searched)
    said = "All articles in the library were searched. 13 articles · 6 outlets · 28 September 2025 to 22 November 2025"
    assert Page(answer_html(answer)).texts("p", "khabar-scope") == [said]
    assert said in answer_terminal(answer)
    assert said in answer_markdown(answer)


@pytest.mark.parametrize(
    ("language", "searched", "said"),
    [
        ("en", Extent(1, 0), "1 article"),
        ("en", Extent(2, 1, date(2025, 9, 28), date(2025, 9, 28)), "2 articles · 1 outlet · 28 September 2025"),
        (
            "fr", Extent(13, 6, date(2025, 9, 1), date(2025, 9, 28)),
            "13 articles · 6 médias · du 1er septembre 2025 au 28 septembre 2025",
        ),
        (
            "ar", Extent(2, 2, date(2025, 9, 2), date(2025, 9, 28)),
            "مقالان · وسيلتا إعلام · من 2 أيلول/سبتمبر 2025 إلى 28 أيلول/سبتمبر 2025",
        ),
    ],
)  # fmt: skip
def test_what_was_searched_is_said_in_each_language(language: str, searched: Extent, said: str) -> None:
    assert extent(messages_for(language), searched) == said


def test_an_empty_library_is_not_said_to_have_been_searched() -> None:
    page = Page(answer_html(abstention(Reason.EMPTY_LIBRARY)))
    assert page.texts("p", "khabar-scope") == []
    assert page.texts("ul") == ["The chat sees new articles at once, with no restart."]
    assert "searched" not in answer_terminal(abstention(Reason.EMPTY_LIBRARY))


def test_notes_are_shown() -> None:
    page = Page(answer_html(replace(ANSWER, notes=("The model <failed>.",))))
    assert page.texts("p", "khabar-note") == ["The model <failed>."]


def test_an_article_is_whole_with_its_quotes_marked() -> None:
    other = cite(ARABIC, "نفى اللواء مهند الزيدي الخبر.", 2)
    elsewhere = cite(LATIN, "The embassy voiced concern.", 3)
    page = Page(article_html(ARABIC, (DENIED, other, elsewhere), DENIED))
    assert page.texts("div", "khabar-body") == [ARABIC.text]
    assert page.texts("mark", "khabar-current") == [QUOTE]
    assert page.attributes("mark", "khabar-current")[0]["id"] == "khabar-quote"
    assert page.texts("mark", "khabar-other") == ["نفى اللواء مهند الزيدي الخبر."]
    assert page.texts("h2") == ["المتحدث يرد على السفارة"]
    assert page.attributes("h2")[0]["dir"] == "rtl"
    assert page.attributes("a") == []


def test_blocks_of_one_article_have_their_own_directions() -> None:
    article = Article.create("mixed", "نص عربي أول.\nThen an English line.\n123")
    page = Page(article_html(article, (), None))
    assert [attrs["dir"] for attrs in page.attributes("p") if "dir" in attrs] == ["rtl", "ltr", "ltr"]


def test_a_quote_over_several_lines_has_one_place_to_scroll_to() -> None:
    article = Article.create("lines", "One.\nTwo.\nThree.")
    across = cite(article, "Two.\nThree.", 1)
    page = Page(article_html(article, (across,), across))
    assert page.texts("mark") == ["Two.\n", "Three."]
    assert [attrs.get("id") for attrs in page.attributes("mark")] == ["khabar-quote", None]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://", "https://[", "http://a\u202eb.example"],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert safe_url(url) is None
    assert Page(article_html(replace(LATIN, url=url), (), None)).attributes("a") == []
    assert Page(article_html(LATIN, (), None)).attributes("a")[0]["href"] == LATIN.url


def test_markup_in_an_article_is_text_everywhere() -> None:
    article = Article.create(HOSTILE, f"Start. {HOSTILE}. End", title=HOSTILE, source=HOSTILE, byline=HOSTILE)
    one = cite(article, HOSTILE, 1)
    answer = answer_with(f"{HOSTILE}: “{HOSTILE}” [1]", (one,), notes=(HOSTILE,), question=HOSTILE)
    for html in (
        answer_html(answer),
        answer_html(abstention(Reason.NOTHING_CLOSE, (replace(one, role=Role.ALSO_FOUND),))),
        article_html(article, (one,), one, notice=HOSTILE),
        question_html(HOSTILE, 0, WORDS),
        over_html(FilterForm(source=(HOSTILE,), after=HOSTILE), True, WORDS),
        tools_html(answer, one, "0", WORDS),
        answered_html(replace(answer, timings=(Timing("read", 1.0),)), HOSTILE),
        writing_html("writing", HOSTILE, WORDS),
        welcome_html([HOSTILE], WORDS),
    ):
        Page(html)
        assert "\n" not in html
        assert "<script" not in html


def test_a_control_character_acts_on_nothing_but_is_still_copied() -> None:
    page = Page(element("p", "a" + chr(0x202E) + "b"))
    assert page.texts("p") == ["a\u202eb"]
    assert page.attributes("bdi") == [{"class": "khabar-control", "title": "U+202E"}]
    assert page.texts("bdi") == ["\u202e"]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=4)


@given(text=TEXTS, spans=SPANS)
def test_the_body_is_the_article_character_for_character(text: str, spans: list[tuple[int, int]]) -> None:
    article = Article("id", text)
    ranges = [(min(start, len(text) - 1), min(start + size, len(text))) for start, size in spans]
    cited = [
        Citation(n, Role.USED, ArticleRef.of(article), 1, text[start:end], start, end, 0, len(text), 1.0)
        for n, (start, end) in enumerate(ranges, 1)
        if end > start
    ]
    page = Page(article_html(article, cited, cited[0] if cited else None))
    assert "".join(page.texts("div", "khabar-body")) == text
    if cited:
        assert "".join(page.texts("mark", "khabar-current")) == cited[0].quote


@given(quote=TEXTS, before=TEXTS)
def test_any_quote_is_shown_verbatim(quote: str, before: str) -> None:
    article = Article("id", before + quote)
    one = Citation(1, Role.USED, ArticleRef.of(article), 1, quote, len(before), len(before + quote), 0, 9, 1.0)
    for text in (f"According to it: “{quote}” [1]", "See [1]."):
        page = Page(answer_html(answer_with(text, (one,))))
        assert page.texts("q") == [quote]


def test_a_word_for_a_day_stands_in_its_own_direction_beside_the_date() -> None:
    word = QUOTE.split()[1]
    start = DENIED.start + QUOTE.index(word)
    cited = replace(DENIED, days=(ResolvedDay(start, start + len(word), date(2025, 10, 5)),))
    shown = answer_html(answer_with(answered(WORDS, [cited]), (cited,)))
    line = f'<bdi dir="ltr" lang="en"><bdi dir="rtl" lang="ar">{word}</bdi>: 5 October 2025</bdi>'
    assert f'<small class="khabar-days">{line}</small>' in shown
