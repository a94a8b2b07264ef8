"""The parts of an answer: what is quoted, what is said, what is a marker."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qa import Reason
from qa.answer import Segment, SegmentKind
from qa.answering.phrasing import text_of
from qa.markers import cited_segments
from tests.support.answers import (
    ALSO,
    ANSWER,
    DENIED,
    QUOTE,
    abstention,
    answer_with,
)
from ui.views.segments import Quoted, paragraphs


def test_a_quote_in_the_text_stands_alone_and_its_marks_and_marker_go() -> None:
    line, quote = paragraphs(ANSWER)
    assert line == (
        Segment(SegmentKind.SPEAKER, "الزيدي"),
        plain(", "),
        Segment(SegmentKind.NAME, "اللواء"),
        plain(", according to "),
        Segment(SegmentKind.NAME, "وكالة الضفاف"),
        plain(" (5 October 2025)"),
        plain(": "),
    )
    assert quote == Quoted(DENIED)


def test_only_markers_that_resolve_are_markers() -> None:
    answer = answer_with("He said so [1], perhaps [7], in [2].", (DENIED, ALSO))
    one, two = Segment(SegmentKind.MARKER, "[1]", 1), Segment(SegmentKind.MARKER, "[2]", 2)
    assert paragraphs(answer) == ((plain("He said so "), one, plain(", perhaps [7], in "), two, plain(".")),)


def test_a_quote_in_a_written_text_stands_alone_and_names_are_known() -> None:
    answer = answer_with(f"الزيدي said:\n“{QUOTE}” [1]\nNo more.", (DENIED,))
    assert paragraphs(answer) == (
        (Segment(SegmentKind.SPEAKER, "الزيدي"), plain(" said:")),
        Quoted(DENIED),
        (plain("No more."),),
    )
    assert "".join(segment.text for segment in answer.segments) == answer.text


@given(st.text(alphabet='ab [123]\n“”"', max_size=60))
def test_the_segments_of_a_written_text_are_the_text(text: str) -> None:
    assert text_of(cited_segments(text, (DENIED, ALSO))) == text


def test_an_abstention_keeps_its_first_line() -> None:
    answer = abstention(Reason.NOTHING_CLOSE, (ALSO,))
    assert paragraphs(answer) == (
        (plain("No answer was found in the articles. None of the sentences closest to the question answers it."),),
    )


def test_an_answer_kept_without_segments_is_shown_line_by_line() -> None:
    kept = replace(ANSWER, text="One [1].\nTwo.", segments=())
    assert paragraphs(kept) == ((plain("One [1]."),), (plain("Two."),))


def plain(text: str) -> Segment:
    return Segment(SegmentKind.TEXT, text)
