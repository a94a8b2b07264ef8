"""The span model: marks are slices of the text, the trained changes come back out of 4 bits, and it reads."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from index.encoding.tuned_weights import TunedWeights
from qa.reading.span_model import BundledSpanModel, SpanScores, Text
from tests.support.any_text import TEXTS

pytestmark = pytest.mark.system

STORY = (
    "The dam held through the night. Engineer Salma Rashid said the gates would open on Friday. "
    "Forty families had been moved to schools in Tell Rumman."
)


@pytest.fixture(scope="module")
def model() -> BundledSpanModel:
    return BundledSpanModel()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who spoke of the gates?", "Salma Rashid"),
        ("When will the gates open?", "Friday"),
        ("متى تفتح البوابات؟", "Friday"),
    ],
)
def test_the_answer_is_marked_in_the_language_of_the_text(model: BundledSpanModel, question: str, answer: str) -> None:
    (marks,) = model.mark(question, [Text("", STORY)])
    best = marks.best(0, len(STORY))
    assert best is not None
    assert answer in STORY[best.start : best.end]


def test_what_does_not_answer_is_less_likely_than_what_does(model: BundledSpanModel) -> None:
    left = STORY.partition("Forty")[0]
    there, gone = model.mark("How many families were moved?", [Text("", STORY), Text("", left)])
    best, worse = there.best(0, len(STORY)), gone.best(0, len(left))
    assert best is not None
    assert worse is not None
    assert best.score > worse.score


def test_marks_count_from_the_text_whatever_its_title(model: BundledSpanModel) -> None:
    (marks,) = model.mark("When will the gates open?", [Text("News from the dam", STORY)])
    best = marks.best(0, len(STORY))
    assert best is not None
    assert "Friday" in STORY[best.start : best.end]
    assert int(marks.first[0]) == 0


@settings(max_examples=settings().max_examples // 5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_marks_lie_within_any_text(model: BundledSpanModel, text: str) -> None:
    (marks,) = model.mark("من قال ذلك؟", [Text("", text)])
    best = marks.best(0, len(text))
    assert best is None or 0 <= best.start < best.end <= len(text)


def test_nothing_to_read_gives_no_marks(model: BundledSpanModel) -> None:
    assert model.mark("who?", []) == []


def test_an_answer_begins_before_it_ends_and_stays_in_its_range() -> None:
    marks = SpanScores(
        np.array([0, 1, 5, 0], np.float32),
        np.array([9, 0, 0, 2], np.float32),
        np.array([0, 4, 8, 12], np.int32),
        np.array([3, 7, 11, 15], np.int32),
        nothing=3.0,
    )
    best = marks.best(0, 16)
    assert (best.start, best.end, best.score) == (0, 3, 6.0) if best else False
    inside = marks.best(4, 16)
    assert (inside.start, inside.end, inside.score) == (8, 15, 4.0) if inside else False
    assert marks.best(4, 5) is None


def test_trained_changes_come_back_out_of_four_bits(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    base = {"layer": chance.normal(size=(8, 64)).astype(np.float32)}
    tuned = {
        "layer": base["layer"] + chance.normal(scale=0.01, size=(8, 64)).astype(np.float32),
        "head": chance.normal(size=(2, 64)).astype(np.float32),
        "bias": np.array([0.5, -0.25], np.float32),
    }
    TunedWeights.of(tuned, base).save(tmp_path / "reader.npz")
    restored = TunedWeights.load(tmp_path / "reader.npz").restore(base)
    assert restored.keys() == tuned.keys()
    assert restored["bias"].tolist() == [0.5, -0.25]
    assert np.abs(restored["layer"] - tuned["layer"]).max() < 0.004
    assert np.abs(restored["head"] - tuned["head"]).max() < 0.002
