"""Letters that came to harm: put right where that is certain, said, and left alone where nothing is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Repair
from index.sources.damage import mended
from index.sources.files import Loaded
from tests.support.loading import loaded, reasons
from tests.support.made_files import ARABIC, ENGLISH

TEXT = "\n".join(ARABIC)
FRENCH = "Le maire d’Arles annonce la fermeture du « vieux pont » à Évry, l’été prochain."


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        (TEXT.encode("cp1256").decode("cp1252"), TEXT),
        (TEXT.encode("cp1256").decode("latin-1"), TEXT),
        (FRENCH.encode().decode("cp1252", "replace"), None),
        (
            "Le maire dâ€™Arles annonce la fermeture du Â« vieux pont Â»",
            "Le maire d’Arles annonce la fermeture du « vieux pont »",
        ),
    ],
)
def test_a_text_read_in_another_encoding(damaged: str, sound: str | None) -> None:
    found = mended(damaged)
    if sound is not None:
        assert found is not None and (found.text, found.repair) == (sound, Repair.ENCODING)


def test_a_text_in_the_order_of_display_is_put_right_and_said_to_be(tmp_path: Path) -> None:
    from bidi import get_display

    lines = [get_display(line) for line in ("حريق في سوق الحلفاية", "", *ARABIC)]
    (found,) = loaded(tmp_path, "a.txt", "\n".join(lines))
    assert isinstance(found, Loaded) and found.article.repair is Repair.VISUAL_ORDER
    assert (found.article.title, found.article.text) == ("حريق في سوق الحلفاية", TEXT)
    assert found.warning is not None and found.warning.reason.startswith("This text seems damaged: ")


def test_shapes_become_letters(tmp_path: Path) -> None:
    import arabic_reshaper

    (found,) = loaded(tmp_path, "a.txt", arabic_reshaper.reshape("\n".join(("افتتاح الجسر", "", *ARABIC))))
    assert isinstance(found, Loaded) and found.article.text == TEXT
    assert (found.article.title, found.article.repair) == ("افتتاح الجسر", Repair.PRESENTATION_FORMS)


@pytest.mark.parametrize(
    "sound",
    [
        *(TEXT, FRENCH, "\n".join(ENGLISH), "Bakan yeni köprüyü açtı: ŞÜKRÜ ÖĞÜT, çalışma ve ışık"),
        *("Größe der Brücke: äöü ÄÖÜ ß", "Þetta er íslenska með áéíóúýþæö, ÞÆR", "صَلّى اللهُ عَلَيْهِ وَسَلَّمَ ﷺ"),
        *(
            "تطويـــل الكلمة ـ كما هي",
            "وزیر راه پل جدید را افتتاح کرد؛ می‌گوید",
            "لا إله إلا الله والإسلام والأمل والآن",
        ),
        "قال متحدث باسم BBC News إن 12/5/2025 و +964 770 123 و https://x.example/a?b=1 صحيحة",
    ],
)
def test_a_sound_text_stays_letter_for_letter(sound: str) -> None:
    assert mended(sound) is None


@given(st.lists(st.sampled_from([*" ".join(ARABIC).split(), "48", "(BBC)", "2025", "٪12"]), min_size=1, max_size=40))
def test_sound_arabic_words_in_any_order_are_left_alone(words: list[str]) -> None:
    assert mended(" ".join(words)) is None


def test_a_text_whose_letters_are_lost_is_refused(tmp_path: Path) -> None:
    lost = "The br\ufffddge op\ufffdn\ufffdd on T\ufffdesday, the min\ufffdster said."
    assert reasons(tmp_path, "a.txt", f"Bridge\n\n{lost}")[0].startswith("This text seems damaged: many of its letters")
