"""A follow-up question is made to stand alone from the turns before it; any other is left as it is."""

from hypothesis import given
from hypothesis import strategies as st

from index import Filters
from qa import Answer, Assistant, Turn
from qa.rewriting.follow_ups import RuleRewriter
from tests.support.turns import turn

CUP = "Who won the cup in Tunisia in 2016?"


def test_without_a_history_nothing_is_rewritten() -> None:
    assert RuleRewriter().rewrite("and when?", []) is None


def test_a_third_turn_goes_on_from_the_second_as_it_was_understood() -> None:
    first = turn(CUP)
    second = turn("what about Egypt?", standalone="Who won the cup in Egypt in 2016?")
    assert RuleRewriter().rewrite("and in 2017?", [first, second]) == "Who won the cup in Egypt in 2017?"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_question_after_any_other_is_text_or_none(before: str, asked: str) -> None:
    rewritten = RuleRewriter().rewrite(asked, [Turn(before)])
    assert rewritten is None or rewritten.strip()


def test_a_follow_up_is_answered_and_says_how_it_was_understood(samples: Assistant) -> None:
    first = samples.ask("Who disputed the ISIS threat?")
    answer = samples.ask("and when?", history=[Turn(first.question, first)])
    assert answer.question == "and when?"
    assert answer.standalone == "When did مهند الزيدي dispute the ISIS threat?"
    assert answer.language == "en"
    assert answer.citations[0].article.id == first.citations[0].article.id
    *_, streamed = samples.stream("and when?", history=[Turn(first.question, first)])
    assert isinstance(streamed, Answer)
    assert (streamed.text, streamed.standalone) == (answer.text, answer.standalone)
    assert samples.ask("Who disputed the ISIS threat?", history=[Turn(first.question, first)]).standalone is None


def test_a_follow_up_keeps_the_filters_unless_others_are_given(samples: Assistant) -> None:
    first = samples.ask("Who disputed the ISIS threat?", language="ar", after="2025-10-01")
    history = [Turn(first.question, first)]
    assert samples.ask("and when?", history=history).filters == first.filters
    assert samples.ask("and when?", history=history, language=None).filters == Filters.of(after="2025-10-01")
    assert not samples.ask("How many trucks left?", history=history).filters
