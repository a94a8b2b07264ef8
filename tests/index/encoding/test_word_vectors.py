"""Word vectors are read from the model's file as they stand there, by everybody at once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from safetensors import safe_open

from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from index.encoding.word_vectors import WEIGHTS, WORDS, word_vectors

pytestmark = pytest.mark.system


def test_rows_are_the_files_whatever_the_shape_and_however_many_ask() -> None:
    folder = bundled_model(default_cache())
    with safe_open(folder / WEIGHTS, "np") as file:
        whole = file.get_tensor(WORDS)
    random = np.random.default_rng(3)
    asked = [random.integers(0, len(whole), (rows, 60)) for rows in range(1, 13)] + [np.zeros((0, 5), np.int64)]
    with ThreadPoolExecutor(4) as pool:
        for ids, vectors in zip(asked, pool.map(word_vectors(folder).of, asked), strict=True):
            assert vectors.shape == (*ids.shape, 384)
            assert np.array_equal(vectors, whole[ids])
