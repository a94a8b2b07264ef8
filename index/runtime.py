"""The fast runtime: the bundled model, as it is or trained on, exported to OpenVINO once, compiled for this CPU."""

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.bundled import bundled_model, is_whole, replace_folder
from index.errors import EncoderError

_EXPORT = 2

# What is compiled for inputs of one shape is kept for the next of that shape. Questions and passages come in any shape,
# so that little is used again but by the layers of one computation: with OpenVINO's own limits, which are in the
# thousands, a server grows by more than a megabyte a question, and is no faster.
_KERNELS_KEPT = 16
_HINTS = {"bfloat16": "bf16", "float32": "f32"}

# What the bundled models compute in; "auto" is the fastest that the CPU has.
Precision = Literal["auto", "bfloat16", "float32"]
Weights = Mapping[str, NDArray[np.float32]]


class Session:
    """A compiled model; safe to use from several threads, which are served one after another.

    One computation keeps all cores busy, and each that waited with buffers of its own would take tens of megabytes.
    """

    def __init__(self, compiled: Any) -> None:
        self._request = compiled.create_infer_request()
        self._lock = threading.Lock()

    def run(self, *inputs: NDArray[Any]) -> NDArray[np.float32]:
        """Give the model its inputs and return its one output."""
        # Copied while it is held: the next computation writes into the same buffer.
        with self._lock:
            output: NDArray[np.float32] = self._request.infer(inputs)[0].copy()
        return output


def open_encoder_session(cache: Path, precision: Precision = "auto") -> Session:
    """Compile the bundled model's layers for this CPU, exporting them below `cache` at the first call.

    They take (batch, tokens, 384) float32 word vectors and the int64 mask, and give (batch, tokens, 384) float32
    last-layer vectors. The word vectors, four fifths of the model, stay in their file: only the rows in use are read,
    and the vocabulary is not held in memory twice. Raises `EncoderError` when the CPU does not
    compute in that precision, OpenVINO cannot use it, or the cache cannot be written.
    """
    folder = bundled_model(cache)
    exported = folder.parent / f"{folder.name}-openvino-{_EXPORT}"
    return _open(cache, exported, precision, lambda target: _export_encoder(folder, target))


def open_span_session(cache: Path, name: str, weights: Callable[[], Weights], precision: Precision = "auto") -> Session:
    """Compile the bundled model's layers with other weights (torch's names, `bert.` and `head.`), known by `name`.

    It takes what the encoder takes and gives (batch, tokens, 2) float32 scores. Raises as `open_encoder_session` does.
    """
    folder = bundled_model(cache)
    exported = folder.parent / f"{folder.name}-reader-{name}-{_EXPORT}"
    return _open(cache, exported, precision, lambda target: _export_spans(folder, weights(), target))


def has_bfloat16() -> bool:
    """Tell whether this CPU has instructions for bfloat16."""
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def runtime(precision: Precision = "auto") -> str:
    """Say what computes the bundled model here, in plain words; raises as `open_encoder_session` does."""
    import openvino

    used, version = _used(precision), openvino.__version__.partition("-")[0]
    why = ": this CPU does not compute in bfloat16" if used == "float32" and not has_bfloat16() else ""
    return f"OpenVINO {version} in {used}{why}"


def _used(wanted: Precision) -> Precision:
    if wanted == "float32":
        return wanted
    if has_bfloat16():
        return "bfloat16"
    if wanted == "bfloat16":
        raise EncoderError("This CPU does not compute in bfloat16: choose float32, or auto to leave the choice open.")
    return "float32"


def _open(cache: Path, exported: Path, precision: Precision, export: Callable[[Path], None]) -> Session:
    import openvino
    from filelock import FileLock

    used = _used(precision)
    if not is_whole(exported):
        with FileLock(f"{exported}.lock"):
            # Looked at again: whoever held the lock has made it meanwhile.
            if not is_whole(exported):
                replace_folder(exported, export)
    options = {"PERFORMANCE_HINT": "LATENCY", "CACHE_DIR": str(cache / "compiled")}
    options["INFERENCE_PRECISION_HINT"] = _HINTS[used]
    options["CPU_RUNTIME_CACHE_CAPACITY"] = str(_KERNELS_KEPT)
    # That of the library below OpenVINO, which has no other switch and reads this when it computes first.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_KERNELS_KEPT))
    try:
        return Session(openvino.Core().compile_model(str(exported / "model.xml"), "CPU", options))
    except RuntimeError as error:
        # All of OpenVINO's errors are this one.
        raise EncoderError(
            f"OpenVINO could not compile {exported.name}: {error}. Remove {cache} so that it is made again."
        ) from error


def _export_encoder(folder: Path, target: Path) -> None:
    import torch

    bert = _bert(folder)

    class LastLayer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
            return hidden

    _convert(LastLayer(), _example(bert), target)


def _export_spans(folder: Path, weights: Weights, target: Path) -> None:
    import torch

    bert = _bert(folder)

    class Spans(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert
            self.head = torch.nn.Linear(bert.config.hidden_size, 2)

        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            scores: torch.Tensor = self.head(self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state)
            return scores

    model = Spans()
    taken = model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()}, strict=False)
    if taken.unexpected_keys:
        raise EncoderError(f"The reader's weights name what the model does not have: {taken.unexpected_keys[0]}.")
    _convert(model.eval(), _example(bert), target)


def _example(bert: Any) -> tuple[Any, Any]:
    import torch

    return torch.zeros(2, 5, bert.config.hidden_size), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


def _bert(folder: Path) -> Any:
    from transformers import BertModel

    bert: Any = BertModel.from_pretrained(str(folder), attn_implementation="eager", add_pooling_layer=False)
    return bert.eval()


def _convert(model: Any, example: tuple[Any, Any], target: Path) -> None:
    import openvino
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    with torch.no_grad():
        decoder = TorchScriptPythonDecoder(model, example_input=example)
    # The frontend is called directly: openvino.convert_model would start openvino-telemetry.
    frontend = FrontEndManager().load_by_framework("pytorch")
    converted = frontend.convert(frontend.load(decoder))
    kinds = {torch.int64: openvino.Type.i64, torch.float32: openvino.Type.f32}
    for parameter, value in zip(converted.inputs, example, strict=True):
        parameter.get_node().set_partial_shape(openvino.PartialShape([-1, -1, *value.shape[2:]]))
        parameter.get_node().set_element_type(kinds[value.dtype])
    converted.validate_nodes_and_infer_types()
    openvino.save_model(converted, str(target / "model.xml"), compress_to_fp16=True)
