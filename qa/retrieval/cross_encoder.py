"""Passages ordered by a cross-encoder: a model that reads question and passage together and gives one score."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from index import Candidate
from index.encoding.hub.devices import Device, torch_device, torch_runtime
from index.encoding.hub.named_model import NamedModel, window_of
from index.encoding.lazy import loaded_once
from index.errors import EncoderError
from index.ingest.chunking import context_of
from index.ingest.indexer import encoder_input
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Found, Ranked, aligned, one_a_story

# Pairs that are computed together.
_BATCH, _BATCH_GPU = 8, 32
# The longest pair, in tokens, whatever the model could read: a passage is a few hundred.
_LONGEST = 1024
_HEADS = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoderReranker:
    """Orders candidates by any sentence-transformers `CrossEncoder`, by hub name or folder; loaded at first use.

    `Ranked.cross_score` is the sigmoid of the model's one output, 0 to 1. It orders the passages of one question,
    whatever their language. It was calibrated on nothing here: it is no probability of an answer, and the confidence is
    not made of it. Every candidate is read, which takes a large model seconds on a CPU.
    """

    def __init__(self, model: str, interaction: LateInteraction, device: Device = "auto") -> None:
        self._named = NamedModel.of(model)
        self._interaction = interaction
        self._device = device
        # Its tokenizer keeps how it truncates as state, which threads would share.
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The hub name, or the folder's name with a hash of its configuration and weights."""
        return self._named.name

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words; loads the model."""
        return torch_runtime("sentence-transformers", self._model)

    def rerank(self, question: str, found: Found) -> list[Ranked]:
        """Return the passages to read, best first; equals keep the order they came in."""
        if not found.candidates:
            return []
        scores = self.scores(question, found.candidates)
        ranked = [
            replace(item, cross_score=score)
            for item, score in zip(aligned(self._interaction, question, found), scores, strict=True)
        ]
        return one_a_story(question, sorted(ranked, key=lambda item: -item.shown_score), found.copies)

    def scores(self, question: str, candidates: Sequence[Candidate]) -> list[float]:
        """Score each candidate, below its article's title and date, for a question."""
        from torch.nn import Sigmoid

        pairs = [(question, encoder_input(context_of(item.article), item.text)) for item in candidates]
        with self._lock:
            found = self._model.predict(
                pairs,
                batch_size=_BATCH if self._model.device.type == "cpu" else _BATCH_GPU,
                activation_fn=Sigmoid(),
                show_progress_bar=False,
            )
        return [float(score) for score in found]

    @loaded_once
    def _model(self) -> Any:
        from sentence_transformers import CrossEncoder

        device = torch_device(self._device)
        model = self._named.load(lambda source: CrossEncoder(source, device=device))
        heads = model.config.architectures or [""]
        if model.num_labels != 1 or not heads[0].endswith(_HEADS):
            raise EncoderError(
                f"The model {self._named.given!r} is no reranker: it does not give one score for a question with a "
                "passage. Name a cross-encoder, such as BAAI/bge-reranker-v2-m3."
            )
        model.max_seq_length = min(_LONGEST, window_of(model.tokenizer, model[0].model))
        return model
