"""Text to vectors: the Encoder seam, and the two encoders behind it.

The bundled model runs in OpenVINO (half the start-up and twice the speed of torch with equal ranking); any
other sentence-transformers model, by name or folder, runs in sentence-transformers, which is also the
reference the fast runtime is held to.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.batches import batches
from index.bundled import NAME as BUNDLED
from index.bundled import bundled_model
from index.errors import EncoderError
from index.once import loaded_once
from index.token_space import TokenSpace, fitted, unit
from index.vocabulary import INFORMATION, Vocabulary
from index.word_vectors import WordVectors, word_vectors

if TYPE_CHECKING:
    from index.runtime import Precision, Session

# One batch holds about this many padded tokens: larger ones gain under 10 % and make a question wait longer.
_BATCH_TOKENS = 2048
_PASSAGE, _QUERY = "passage: ", "query: "
_QUERIES_KEPT = 16


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of one text's own tokens (prefix and special tokens left out), to be compared by cosine.

    `vectors` is (t, k) float32 with unit rows, k even; `weights` (t,) is how much each token tells: its
    information, -ln of its unigram probability, or 1 where the model has none.
    """

    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenPlaces:
    """Where one text's own tokens stand in it: (t,) character offsets."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TextVectors:
    """One text's unit vector (d,) and its tokens' vectors, out of one pass."""

    vector: NDArray[np.float32]
    tokens: TokenVectors


class Encoder(Protocol):
    """Maps texts of any language to unit vectors in one space; safe to call from several threads.

    `name` identifies the weights, prefixes and pooling: equal names give interchangeable vectors.
    `max_tokens` is the window in the encoder's own tokens, prefix and special tokens included.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def dimensions(self) -> int: ...  # noqa: D102

    @property
    def token_dimensions(self) -> int: ...  # noqa: D102

    @property
    def max_tokens(self) -> int: ...  # noqa: D102

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prefix and special tokens included."""
        ...

    def locate_tokens(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Find where the tokens stand whose vectors `encode_passages` gives, in the same order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode passages, each as a whole and token by token."""
        ...

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question, as a whole and token by token."""
        ...


def open_encoder(model: str | None = None, *, cache: Path | None = None, precision: "Precision" = "auto") -> Encoder:
    """Open the bundled encoder, or another sentence-transformers model by name or folder.

    Cheap: files are converted and weights loaded at the first use. `cache` is where the bundled model's
    conversion is kept (default: the user's cache folder), `precision` what it computes in. Raises `EncoderError` for
    a folder that is not there, and at the first use where the CPU does not have that precision.
    """
    if model is None or model == BUNDLED:
        return OpenVinoEncoder(cache or default_cache(), precision)
    return SentenceTransformerEncoder(model)


def default_cache() -> Path:
    """Return the user's cache folder for converted models."""
    from platformdirs import user_cache_path

    return user_cache_path("khabar") / "models"


class OpenVinoEncoder:
    """The bundled multilingual-e5-small in OpenVINO, in bfloat16 where the CPU has it, or as told."""

    name = BUNDLED
    dimensions = 384
    max_tokens = 512

    def __init__(self, cache: Path, precision: "Precision" = "auto", *, space: TokenSpace | None = None) -> None:
        self._cache = cache
        self._precision = precision
        self._space = space or fitted()
        # Search and reranking both need the question's vectors.
        self._asked = lru_cache(maxsize=_QUERIES_KEPT)(lambda text: self._encode([text], _QUERY)[0])

    @property
    def token_dimensions(self) -> int:
        """The length of a token's vector."""
        return int(self._space.basis.shape[1])

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        from index.runtime import runtime

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
    def _session(self) -> "Session":
        from index.runtime import open_encoder_session

        return open_encoder_session(self._cache, self._precision)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prefix and special tokens included, nothing truncated."""
        encoded = self._vocabulary.whole.encode_batch_fast([f"passage: {text}" for text in texts])
        return [len(item.ids) + sum(len(part.ids) for part in item.overflowing) for item in encoded]

    def locate_tokens(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Find where the tokens stand whose vectors `encode_passages` gives, in the same order."""
        prefix = len(_PASSAGE)
        return [
            _places_of(item.offsets, item.special_tokens_mask, prefix)
            for item in self._vocabulary.encode([_PASSAGE + text for text in texts])
        ]

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode passages, each as a whole (384,) and token by token."""
        return self._encode(texts, _PASSAGE)

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question, as a whole (384,) and token by token."""
        return self._asked(text)

    def _encode(self, texts: Sequence[str], prefix: str) -> list[TextVectors]:
        result: dict[int, TextVectors] = {}
        encodings = self._vocabulary.encode([prefix + text for text in texts])
        for batch in batches(encodings, _BATCH_TOKENS):
            hidden = self._session.run(self._words.of(batch.ids), batch.mask)
            for place, all_vectors in zip(batch.places, hidden, strict=True):
                encoding = encodings[place]
                vectors = all_vectors[: len(encoding.ids)]
                own = _own(encoding.offsets, encoding.special_tokens_mask, len(prefix))
                weights = self._information[np.asarray(encoding.ids)[own]]
                tokens = TokenVectors(self._space.project(vectors[own]), weights)
                result[place] = TextVectors(unit(vectors.mean(axis=0)), tokens)
        return [result[place] for place in range(len(texts))]


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or folder, with the prompts it was saved with."""

    def __init__(self, model: str) -> None:
        self._model_name = model
        # Held while its tokenizer is used: whether it truncates is state that threads would share.
        self._lock = threading.RLock()
        folder = Path(model).expanduser()
        self._folder = folder if folder.is_dir() else None
        if self._folder is None and (model.startswith((".", "/", "~")) or folder.is_absolute()):
            raise EncoderError(f"There is no model folder {model}. Name a sentence-transformers folder or model.")

    @cached_property
    def name(self) -> str:
        """The hub name, or the folder's name with a hash of its configuration and weights."""
        if self._folder is None:
            return self._model_name
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".model", ".txt"}:
                digest.update(f"{path.relative_to(self._folder)}:{path.stat().st_size}".encode())
                with path.open("rb") as file:
                    digest.update(file.read(1 << 20))
        return f"{self._folder.name}@{digest.hexdigest()[:12]}"

    @loaded_once
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(str(self._folder or self._model_name), device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            # What the libraries raise for a folder that is no model, damaged weights, and no network.
            raise EncoderError(
                f"The model {self._model_name!r} cannot be loaded: {error}. Give a folder that "
                "sentence-transformers can load; with the network off a hub name must already be downloaded."
            ) from error

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def token_dimensions(self) -> int:
        """The length of a token's vector."""
        return self.dimensions

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        return "sentence-transformers, torch in float32"

    @property
    def max_tokens(self) -> int:
        """The window in the model's own tokens."""
        return int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prompt and special tokens included, nothing truncated."""
        prompt = self._prompt(query=False)
        with self._lock:
            encoded = self._model.tokenizer([prompt + text for text in texts], truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def locate_tokens(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Find where the tokens stand whose vectors `encode_passages` gives, in the same order."""
        prompt = self._prompt(query=False)
        encoded = self._tokens(texts, prompt)
        return [
            _places_of(offsets, special, len(prompt))
            for offsets, special in zip(encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
        ]

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode passages, each as a whole and token by token."""
        return self._encode(texts, query=False)

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question, as a whole and token by token."""
        return self._encode([text], query=True)[0]

    def _prompt(self, *, query: bool) -> str:
        names = ("query",) if query else ("passage", "document")
        return next((self._model.prompts[name] for name in names if self._model.prompts.get(name)), "")

    def _tokens(self, texts: Sequence[str], prompt: str) -> Any:
        with self._lock:
            return self._model.tokenizer(
                [prompt + text for text in texts],
                truncation=True,
                max_length=self.max_tokens,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )

    def _encode(self, texts: Sequence[str], *, query: bool) -> list[TextVectors]:
        if not texts:
            return []
        prompt = self._prompt(query=query)
        with self._lock:
            outputs = self._model.encode(
                list(texts), prompt=prompt, output_value=None, show_progress_bar=False, batch_size=8
            )
        encoded = self._tokens(texts, prompt)
        result: list[TextVectors] = []
        for output, offsets, special in zip(
            outputs, encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True
        ):
            hidden = output["token_embeddings"].float().cpu().numpy()[: len(offsets)]
            own = _own(offsets, special, len(prompt))
            vectors = unit(hidden[own])
            tokens = TokenVectors(vectors, np.ones(len(vectors), dtype=np.float32))
            result.append(TextVectors(unit(output["sentence_embedding"].float().cpu().numpy()), tokens))
        return result


def _own(offsets: Any, special: Any, prefix: int) -> NDArray[np.bool_]:
    """Mark the tokens of the text itself, after its prefix."""
    own: NDArray[np.bool_] = ~np.asarray(special, dtype=bool) & (np.asarray(offsets, dtype=np.int32)[:, 1] > prefix)
    return own


def _places_of(offsets: Any, special: Any, prefix: int) -> TokenPlaces:
    places = np.asarray(offsets, dtype=np.int32)[_own(offsets, special, prefix)] - prefix
    return TokenPlaces(np.maximum(places[:, 0], 0), places[:, 1])
