"""Texts that are nearly the same meet; others do not."""

import pytest
from hypothesis import given

from index.analysis.minhash import bands, nearly_same, shingles
from tests.support.any_text import TEXTS

PORT = (
    "The port of Sfax reopened on Sunday after a strike of nine days, the harbour master said. Forty ships had waited "
    "in the bay, among them two tankers with wheat from Odessa. Dockers won a rise of six per cent and a new crane, "
    "and will vote on the agreement before the end of the month, their union announced in a statement."
)
MINISTER = (
    "نفى المتحدث باسم الوزارة يوم الأحد أن يكون الميناء قد أغلق، وقال إن السفن تدخل وتخرج كما في كل يوم، "
    "وإن ما نشرته بعض المواقع لا أساس له من الصحة، ودعا الصحفيين إلى زيارة الميناء بأنفسهم."
)


def similarity(one: str, other: str) -> float:
    return nearly_same(shingles(one), shingles(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PORT, PORT),
        (PORT, f"SFAX (Rafidain Wire) - {PORT}"),
        (PORT, PORT.replace("nine", "ten").replace(", their union announced in a statement", "")),
        (PORT, PORT[: len(PORT) * 2 // 3]),
        (MINISTER, MINISTER.replace("أن", "ان").replace("إن", "إنّ").replace("يوم", "يـوم")),
        ("خبر", "خَبَر"),
    ],
)
def test_the_same_text_with_another_credit_spelling_or_length_is_nearly_the_same(one: str, other: str) -> None:
    assert similarity(one, other) > 0
    assert set(bands(shingles(one))) & set(bands(shingles(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PORT, MINISTER),
        (PORT, " ".join(sorted(PORT.split()))),
        ("Rain in Basra.", "Sun in Basra."),
        (PORT, " ".join(PORT.split()[:12])),
    ],
)
def test_other_texts_are_not(one: str, other: str) -> None:
    assert similarity(one, other) == 0


def test_bands_are_what_they_were_when_the_libraries_on_disk_were_made() -> None:
    assert bands(shingles(PORT))[:3] == [-743907253350280099, -1151895603297948484, -4499750964933937190]
    assert bands(shingles(MINISTER))[:3] == [1658324455130566738, -2466605731416527263, 7894838681391996274]


@given(TEXTS)
def test_every_text_is_the_same_as_itself_and_has_sixteen_bands(text: str) -> None:
    found = shingles(text)
    assert nearly_same(found, found) == 1.0
    assert len(bands(found)) == 16
    assert all(-(2**63) <= band < 2**63 for band in bands(found))
