"""Late interaction: a question's tokens against a passage's, each meeting its best match (MaxSim).

Khattab & Zaharia 2020 (ColBERT), without training: the token vectors are the encoder's own last layer. Each
question token counts by how much it tells; a token as common as a function word hardly counts.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.encoder import Encoder, TokenVectors
from index.search import Candidate
from index.text import question_language

# Nats below which a token is a function word or punctuation, and what it still counts. Chosen on XQuAD dev,
# English on Arabic: R@1 0.851 with equal weights, 0.861 with plain information, 0.870 so.
_COMMON = 6.0
_FLOOR = 0.1
# On XQuAD dev with each paragraph in one of two languages, R@1 without and with it (benchmarks/balance.py): English
# questions on English and Arabic 0.741 -> 0.902; Arabic on Arabic and English 0.650 -> 0.812; English on English and
# German 0.883 -> 0.934.
_FOREIGN = 0.055
_CACHE_BYTES = 192 * 2**20


@dataclass(frozen=True, slots=True)
class Alignment:
    """A question's tokens against a passage's: `matrix` is (q, t) cosines, `weights` (q,) sums to 1."""

    matrix: NDArray[np.float32]
    weights: NDArray[np.float32]
    passage: TokenVectors

    @property
    def score(self) -> float:
        """The weighted mean of each question token's best cosine, -1 to 1."""
        return self.within(slice(None))

    def within(self, tokens: slice | NDArray[np.bool_]) -> float:
        """The same score with only some of the passage's tokens to match."""
        part = self.matrix[:, tokens]
        if not part.size:
            return -1.0
        return float(self.weights @ part.max(axis=1))

    def tokens_between(self, start: int, end: int) -> NDArray[np.bool_]:
        """Mark the passage tokens that lie in a character range of the text that was encoded."""
        inside: NDArray[np.bool_] = (self.passage.starts >= start - 1) & (self.passage.ends <= end)
        return inside


def foreign_gain(question: str, article: Article) -> float:
    """Return what a passage or sentence gains for being in another language than the question.

    A question's tokens meet tokens of their own language more closely whatever is said: without this, an English
    question over a library of both finds the English article that is near rather than the Arabic one that answers.
    """
    asked = question_language(question)
    return _FOREIGN if {asked, article.language}.isdisjoint({"und"}) and asked != article.language else 0.0


class LateInteraction:
    """Aligns questions with passages; keeps the token vectors of passages used lately, up to a size."""

    def __init__(self, encoder: Encoder, *, cache_bytes: int = _CACHE_BYTES) -> None:
        self._encoder = encoder
        self._limit = cache_bytes
        self._size = 0
        self._kept: OrderedDict[tuple[str, int, int, int], TokenVectors] = OrderedDict()
        self._lock = threading.Lock()

    def align(self, question: str, candidates: Sequence[Candidate]) -> list[Alignment]:
        """Align a question with each candidate's own words, in the candidates' order."""
        asked = self._encoder.encode_tokens([question], query=True)[0]
        weights = np.maximum(asked.weights - _COMMON, _FLOOR)
        weights = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
        return [
            Alignment(asked.vectors @ tokens.vectors.T.astype(np.float32), weights, tokens)
            for tokens in self._tokens(candidates)
        ]

    def _tokens(self, candidates: Sequence[Candidate]) -> list[TokenVectors]:
        keys = [(c.article.id, c.revision, c.passage.start, c.passage.end) for c in candidates]
        found: dict[tuple[str, int, int, int], TokenVectors] = {}
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key]
        texts = {key: c.text for key, c in zip(keys, candidates, strict=True) if key not in found}
        encoded = self._encoder.encode_tokens(list(texts.values()))
        for key, tokens in zip(texts, encoded, strict=True):
            # Half precision halves the cache and moves no score by more than 0.001.
            small = TokenVectors(tokens.vectors.astype(np.float16), tokens.weights, tokens.starts, tokens.ends)
            found[key] = small
            self._keep(key, small)
        return [found[key] for key in keys]

    def _keep(self, key: tuple[str, int, int, int], tokens: TokenVectors) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = tokens
                self._size += tokens.vectors.nbytes
            while self._size > self._limit and self._kept:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.vectors.nbytes
