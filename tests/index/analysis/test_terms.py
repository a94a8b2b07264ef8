"""Words, their places, and the terms they are found by."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import query_terms, terms, words
from tests.support.any_text import TEXTS


@pytest.mark.parametrize(
    "written", ["1,000", "1000", "١٠٠٠", "١٬٠٠٠", "1.000", "1 000", "1\u00a0000", "۱۰۰۰", "1,000.00", "١٠٠٠٫٠"]
)
def test_a_number_is_one_term_however_it_is_written(written: str) -> None:
    assert terms(written) == ["1000"]
    assert terms(f"بلغ {written} دينار.") == [*terms("بلغ"), "1000", *terms("دينار")]


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("ru", "выборы", "выборов"),
        ("en", "выборы", "выборов"),
        ("de", "Wahlen", "Wahl"),
        ("es", "elecciones", "elección"),
    ],
)
def test_a_language_without_a_pack_has_its_own_stems(code: str, one: str, other: str) -> None:
    assert terms(one, code) == terms(other, code) != [one]


def test_no_language_is_read_by_the_rules_of_another() -> None:
    assert terms("the elections in Berlin", "de") == ["the", "election", "in", "berlin"]
    assert terms("the running", "pl") == ["the", "running"]
    assert terms("the running", "xx") == ["the", "running"]


def test_a_word_of_unknown_language_is_found_by_the_stem_of_each() -> None:
    assert terms("scores", "und") == [*terms("scores", "en"), *terms("scores", "fr")] == ["score", "scor"]
    assert terms("car", "und") == ["car"]


def test_a_query_is_found_in_every_language_of_the_library() -> None:
    assert query_terms("Who met Charles?", "en") == terms("met Charles", "en") == ["met", "charl"]
    assert query_terms("Who met Charles?", "en", ["ar", "en"]) == ["met", "charl"]
    assert query_terms("Who met Charles?", "en", ["xx", "fr"]) == ["met", "charl", "charles"]
    assert query_terms("cup scores", "und", ["en"]) == ["cup", "score", "scor"]


def test_stop_words_are_words_but_no_terms() -> None:
    text = "قال إن الميناء في صفاقس the port of Sfax"
    assert [word.text for word in words(text)] == text.split()


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
    assert terms("، ".join(parts), "ar") == [term for part in parts for term in terms(part, "ar")]
