"""How much of a question's names and words a text has: names across scripts, rare ones above all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.overlap import Overlap, Shares

ARABIC = "نفى اللواء مهند الزيدي أن يكون تنظيم داعش قادرا على العودة إلى المدن."
OTHER = "أعلنت وزارة النقل إصابة 15 شخصا في خروج قطار عن سكته."
ENGLISH = "The dam operator said the siren was sounded at 1.20 a.m."


def test_names_are_found_across_scripts() -> None:
    overlap = Overlap.of("What did Muhannad al-Zaidi deny?", [(ARABIC, "ar"), (OTHER, "ar")])
    assert overlap.shares(ARABIC, "ar").names > 0.5
    assert overlap.shares(OTHER, "ar").names == 0.0


def test_numbers_are_found_across_languages() -> None:
    overlap = Overlap.of("Were 15 people hurt?", [(ARABIC, "ar"), (OTHER, "ar")])
    assert overlap.shares(OTHER, "ar").names == 1.0


def test_words_are_compared_within_one_language_alone() -> None:
    overlap = Overlap.of("When was the siren at the dam sounded?", [(ENGLISH, "en"), (OTHER, "ar")])
    assert overlap.shares(ENGLISH, "en").words == 1.0
    assert overlap.shares(ENGLISH, "fr").words == 0.0
    assert overlap.shares(OTHER, "ar").words == 0.0


def test_what_every_passage_has_weighs_least() -> None:
    dam, siren = "The dam was closed.", "The siren of the dam was heard."
    overlap = Overlap.of("siren dam", [(dam, "en"), (siren, "en")])
    assert overlap.shares("dam", "en").words < 0.5 < overlap.shares("siren", "en").words
    assert overlap.shares("dam siren", "en").words == pytest.approx(1.0)


def test_a_question_without_names_shares_none() -> None:
    assert Overlap.of("why?", [(ENGLISH, "en")]).shares(ENGLISH, "en") == Shares(0.0, 0.0)


@given(st.text(max_size=80), st.lists(st.text(max_size=200), max_size=4), st.sampled_from(["ar", "en", "fr", "und"]))
def test_shares_are_shares(question: str, passages: list[str], language: str) -> None:
    overlap = Overlap.of(question, [(text, language) for text in passages])
    for text in [*passages, question]:
        shares = overlap.shares(text, language)
        assert 0.0 <= shares.names <= 1.0 + 1e-9
        assert 0.0 <= shares.words <= 1.0 + 1e-9
