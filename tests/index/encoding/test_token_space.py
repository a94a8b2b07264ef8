"""The space token vectors are compared in: projected, packed to 4 bits, and read back."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Encoder
from index.encoding.token_space import DIMENSIONS, TokenSpace, fitted, pack, unit, unpack


# A packed value is off by at most half a step, and a step is a seventh of its row's largest value m. So a unit row of
# k values is off by at most m/14 * sqrt(k) in length, which turns it by at most the arc sine of that.
@given(st.integers(0, 40), st.integers(0, 2**32 - 1), st.sampled_from([0.3, 1.0, 3.0]))
def test_packed_rows_come_back_in_half_a_byte_a_value_and_turned_no_further_than_half_a_step(
    rows: int, seed: int, tail: float
) -> None:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSIONS))
    vectors = unit((np.sign(drawn) * np.abs(drawn) ** tail).astype(np.float32))
    data = pack(vectors)
    back = unpack(data, DIMENSIONS)
    assert len(data) == rows * DIMENSIONS // 2
    assert back.shape == vectors.shape
    sines = np.abs(vectors).max(axis=1, initial=0.0) / 14 * np.sqrt(DIMENSIONS)
    assert ((back * vectors).sum(axis=1) >= np.sqrt(1 - sines**2) - 1e-6).all()


def test_the_vectors_of_words_come_back_nearly_the_same(encoder: Encoder) -> None:
    (english, arabic) = encoder.encode_passages(["The museum opens at nine.", "يفتح المتحف أبوابه في التاسعة."])
    for vectors in (english.tokens.vectors, arabic.tokens.vectors):
        cosines = (unpack(pack(vectors), DIMENSIONS) * vectors).sum(axis=1)
        assert cosines.min() > 0.98
        assert cosines.mean() > 0.985


def test_a_row_of_zeros_stays_one() -> None:
    assert not unpack(pack(np.zeros((1, 4), np.float32)), 4).any()


def test_the_map_survives_its_file(tmp_path: Path) -> None:
    space = TokenSpace(np.array([0.5, 0.0], np.float32), np.array([[1.0], [0.0]], np.float32))
    space.save(tmp_path / "space.npz")
    assert TokenSpace.load(tmp_path / "space.npz").project(np.array([[3.0, 4.0]], np.float32)).tolist() == [[1.0]]


def test_the_fitted_map_keeps_directions_at_right_angles() -> None:
    basis = fitted().basis
    assert basis.shape == (384, DIMENSIONS)
    assert np.abs(basis.T @ basis - np.eye(DIMENSIONS)).max() < 0.01


@pytest.mark.parametrize(("asked", "answers"), [("Who denied the threat?", "نفى الوزير التهديد."), ("القمح", "wheat")])
def test_a_question_meets_the_other_language_more_than_its_own_about_something_else(
    encoder: Encoder, asked: str, answers: str
) -> None:
    other = "The museum opens at nine." if asked.isascii() else "يفتح المتحف أبوابه في التاسعة."
    question = encoder.encode_query(asked).tokens
    scores = [
        float((question.vectors @ item.tokens.vectors.T).max(axis=1).mean())
        for item in encoder.encode_passages([answers, other])
    ]
    assert scores[0] > scores[1]
