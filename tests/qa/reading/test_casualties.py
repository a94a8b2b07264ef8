"""Which of a sentence's figures counts the dead, the injured or the missing."""

from index.languages.grammar import Toll
from index.text.normalisation import Span
from qa.reading.casualties import rightly_counted


def test_a_figure_of_others_alone_is_no_answer_and_one_of_nobody_is_left_alone() -> None:
    injured = "31 people were injured."
    assert rightly_counted(injured, Span(0, 2), Toll.DEAD) is None
    assert rightly_counted("14 in all.", Span(0, 2), Toll.DEAD) == Span(0, 2)
