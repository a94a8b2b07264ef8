"""Late interaction: a question's tokens against a passage's, each meeting its best match (MaxSim).

Khattab & Zaharia 2020 (ColBERT), without training: the token vectors are the encoder's own last layer, stored when
a passage is indexed. Each question token counts by how much it tells; a token as common as a function word hardly
counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis import Span, question_language
from index.encoding.encoder import Encoder
from index.encoding.token_space import unpack
from index.ingest.chunking import context_of
from index.ingest.indexer import encoder_input
from index.search import Candidate

# Nats below which a token is a function word or punctuation, and what it still counts: better on XQuAD's development
# half, English on Arabic, than equal weights and than the information itself.
_COMMON = 6.0
_FLOOR = 0.1
# What is left of the pull of one's own language once the token space has taken out most of it (benchmarks/balance.py).
FOREIGN = 0.075


@dataclass(frozen=True, slots=True)
class Alignment:
    """A question's tokens against a passage's: `matrix` is (q, t) cosines, `weights` (q,) sums to 1."""

    matrix: NDArray[np.float32]
    weights: NDArray[np.float32]

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


def language_bias(question: str, candidate: Candidate) -> float:
    """Return what a passage gains for being in another language than the question.

    A question's tokens meet tokens of their own language more closely whatever is said: without this, an English
    question over a library of both finds the English article that is near rather than the Arabic one that answers.
    """
    asked, own = question_language(question), candidate.language
    return FOREIGN if {asked, own}.isdisjoint({"und"}) and asked != own else 0.0


class LateInteraction:
    """Aligns questions with passages by their stored token vectors."""

    def __init__(self, encoder: Encoder, *, is_asked: bool = True) -> None:
        self._encoder = encoder
        # A question is looked for where its answers are; a sentence that is checked, where it stands itself.
        self._is_asked = is_asked

    def align(self, question: str, candidates: Sequence[Candidate]) -> list[Alignment]:
        """Align a question with each candidate and its context (title and date), in the candidates' order."""
        meant = self._encoder.encode_query(question)
        asked = meant.sought_tokens if self._is_asked and meant.sought_tokens else meant.tokens
        weights = np.maximum(asked.weights - _COMMON, _FLOOR)
        weights = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
        dimensions = self._encoder.token_dimensions
        return [Alignment(asked.vectors @ unpack(item.tokens, dimensions).T, weights) for item in candidates]

    def sentence_scores(self, alignment: Alignment, candidate: Candidate, spans: Sequence[Span]) -> list[float]:
        """Score character ranges of the candidate's article, each with only its own tokens to match."""
        context = context_of(candidate.article)
        (places,) = self._encoder.locate_tokens([encoder_input(context, candidate.text)])
        # From places in what the encoder read to places in the article.
        shift = candidate.passage.start - len(encoder_input(context, ""))
        starts, ends = places.starts + shift, places.ends + shift
        return [alignment.within((starts >= span.start - 1) & (ends <= span.end)) for span in spans]
