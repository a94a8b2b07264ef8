"""Two questions in one message: one answer, its quotes numbered anew, each part with its own state."""

from dataclasses import replace

from qa import Answer, AnswerPart, Reason, Role, ShortAnswer, State
from qa.answering.phrasing import answered
from qa.answering.several import AnsweredQuestion, answer_to_all
from tests.support.answers import ALSO, ANSWER, DENIED, LATIN, QUOTE, WORDS, abstention, answer_with, cite
from ui.views.html import answer_html
from ui.views.markdown import answer_markdown
from ui.views.terminal import answer_terminal

WAITING = cite(LATIN, "It said ISIS is waiting.", 1)
SECOND = answer_with(
    answered(WORDS, [WAITING]), (WAITING,), state=State.PERHAPS, confidence=0.4, short=ShortAnswer("ISIS", 1, 36, 40)
)
NOTHING = replace(abstention(Reason.NOTHING_CLOSE, (replace(ALSO, number=1),)), state=State.NOT_FOUND, confidence=0.1)


def both(first: Answer, second: Answer) -> Answer:
    questions = [AnsweredQuestion("Who denied it?", first), AnsweredQuestion("What is waiting?", second)]
    return answer_to_all("who denied it and what is waiting?", questions)


def test_each_question_stands_above_what_answers_it() -> None:
    answer = both(ANSWER, SECOND)
    assert answer.text.split("\n") == [
        "Who denied it?",
        *ANSWER.text.split("\n"),
        "What is waiting?",
        *SECOND.text.replace("[1]", "[2]").split("\n"),
    ]
    assert "".join(segment.text for segment in answer.segments) == answer.text


def test_citations_are_numbered_anew_and_stand_once() -> None:
    answer = both(ANSWER, SECOND)
    # What the first one found beside its answer is what answers the second.
    assert [(item.number, item.role, item.quote) for item in answer.citations] == [
        (1, Role.USED, QUOTE),
        (2, Role.USED, "It said ISIS is waiting."),
    ]
    assert answer.shorts == (ShortAnswer("ISIS", 2, 36, 40),)


def test_each_part_has_its_own_state() -> None:
    assert both(ANSWER, SECOND).parts == (
        AnswerPart("Who denied it?", State.ANSWERED, ANSWER.confidence, (1,)),
        AnswerPart("What is waiting?", State.PERHAPS, 0.4, (2,)),
    )
    assert both(ANSWER, NOTHING).parts[1] == AnswerPart(
        "What is waiting?", State.NOT_FOUND, 0.1, (), Reason.NOTHING_CLOSE
    )


def test_the_whole_is_what_the_first_found_part_is() -> None:
    answer = both(NOTHING, SECOND)
    assert (answer.state, answer.confidence, answer.abstained) == (State.PERHAPS, 0.4, False)
    nothing = both(NOTHING, NOTHING)
    assert (nothing.state, nothing.abstained, nothing.reason) == (State.NOT_FOUND, True, Reason.NOTHING_CLOSE)
    assert nothing.text == NOTHING.text


def test_a_part_that_is_not_found_says_so_and_lists_its_articles_with_the_others() -> None:
    answer = both(answer_with(answered(WORDS, [DENIED]), (DENIED,)), NOTHING)
    said = NOTHING.text.split("\n")[0]
    assert answer.text.endswith(f"What is waiting?\n{said}")
    assert [(item.number, item.role) for item in answer.citations] == [(1, Role.USED), (2, Role.ALSO_FOUND)]


def test_every_view_shows_both() -> None:
    answer = both(ANSWER, SECOND)
    for shown in (answer_html(answer), answer_markdown(answer), answer_terminal(answer)):
        assert shown.index("Who denied it?") < shown.index(QUOTE) < shown.index("What is waiting?")
        assert shown.index("What is waiting?") < shown.rindex("is waiting.")


def test_it_is_read_back_from_json() -> None:
    answer = both(ANSWER, SECOND)
    assert Answer.from_json(answer.to_json()) == answer
