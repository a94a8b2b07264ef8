"""Answers and articles in the terminal."""

import re
from dataclasses import replace

from index import Article
from tests.support.answers import (
    ANSWER,
    HOSTILE,
    LATIN,
    QUOTE,
    answer_with,
    cite,
)
from ui.views.terminal import answer_terminal, article_row, article_terminal

RTL = re.compile("[\u0600-\u06ff]")


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
