"""A question is looked for near its own place, towards where the passages that answer it lie."""

import numpy as np
import pytest

from index import Encoder
from index.encoding.encoder import default_cache
from index.encoding.openvino_encoder import OpenVinoEncoder
from index.encoding.query_encoder import towards
from index.encoding.token_space import TokenSpace

QUESTION = "who disputed the threat?"


def plain(text: str) -> np.ndarray:
    return OpenVinoEncoder(default_cache())._encode([text], "query: ")[0].vector


def test_the_way_between_two_unit_vectors_is_of_unit_vectors() -> None:
    own, learnt = np.eye(2, 4, dtype=np.float32), np.eye(2, 4, k=2, dtype=np.float32)
    between = towards(own, learnt)
    assert np.allclose(np.linalg.norm(between, axis=1), 1)
    assert np.array_equal(towards(own, own), own)
    assert (between * learnt).sum() > (between * own).sum()


def test_a_question_is_looked_for_near_its_own_place(encoder: Encoder) -> None:
    asked = encoder.encode_query(QUESTION)
    assert asked.sought is not None
    assert asked.sought_tokens is not None
    assert np.allclose(asked.vector, plain(QUESTION), atol=1e-3)
    assert np.isclose(np.linalg.norm(asked.sought), 1, atol=1e-3)
    assert 0.7 < float(asked.sought @ asked.vector) < 0.9999
    assert asked.sought_tokens.vectors.shape == asked.tokens.vectors.shape
    assert np.array_equal(asked.sought_tokens.weights, asked.tokens.weights)
    assert np.allclose(np.linalg.norm(asked.sought_tokens.vectors, axis=1), 1, atol=1e-3)


def test_passages_are_where_they_were(encoder: Encoder) -> None:
    (passage,) = encoder.encode_passages(["He denied it."])
    assert passage.sought is None
    assert passage.sought_tokens is None


@pytest.mark.system
def test_another_token_space_keeps_its_tokens() -> None:
    space = TokenSpace(np.zeros(384, np.float32), np.eye(384, 16, dtype=np.float32))
    asked = OpenVinoEncoder(default_cache(), space=space).encode_query("who won?")
    assert asked.sought_tokens is None
    assert asked.tokens.vectors.shape[1] == 16
