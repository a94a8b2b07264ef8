"""Name keys: the same name in two scripts shares one, other words do not."""

import json

import pytest
from hypothesis import given

from index.analysis import name_keys, query_name_keys
from tests.support.any_text import TEXTS
from tests.support.paths import SHARED

EVAL = SHARED / "eval"


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [("Marine Le Pen", "مارين لوبان"), ("Ben Ali", "بن علي"), ("Abdel Fattah", "عبد الفتاح"), ("Abu Dhabi", "أبو ظبي")],
)
def test_a_particle_is_also_keyed_as_part_of_its_name(latin: str, arabic: str) -> None:
    last = latin.split()[-1]
    assert (set(name_keys(latin)) - set(name_keys(last))) & set(name_keys(arabic))


def test_names_that_only_look_alike_stay_apart() -> None:
    names = ["Numan", "Erbil", "Baghdad", "Trump", "Mosul", "Haftar", "Macron", "Sfax", "Castro", "Zarif", "Qatar"]
    keys = [set(name_keys(name)) for name in names]
    assert sum(map(len, keys)) == len(set.union(*keys))


def test_numbers_are_keyed_as_terms_are() -> None:
    assert query_name_keys("Were 1,000 or ٣٫٥ or 75 000 paid in 2017?") == ["1000", "3.5", "75000", "2017"]


def test_the_article_belongs_to_no_key_and_hamza_shows_that_it_is_none() -> None:
    assert name_keys("Al-Numan") == name_keys("al-Numan") == name_keys("Numan") == name_keys("النُّعمان") == ["nmn"]
    assert set(name_keys("Almagro")) & set(name_keys("ألماغرو"))


def test_passages_keep_how_often_and_questions_only_that() -> None:
    assert name_keys("Erbil, Erbil") == name_keys("Erbil") * 2
    assert query_name_keys("Erbil, Erbil") == query_name_keys("Erbil")


@given(TEXTS)
def test_keys_are_single_tokens_of_the_lexical_index(text: str) -> None:
    keys = name_keys(text)
    assert set(query_name_keys(text)) == set(keys)
    for key in keys:
        assert key
        assert all(character.isalnum() or character == "." for character in key), (key, text)


@pytest.mark.skipif(not EVAL.is_dir(), reason="needs the evaluation data in ../shared/eval")
def test_keys_of_english_questions_point_at_the_right_arabic_paragraph() -> None:
    """Of the paragraphs that share most keys with a question, its own is among the best ten for half of all."""
    paragraphs: list[set[str]] = []
    asked: list[tuple[set[str], int]] = []
    english, arabic = (
        json.loads((EVAL / f"xquad.{code}.dev.json").read_text(encoding="utf-8")) for code in ("en", "ar")
    )
    for article, other in zip(english["data"], arabic["data"], strict=True):
        for paragraph, translated in zip(article["paragraphs"], other["paragraphs"], strict=True):
            asked += [(set(query_name_keys(item["question"])), len(paragraphs)) for item in paragraph["qas"]]
            paragraphs.append(set(name_keys(translated["context"])))
    found = 0
    for keys, gold in asked:
        better = sum(len(keys & other) > len(keys & paragraphs[gold]) for other in paragraphs)
        found += bool(keys & paragraphs[gold]) and better < 10
    assert found / len(asked) > 0.45
