"""Any sentence-transformers model as an encoder, computed by torch."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.encoding.encoder import TextVectors, TokenPlaces, TokenVectors, own_tokens, places_of
from index.encoding.hub.devices import Device, torch_device, torch_runtime
from index.encoding.hub.named_model import NamedModel, window_of
from index.encoding.hub.presets import preset_of
from index.encoding.lazy import loaded_once
from index.encoding.token_space import unit
from index.errors import EncoderError

# Names of a passage's prompt, as sentence-transformers looks for them.
_PASSAGES = ("document", "passage", "corpus")
# Texts that are computed together.
_BATCH, _BATCH_GPU = 8, 32


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or folder.

    Prompts, pooling, window and dimensions are those that it was saved with. Where it has no prompts and its card asks
    for some, a hub model that is known (`index.encoding.hub.presets`) gets them, and its name says so.
    """

    def __init__(self, model: str, device: Device = "auto") -> None:
        self._named = NamedModel.of(model)
        self._device = device
        # Held while its tokenizer is used: whether it truncates is state that threads would share.
        self._lock = threading.RLock()
        preset = preset_of(model) if self._named.folder is None else None
        self._unsaid = preset.prompts if preset else None

    @property
    def name(self) -> str:
        """The hub name, or the folder's name with a hash; with "+prompts" where they are not the model's own."""
        return f"{self._named.name}+prompts" if self._unsaid else self._named.name

    @loaded_once
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        device = torch_device(self._device)
        model = self._named.load(lambda source: SentenceTransformer(source, device=device))
        transformer = getattr(model[0], "model", None)
        if transformer is None or not getattr(model.tokenizer, "is_fast", False):
            raise EncoderError(
                f"The model {self._named.given!r} gives no vector for each token, and Khabar compares tokens. "
                "Name a model that is a transformer with a fast tokenizer."
            )
        model.max_seq_length = window_of(model.tokenizer, transformer)
        return model

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def token_dimensions(self) -> int:
        """The length of a token's vector: the transformer's own, whatever is made of it after pooling."""
        return int(self._model[0].get_embedding_dimension())

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        return torch_runtime("sentence-transformers", self._model)

    @property
    def max_tokens(self) -> int:
        """The window in the model's own tokens."""
        return int(self._model.max_seq_length)

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
            places_of(offsets, special, len(prompt))
            for offsets, special in zip(encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
        ]

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode passages, each as a whole and token by token."""
        return self._encode(texts, query=False)

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question, as a whole and token by token."""
        return self._encode([text], query=True)[0]

    def _prompt(self, *, query: bool) -> str:
        names = ("query",) if query else _PASSAGES
        own = {name: text for name, text in self._model.prompts.items() if text}
        if self._unsaid and own.keys().isdisjoint({"query", *_PASSAGES}):
            return self._unsaid.query if query else self._unsaid.passage
        return next((own[name] for name in names if name in own), "")

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
        encode = self._model.encode_query if query else self._model.encode_document
        size = _BATCH if self._model.device.type == "cpu" else _BATCH_GPU
        with self._lock:
            outputs = encode(list(texts), prompt=prompt, output_value=None, show_progress_bar=False, batch_size=size)
        encoded = self._tokens(texts, prompt)
        result: list[TextVectors] = []
        for output, offsets, special in zip(
            outputs, encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True
        ):
            # Padding stands before a text with some tokenizers, and after it with others.
            hidden = output["token_embeddings"][output["attention_mask"].bool()].float().cpu().numpy()
            vectors = unit(hidden[own_tokens(offsets, special, len(prompt))])
            tokens = TokenVectors(vectors, np.ones(len(vectors), dtype=np.float32))
            result.append(TextVectors(unit(output["sentence_embedding"].float().cpu().numpy()), tokens))
        return result
