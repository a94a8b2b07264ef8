"""Normalisation and its way back, and the language and direction of a text."""

import json
import sys
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Span, detect_language, direction, normalise, question_language
from tests.support.any_text import ARABIC, TEXTS
from tests.support.paths import ROOT, SHARED

EVAL = SHARED / "eval"


@pytest.mark.parametrize(
    ("original", "normalised"),
    [
        ("أَحْمَدُ", "احمد"),
        ("إربــــيل", "اربيل"),
        ("آخر مؤتمر رئيس شيء", "اخر موتمر رييس شيء"),
        ("مستشفى مدرسة", "مستشفي مدرسه"),
        ("ﷲ ﻻ", "الله لا"),
        ("٢٠٢٥ ۱۴ १२", "2025 14 12"),
        ("٣٫٥٪ ١٬٠٠٠", "3.5% 1,000"),
        ("گفت کی", "گفت كي"),
        ("CAFÉ café cafe\u0301", "cafe cafe cafe"),
        ("ＡＢＣ ﬁn Straße", "abc fin strasse"),
        ("می\u200cشود \u202bابن\u202c", "ميشود ابن"),
        ("Май Ёлка", "май елка"),
        ("हिंदी", "हिंदी"),
        ("שָׁלוֹם", "שלום"),
        ("", ""),
    ],
)
def test_spellings_of_a_word_come_together(original: str, normalised: str) -> None:
    assert normalise(original).text == normalised


@given(TEXTS)
def test_every_normalised_character_knows_where_it_came_from(text: str) -> None:
    normalised = normalise(text)
    assert len(normalised.offsets) == len(normalised.text) + 1
    assert normalised.offsets[-1] == len(text)
    assert list(normalised.offsets) == sorted(normalised.offsets)
    for index, character in enumerate(normalised.text):
        assert character in normalise(text[normalised.offsets[index]]).text


@given(TEXTS, st.data())
def test_a_normalised_range_is_the_normal_form_of_the_original_it_leads_to(text: str, data: st.DataObject) -> None:
    normalised = normalise(text)
    start = data.draw(st.integers(0, len(normalised.text)))
    end = data.draw(st.integers(start, len(normalised.text)))
    span = normalised.to_original(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    if start < end:
        # A character that became several is taken whole at either end.
        start = normalised.offsets.index(normalised.offsets[start])
        end += normalised.offsets[end:].count(normalised.offsets[end - 1])
    assert normalise(span.slice(text)).text == normalised.text[start:end]


@given(TEXTS)
def test_normalising_again_adds_nothing(text: str) -> None:
    once = normalise(text).text
    assert len(normalise(once).text) <= len(once)


@given(ARABIC)
def test_arabic_normalisation_is_idempotent(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_the_marks_of_the_last_letter_are_part_of_a_quote() -> None:
    text = "قال مُحَمَّدٌ أمس"
    normalised = normalise(text)
    start = normalised.text.index("محمد")
    assert normalised.to_original(start, start + 4).slice(text) == "مُحَمَّدٌ"


def test_a_ligature_is_taken_whole() -> None:
    text = "بسم ﷲ"
    normalised = normalise(text)
    start = normalised.text.index("ال")
    assert normalised.to_original(start, start + 2) == Span(4, 5)


def test_an_empty_range_is_an_empty_span_and_an_impossible_one_an_error() -> None:
    normalised = normalise("خبر")
    assert normalised.to_original(1, 1) == Span(1, 1)
    for start, end in ((-1, 1), (2, 1), (0, 4)):
        with pytest.raises(IndexError, match="normalised characters"):
            normalised.to_original(start, end)


def test_a_huge_text_is_normalised_with_its_offsets() -> None:
    normalised = normalise("خَبَر " * 100_000)
    assert len(normalised.text) == 400_000
    assert normalised.offsets[-5:] == (599_994, 599_996, 599_998, 599_999, 600_000)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("وزیر خارجه ایران روز شنبه گفت که گفتگوها ادامه دارد", "fa"),
        ("پاکستان کے وزیر اعظم نے کیا کہا", "ur"),
        ("Der Hafen wurde am Sonntag nach langen Reparaturen wieder geöffnet", "de"),
        ("Порт снова открылся в воскресенье, сообщило министерство", "ru"),
        ("港口星期日重新开放", "zh"),
        ("港は日曜日に再開した", "ja"),
        ("항구가 일요일에 다시 열렸다", "ko"),
        ("Το λιμάνι άνοιξε", "el"),
        ("ท่าเรือเปิดอีกครั้ง", "th"),
        ("बंदरगाह रविवार को फिर खुल गया", "hi"),
        ("הנמל נפתח", "he"),
        ("Il governo italiano ha approvato la legge sulla scuola, ha detto il ministro", "it"),
        ("El govern ha aprovat la llei que regula les escoles del país", "ca"),
        ("Donald Trump", "und"),
        ("2025-09-28 …!", "und"),
        ("", "und"),
        ("." * 5000 + "عاد الميناء إلى العمل", "ar"),
    ],
)
def test_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("وزیر خارجه ایران چه گفت؟", "fa"),
        ("?", "und"),
    ],
)
def test_language_of_a_question_with_foreign_names(question: str, language: str) -> None:
    assert question_language(question) == language


@given(TEXTS)
def test_any_text_has_a_language_code_and_a_direction(text: str) -> None:
    for code in (detect_language(text), question_language(text)):
        assert code == "und" or (len(code) == 2 and code.isalpha() and code.islower())
    assert direction(text) in ("ltr", "rtl")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خبر", "rtl"),
        ("News", "ltr"),
        ("«12» خبر News", "rtl"),
        ("12 News خبر", "ltr"),
        ("שלום", "rtl"),
        ("123 …", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_is_that_of_the_first_letter(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_an_arabic_or_english_question_loads_no_language_identifier_and_no_babel() -> None:
    code = (
        "import sys; from index.analysis import *; from index.analysis.dates import months_in;"
        "assert question_language('Who reopened the port of Sfax on Sunday?') == 'en';"
        "assert question_language('من أعاد فتح الميناء؟') == 'ar';"
        "query_name_keys('Who met Haftar in March?'); terms('ميناء'); months_in('يوم ٥ أيلول', 'ar');"
        "print([name for name in ('py3langid', 'babel', 'tiktoken', 'langchain_core', 'regex') if name in sys.modules])"
    )
    root = ROOT
    answer = run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=root)
    assert answer.stdout.strip() == "[]"


@pytest.mark.skipif(not EVAL.is_dir(), reason="needs the evaluation data in ../shared/eval")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_language_of_real_questions_and_paragraphs(language: str) -> None:
    content = json.loads((EVAL / f"xquad.{language}.dev.json").read_text(encoding="utf-8"))
    paragraphs = [paragraph for article in content["data"] for paragraph in article["paragraphs"]]
    questions = [item["question"] for paragraph in paragraphs for item in paragraph["qas"]]
    assert {detect_language(paragraph["context"]) for paragraph in paragraphs} == {language}
    assert [question for question in questions if question_language(question) != language] == []
