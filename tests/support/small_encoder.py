"""A small deterministic encoder for tests that index much: hashed words, no model, no start-up."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index import TokenVectors
from index.encoding.encoder import TextVectors, TokenPlaces

_WORD = re.compile(r"\w+")


class SmallEncoder:
    """Adds up one fixed random vector for each word, so that texts with common words are near each other."""

    name = "small-test-encoder"
    dimensions = 256
    token_dimensions = 256
    max_tokens = 512
    runtime = "hashed words"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's words."""
        return [len(_WORD.findall(text)) for text in texts]

    def locate_tokens(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Find each text's words."""
        return [_places(text) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode each text, as a whole and word by word."""
        return [self.encode_query(text) for text in texts]

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question as a passage is encoded."""
        words = [_vector(word[0].lower()) for word in _WORD.finditer(text)]
        tokens = np.array(words, dtype=np.float32).reshape(len(words), self.dimensions)
        whole = _unit(np.sum(words or [_vector("")], axis=0))
        return TextVectors(whole, TokenVectors(tokens, np.ones(len(words), dtype=np.float32)))


def _places(text: str) -> TokenPlaces:
    words = list(_WORD.finditer(text))
    return TokenPlaces(
        np.array([word.start() for word in words], dtype=np.int32), np.array([word.end() for word in words], np.int32)
    )


def _vector(word: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return _unit(np.random.default_rng(seed).normal(size=256).astype(np.float32))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
