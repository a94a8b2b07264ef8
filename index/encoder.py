"""Text to vectors: the Encoder seam, and the two encoders behind it.

The bundled model runs in OpenVINO (half the start-up and twice the speed of torch with equal ranking); any
other sentence-transformers model, by name or folder, runs in sentence-transformers, which is also the
reference the fast runtime is held to.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.bundled import INFORMATION, bundled_model
from index.bundled import NAME as BUNDLED
from index.errors import EncoderError

# One batch holds about this many padded tokens: larger ones gain under 10 % and make a question wait longer.
_BATCH_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The last-layer vectors of one text's own tokens (prefix and special tokens left out).

    `vectors` is (t, d) float32 with unit rows; `weights` (t,) is how much each token tells: its information,
    -ln of its unigram probability, or 1 where the model has none; `starts` and `ends` are (t,) character offsets
    in the text.
    """

    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


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
    def max_tokens(self) -> int: ...  # noqa: D102

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prefix and special tokens included."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to (n, d) unit rows."""
        ...

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode a question to a (d,) unit vector."""
        ...

    def encode_tokens(self, texts: Sequence[str], *, query: bool = False) -> list[TokenVectors]:
        """Encode each text token by token, in context, for late interaction."""
        ...


def open_encoder(model: str | None = None, *, cache: Path | None = None) -> Encoder:
    """Open the bundled encoder, or another sentence-transformers model by name or folder.

    Cheap: files are converted and weights loaded at the first use. `cache` is where the bundled model's
    conversion is kept (default: the user's cache folder). Raises `EncoderError` for a folder that is not there.
    """
    if model is None or model == BUNDLED:
        return OpenVinoEncoder(cache or default_cache())
    return SentenceTransformerEncoder(model)


def default_cache() -> Path:
    """Return the user's cache folder for converted models."""
    from platformdirs import user_cache_path

    return user_cache_path("khabar") / "models"


class OpenVinoEncoder:
    """The bundled multilingual-e5-small in OpenVINO: bfloat16 where the CPU computes in it, else float32."""

    name = BUNDLED
    dimensions = 384
    max_tokens = 512

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._local = threading.local()

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        with self._lock:
            return Tokenizer.from_file(str(bundled_model(self._cache) / "tokenizer.json"))

    @cached_property
    def _information(self) -> NDArray[np.float32]:
        with self._lock:
            information: NDArray[np.float32] = np.load(bundled_model(self._cache) / INFORMATION)
            return information

    @cached_property
    def _compiled(self) -> Any:
        from index.runtime import compile_bundled

        with self._lock:
            return compile_bundled(self._cache)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prefix and special tokens included, nothing truncated."""
        encoded = self._tokenizer.encode_batch_fast([f"passage: {text}" for text in texts])
        return [len(item.ids) + sum(len(part.ids) for part in item.overflowing) for item in encoded]

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to (n, 384) unit rows."""
        return self._pooled(texts, "passage: ")

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode a question to a (384,) unit vector."""
        vector: NDArray[np.float32] = self._pooled([text], "query: ")[0]
        return vector

    def encode_tokens(self, texts: Sequence[str], *, query: bool = False) -> list[TokenVectors]:
        """Encode each text token by token, in context, for late interaction."""
        prefix = "query: " if query else "passage: "
        result: list[TokenVectors | None] = [None] * len(texts)
        for positions, encodings, hidden in self._batches(texts, prefix):
            for row, (position, encoding) in enumerate(zip(positions, encodings, strict=True)):
                offsets = np.asarray(encoding.offsets, dtype=np.int32)
                special = np.asarray(encoding.special_tokens_mask, dtype=bool)
                weights = self._information[np.asarray(encoding.ids)]
                result[position] = _own_tokens(hidden[row, : len(offsets)], weights, offsets, special, len(prefix))
        return [item for item in result if item is not None]

    def _pooled(self, texts: Sequence[str], prefix: str) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for positions, encodings, hidden in self._batches(texts, prefix):
            for row, (position, encoding) in enumerate(zip(positions, encodings, strict=True)):
                vectors[position] = hidden[row, : len(encoding.ids)].mean(axis=0)
        return _unit(vectors)

    def _batches(self, texts: Sequence[str], prefix: str) -> Iterator[tuple[list[int], list[Any], NDArray[np.float32]]]:
        encodings = self._tokenizer.encode_batch([prefix + text for text in texts])
        # Longest first: neighbours have like lengths, so little is padded, and memory peaks at once.
        order = sorted(range(len(texts)), key=lambda i: -len(encodings[i].ids))
        while order:
            longest = len(encodings[order[0]].ids)
            size = max(1, _BATCH_TOKENS // longest)
            positions, order = order[:size], order[size:]
            batch = [encodings[i] for i in positions]
            ids = np.ones((len(batch), longest), dtype=np.int64)
            mask = np.zeros((len(batch), longest), dtype=np.int64)
            for row, encoding in enumerate(batch):
                ids[row, : len(encoding.ids)] = encoding.ids
                mask[row, : len(encoding.ids)] = 1
            yield positions, batch, self._infer(ids, mask)

    def _infer(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        # An infer request serves one caller at a time, so each thread has its own.
        if not hasattr(self._local, "request"):
            self._local.request = self._compiled.create_infer_request()
        outputs = self._local.request.infer([ids, mask])
        hidden: NDArray[np.float32] = outputs[0]
        return hidden


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or folder, with the prompts it was saved with."""

    def __init__(self, model: str) -> None:
        self._model_name = model
        self._lock = threading.Lock()
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

    @cached_property
    def _model(self) -> Any:
        with self._lock:
            try:
                from sentence_transformers import SentenceTransformer

                return SentenceTransformer(str(self._folder or self._model_name), device="cpu")
            except (OSError, ValueError, RuntimeError) as error:
                raise EncoderError(
                    f"The model {self._model_name!r} cannot be loaded: {error}. Give a folder that "
                    "sentence-transformers can load; with the network off a hub name must already be downloaded."
                ) from error

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def max_tokens(self) -> int:
        """The window in the model's own tokens."""
        return int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prompt and special tokens included, nothing truncated."""
        prompt = self._prompt(query=False)
        encoded = self._model.tokenizer([prompt + text for text in texts], truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to (n, d) unit rows."""
        return self._encode(texts, query=False)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode a question to a (d,) unit vector."""
        vector: NDArray[np.float32] = self._encode([text], query=True)[0]
        return vector

    def encode_tokens(self, texts: Sequence[str], *, query: bool = False) -> list[TokenVectors]:
        """Encode each text token by token, in context, for late interaction."""
        prompt = self._prompt(query=query)
        hidden = self._model.encode(
            list(texts), prompt=prompt, output_value="token_embeddings", show_progress_bar=False, batch_size=8
        )
        encoded = self._model.tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=self.max_tokens,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        return [
            _own_tokens(
                vectors.float().cpu().numpy(),
                np.ones(len(offsets), dtype=np.float32),
                np.asarray(offsets, dtype=np.int32),
                np.asarray(special, bool),
                len(prompt),
            )
            for vectors, offsets, special in zip(
                hidden, encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True
            )
        ]

    def _prompt(self, *, query: bool) -> str:
        names = ("query",) if query else ("passage", "document")
        return next((self._model.prompts[name] for name in names if self._model.prompts.get(name)), "")

    def _encode(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        prompt = self._prompt(query=query)
        vectors = self._model.encode(
            list(texts), prompt=prompt, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _own_tokens(
    hidden: NDArray[np.float32],
    weights: NDArray[np.float32],
    offsets: NDArray[np.int32],
    special: NDArray[np.bool_],
    prefix: int,
) -> TokenVectors:
    own = ~special & (offsets[:, 1] > prefix)
    starts, ends = offsets[own, 0] - prefix, offsets[own, 1] - prefix
    return TokenVectors(_unit(hidden[own].astype(np.float32)), weights[own], np.maximum(starts, 0), ends)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(norms, 1e-12)
    return unit
