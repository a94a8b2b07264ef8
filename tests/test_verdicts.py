"""Verdicts are shown, struck out where need be, and nothing a model wrote is live."""

from index import Filters
from qa import Answer, Verdict, WrittenSentence
from ui.terminal import answer_terminal
from ui.verdicts import verdict_lines, verdicts_html

SENTENCES = (
    WrittenSentence("The river rose [1].", (1,), Verdict.VERIFIED),
    WrittenSentence(
        "See <a href='http://evil.example'>this</a>\u202e.", (), Verdict.UNSUPPORTED, "“this” is not there."
    ),
    WrittenSentence("Indeed.", (), Verdict.UNCHECKED, "It says nothing that can be looked up."),
)


def answer(sentences: tuple[WrittenSentence, ...], language: str = "en") -> Answer:
    return Answer(
        "q", language, "The river rose [1].", False, None, (), None, 0.9, 1, Filters(), writer="m", sentences=sentences
    )


def test_each_sentence_has_its_verdict_and_nothing_in_it_is_live() -> None:
    html = verdicts_html(answer(SENTENCES))
    assert '<span class="khabar-verified">The river rose [1].</span>' in html
    assert "<del>See &lt;a href=&#x27;http://evil.example&#x27;&gt;this" in html
    assert "<a " not in html
    assert '<small class="khabar-why">“this” is not there.</small>' in html
    assert "1 of 3 sentences verified against the passages." in html
    assert 'dir="ltr"' in html
    assert 'dir="rtl" lang="ar"' in verdicts_html(answer(SENTENCES, "ar"))


def test_without_a_model_there_is_nothing() -> None:
    assert verdicts_html(answer(())) == ""
    assert verdict_lines(answer(())) == []


def test_the_terminal_tells_the_share_and_what_was_struck_out() -> None:
    out = answer_terminal(answer(SENTENCES))
    assert "1 of 3 sentences verified against the passages." in out
    assert "✗ See <a href='http://evil.example'>this</a>⟦U+202E⟧. (“this” is not there.)" in out
