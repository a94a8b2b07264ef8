"""Answers as Markdown."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index import Article
from qa import ArticleRef, Citation, Role, ShortAnswer
from tests.support.answers import (
    ANSWER,
    ARABIC,
    QUOTE,
    answer_with,
)
from ui.views.markdown import answer_markdown


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
