"""The models that an answer hangs on: chosen by name, opened, and what they are called."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import Encoder
from index.encoding.bundled_model import NAME
from qa.reading.fitted_weights import FittedWeights, ModelNames, tuned_for
from qa.reading.span_model import BundledSpanModel, SpanModel
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import LateInteractionReranker, NamedReranker

if TYPE_CHECKING:
    from index.encoding.hub.devices import Device
    from index.encoding.precision.choice import Precision


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which models read and order, beside the encoder: a hub name or folder each.

    `reader` is an extractive question-answering model (None: the bundled one), `reranker` a cross-encoder (None: late
    interaction). `device` is where torch computes them; `precision` what the bundled models compute in.
    """

    reader: str | None = None
    reranker: str | None = None
    device: "Device" = "auto"
    precision: "Precision" = "auto"


@dataclass(frozen=True, slots=True)
class Models:
    """The opened models; each is loaded at its first use."""

    encoder: Encoder
    reranker: NamedReranker
    spans: SpanModel

    @classmethod
    def open(cls, encoder: Encoder, choice: ModelChoice | None = None) -> "Models":
        """Open what was chosen beside an encoder; raises `EncoderError` for a folder that is not there."""
        choice = choice or ModelChoice()
        return cls(encoder, _reranker(choice, LateInteraction(encoder)), _spans(choice))

    @property
    def names(self) -> ModelNames:
        """What they are called."""
        return ModelNames(self.encoder.name, self.reranker.name, self.spans.name)

    @property
    def are_bundled(self) -> bool:
        """Tell whether they are those that the shipped weights were fitted for."""
        return self.names == ModelNames(NAME, LateInteractionReranker.name, BundledSpanModel().name)

    def weights(self, library: Path) -> FittedWeights | None:
        """Return the weights that were fitted for them, over a library or as they ship; None where none were.

        Raises `LibraryError` for a library's own that cannot be read.
        """
        shipped = FittedWeights.shipped() if self.are_bundled else None
        return tuned_for(library, self.names) or shipped


def _reranker(choice: ModelChoice, interaction: LateInteraction) -> NamedReranker:
    if choice.reranker is None:
        return LateInteractionReranker(interaction)
    from qa.retrieval.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(choice.reranker, interaction, choice.device)


def _spans(choice: ModelChoice) -> SpanModel:
    if choice.reader is None:
        return BundledSpanModel(precision=choice.precision)
    from qa.reading.question_answering import QuestionAnsweringModel

    return QuestionAnsweringModel(choice.reader, choice.device)
