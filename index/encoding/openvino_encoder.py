"""The bundled encoder, computed by OpenVINO."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoding.batches import batches
from index.encoding.bundled_model import NAME, bundled_model
from index.encoding.encoder import TextVectors, TokenPlaces, TokenVectors, own_tokens, places_of
from index.encoding.lazy import loaded_once
from index.encoding.query_encoder import open_query_session, towards
from index.encoding.token_space import TokenSpace, fitted, unit
from index.encoding.vocabulary import INFORMATION, Vocabulary
from index.encoding.word_vectors import WordVectors, word_vectors

if TYPE_CHECKING:
    from index.encoding.openvino_runtime import CompiledModel
    from index.encoding.precision.choice import Precision

# One batch holds about this many padded tokens: larger ones gain under 10 % and make a question wait longer.
_BATCH_TOKENS = 2048
_PASSAGE, _QUERY = "passage: ", "query: "
_QUERIES_KEPT = 16


class OpenVinoEncoder:
    """The bundled multilingual-e5-small in OpenVINO, in bfloat16 where the CPU is fast in it, or as told."""

    name = NAME
    dimensions = 384
    max_tokens = 512

    def __init__(self, cache: Path, precision: "Precision" = "auto", *, space: TokenSpace | None = None) -> None:
        self._cache = cache
        self._precision = precision
        self._space = space or fitted()
        # Search and reranking both need the question's vectors.
        self._asked = lru_cache(maxsize=_QUERIES_KEPT)(self._encode_query)

    @property
    def token_dimensions(self) -> int:
        """The length of a token's vector."""
        return int(self._space.basis.shape[1])

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        from index.encoding.precision.choice import runtime

        return runtime(self._precision)

    @loaded_once
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(bundled_model(self._cache))

    @loaded_once
    def _words(self) -> WordVectors:
        return word_vectors(bundled_model(self._cache))

    @loaded_once
    def _information(self) -> NDArray[np.float32]:
        information: NDArray[np.float32] = np.load(bundled_model(self._cache) / INFORMATION)
        return information

    @loaded_once
    def _session(self) -> "CompiledModel":
        from index.encoding.openvino_runtime import open_encoder_session

        return open_encoder_session(self._cache, self._precision)

    @loaded_once
    def _question_session(self) -> "CompiledModel":
        return open_query_session(bundled_model(self._cache), self._precision)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prefix and special tokens included, nothing truncated."""
        encoded = self._vocabulary.whole.encode_batch_fast([_PASSAGE + text for text in texts])
        return [len(item.ids) + sum(len(part.ids) for part in item.overflowing) for item in encoded]

    def locate_tokens(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Find where the tokens stand whose vectors `encode_passages` gives, in the same order."""
        prefix = len(_PASSAGE)
        return [
            places_of(item.offsets, item.special_tokens_mask, prefix)
            for item in self._vocabulary.encode([_PASSAGE + text for text in texts])
        ]

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode passages, each as a whole (384,) and token by token."""
        return self._encode(texts, _PASSAGE)

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question, as a whole (384,) and token by token."""
        return self._asked(text)

    def _encode_query(self, text: str) -> TextVectors:
        (own,) = self._encode([text], _QUERY)
        (learnt,) = self._encode([text], _QUERY, self._question_session)
        tokens = None
        # Learnt in the bundled token space: in another one, tokens stay where they are.
        if self._space is fitted():
            tokens = TokenVectors(towards(own.tokens.vectors, learnt.tokens.vectors), own.tokens.weights)
        return TextVectors(own.vector, own.tokens, towards(own.vector, learnt.vector), tokens)

    def _encode(self, texts: Sequence[str], prefix: str, session: "CompiledModel | None" = None) -> list[TextVectors]:
        layers = session or self._session
        result: dict[int, TextVectors] = {}
        encodings = self._vocabulary.encode([prefix + text for text in texts])
        for batch in batches(encodings, _BATCH_TOKENS):
            hidden = layers.run(self._words.of(batch.ids), batch.mask)
            for place, all_vectors in zip(batch.places, hidden, strict=True):
                encoding = encodings[place]
                vectors = all_vectors[: len(encoding.ids)]
                own = own_tokens(encoding.offsets, encoding.special_tokens_mask, len(prefix))
                weights = self._information[np.asarray(encoding.ids)[own]]
                tokens = TokenVectors(self._space.project(vectors[own]), weights)
                result[place] = TextVectors(unit(vectors.mean(axis=0)), tokens)
        return [result[place] for place in range(len(texts))]
