"""Any question-answering model reads: marks are slices of the text, and what it does not tell is neutral."""

from pathlib import Path

import numpy as np
import pytest

from index import Article, EncoderError
from index.analysis import Span
from qa.reading.question_answering import QuestionAnsweringModel
from qa.reading.reader import SentenceReader
from qa.reading.span_model import STANCES, Text
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Ranked
from tests.support.passages import stored
from tests.support.small_encoder import SmallEncoder
from tests.support.tiny_models import MARKING, POSITIONS, build_bare, build_reader

pytestmark = pytest.mark.system

STORY = (
    "The dam held through the night. Engineer Salma Rashid said the gates would open on Friday. "
    "Forty families had been moved to schools in Tell Rumman."
)
ARABIC = "قال المتحدث إن البوابات ستفتح يوم الجمعة."


@pytest.fixture(scope="module", params=MARKING)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> QuestionAnsweringModel:
    folder = build_reader(tmp_path_factory.mktemp(request.param) / "reader", request.param)
    return QuestionAnsweringModel(str(folder), "cpu")


def test_marks_count_from_the_text_whatever_its_title(model: QuestionAnsweringModel) -> None:
    for marks, text in zip(
        model.mark("When?", [Text("News", STORY), Text("", STORY), Text("", ARABIC)]),
        (STORY, STORY, ARABIC),
        strict=True,
    ):
        assert (int(marks.first[0]), int(marks.last.max())) == (0, len(text))
        best = marks.best(0, len(text))
        assert best is not None
        assert 0 <= best.start < best.end <= len(text)


def test_the_likeliest_answer_is_that_of_the_model_s_own_scores(model: QuestionAnsweringModel) -> None:
    import torch

    (marks,) = model.mark("When?", [Text("", STORY)])
    encoded = model._tokenizer("When?", STORY, return_tensors="pt")
    with torch.inference_mode():
        found = model._model(**encoded)
    starts, ends = found.start_logits[0].numpy(), found.end_logits[0].numpy()
    own = np.array([sequence == 1 for sequence in encoded.sequence_ids(0)])
    assert np.allclose(marks.starts, starts[own], atol=1e-5)
    assert np.allclose(marks.ends, ends[own], atol=1e-5)
    assert marks.nothing == pytest.approx(starts[0] + ends[0], abs=1e-5)


def test_what_it_does_not_tell_is_neutral(model: QuestionAnsweringModel) -> None:
    (marks,) = model.mark("Who?", [Text("", STORY)])
    assert marks.relevance == 0.0
    assert marks.speaker() is None
    assert marks.stance == STANCES[0] == "none"


def test_a_text_is_marked_alike_alone_and_beside_a_longer_one(model: QuestionAnsweringModel) -> None:
    (alone,) = model.mark("When?", [Text("", ARABIC)])
    together, long = model.mark("When?", [Text("", ARABIC), Text("", "word " * 600)])
    assert np.allclose(alone.starts, together.starts, atol=1e-4)
    assert alone.nothing == pytest.approx(together.nothing, abs=1e-4)
    # What is beyond the window has no marks.
    assert 0 < len(long.starts) < POSITIONS
    assert long.best(2900, 3000) is None
    assert model.mark("When?", []) == []


def test_the_sentence_reader_reads_with_it_and_names_no_speaker(model: QuestionAnsweringModel) -> None:
    encoder, question = SmallEncoder(), "When will the gates open?"
    candidates = stored(encoder, [Article.create("dam", STORY, title="The dam"), Article.create("ar", ARABIC)])
    interaction = LateInteraction(encoder)
    passages = [
        Ranked(candidate, alignment, alignment.score)
        for candidate, alignment in zip(candidates, interaction.align(question, candidates), strict=True)
    ]
    reading = SentenceReader(interaction, model).read(question, passages)
    assert len(reading.evidence) == 4
    assert 0 <= reading.confidence <= 1
    for item in reading.evidence:
        assert (item.speaker, item.signs.relevance) == (None, 0.0)
        assert item.answer is None or isinstance(item.answer, Span)
        assert -12 <= item.signs.span <= 12


@pytest.mark.parametrize("architecture", MARKING)
def test_a_model_without_a_head_that_marks_is_no_reader(tmp_path: Path, architecture: str) -> None:
    folder = build_bare(tmp_path / "bare", architecture)
    with pytest.raises(EncoderError, match=r"is no reader.*extractive question answering"):
        QuestionAnsweringModel(str(folder), "cpu").mark("who?", [Text("", STORY)])


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="There is no model folder"):
        QuestionAnsweringModel(str(tmp_path / "nowhere"))
