"""A name in Latin letters and its Arabic spellings sound alike; another name does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.phonetic_similarity import alike
from index.languages.parts.exonyms import known_in


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("Huguenots", "والهوغونوت"),
        ("Fresno", "بفريسنو"),
        ("Pittsburgh", "بيتسبرغ"),
        ("Geneva", "جنيف"),
        ("Jensen", "لينسن"),
        ("William", "ويليام"),
        ("Charles", "تشارلز"),
        ("Charles", "شارل"),
        ("al-Zaidi", "الزيدي"),
        ("Muhannad", "مُهنّد"),
        ("Essebsi", "السبسي"),
        ("Abdelaziz", "عبدالعزيز"),
        ("Khartoum", "الخرطوم"),
        ("Ghannouchi", "الغنوشي"),
        ("Persian", "الفارسية"),
        ("Zürich's", "زيورخ"),
    ],
)
def test_a_name_sounds_like_its_other_spelling(latin: str, arabic: str) -> None:
    assert alike(latin, arabic) >= 0.8


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("Josh", "الأمازون"),
        ("Norman", "الحرارة"),
        ("Vienna", "فريسنو"),
        ("Egypt", "مصر"),
        ("Smith", "أصبحت"),
        ("Frederick", "فريسنو"),
        ("x", "س"),
        ("", ""),
        ("2016", "٢٠١٦"),
        ("🙂", "مصر"),
    ],
)
def test_another_word_does_not(latin: str, arabic: str) -> None:
    assert alike(latin, arabic) <= 0.75


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_are_alike_from_0_to_1(latin: str, arabic: str) -> None:
    assert 0.0 <= alike(latin, arabic) <= 1.0


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("The United States and the Egyptians met in South Africa.", ["America", "Egypt", "South Africa"]),
        ("قالت الولايات المتحدة والمصريون ذلك للأمم المتحدة.", ["America", "Egypt", "United Nations"]),
        ("بألمانيا وللألمان", ["Germany", "Germany"]),
        ("a swiss army knife, an Indianapolis race", []),
        ("", []),
    ],
)
def test_known_names_are_found_in_both_languages(text: str, keys: list[str]) -> None:
    assert [known.key for known in known_in(text)] == keys


def test_a_word_that_is_no_name_as_often_is_doubtful() -> None:
    assert [(known.key, known.is_certain) for known in known_in("صور من الصين")] == [("Tyre", False), ("China", True)]


@given(st.text(max_size=60))
def test_known_names_stand_where_they_say(text: str) -> None:
    for known in known_in(text):
        assert 0 <= known.span.start < known.span.end <= len(text)
