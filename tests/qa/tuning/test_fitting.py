"""The ranker and the confidence are fitted on sentences that a reader has scored."""

from dataclasses import dataclass

import numpy as np
import pytest

from qa.tuning.fitting import (
    FOLDS,
    Decided,
    cross_validated,
    decided_by,
    fit_confidence,
    fit_ranker,
    threshold,
)

NAMES = ("span", "noise", "constant")
SURE = ("span", "lead")


@dataclass(frozen=True)
class Sentence:
    article: str
    features: dict[str, float]
    right: bool
    bonus: float = 0.0


@dataclass(frozen=True)
class Question:
    group: str
    sentences: tuple[Sentence, ...]
    place: str = "here"


def questions(count: int, *, strength: float = 2.0, answerable: float = 0.7) -> list[Question]:
    """Draw questions whose right sentence, where there is one, tends to have the larger span."""
    chance = np.random.default_rng(7)
    drawn = []
    for number in range(count):
        right = int(chance.integers(4)) if chance.random() < answerable else None
        sentences = []
        for place in range(4):
            span = float(chance.normal()) + (strength if place == right else 0.0)
            features = {"span": span, "noise": float(chance.normal()), "constant": 1.0}
            sentences.append(Sentence(f"a{place}", features, place == right))
        drawn.append(Question(f"g{number % 40}", tuple(sentences)))
    return drawn


def test_what_tells_gets_the_weight_and_what_never_differs_gets_none() -> None:
    ranker = fit_ranker(questions(400), NAMES)
    span, noise, constant = ranker.weights
    assert span > 1.5
    assert abs(noise) < 0.3
    assert constant == pytest.approx(0, abs=1e-12)


def test_the_lead_is_over_the_best_of_another_article_and_ends_somewhere() -> None:
    ranker = fit_ranker(questions(400), NAMES)
    alone = Question("g", (Sentence("a", {"span": 1.0, "noise": 0.0, "constant": 1.0}, True),))
    rival = Sentence("b", {"span": 0.5, "noise": 0.0, "constant": 1.0}, False)
    best, ahead = ranker.best(alone), ranker.best(Question("g", (*alone.sentences, rival)))
    assert best is not None
    assert ahead is not None
    assert best.features["lead"] == 6.0
    assert ahead.features["lead"] == pytest.approx(0.5 * ranker.weights[0])
    assert ranker.best(Question("g", ())) is None


def test_a_bonus_counts_whatever_the_weights_are() -> None:
    ranker = fit_ranker(questions(400), NAMES)
    features = {"span": 0.0, "noise": 0.0, "constant": 1.0}
    denial = Sentence("b", features, True, bonus=5.0)
    best = ranker.best(Question("g", (Sentence("a", {**features, "span": 1.0}, False), denial)))
    assert best is not None
    assert best.sentence is denial


def test_the_confidence_means_what_it_says() -> None:
    drawn = questions(1500)
    ranker = fit_ranker(drawn, NAMES)
    decided = [decided_by(item, ranker, fit_confidence(drawn, ranker, SURE)) for item in drawn[:1]]
    model = fit_confidence(drawn, ranker, SURE)
    decided = [decided_by(item, ranker, model) for item in drawn]
    for low, high in ((0.1, 0.4), (0.4, 0.7), (0.7, 0.95)):
        own = [item for item in decided if low <= item.confidence < high]
        assert len(own) > 50
        assert np.mean([item.confidence for item in own]) == pytest.approx(np.mean([i.right for i in own]), abs=0.08)


def test_no_question_is_decided_by_what_saw_its_group() -> None:
    drawn = questions(200)
    held = [item for item in drawn if item.group == "g0"]
    turned = [
        Question(item.group, tuple(Sentence(s.article, s.features, not s.right) for s in item.sentences))
        if item.group == "g0"
        else item
        for item in drawn
    ]
    # Wrong labels of a group change nothing about how it is decided itself.
    fair = [item.confidence for item in cross_validated(drawn, NAMES, SURE) if item.asked.group == "g0"]
    misled = [item.confidence for item in cross_validated(turned, NAMES, SURE) if item.asked.group == "g0"]
    assert len(held) == FOLDS
    assert fair == misled


def test_the_threshold_keeps_wrong_answers_below_a_share() -> None:
    decided = cross_validated(questions(1000), NAMES, SURE)
    limit = threshold(decided, 0.09)
    wrong = [not item.right and item.confidence >= limit for item in decided]
    assert 0.2 <= limit <= 0.95
    assert np.mean(wrong) <= 0.09
    assert np.mean([not item.right and item.confidence >= limit - 0.01 for item in decided]) > 0.09
    assert threshold([Decided(decided[0].asked, None, 0.0)]) == 0.2
