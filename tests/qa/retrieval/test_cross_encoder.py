"""A cross-encoder orders the candidates by its own score, and says by what."""

from pathlib import Path

import pytest

from index import Article, EncoderError
from qa.retrieval.cross_encoder import CrossEncoderReranker
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Found, LateInteractionReranker
from tests.support.passages import stored
from tests.support.small_encoder import SmallEncoder
from tests.support.tiny_models import SCORING, build_bare, build_reranker

pytestmark = pytest.mark.system

ARTICLES = [
    Article.create("dam", "The dam held through the night, engineers said.", title="The dam"),
    Article.create("cup", "The cup final ended two to one after extra time."),
    Article.create("gates", "قال المتحدث إن البوابات ستفتح يوم الجمعة."),
    Article.create("ferry", "La ministre a promis une indemnité à chaque famille endeuillée."),
]
QUESTION = "Did the dam hold through the night?"


@pytest.fixture(scope="module", params=SCORING)
def reranker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    folder = build_reranker(tmp_path_factory.mktemp(request.param) / "reranker", request.param)
    return CrossEncoderReranker(str(folder), LateInteraction(SmallEncoder()), "cpu")


def test_the_order_is_that_of_its_scores_and_the_late_interaction_stays(reranker: CrossEncoderReranker) -> None:
    candidates = stored(SmallEncoder(), ARTICLES)
    ranked = reranker.rerank(QUESTION, Found(tuple(candidates)))
    scores = reranker.scores(QUESTION, [item.candidate for item in ranked])
    assert len(ranked) == len(ARTICLES)
    assert scores == sorted(scores, reverse=True)
    assert [item.cross_score for item in ranked] == pytest.approx(scores, abs=1e-5)
    assert all(0 <= score <= 1 for score in scores)
    assert len({round(score, 6) for score in scores}) > 1
    plain = LateInteractionReranker(LateInteraction(SmallEncoder())).rerank(QUESTION, Found(tuple(candidates)))
    assert {item.candidate.passage: item.score for item in ranked} == {
        item.candidate.passage: item.score for item in plain
    }
    assert all(item.cross_score is None and item.shown_score == item.score for item in plain)


def test_it_reads_the_title_too(reranker: CrossEncoderReranker) -> None:
    text = ARTICLES[0].text
    with_title, without = stored(SmallEncoder(), [ARTICLES[0], Article.create("dam", text)])
    first, second = reranker.scores(QUESTION, [with_title, without])
    assert first != pytest.approx(second, abs=1e-7)


def test_nothing_found_is_nothing_to_order(reranker: CrossEncoderReranker) -> None:
    assert reranker.rerank(QUESTION, Found()) == []
    assert reranker.runtime == "sentence-transformers, torch in float32 on cpu"
    assert reranker.name.startswith("reranker@")


@pytest.mark.parametrize("architecture", SCORING)
def test_a_model_without_a_score_for_a_pair_is_no_reranker(tmp_path: Path, architecture: str) -> None:
    for folder in (
        build_bare(tmp_path / "bare", architecture),
        build_reranker(tmp_path / "several", architecture, labels=3),
    ):
        reranker = CrossEncoderReranker(str(folder), LateInteraction(SmallEncoder()), "cpu")
        with pytest.raises(EncoderError, match=r"is no reranker.*such as BAAI/bge-reranker-v2-m3"):
            reranker.scores(QUESTION, stored(SmallEncoder(), ARTICLES))
