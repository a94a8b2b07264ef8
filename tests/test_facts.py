"""Numbers, dates and names of a sentence are found in a passage however they are written there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import months_in
from qa.checking import negated
from qa.facts import FactKind, facts_of, forms_in


def lacking(sentence: str, passage: str, published: date | None = None) -> list[str]:
    known = forms_in(passage, published)
    return [fact.text for fact in facts_of(sentence) if not fact.occurs(known)]


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("At least 14 people were killed.", "قُتل ١٤ شخصاً على الأقل."),
        ("Nine people were killed and 31 injured.", "قُتل تسعة أشخاص وأصيب 31 آخرون."),
        ("In all 25,000 watched.", "شاهدها خمسة وعشرون ألف متفرج."),
        ("Some 5.2 million live there.", "يعيش هناك 5.2 ملايين شخص."),
        ("Thirty-two trucks left.", "غادرت 32 شاحنة."),
        ("The rate is 8.25 per cent.", "بلغت الفائدة ٨٫٢٥ بالمئة."),
        ("It met on 5 October.", "اجتمعت في 5 تشرين الأول/أكتوبر."),
        ("It met on Sunday.", "اجتمعت يوم الأحد."),
        ("He spoke of the 19th century.", "تحدث عن القرن التاسع عشر."),
        ("The ambassador, Ingrid Solheim, left.", "غادرت السفيرة إنغريد سولهايم."),
        ("Muhannad al-Zaidi denied it.", "نفى مهند الزيدي ذلك."),
        ("قال هاشم البدري ذلك.", "Hashim al-Badri said so."),
        ("In the 1990s it grew.", "نما في 1990."),
        ("It lasted from 1620–21 to 1654–57.", "استمر من 1620–1621 حتى 1654–1657."),
        ("It lasted from 1620 to 1621.", "It lasted 1620-21."),
        ("بلغت الرسوم 30 مليون جنيه.", "The fee is £30m."),
        ("The tower is 30m tall.", "يبلغ ارتفاع البرج 30 متراً."),
        ("صارت سبعون بالمائة منها مراعي.", "70% of it became pasture."),
        ("ارتفعت خمسة في المئة.", "It rose by 5 per cent."),
        ("The deal cost $1.2bn.", "كلفت الصفقة 1.2 مليار دولار."),
    ],
)
def test_a_fact_is_found_across_scripts_and_spellings(sentence: str, passage: str) -> None:
    assert lacking(sentence, passage) == []


@pytest.mark.parametrize(
    ("sentence", "passage", "missing"),
    [
        ("At least 15 people were killed.", "قُتل ١٤ شخصاً على الأقل.", ["15"]),
        ("It met on 5 November.", "اجتمعت في 5 تشرين الأول/أكتوبر.", ["November"]),
        ("It met on Monday.", "اجتمعت يوم الأحد.", ["Monday"]),
        ("The rate is 8.5 per cent.", "بلغت الفائدة ٨٫٢٥ بالمئة.", ["8.5"]),
        ("Some 5 billion live there.", "Some 5 million live there.", ["5 billion"]),
        ("It lasted from 1620–23.", "استمر من 1620–1621.", ["23"]),
        ("The fee is £30m.", "بلغت الرسوم 40 مليون جنيه.", ["30m"]),
        ("She met Samir Khalaf.", "She met Omar Zaki.", ["Samir", "Khalaf"]),
    ],
)
def test_a_fact_that_is_not_there_is_told(sentence: str, passage: str, missing: list[str]) -> None:
    assert lacking(sentence, passage) == missing


def test_the_day_of_the_article_counts() -> None:
    assert lacking("On 28 September 2025, a Sunday, it rained.", "It rained.", date(2025, 9, 28)) == []
    assert lacking("On 29 September 2025 it rained.", "It rained.", date(2025, 9, 28)) == ["29"]


def test_one_two_and_small_words_are_no_facts() -> None:
    assert facts_of("One of the two may march, she said; he will not.") == ()


@given(st.text(max_size=80))
def test_facts_stand_where_they_say(text: str) -> None:
    for fact in facts_of(text):
        assert text[fact.start : fact.end] == fact.text
        assert fact.forms
        assert fact.kind in FactKind


@given(st.integers(3, 10**9))
def test_a_number_is_found_with_and_without_grouping(number: int) -> None:
    assert lacking(f"There were {number:,} of them.", f"كان عددهم {number}.") == []
    assert lacking(f"There were {number} of them.", f"There were {number:,}.") == []


def test_months_stand_where_they_say() -> None:
    text = "بين أيلول وتشرين الثاني, then in March and Sept."
    assert [(text[at : at + len(word)], number) for at, word, number in months_in(text)] == [
        ("أيلول", 9),
        ("وتشرين الثاني", 11),
        ("March", 3),
        ("Sept", 9),
    ]
    assert months_in("They may march on.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge did not stay open.", True),
        ("The bridge stayed open.", False),
        ("The army denied that it had not fired.", False),
        ("لم يرفع المصرف الفائدة.", True),
        ("نفى المتحدث الخبر.", True),
        ("رفع المصرف الفائدة.", False),
        ("It wasn't him.", True),
        ("None of them mention it.", True),
        ("لم يسجل الفريق سوى هدفين.", False),
        ("لم يحضر إلا اثنان.", False),
        ("لم يحضر أحد، إلا أن الجلسة عقدت.", True),
    ],
)
def test_negation(text: str, expected: bool) -> None:
    assert negated(text) is expected
