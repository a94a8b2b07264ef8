"""A small deterministic encoder for tests that index much: hashed words, no model, no start-up."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index import TokenVectors

_WORD = re.compile(r"\w+")


class SmallEncoder:
    """Adds up one fixed random vector for each word, so that texts with common words are near each other."""

    name = "small-test-encoder"
    dimensions = 256
    max_tokens = 512

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's words."""
        return [len(_WORD.findall(text)) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to (n, 256) unit rows."""
        return np.array([self.encode_query(text) for text in texts], dtype=np.float32).reshape(len(texts), 256)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode a question to a (256,) unit vector."""
        return _unit(np.sum([_vector(word[0]) for word in _WORD.finditer(text.lower())] or [_vector("")], axis=0))

    def encode_tokens(self, texts: Sequence[str], *, query: bool = False) -> list[TokenVectors]:
        """Encode each text word by word."""
        return [_tokens(text) for text in texts]


def _tokens(text: str) -> TokenVectors:
    words = list(_WORD.finditer(text))
    return TokenVectors(
        np.array([_vector(word[0].lower()) for word in words], dtype=np.float32).reshape(len(words), 256),
        np.ones(len(words), dtype=np.float32),
        np.array([word.start() for word in words], dtype=np.int32),
        np.array([word.end() for word in words], dtype=np.int32),
    )


def _vector(word: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return _unit(np.random.default_rng(seed).normal(size=256).astype(np.float32))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
