"""A message that asks two questions is cut in two; one question with an "and" in it stays whole."""

import pytest

from qa.rewriting.separation import TwoQuestions, separated


@pytest.mark.parametrize(
    ("text", "first", "second", "asking_on"),
    [
        (
            "How many died in the port blast and who is being blamed?",
            "How many died in the port blast",
            "Who is being blamed?",
            "and who is being blamed?",
        ),
        (
            "Who won the final? What was the score?",
            "Who won the final?",
            "What was the score?",
            "and What was the score?",
        ),
        (
            "كم عدد قتلى الانفجار ومن المسؤول؟",
            "كم عدد قتلى الانفجار",
            "من المسؤول؟",
            "ومن المسؤول؟",
        ),
        (
            "Qui a gagné la finale et quel était le score ?",
            "Qui a gagné la finale",
            "Quel était le score ?",
            "et quel était le score ?",
        ),
    ],
)
def test_two_questions_are_cut(text: str, first: str, second: str, asking_on: str) -> None:
    assert separated(text) == TwoQuestions(first, second, asking_on, is_first_short=False)


def test_what_both_are_about_may_stand_in_the_second() -> None:
    found = separated("How many died and how many were injured in the port blast at Umm al-Nakhil?")
    assert found is not None
    assert (found.asking_on, found.is_first_short) == ("and How many died", True)


@pytest.mark.parametrize(
    "text",
    [
        "who said that prices and wages rose?",
        "Who denied the threat and the warning?",
        "من قال إن الأسعار والأجور ارتفعت؟",
        "ماذا قال وزير الداخلية والعدل؟",
        "Qui a dit que les prix et les salaires montent ?",
        "compare what the army and the embassy said",
        "who won?",
        "شكرا",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert separated(text) is None


def test_what_is_too_long_to_be_asked_is_not_read_for_a_second_question() -> None:
    two = "Who won the final of {} teams? What was the score?"
    assert separated(two.format("very " * 10 + "good")) is not None
    assert separated(two.format("very " * 1000 + "good")) is None
