"""A word's counterpart in another script is found by its sound or its meaning, whatever company it keeps."""

import pytest

from index import Encoder
from qa.calibration import CHECKS, Calibration, Linear, Signs, fitted
from qa.counterparts import Counterparts, Nearest

ARABIC = "زار طبيب من بيتسبرغ جامعة فريسنو بعد انتشار الطاعون في المدينة، وقال إن المستشفى أغلق أبوابه منذ أسبوع."


@pytest.fixture(scope="module")
def counterparts(encoder: Encoder) -> Counterparts:
    return Counterparts(encoder)


def met(counterparts: Counterparts, word: str, text: str, *, arabic: bool = False) -> float:
    (nearest,) = counterparts.of([word], text)
    return fitted().words.of(nearest, 0.5, arabic=arabic)


@pytest.mark.parametrize(
    ("there", "not_there"), [("Pittsburgh", "Newcastle"), ("Fresno", "Geneva"), ("Plague", "Earthquake")]
)
def test_a_name_that_is_there_is_nearer_than_another(counterparts: Counterparts, there: str, not_there: str) -> None:
    assert met(counterparts, there, ARABIC) > met(counterparts, not_there, ARABIC)


def test_a_name_is_found_by_its_sound(counterparts: Counterparts) -> None:
    sounds = [nearest.sound for nearest in counterparts.of(["Pittsburgh", "Fresno", "Geneva"], ARABIC)]
    assert min(sounds[:2]) > 0.9 > sounds[2]
    (back,) = counterparts.of(["بيتسبرغ"], "He went to Pittsburgh.")
    assert back.sound == sounds[0]


def test_a_word_is_found_by_its_meaning(counterparts: Counterparts) -> None:
    plague, guitar = counterparts.of(["plague", "guitar"], ARABIC)
    assert plague.meaning > 0.5 > guitar.meaning
    assert plague.sound < 0.8


def test_words_of_one_script_do_not_sound(counterparts: Counterparts) -> None:
    assert [nearest.sound for nearest in counterparts.of(["Fresno"], "Fresno grew.")] == [0.0]


@pytest.mark.parametrize("text", ["", "في من على", "🙂"])
def test_where_there_is_nothing_nothing_is_near(counterparts: Counterparts, text: str) -> None:
    assert counterparts.of(["Fresno"], text) == [Nearest(0.0, 0.0, 0.0, 0.0)]
    assert counterparts.of([], ARABIC) == []


def test_a_sentence_has_to_stand_every_check() -> None:
    """One sign that speaks against it is not outweighed by others that speak for it."""
    good = Signs(0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    for calibration in (fitted().same, fitted().foreign):
        assert set(calibration.checks) <= set(CHECKS)
        assert calibration.of(good) > calibration.threshold
    checks = {"number": Linear({"missing": -9.0}, 4.0), "wrong passage": Linear({"nearest": 9.0}, 0.0)}
    calibration = Calibration(checks, 0.5)
    lacking = Signs(1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    assert calibration.of(good) > 0.9
    assert calibration.of(lacking) < 0.01
