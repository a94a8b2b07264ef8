"""Words, their places, and the terms they are found by."""

import itertools
import unicodedata

import pytest
from any_text import TEXTS
from hypothesis import example, given
from hypothesis import strategies as st

from index.text import terms, words


@pytest.mark.parametrize(
    "written", ["1,000", "1000", "١٠٠٠", "١٬٠٠٠", "1.000", "1 000", "1\u00a0000", "۱۰۰۰", "1,000.00", "١٠٠٠٫٠"]
)
def test_a_number_is_one_term_however_it_is_written(written: str) -> None:
    assert terms(written) == ["1000"]
    assert terms(f"بلغ {written} دينار.") == [*terms("بلغ"), "1000", *terms("دينار")]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("3.5%", ["3.5"]),
        ("٣٫٥٪", ["3.5"]),
        ("3,50", ["3.5"]),
        ("0.500", ["0.5"]),
        ("1,234,567.8", ["1234567.8"]),
        ("1.234.567,8", ["1234567.8"]),
        ("75 000,5", ["75000.5"]),
        ("12.10.2016", ["12", "10", "2016"]),
        ("2016/2017", ["2016", "2017"]),
        ("20th", ["20", "20th"]),
        ("G20", ["g20"]),
        ("007", ["7"]),
        ("10, 20", ["10", "20"]),
        ("in 2016 300 boats", ["2016", "300", "boat"]),
    ],
)
def test_numbers(written: str, found: list[str]) -> None:
    assert terms(written) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("العراق", "بالعراق"),
        ("العراق", "للعراق"),
        ("العراق", "والعراق"),
        ("ليبيا", "لليبيا"),
        ("اللجنة", "للجنة"),
        ("ترامب", "وترامب"),
        ("بغداد", "ببغداد"),
        ("أربيل", "لإربيل"),
        ("الوزير", "وزير"),
        ("فيلم", "الفيلم"),
        ("قال", "وقال"),
        ("الانتخابات", "انتخابات"),
        ("مُحَمَّد", "محمد"),
        ("النعمـــان", "النعمان"),
        ("elections", "Election"),
        ("Trump's", "TRUMP"),
        ("U.S.", "US"),
        ("café", "CAFE"),
        ("выборы", "выборов"),
    ],
)
def test_forms_of_a_word_share_a_term(one: str, other: str) -> None:
    assert set(terms(one)) & set(terms(other))


def test_stop_words_are_words_but_no_terms() -> None:
    text = "قال إن الميناء في صفاقس the port of Sfax"
    assert [word.text for word in words(text)] == text.split()
    assert terms(text) == ["قال", "ميناء", "صفاقس", "port", "sfax"]


def test_hashtags_and_elisions_come_apart() -> None:
    assert terms("#ميناء_صفاقس l'Iran") == ["ميناء", "صفاقس", "l", "iran"]


def test_scripts_without_spaces_are_found_by_pairs_of_characters() -> None:
    assert [(word.text, word.terms) for word in words("北京港。")] == [
        ("北", ("北京",)),
        ("京", ("京港",)),
        ("港", ("港",)),
    ]


def test_a_ligature_of_several_words_is_found_by_each() -> None:
    assert set(terms("صلى الله")) <= set(terms("ﷺ"))


@given(TEXTS)
@example("ـ ﹰ خبر")
def test_words_stand_where_they_say(text: str) -> None:
    found = words(text)
    for word in found:
        assert text[word.start : word.end] == word.text
        assert word.terms
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start


@given(TEXTS)
def test_terms_are_single_tokens_of_the_lexical_index(text: str) -> None:
    kept = {term for word in words(text) for term in word.terms}
    assert kept >= set(terms(text))
    for term in kept:
        assert term
        for character in term:
            assert unicodedata.category(character)[0] in "LNMS" or character == ".", (term, text)


@given(st.lists(st.sampled_from(["ميناء", "Sfax", "1000", "3.5", "أربيل", "港", "the"])))
def test_terms_do_not_depend_on_what_stands_around_a_word(parts: list[str]) -> None:
    assert terms("، ".join(parts)) == [term for part in parts for term in terms(part)]
