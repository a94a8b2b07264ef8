"""What the reader is trained on, and how an exam is marked: windows hold what they say, negatives do not answer."""

import json
import random
from pathlib import Path

import pytest

from benchmarks.answers import Gold
from benchmarks.training.digests import DigestDrawer
from benchmarks.training.examples import STANCES, Articles, Asked, Drawer, asked_in, holds_answer
from benchmarks.training.single_sentences import SentenceDrawer
from index import Article
from index.encoding import query_encoder
from index.encoding.tuned_weights import TunedWeights
from qa.evaluation.metrics import calibration_error
from qa.reading import span_model
from tests.support.paths import ROOT

TEXT = (
    "The dam at Port Halvia held through the night. Engineer Salma Rashid said the gates would open on Friday. "
    "Forty families had been moved to schools. The mayor was abroad."
)
LINE = {
    "id": "x1", "article": "dam", "type": "speaker", "question_en": "Who promised open gates?",
    "question_ar": "من وعد بفتح البوابات؟", "answer": "Salma Rashid",
    "sentence": "Engineer Salma Rashid said the gates would open on Friday.", "speaker": "Engineer Salma Rashid",
    "stance": "promised",
}  # fmt: skip
SHIPPED = (
    ROOT / "qa" / "reading" / span_model.WEIGHTS,
    ROOT / "index" / "encoding" / query_encoder.FILE,
)
NEAR = {"id": "x2", "article": None, "type": "unanswerable", "question_en": "Who drowned?", "near": "dam"}


@pytest.fixture
def articles() -> Articles:
    return Articles({"dam": Article.create("dam", TEXT, title="The dam holds")})


def read(folder: Path, articles: Articles, *lines: dict[str, object]) -> list[Asked]:
    (folder / "exam.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return asked_in(folder / "exam.jsonl", articles)


def test_a_line_is_read_with_its_places_and_a_wrong_one_is_left_out(tmp_path: Path, articles: Articles) -> None:
    asked, near = read(tmp_path, articles, LINE, NEAR, {**LINE, "answer": "nobody"})
    assert asked.places[0].answer.slice(TEXT) == "Salma Rashid"
    assert (asked.wordings["ar"], STANCES[asked.stance]) == ("من وعد بفتح البوابات؟", "promised")
    assert (near.places, near.near) == ((), ("dam",))


def test_drawn_windows_mark_the_answer_and_its_speaker_and_the_others_do_not_answer(
    tmp_path: Path, articles: Articles
) -> None:
    asked, near = read(tmp_path, articles, LINE, NEAR)
    drawer = Drawer(articles, {}, 1)
    drawn = [group for _ in range(40) if (group := drawer.draw(asked, "en"))]
    for group in drawn:
        first, *others = group.windows
        assert first.text[first.start : first.end] == "Salma Rashid"
        assert first.speaker is not None
        assert first.text[slice(*first.speaker)] == "Engineer Salma Rashid"
        assert not any(window.answers or "Salma" in window.text for window in others)
    assert any(len(group.windows) > 1 for group in drawn)
    missed = drawer.draw(near, "en")
    assert missed is not None
    assert not any(window.answers for window in missed.windows)


def test_single_sentences_are_one_that_answers_and_others_that_do_not(tmp_path: Path, articles: Articles) -> None:
    asked, near = read(tmp_path, articles, LINE, NEAR)
    drawer = SentenceDrawer(articles, {}, 1)
    group = drawer.draw(asked, "en")
    assert group is not None
    first, *others = group.windows
    assert (first.heading, first.text) == ("The dam holds", LINE["sentence"])
    assert first.text[first.start : first.end] == "Salma Rashid"
    assert {window.text for window in others} == {
        "The dam at Port Halvia held through the night.", "Forty families had been moved to schools.",
        "The mayor was abroad.",
    }  # fmt: skip
    missed = drawer.draw(near, "en")
    assert missed is not None
    assert {window.answers for window in (*others, *missed.windows)} == {False}


def test_a_digest_marks_the_answer_beside_what_is_wrong(tmp_path: Path) -> None:
    older = Article.create("older", "Twelve families had been moved by Monday.", title="Families moved")
    articles = Articles({"dam": Article.create("dam", TEXT, title="The dam holds"), "older": older})
    line = {
        **LINE, "question_en": "How many families were moved?", "answer": "Forty", "expect": "newest",
        "sentence": "Forty families had been moved to schools.", "wrong": ["Twelve"],
    }  # fmt: skip
    (asked,) = read(tmp_path, articles, line)
    drawer = DigestDrawer(articles, {"x1": [("older", 0, len(older.text))]}, 1)
    windows = [group.windows[0] for _ in range(60) if (group := drawer.draw(asked, "en"))]
    answering = [window for window in windows if window.answers]
    assert {window.text[window.start : window.end] for window in answering} == {"Forty"}
    assert all("Twelve" in window.text for window in answering)
    # An older figure is the newest where the newer one is left out: it is left out as well.
    left = [window for window in windows if not window.answers]
    assert left
    assert not any("Forty" in window.text or "Twelve" in window.text for window in left)


def test_half_of_the_words_or_all_of_the_numbers_may_be_the_answer(tmp_path: Path, articles: Articles) -> None:
    (asked,) = read(tmp_path, articles, LINE)
    assert holds_answer(asked, "Mrs Rashid was there.", articles)
    assert not holds_answer(asked, "The mayor was abroad.", articles)


def test_an_exam_takes_the_sentence_or_the_same_fact_elsewhere() -> None:
    gold = Gold(
        {**LINE, "also": [{"article": "copy", "answer": "Rashid", "sentence": "It was Rashid who promised it."}]}
    )
    assert gold.is_quoted("dam", LINE["sentence"])
    assert gold.is_quoted("copy", "It was Rashid who promised it.")
    assert gold.is_quoted("elsewhere", "As Salma Rashid told reporters, all is well.")
    assert not gold.is_quoted("dam", "Forty families had been moved to schools.")


def test_calibration_error_is_the_gap_between_confidence_and_share() -> None:
    assert calibration_error([0.95] * 10, [True] * 9 + [False]) == pytest.approx(0.05)
    chance = random.Random(1)
    values = [chance.random() for _ in range(4000)]
    assert calibration_error(values, [chance.random() < value for value in values]) < 0.05


@pytest.mark.system
def test_what_is_trained_is_what_ships() -> None:
    from benchmarks.training.encoder import trained
    from benchmarks.training.query_encoder import QueryEncoder
    from benchmarks.training.reader import NewsReader

    for model, path in zip((NewsReader(), QueryEncoder()), SHIPPED, strict=True):
        shipped = TunedWeights.load(path)
        assert trained(model).keys() == shipped.plain.keys() | shipped.levels.keys()


@pytest.mark.system
def test_a_cpu_without_bfloat16_trains_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from benchmarks.training import encoder
    from benchmarks.training.query_encoder import QueryEncoder

    computed = {}
    for there in (True, False):
        monkeypatch.setattr(encoder, "has_bfloat16", lambda there=there: there)
        with torch.no_grad():
            computed[encoder.computing_type()], _, _ = QueryEncoder().eval()(["متى يفتح الميناء؟"])
    # The few digits of bfloat16 are lost in the one, and in the other they are not.
    assert 1e-5 < float((computed[torch.float32] - computed[torch.bfloat16]).abs().max()) < 0.05
