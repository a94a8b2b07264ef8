"""Numbers, dates and names of a sentence are found in a passage however they are written there."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.analysis.entities import EntityKind, entities_of, forms_in


def lacking(sentence: str, passage: str, published: date | None = None) -> list[str]:
    known = forms_in(passage, published)
    return [fact.text for fact in entities_of(sentence) if not fact.occurs(known)]


def test_the_day_of_the_article_counts() -> None:
    assert lacking("On 28 September 2025, a Sunday, it rained.", "It rained.", date(2025, 9, 28)) == []
    assert lacking("On 29 September 2025 it rained.", "It rained.", date(2025, 9, 28)) == ["29"]


def test_one_two_and_small_words_are_no_facts() -> None:
    assert entities_of("One of the two may march, she said; he will not.") == ()


@given(st.text(max_size=80))
def test_facts_stand_where_they_say(text: str) -> None:
    for fact in entities_of(text):
        assert text[fact.start : fact.end] == fact.text
        assert fact.forms
        assert fact.kind in EntityKind


@given(st.integers(3, 10**9))
def test_a_number_is_found_with_and_without_grouping(number: int) -> None:
    assert lacking(f"There were {number:,} of them.", f"كان عددهم {number}.") == []
    assert lacking(f"There were {number} of them.", f"There were {number:,}.") == []
