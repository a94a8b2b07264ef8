"""Verdicts are shown, struck out where need be, and nothing a model wrote is live."""

import re

from index import Filters
from qa import Answer, SupportVerdict, WrittenSentence
from ui.views.html import answer_html
from ui.views.terminal import answer_terminal, verdict_lines

SENTENCES = (
    WrittenSentence("The river rose [1].", (1,), SupportVerdict.VERIFIED),
    WrittenSentence(
        "See <a href='http://evil.example'>this</a>\u202e.", (), SupportVerdict.UNSUPPORTED, "“this” is not there."
    ),
    WrittenSentence("Indeed.", (), SupportVerdict.UNCHECKED, "It says nothing that can be looked up."),
)


def answer(sentences: tuple[WrittenSentence, ...], language: str = "en") -> Answer:
    return Answer(
        "q", language, "The river rose [1].", False, None, (), None, 0.9, 1, Filters(), writer="m", sentences=sentences
    )


def test_the_page_strikes_out_what_is_not_supported_and_nothing_in_it_is_live() -> None:
    html = answer_html(answer(SENTENCES))
    assert "The river rose [1]." in html
    assert "<a " not in html
    struck = re.findall("<del>.*?</del>", html)
    assert len(struck) == 1
    assert "See &lt;a href=" in struck[0]
    assert "“this” is not there." in html


def test_without_a_model_there_is_nothing() -> None:
    assert "khabar-checks" not in answer_html(answer(()))
    assert verdict_lines(answer(())) == []


def test_the_terminal_tells_the_share_and_what_was_struck_out() -> None:
    out = answer_terminal(answer(SENTENCES))
    assert "1 of 3 sentences verified against the passages." in out
    assert "✗ See <a href='http://evil.example'>this</a>⟦U+202E⟧. (“this” is not there.)" in out
