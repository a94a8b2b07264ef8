"""Which of a sentence's figures counts the dead, the injured or the missing."""

import pytest

from index.folding import Span
from qa.casualties import Toll, rightly_counted, toll_asked


@pytest.mark.parametrize(
    ("question", "toll"),
    [
        ("How many people died in the port blast?", Toll.DEAD),
        ("كم بلغ عدد قتلى انفجار ميناء أم النخيل؟", Toll.DEAD),
        ("كم شخصًا أُصيب في الانفجار؟", Toll.INJURED),
        ("How many sailors are missing?", Toll.MISSING),
        ("How many people were arrested over the collapse?", Toll.ARRESTED),
        ("كم عائلة نزحت من البلدة؟", Toll.DISPLACED),
        ("How many were killed and injured?", None),
        ("Who was killed?", None),
        ("How many articles are missing and how many ships?", Toll.MISSING),
        ("How many ships sailed?", None),
    ],
)
def test_a_question_asks_for_one_toll_or_none(question: str, toll: Toll | None) -> None:
    assert toll_asked(question) is toll


@pytest.mark.parametrize(
    ("sentence", "dead", "injured"),
    [
        ("قُتل تسعة أشخاص وأصيب 31 آخرون في انفجار هز مستودعاً للوقود", "تسعة", "31"),
        ("قتل تسعة وأصيب ٣١", "تسعة", "٣١"),
        ("ارتفع عدد القتلى إلى 14 وعدد الجرحى إلى 50", "14", "50"),
        ("At least 14 people were killed and more than fifty were injured on Monday", "14", "fifty"),
        ("The blast, killing 14 people and injuring 50, hit tank 4", "14", "50"),
        ("14 dead, 50 injured", "14", "50"),
    ],
)
def test_each_figure_counts_what_the_nearest_word_says(sentence: str, dead: str, injured: str) -> None:
    def counted(answer: str, toll: Toll) -> str:
        start = sentence.index(answer)
        found = rightly_counted(sentence, Span(start, start + len(answer)), toll)
        return found.slice(sentence) if found else ""

    for answer in (dead, injured):
        assert counted(answer, Toll.DEAD) == dead
        assert counted(answer, Toll.INJURED) == injured


@pytest.mark.parametrize(
    ("sentence", "toll"),
    [
        ("Police lowered the death toll to 11, saying three victims had been counted twice.", "11"),
        ("The death toll rose from nine to at least 14.", "14"),
        ("وارتفع عدد القتلى من تسعة إلى ١٤.", "١٤"),
    ],
)
def test_a_toll_is_the_figure_that_it_comes_to(sentence: str, toll: str) -> None:
    for answer in ("three", "nine", "تسعة", toll):
        if (start := sentence.find(answer)) >= 0:
            found = rightly_counted(sentence, Span(start, start + len(answer)), Toll.DEAD)
            assert found is not None
            assert found.slice(sentence) == toll


def test_a_figure_of_others_alone_is_no_answer_and_one_of_nobody_is_left_alone() -> None:
    injured = "31 people were injured."
    assert rightly_counted(injured, Span(0, 2), Toll.DEAD) is None
    assert rightly_counted("14 in all.", Span(0, 2), Toll.DEAD) == Span(0, 2)
