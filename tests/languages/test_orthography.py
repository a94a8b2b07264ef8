"""How every language with a pack is written, against its file of cases; a case with an empty value expects nothing."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.analysis import detect_language, name_keys, query_name_keys, question_language, sentences, terms
from index.analysis.dates import find_day, months_in, parse_date
from index.analysis.entities import EntityKind, entities_of, forms_in
from index.languages import PACKS, language
from index.sources.credits import credit_of
from index.sources.metadata import field_named, language_code

CASES = {
    code: tomllib.loads((Path(__file__).parent / f"{code}.toml").read_text("utf-8"))["orthography"] for code in PACKS
}
KINDS = {
    "sentences", "terms", "same_term", "numbers", "dates", "written_days", "months", "names", "keyed", "detection",
    "asked_in", "facts", "missing", "fields", "languages", "bylines",
}  # fmt: skip


def cases(kind: str) -> list[Any]:
    """Return the cases of a kind: the language's code, and the parts of the case."""
    found = []
    for code, packed in CASES.items():
        listed = packed.get(kind, [])
        pairs = listed.items() if isinstance(listed, dict) else (tuple(case) for case in listed)
        found += [pytest.param(code, case, id=f"{code}-{str(case[0])[:60]}") for case in pairs]
    return found


@pytest.mark.parametrize("code", PACKS)
def test_a_pack_has_cases_of_every_kind_that_tells_it_apart(code: str) -> None:
    assert CASES[code].keys() <= KINDS
    assert {"sentences", "terms", "numbers", "dates", "detection", "fields", "bylines"} <= CASES[code].keys()
    assert language(code).orthography.code == code


@pytest.mark.parametrize(("code", "expected"), cases("sentences"))
def test_sentences(code: str, expected: tuple[str, ...]) -> None:
    for text in (" ".join(expected), "  " + "\n".join(expected) + " \n"):
        assert tuple(span.slice(text) for span in sentences(text, language=code)) == expected


@pytest.mark.parametrize(("code", "case"), cases("terms"))
def test_terms(code: str, case: tuple[str, list[str]]) -> None:
    text, expected = case
    assert terms(text, code) == expected


@pytest.mark.parametrize(("code", "case"), cases("same_term"))
def test_forms_of_a_word_share_a_term(code: str, case: tuple[str, str]) -> None:
    one, other = case
    assert set(terms(one, code)) & set(terms(other, code))


@pytest.mark.parametrize(("code", "case"), cases("numbers"))
def test_numbers_in_figures_and_in_words(code: str, case: tuple[str, list[float]]) -> None:
    sentence, values = case
    told = [fact.forms for fact in entities_of(sentence, code) if fact.kind is EntityKind.NUMBER]
    assert len(told) == len(values)
    assert all(f"number {value}" in forms for value, forms in zip(values, told, strict=True))


@pytest.mark.parametrize(("code", "case"), cases("dates"))
def test_a_date_as_sources_write_it(code: str, case: tuple[str, str]) -> None:
    text, day = case
    assert parse_date(text) == parse_date(text, code) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(("code", "case"), cases("written_days"))
def test_a_day_is_found_where_it_is_written(code: str, case: tuple[str, list[str]]) -> None:
    text, expected = case
    found = find_day(text)
    assert ([text[found.start : found.end], found.text] if found else []) == expected


@pytest.mark.parametrize(("code", "case"), cases("months"))
def test_months(code: str, case: tuple[str, list[tuple[str, int]]]) -> None:
    text, expected = case
    found = months_in(text, code)
    assert [[word, number] for _, word, number in found] == expected
    assert all(text[at : at + len(word)] == word for at, word, _ in found)


@pytest.mark.parametrize(("code", "case"), cases("names"))
def test_a_name_shares_a_key_with_its_arabic_form(code: str, case: tuple[str, str]) -> None:
    latin, arabic = case
    written = code if code != "ar" else "en"
    assert set(name_keys(latin, written)) & set(name_keys(arabic, "ar"))
    assert set(query_name_keys(latin, written)) & set(query_name_keys(arabic, "ar"))


@pytest.mark.parametrize(("code", "case"), cases("keyed"))
def test_only_likely_names_of_a_question_are_keyed(code: str, case: tuple[str, str]) -> None:
    question, named = case
    assert query_name_keys(question, code) == list(dict.fromkeys(name_keys(named, code)))


@pytest.mark.parametrize(("code", "case"), cases("detection"))
def test_the_language_of_a_text(code: str, case: tuple[str, str]) -> None:
    text, expected = case
    assert detect_language(text) == expected


@pytest.mark.parametrize(("code", "case"), cases("asked_in"))
def test_the_language_a_question_is_asked_in(code: str, case: tuple[str, str]) -> None:
    question, expected = case
    assert question_language(question) == expected


@pytest.mark.parametrize(("code", "case"), cases("facts"))
def test_a_fact_is_found_across_scripts_and_spellings(code: str, case: tuple[str, str]) -> None:
    sentence, passage = case
    assert lacking(sentence, passage, code) == []


@pytest.mark.parametrize(("code", "case"), cases("missing"))
def test_a_fact_that_is_not_there_is_told(code: str, case: tuple[str, str, list[str]]) -> None:
    sentence, passage, expected = case
    assert lacking(sentence, passage, code) == expected


@pytest.mark.parametrize(("code", "case"), cases("fields"))
def test_the_label_of_a_field(code: str, case: tuple[str, str]) -> None:
    label, field = case
    assert field_named(label) == (field or None)


@pytest.mark.parametrize(("code", "case"), cases("languages"))
def test_the_code_of_a_language(code: str, case: tuple[str, str]) -> None:
    name, expected = case
    assert language_code(name) == (expected or None)


@pytest.mark.parametrize(("code", "case"), cases("bylines"))
def test_a_byline(code: str, case: tuple[str, dict[str, str]]) -> None:
    line, expected = case
    found = credit_of(line)
    assert (found.fields if found else {}) == expected


def lacking(sentence: str, passage: str, code: str) -> list[str]:
    """Return what of a sentence a passage has not."""
    known = forms_in(passage)
    assert lacking_as_found(sentence, passage) == [
        fact.text for fact in entities_of(sentence, code) if not fact.occurs(known)
    ]
    return lacking_as_found(sentence, passage)


def lacking_as_found(sentence: str, passage: str) -> list[str]:
    """Return the same where the sentence's language is detected."""
    known = forms_in(passage)
    return [fact.text for fact in entities_of(sentence) if not fact.occurs(known)]
