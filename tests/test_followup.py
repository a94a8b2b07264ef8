"""A follow-up question is made to stand alone from the turns before it; any other is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Filters
from qa import Answer, ArticleRef, Assistant, Citation, Role, Speaker, Turn
from qa.followup import RuleRewriter

ISIS, ISIS_AR = "Who disputed the ISIS threat?", "من نفى خطر داعش؟"
PORT, PORT_AR = "What happened at the port of Umm al-Nakhil?", "ماذا حدث في ميناء أم النخيل؟"
CUP, CUP_AR = "Who won the cup in Tunisia in 2016?", "من فاز بالكأس في تونس عام 2016؟"
SOLHEIM, SOLHEIM_AR = "What did Solheim say about ISIS?", "ماذا قالت سولهايم عن داعش؟"


def turn(question: str, speaker: str | None = None, standalone: str | None = None) -> Turn:
    article = ArticleRef("a", "t", None, None, "ar", None, None, None)
    said_by = Speaker(speaker, 0, 1) if speaker else None
    citation = Citation(1, Role.USED, article, 1, "q", 0, 1, 0, 1, 1.0, said_by)
    answer = Answer(question, "en", "t", False, None, (citation,), None, 0.9, 1, Filters(), standalone=standalone)
    return Turn(question, answer)


@pytest.mark.parametrize(
    ("before", "speaker", "asked", "standalone"),
    [
        (ISIS, "مهند الزيدي", "and when?", "When did مهند الزيدي dispute the ISIS threat?"),
        (ISIS, None, "When?", "When did someone dispute the ISIS threat?"),
        (ISIS_AR, "مهند الزيدي", "ومتى؟", "متى نفى مهند الزيدي خطر داعش؟"),
        (ISIS_AR, "مهند الزيدي", "وماذا قال بعد ذلك؟", "ماذا قال مهند الزيدي بعد خطر داعش؟"),
        (ISIS, "مهند الزيدي", "What did he say after that?", "What did مهند الزيدي say after the ISIS threat?"),
        (CUP, None, "what about Egypt?", "Who won the cup in Egypt in 2016?"),
        (CUP, None, "And in Egypt?", "Who won the cup in Egypt in 2016?"),
        (CUP, None, "what about 2017?", "Who won the cup in Tunisia in 2017?"),
        (CUP_AR, None, "وماذا عن مصر؟", "من فاز بالكأس في مصر عام 2016؟"),
        (CUP_AR, None, "وفي مصر؟", "من فاز بالكأس في مصر عام 2016؟"),
        (CUP_AR, None, "وفي 2017؟", "من فاز بالكأس في تونس في 2017؟"),
        (PORT, None, "And how many were wounded?", "How many were wounded (happened at the port of Umm al-Nakhil)?"),
        (PORT, None, "Who said that?", "Who said what happened at the port of Umm al-Nakhil?"),
        (PORT_AR, None, "وكم عدد الجرحى؟", "كم عدد الجرحى (في ميناء أم النخيل)؟"),
        (SOLHEIM, "Ingrid Solheim", "And Zaidi?", "What did Zaidi say about ISIS?"),
        (SOLHEIM_AR, "سولهايم", "وماذا عن الزيدي؟", "ماذا قالت الزيدي عن داعش؟"),
        ("Where did the explosion happen?", None, "when?", "When did the explosion happen?"),
        # A network or a ministry is no "he": whoever was asked for is.
        (
            "Which Iraqi officer denied the report?",
            "شبكة الضفاف",
            "When did he resign?",
            "When did the Iraqi officer resign (Iraqi officer, the report)?",
        ),
        (
            "Which Iraqi officer denied the report?",
            "مهند الزيدي",
            "When did he resign?",
            "When did مهند الزيدي resign (Iraqi officer, the report)?",
        ),
        (
            "Which French lawyer spoke of Hassan's tweets?",
            None,
            "What did he say about them?",
            "What did the French lawyer say about them (French lawyer spoke of Hassan's tweets)?",
        ),
        (
            "Which French lawyer wrote to Hassan?",
            None,
            "When did he meet him?",
            "When did the French lawyer meet him (French lawyer, Hassan)?",
        ),
        ("Which town did the flood reach?", None, "What did he say?", "What did he say: town the flood reach?"),
        ("Who leaves the ministry?", None, "Who said this would help?", "Who said the ministry would help?"),
        (
            "Who replaced Hassan at the port?",
            None,
            "Who said that would help?",
            "Who said that would help (replaced Hassan at the port)?",
        ),
        # "Iraqi" tells what kind of towns are meant, and names none.
        (
            "Which towns did the flood in Basra reach?",
            None,
            "And which Iraqi towns were spared?",
            "Which Iraqi towns were spared (towns the flood in Basra reach)?",
        ),
    ],
)
def test_what_the_turns_before_said_is_carried(before: str, speaker: str | None, asked: str, standalone: str) -> None:
    assert RuleRewriter().rewrite(asked, [turn(before, speaker)]) == standalone


@pytest.mark.parametrize(
    "asked",
    [
        "Why did the central bank raise its rate?",
        "Who said that the dam was safe?",
        "When did Smith say he would resign?",
        "Who said that police would not come?",
        "And which countries did Merkel visit?",
        "How many trucks were in the first convoy?",
        "Is it true that the embassy closed?",
        "What happened this week in Basra?",
        "متى أعلنت الحكومة استقالتها؟",
        "كم بلغ سعر الفائدة؟",
        "من هو الرجل الذي تحدث عنه السبسي؟",
        "ماذا قال الزيدي عن تنظيم داعش؟",
        "وزير الداخلية في تونس من هو؟",
        "🙂",
        "?",
    ],
)
def test_a_question_that_stands_alone_is_left_exactly_as_it_is(asked: str) -> None:
    for before in (turn(ISIS, "مهند الزيدي"), turn(SOLHEIM_AR, "سولهايم")):
        assert RuleRewriter().rewrite(asked, [before]) is None


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
