"""Any extractive question-answering model as what marks answers, computed by torch."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.hub.devices import Device, torch_device, torch_runtime
from index.encoding.hub.named_model import NamedModel, window_of
from index.encoding.lazy import loaded_once
from index.errors import EncoderError
from qa.reading.span_model import OwnTokens, SpanScores, Text

# Texts that are computed together, and the longest pair, in tokens, whatever the model could read.
_BATCH, _BATCH_GPU = 8, 32
_LONGEST = 512


class QuestionAnsweringModel:
    """A transformers `AutoModelForQuestionAnswering` with a fast tokenizer, by hub name or folder; loaded at first use.

    It tells where an answer begins and ends. "Not here" is what it scores for its first special token, as models of
    SQuAD 2.0 are trained to; one that never learnt to abstain scores it all the same, and means less by it. What it
    does not tell is neutral: `relevance` is 0 (even odds), there are no `speakers`, so that the rules of the language
    packs alone tell who speaks, and the stance is "none".
    """

    def __init__(self, model: str, device: Device = "auto") -> None:
        self._named = NamedModel.of(model)
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
        return torch_runtime("transformers", self._model)

    def mark(self, question: str, texts: Sequence[Text]) -> list[SpanScores]:
        """Mark the answer to a question in each text; what is beyond the model's window has no marks."""
        size = _BATCH if self._model.device.type == "cpu" else _BATCH_GPU
        return [marks for at in range(0, len(texts), size) for marks in self._mark(question, texts[at : at + size])]

    def _mark(self, question: str, texts: Sequence[Text]) -> list[SpanScores]:
        import torch

        with self._lock:
            batch = self._tokenizer(
                [question] * len(texts),
                [text.heading + text.text for text in texts],
                truncation="only_second",
                max_length=min(_LONGEST, window_of(self._tokenizer, self._model)),
                padding=True,
                return_tensors="pt",
            )
        with torch.inference_mode():
            found = self._model(**batch.to(self._model.device))
        starts, ends = (scores.float().cpu().numpy() for scores in (found.start_logits, found.end_logits))
        return [
            _marks(batch.encodings[row], starts[row], ends[row], len(text.heading)) for row, text in enumerate(texts)
        ]

    @loaded_once
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        tokenizer = self._named.load(AutoTokenizer.from_pretrained)
        if not tokenizer.is_fast:
            raise EncoderError(f"The model {self._named.given!r} has no fast tokenizer. Name one that has.")
        return tokenizer

    @loaded_once
    def _model(self) -> Any:
        from transformers import AutoModelForQuestionAnswering

        device = torch_device(self._device)
        model, told = self._named.load(
            lambda source: AutoModelForQuestionAnswering.from_pretrained(source, output_loading_info=True)
        )
        if told["missing_keys"]:
            raise EncoderError(
                f"The model {self._named.given!r} is no reader: it has no weights that mark where an answer begins and "
                "ends. Name a model that was trained for extractive question answering."
            )
        return model.to(device).eval()


def _marks(encoding: Any, starts: NDArray[np.float32], ends: NDArray[np.float32], before: int) -> SpanScores:
    tokens = OwnTokens.of(encoding, before)
    # The first token that is not padding, which some tokenizers put in front.
    nothing = encoding.attention_mask.index(1)
    return SpanScores(
        starts[tokens.mask], ends[tokens.mask], tokens.first, tokens.last, float(starts[nothing] + ends[nothing])
    )
