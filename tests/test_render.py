"""Answers and articles as HTML, Markdown and terminal text."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index import Article, Filters
from qa import Answer, ArticleRef, Citation, Reason, Role, ShortAnswer, Speaker, Timing
from qa.wording import ENGLISH as PHRASES
from qa.wording import abstained, answered
from ui import page_words
from ui import words as ui_words
from ui.choice import Choice
from ui.markdown import answer_markdown
from ui.panels import answered_html, over_html, question_html, tools_html, welcome_html, writing_html
from ui.parts import Marker, Named, Plain, Quoted, take_apart
from ui.render import answer_html, article_html, safe_text, safe_url
from ui.terminal import answer_terminal, article_row, article_terminal

ALLOWED = {
    *("article", "bdi", "blockquote", "button", "cite", "details", "div", "figcaption", "figure", "h1", "h2", "h3"),
    *("header", "li", "mark", "p", "nav", "q", "section", "small", "span", "strong", "summary", "time", "ul", "a"),
}
RTL = re.compile("[\u0600-\u06ff]")


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


QUOTE = "وقال الزيدي إن «عصابات داعش لا تشكل خطراً على البلاد»."
ARABIC = Article.create(
    "army.txt",
    f"نفى اللواء مهند الزيدي الخبر.\n{QUOTE}\n\nوأضاف أن الحدود مؤمنة.",
    title="المتحدث يرد على السفارة",
    source="وكالة الضفاف",
    published=date(2025, 10, 5),
)
LATIN = Article.create(
    "embassy.md",
    "The embassy voiced concern. It said ISIS is waiting.",
    title="Embassy warns",
    source="Rafidain Wire",
    url="https://rafidain-wire.example/1",
)


def cite(article: Article, quote: str, number: int, role: Role = Role.USED, speaker: str | None = None) -> Citation:
    start = article.text.index(quote)
    who = None
    if speaker:
        at = article.text.index(speaker)
        who = Speaker(speaker, at, at + len(speaker), role="اللواء", kind="denied")
    return Citation(
        number, role, ArticleRef.of(article), 1, quote, start, start + len(quote), 0, len(article.text), 1.0, who
    )


def answer_with(text: str, citations: tuple[Citation, ...], **fields: object) -> Answer:
    answer = Answer("who?", "en", text, False, None, citations, None, 0.9, 1, Filters())
    return replace(answer, **fields)  # type: ignore[arg-type]


def abstention(reason: Reason, citations: tuple[Citation, ...] = (), filters: Filters | None = None) -> Answer:
    text = abstained(PHRASES, reason, citations, matching=True)
    return Answer("who?", "en", text, True, reason, citations, None, 0.1, 1, filters or Filters())


DENIED = cite(ARABIC, QUOTE, 1, speaker="الزيدي")
ALSO = cite(LATIN, "It said ISIS is waiting.", 2, Role.ALSO_FOUND)
ANSWER = answer_with(answered(PHRASES, [DENIED]), (DENIED, ALSO))


# The parts of a text.


def test_a_quote_in_the_text_stands_alone_and_its_marks_and_marker_go() -> None:
    line, quote = take_apart(ANSWER)
    assert line == (
        Named("الزيدي", speaker=True),
        Plain(", "),
        Named("اللواء", speaker=False),
        Plain(", according to "),
        Named("وكالة الضفاف", speaker=False),
        Plain(" (5 October 2025): "),
    )
    assert quote == Quoted(DENIED)


def test_only_markers_that_resolve_are_markers() -> None:
    answer = answer_with("He said so [1], perhaps [7], in [2].", (DENIED, ALSO))
    assert take_apart(answer) == (
        (Plain("He said so "), Marker(1), Plain(", perhaps [7], in "), Marker(2), Plain(".")),
    )


def test_an_abstention_keeps_its_first_line() -> None:
    answer = abstention(Reason.NOTHING_CLOSE, (ALSO,))
    assert take_apart(answer) == ((Plain("The articles don't say. None of the indexed articles answers this."),),)


# HTML.


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


HOSTILE = '</p><script>alert("x")</script><img src=x onerror=alert(1)> & ${x} {{y}} \u202eevil\u202c \x1b[31m'


def test_markup_in_an_article_is_text_everywhere() -> None:
    article = Article.create(HOSTILE, f"Start. {HOSTILE}. End", title=HOSTILE, source=HOSTILE, byline=HOSTILE)
    one = cite(article, HOSTILE, 1)
    answer = answer_with(f"{HOSTILE}: “{HOSTILE}” [1]", (one,), notes=(HOSTILE,), question=HOSTILE)
    for html in (
        answer_html(answer),
        answer_html(abstention(Reason.NOTHING_CLOSE, (replace(one, role=Role.ALSO_FOUND),))),
        article_html(article, (one,), one, notice=HOSTILE),
        question_html(HOSTILE, 0, page_words.ENGLISH),
        over_html(Choice(source=(HOSTILE,), after=HOSTILE), True, page_words.ENGLISH),
        tools_html(answer, one, "0", page_words.ENGLISH),
        answered_html(replace(answer, timings=(Timing("read", 1.0),)), HOSTILE),
        writing_html("writing", HOSTILE, ui_words.ENGLISH),
        welcome_html([article], ui_words.ENGLISH),
    ):
        Page(html)
        assert "\n" not in html
        assert "<script" not in html


def test_a_control_character_acts_on_nothing_but_is_still_copied() -> None:
    page = Page(f"<p>{safe_text('a' + chr(0x202E) + 'b')}</p>")
    assert page.texts("p") == ["a\u202eb"]
    assert page.attributes("bdi") == [{"class": "khabar-control", "title": "U+202E"}]
    assert page.texts("bdi") == ["\u202e"]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=4)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=60)


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


# Markdown.


def test_markdown_has_the_quote_its_marker_and_its_source() -> None:
    at = ARABIC.text.index("عصابات داعش")
    short = ShortAnswer("عصابات داعش", 1, at, at + len("عصابات داعش"))
    assert answer_markdown(replace(ANSWER, short=short)) == (
        "**عصابات داعش** \\[1\\]\n\n"
        "**الزيدي**, اللواء, according to وكالة الضفاف (5 October 2025):\n\n"
        f"> {QUOTE}\n>\n> — \\[1\\] **الزيدي** · المتحدث يرد على السفارة · وكالة الضفاف · 5 October 2025\n\n"
        "Also found:\n\n"
        "- \\[2\\] [Embassy warns](<https://rafidain-wire.example/1>) · Rafidain Wire · no date\n"
    )


@given(
    st.text(st.sampled_from("ab*_`[]<>#&$|~\\.-+=1) قال!(){}"), min_size=1, max_size=30).filter(
        lambda text: text.strip() == text and any(map(str.isalnum, text))
    )
)
def test_markdown_renders_back_to_the_quote(quote: str) -> None:
    article = Article("id", quote)
    one = Citation(1, Role.USED, ArticleRef.of(article), 1, quote, 0, len(quote), 0, len(quote), 1.0)
    rendered = MarkdownIt().render(answer_markdown(answer_with("See [1].", (one,))))
    shown = re.search(r"<blockquote>\n<p>(.*?)</p>", rendered, re.DOTALL)
    assert shown
    assert Text(shown[1]).text == quote


class Text(HTMLParser):
    """The text of HTML that must have no elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(tag)


# The terminal.


def test_a_quote_has_its_line_to_itself() -> None:
    lines = answer_terminal(ANSWER).split("\n")
    assert lines[0] == "\u2068الزيدي\u2069, \u2068اللواء\u2069, according to \u2068وكالة الضفاف\u2069 (5 October 2025):"
    assert QUOTE in lines
    assert "[2] Embassy warns · Rafidain Wire · no date" in lines


def test_only_mixed_lines_are_isolated() -> None:
    arabic = answer_terminal(replace(ANSWER, language="ar"))
    assert [line for line in arabic.split("\n") if "\u2068" in line] == [
        "[2] \u2068Embassy warns\u2069 · \u2068Rafidain Wire\u2069 · بلا تاريخ"
    ]


def test_nothing_in_an_article_acts_on_the_terminal() -> None:
    article = Article.create("a\x1bb", f"Start. {HOSTILE} End", title=HOSTILE, source=HOSTILE)
    one = cite(article, HOSTILE, 1)
    for text in (
        answer_terminal(answer_with("See [1].", (one,), notes=(HOSTILE,))),
        article_terminal(article),
        article_row(article),
    ):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "⟦U+202E⟧evil" in text


def test_visual_order_joins_the_letters_and_turns_each_line() -> None:
    shown = answer_terminal(ANSWER, bidi="visual", width=30)
    assert not RTL.search(shown)
    assert "\u2068" not in shown
    assert all(len(line) <= 30 for line in shown.split("\n") if re.search("[\ufe70-\ufefc]", line))
    # "قال" begins its line: drawn for the left-to-right screen, it ends it.
    quote = next(line for line in shown.split("\n") if "ﻝﺎﻗﻭ" in line)
    assert quote.rstrip().endswith("ﻝﺎﻗﻭ")


def test_a_row_is_one_line_of_five_cells() -> None:
    assert article_row(LATIN) == "embassy.md\t-\ten\tRafidain Wire\tEmbassy warns"
    tabbed = replace(LATIN, title="a\tb\nc")
    assert article_row(tabbed).split("\t") == ["embassy.md", "-", "en", "Rafidain Wire", "a b c"]


# The words.


@pytest.mark.parametrize("module", [ui_words, page_words])
def test_both_languages_say_everything(module: ModuleType) -> None:
    one, other = module.ENGLISH, module.ARABIC
    for name in type(one).__dataclass_fields__:
        english, arabic = getattr(one, name), getattr(other, name)
        assert english and arabic
        assert type(english) is type(arabic)
        if isinstance(english, str) and name not in ("language", "direction", "comma", "other_language"):
            assert RTL.search(arabic) and not RTL.search(english)
            assert english.count("{}") == arabic.count("{}")
