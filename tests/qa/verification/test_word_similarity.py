"""A word's counterpart in another script is found by its sound or its meaning, whatever company it keeps."""

import pytest

from index import Encoder
from qa.logistic import LogisticModel
from qa.verification.support_model import CHECKS, Calibration, SupportFeatures, fitted
from qa.verification.word_similarity import CrossScriptWords, Nearest

pytestmark = pytest.mark.system

ARABIC = "زار طبيب من بيتسبرغ جامعة فريسنو بعد انتشار الطاعون في المدينة، وقال إن المستشفى أغلق أبوابه منذ أسبوع."


@pytest.fixture(scope="module")
def counterparts(encoder: Encoder) -> CrossScriptWords:
    return CrossScriptWords(encoder)


def met(counterparts: CrossScriptWords, word: str, text: str, *, caseless: bool = False) -> float:
    (nearest,) = counterparts.of([word], text)
    return fitted().words.of(nearest, 0.5, caseless=caseless)


@pytest.mark.parametrize(
    ("there", "not_there"), [("Pittsburgh", "Newcastle"), ("Fresno", "Geneva"), ("Plague", "Earthquake")]
)
def test_a_name_that_is_there_is_nearer_than_another(
    counterparts: CrossScriptWords, there: str, not_there: str
) -> None:
    assert met(counterparts, there, ARABIC) > met(counterparts, not_there, ARABIC)


def test_a_name_is_found_by_its_sound(counterparts: CrossScriptWords) -> None:
    sounds = [nearest.sound for nearest in counterparts.of(["Pittsburgh", "Fresno", "Geneva"], ARABIC)]
    assert min(sounds[:2]) > 0.9 > sounds[2]
    (back,) = counterparts.of(["بيتسبرغ"], "He went to Pittsburgh.")
    assert back.sound == sounds[0]


def test_a_word_is_found_by_its_meaning(counterparts: CrossScriptWords) -> None:
    plague, guitar = counterparts.of(["plague", "guitar"], ARABIC)
    assert plague.meaning > 0.5 > guitar.meaning
    assert plague.sound < 0.8


def test_words_of_one_script_do_not_sound(counterparts: CrossScriptWords) -> None:
    assert [nearest.sound for nearest in counterparts.of(["Fresno"], "Fresno grew.")] == [0.0]


@pytest.mark.parametrize("text", ["", "في من على", "🙂"])
def test_where_there_is_nothing_nothing_is_near(counterparts: CrossScriptWords, text: str) -> None:
    assert counterparts.of(["Fresno"], text) == [Nearest(0.0, 0.0, 0.0, 0.0)]
    assert counterparts.of([], ARABIC) == []


def test_a_sentence_has_to_stand_every_check() -> None:
    """One sign that speaks against it is not outweighed by others that speak for it."""
    good = SupportFeatures(0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    for calibration in (fitted().same, fitted().foreign):
        assert set(calibration.checks) <= set(CHECKS)
        assert calibration.of(good) > calibration.threshold
    checks = {
        "number": LogisticModel.unscaled({"missing": -9.0}, 4.0),
        "wrong passage": LogisticModel.unscaled({"nearest": 9.0}, 0.0),
    }
    calibration = Calibration(checks, 0.5)
    lacking = SupportFeatures(1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    assert calibration.of(good) > 0.9
    assert calibration.of(lacking) < 0.01
