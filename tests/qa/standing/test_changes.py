"""What is a change of an answer, and what is none: two answers held against each other."""

from dataclasses import replace
from datetime import date

import pytest

from index.article import Filters
from qa.answer import Answer, ArticleRef, Citation, Reason, Role, ShortAnswer, Speaker, State
from qa.standing import Aspect, Change, compare


def article(id: str, language: str = "en") -> ArticleRef:
    return ArticleRef(id, f"Title of {id}", "Wire", date(2025, 11, 3), language, None, None, None)


def quote(
    id: str, text: str, *, revision: int = 1, start: int = 10, said_by: str | None = None, language: str = "en",
    copies: tuple[str, ...] = (), number: int = 1,
) -> Citation:  # fmt: skip
    speaker = Speaker(said_by, 0, len(said_by)) if said_by else None
    return Citation(
        number, Role.USED, article(id, language), revision, text, start, start + len(text), 0, 500, 1.0, speaker,
        tuple(article(copy, language) for copy in copies),
    )  # fmt: skip


def answer(*citations: Citation, shorts: tuple[str, ...] = (), state: State = State.ANSWERED) -> Answer:
    short, *others = [ShortAnswer(text, number, 0, 0) for number, text in enumerate(shorts, 1)] or [None]
    numbered = tuple(replace(one, number=number) for number, one in enumerate(citations, 1))
    return Answer(
        "How many died?", "en", "", False, None, numbered, short, 0.9, 7, Filters(), others=tuple(filter(None, others)),
        state=state, confidence=0.9,
    )  # fmt: skip


NOT_FOUND = replace(answer(state=State.NOT_FOUND), abstained=True, reason=Reason.NOTHING_CLOSE)
TOLL = quote("flood", "Twelve people died in the flood.", said_by="Huda Salim")


def aspects(before: Answer, after: Answer) -> tuple[str, ...]:
    found = compare(before, after)
    return found.aspects if found else ()


def test_another_confidence_notes_or_times_are_no_change() -> None:
    before = answer(TOLL, shorts=("Twelve",))
    after = replace(before, confidence=0.7, score=0.7, generation=9, notes=("A note.",))
    assert compare(before, after) is None


def test_a_change_holds_both_answers() -> None:
    before, after = NOT_FOUND, answer(TOLL, shorts=("Twelve",))
    assert compare(before, after) == Change(before, after, (Aspect.STATE, Aspect.QUOTE, Aspect.SHORT))


def test_what_is_certain_no_more_has_another_state() -> None:
    before = answer(TOLL, shorts=("Twelve",))
    assert aspects(before, replace(before, state=State.PERHAPS, short=None)) == (Aspect.STATE, Aspect.SHORT)


def test_other_articles_that_only_come_close_are_no_change() -> None:
    close = replace(quote("other", "The river rose."), role=Role.ALSO_FOUND)
    assert compare(NOT_FOUND, replace(NOT_FOUND, citations=(close,))) is None


def test_another_sentence_is_another_quote() -> None:
    before = answer(TOLL, shorts=("Twelve",))
    later = quote("flood", "Fourteen people died in the flood.", revision=2, said_by="Huda Salim")
    assert aspects(before, answer(later, shorts=("Fourteen",))) == (Aspect.QUOTE, Aspect.SHORT)


def test_the_same_words_in_a_new_revision_or_in_a_copy_are_the_same_quote() -> None:
    revised = replace(TOLL, revision=2, start=90, end=90 + len(TOLL.quote))
    assert compare(answer(TOLL), answer(revised)) is None
    text = "Twelve  people died in the flood."
    assert compare(answer(TOLL), answer(quote("copy", text, said_by="Salim", copies=("flood",)))) is None
    known = replace(TOLL, also_in=(article("copy"),))
    assert compare(answer(known), answer(quote("copy", text, said_by="Huda Salim"))) is None


def test_the_same_words_in_an_article_that_is_no_copy_are_another_quote() -> None:
    assert aspects(answer(TOLL), answer(quote("other", TOLL.quote, said_by="Huda Salim"))) == (Aspect.QUOTE,)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Twelve", "twelve", True),
        ("Twelve", "12", True),
        ("12 people", "twelve", True),
        ("1,200", "1200", True),
        ("twelve", "14", False),
        ("on Monday", "on Tuesday", False),
        ("🌊", "🌊", True),
        ("🌊", "🔥", False),
    ],
)
def test_short_answers_are_compared_by_their_words_and_their_figures(one: str, other: str, same: bool) -> None:
    expected = () if same else (Aspect.SHORT,)
    assert aspects(answer(TOLL, shorts=(one,)), answer(TOLL, shorts=(other,))) == expected


def test_figures_are_the_same_in_words_of_arabic_and_french() -> None:
    arabic = quote("فيضان", "قُتل اثنا عشر شخصا في الفيضان.", language="ar")
    french = quote("crue", "Douze personnes sont mortes dans la crue.", language="fr")
    assert aspects(answer(arabic, shorts=("اثنا عشر",)), answer(arabic, shorts=("12",))) == ()
    assert aspects(answer(french, shorts=("Douze",)), answer(french, shorts=("12 personnes",))) == ()
    assert aspects(answer(french, shorts=("Douze",)), answer(french, shorts=("14",))) == (Aspect.SHORT,)


@pytest.mark.parametrize(
    ("one", "other", "language", "same"),
    [
        ("Huda Salim", "Salim", "en", True),
        ("Huda Salim", "huda salim", "en", True),
        ("Huda Salim", "Omar Hadi", "en", False),
        ("Minister Huda Salim", "Minister Omar Hadi", "en", False),
        ("وزير الصحة", "وزير الدفاع", "ar", False),
        ("هدى سليم", "سليم", "ar", True),
        (None, "Omar Hadi", "en", False),
        (None, None, "en", True),
    ],
)
def test_a_speaker_is_the_same_under_part_of_the_name(
    one: str | None, other: str | None, language: str, same: bool
) -> None:
    before, after = (answer(quote("flood", "It held.", said_by=name, language=language)) for name in (one, other))
    assert aspects(before, after) == (() if same else (Aspect.SPEAKER,))


DENIAL = quote("denial", "The ministry denied that anybody had died.", said_by="The ministry")


def test_a_denial_that_comes_in_is_another_side() -> None:
    assert aspects(answer(TOLL), answer(TOLL, DENIAL)) == (Aspect.SIDES,)
    assert aspects(answer(TOLL), answer(DENIAL, TOLL)) == (Aspect.QUOTE, Aspect.SIDES)
    assert aspects(answer(TOLL, DENIAL), answer(TOLL)) == (Aspect.SIDES,)


def test_the_same_sides_in_another_order_are_no_change() -> None:
    before = answer(TOLL, DENIAL, shorts=("Twelve", "nobody"))
    assert compare(before, answer(DENIAL, TOLL, shorts=("nobody", "12"))) is None


def test_one_side_that_says_something_else_is_told_as_a_side() -> None:
    other = quote("third", "The governor spoke of thirty dead.", said_by="The governor")
    assert aspects(answer(TOLL, DENIAL), answer(TOLL, other)) == (Aspect.SIDES,)


def test_a_change_comes_back_from_plain_json_values() -> None:
    found = compare(answer(TOLL), answer(DENIAL, TOLL))
    assert found and Change.from_dict(found.to_dict()) == found
