"""The measures on hand-worked values."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import metrics
from qa.evaluation.metrics import CoveragePoint


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The Port of Basra!", "en", "port of basra"),
        ("An  «élan», a theory", "en", "élan theory"),
        ("الميناء، في البصرة", "ar", "ميناء في بصرة"),
        # MLQA's script blanks the two letters inside words as well, and leaves hamza and diacritics alone.
        ("مجالس إقليم", "ar", "مج س إقليم"),
        ("das Rathaus der Stadt", "de", "rathaus stadt"),
        ("der Hafen", "und", "der hafen"),
        ("在2019年。", "zh", "在 2019 年"),
    ],
)
def test_short_answers_are_normalised_as_mlqa_does(text: str, language: str, expected: str) -> None:
    assert metrics.normalise_answer(text, language) == expected


@pytest.mark.parametrize(
    ("predicted", "golds", "language", "exact", "f1"),
    [
        ("the river Tigris", ["River Tigris."], "en", True, 1.0),
        ("دجلة", ["نهر دجلة"], "ar", False, 2 / 3),
        ("forty bridges", ["forty-two bridges", "bridges"], "en", False, 2 / 3),
        ("a b b", ["b b b"], "und", False, 2 / 3),
        ("", ["Tigris"], "en", False, 0.0),
        ("Tigris", [], "en", False, 0.0),
    ],
)
def test_exact_match_and_f1_take_the_best_gold(
    predicted: str, golds: list[str], language: str, exact: bool, f1: float
) -> None:
    assert metrics.exact_match(predicted, golds, language) is exact
    assert metrics.token_f1(predicted, golds, language) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("quote", "answer", "held"),
    [
        ("قالت الوزيرة لمياءُ إنّ السدَّ اكتمل", "السد اكتمل", True),
        ("وصل أحمد إلى أربيل", "احمد الى اربيل", True),
        ("كلّف الجسر ٤٢ مليون دينار", "42 مليون", True),
        ("The bridge opened in 2017", "17", False),
        ("The bridge opened in 2017-2018", "2017", True),
        ("It cost 75.000 dinars", "75000 dinars", True),
        ("It cost 3.5 dinars", "3", False),
        ("(Basra)\nport", "basra port", True),
        ("anything", "…", False),
    ],
)
def test_a_quote_holds_an_answer_after_normalisation(quote: str, answer: str, held: bool) -> None:
    assert metrics.holds(quote, answer) is held


@pytest.mark.parametrize(
    ("text", "reference", "share"),
    [
        ("الجسر أُغلق يوم الأحد", "أغلق الجسر الأحد", 1.0),
        ("the the", "the the the bridge", 0.5),
        ("", "bridge", 0.0),
        ("bridge", "", 0.0),
    ],
)
def test_token_overlap_is_the_share_of_the_reference(text: str, reference: str, share: float) -> None:
    assert metrics.token_overlap(text, reference) == share


@pytest.mark.parametrize(
    ("name", "gold", "same"),
    [
        ("سامر حدّاد", "حداد", True),
        ("الدكتور سامر حداد", "سامر حداد", True),
        ("حداد", "سامر حداد", True),
        ("Rana de Souza", "de", False),
        ("سامر منصور", "سامر حداد", False),
        ("", "حداد", False),
    ],
)
def test_a_surname_fits_the_full_name_and_another_name_does_not(name: str, gold: str, same: bool) -> None:
    assert metrics.same_speaker(name, gold) is same


def test_recall_and_reciprocal_rank_of_known_ranks() -> None:
    ranks = [1, 2, None, 10]
    assert [metrics.recall_at(ranks, depth) for depth in (1, 5, 10)] == [0.25, 0.5, 0.75]
    assert metrics.mean_reciprocal_rank(ranks) == pytest.approx((1 + 0.5 + 0.1) / 4)


def test_auroc_counts_ties_half() -> None:
    assert metrics.auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert metrics.auroc([1.0], [0.0]) == 1.0
    assert math.isnan(metrics.auroc([], [0.1]))


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auroc_is_the_share_of_pairs_in_order(positives: list[int], negatives: list[int]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    assert metrics.auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auroc_of_the_classes_swapped_is_its_complement(positives: list[int], negatives: list[int]) -> None:
    assert metrics.auroc(positives, negatives) == pytest.approx(1 - metrics.auroc(negatives, positives))


def test_the_curve_takes_equal_scores_together() -> None:
    assert metrics.coverage_accuracy([0.9, 0.5, 0.5, 0.1], [True, False, True, False]) == (
        CoveragePoint(0.25, 1.0, 0.9),
        CoveragePoint(0.75, 2 / 3, 0.5),
        CoveragePoint(1.0, 0.5, 0.1),
    )
    assert metrics.coverage_accuracy([], []) == ()


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_curve_ends_at_all_questions_and_ignores_their_order(
    pairs: list[tuple[int, bool]], chance: random.Random
) -> None:
    curve = metrics.coverage_accuracy(*zip(*pairs, strict=True))
    shuffled = chance.sample(pairs, len(pairs))
    assert curve == metrics.coverage_accuracy(*zip(*shuffled, strict=True))
    assert curve[-1].coverage == 1.0
    assert curve[-1].accuracy == pytest.approx(sum(right for _, right in pairs) / len(pairs))
    assert [point.coverage for point in curve] == sorted({point.coverage for point in curve})


def test_intervals_are_the_same_every_time_and_hold_the_measure() -> None:
    values = [1.0] * 70 + [0.0] * 30
    interval = metrics.mean_interval(values)
    assert interval == metrics.mean_interval(values)
    # The normal approximation gives 0.70 ± 0.09.
    assert interval.low == pytest.approx(0.61, abs=0.02)
    assert interval.high == pytest.approx(0.79, abs=0.02)
    assert metrics.mean_interval([0.4]) == metrics.Interval(0.4, 0.4)
    spread = metrics.auroc_interval([0.9, 0.8, 0.4], [0.5, 0.1])
    assert spread.low <= metrics.auroc([0.9, 0.8, 0.4], [0.5, 0.1]) <= spread.high


def test_percentiles_are_interpolated() -> None:
    assert metrics.percentile([10, 20, 30, 40], 50) == 25
    assert metrics.percentile([7], 95) == 7
