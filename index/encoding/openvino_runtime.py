"""The fast runtime: the bundled model, as it is or trained on, built for OpenVINO once, compiled for this CPU."""

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert_graph import bert_graph
from index.encoding.bundled_model import bundled_model, layer_weights
from index.errors import EncoderError
from index.sealing import is_whole, replace_folder

_log = logging.getLogger(__name__)
_EXPORT = 3

# What is compiled for inputs of one shape is kept for the next of that shape. Questions and passages come in any shape,
# so that little is used again but by the layers of one computation: with OpenVINO's own limits, which are in the
# thousands, a server grows by more than a megabyte a question, and is no faster.
_KERNELS_KEPT = 16
# OpenVINO sets the process's locale to "C" while it reads a model, and then back to what it found: two that read at
# once leave "C" behind, and with it ASCII as what Python decodes other processes' output by.
_READING = threading.Lock()
_HINTS = {"bfloat16": "bf16", "float32": "f32"}

# What the bundled models compute in; "auto" is the fastest that the CPU has.
Precision = Literal["auto", "bfloat16", "float32"]
Weights = Mapping[str, NDArray[np.float32]]


class CompiledModel:
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


# The models in use, by folder and precision: whoever opens the same one shares it, and the last to go frees it.
_COMPILED: WeakValueDictionary[tuple[Path, Precision], CompiledModel] = WeakValueDictionary()


def open_encoder_session(cache: Path, precision: Precision = "auto") -> CompiledModel:
    """Compile the bundled model's layers for this CPU, exporting them below `cache` at the first call.

    They take (batch, tokens, 384) float32 word vectors and the int64 mask, and give (batch, tokens, 384) float32
    last-layer vectors. The word vectors, four fifths of the model, stay in their file: only the rows in use are read,
    and the vocabulary is not held in memory twice. Raises `EncoderError` when the CPU does not compute in that
    precision, OpenVINO cannot use it, or the cache cannot be written.
    """
    folder = bundled_model(cache)
    exported = folder.parent / f"{folder.name}-openvino-{_EXPORT}"
    return _open(cache, exported, precision, "2 of 4: the encoder", lambda target: _export(folder, {}, target))


def open_layers_session(
    cache: Path, name: str, weights: Callable[[], Weights], precision: Precision = "auto"
) -> CompiledModel:
    """Compile the bundled model's layers with other weights (torch's names, `bert.` in front), known by `name`.

    It takes and gives what the encoder does. Raises as `open_encoder_session` does.
    """
    folder = bundled_model(cache)
    exported = folder.parent / f"{folder.name}-query-{name}-{_EXPORT}"
    what = "3 of 4: the question's side"
    return _open(cache, exported, precision, what, lambda target: _export(folder, weights(), target))


def open_span_session(
    cache: Path, name: str, weights: Callable[[], Weights], precision: Precision = "auto"
) -> CompiledModel:
    """Compile the bundled model's layers with other weights (torch's names, `bert.` and `head.`), known by `name`.

    It takes what the encoder takes and gives (batch, tokens, n) float32 scores, n as many as the head has rows. Raises
    as `open_encoder_session` does.
    """
    folder = bundled_model(cache)
    exported = folder.parent / f"{folder.name}-reader-{name}-{_EXPORT}"
    return _open(cache, exported, precision, "4 of 4: the reader", lambda target: _export(folder, weights(), target))


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


def _open(
    cache: Path, exported: Path, precision: Precision, what: str, export: Callable[[Path], None]
) -> CompiledModel:
    import openvino
    from filelock import FileLock

    used = _used(precision)
    if not is_whole(exported):
        with FileLock(f"{exported}.lock"):
            # Looked at again: whoever held the lock has made it meanwhile.
            if not is_whole(exported):
                _log.info("preparing the bundled models, once on this machine, %s", what)
                replace_folder(exported, export)
    options = {"PERFORMANCE_HINT": "LATENCY", "CACHE_DIR": str(cache / "compiled")}
    options["INFERENCE_PRECISION_HINT"] = _HINTS[used]
    options["CPU_RUNTIME_CACHE_CAPACITY"] = str(_KERNELS_KEPT)
    # That of the library below OpenVINO, which has no other switch and reads this when it computes first.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_KERNELS_KEPT))
    try:
        with _READING:
            model = _COMPILED.get((exported, used))
            if model is None:
                compiled = openvino.Core().compile_model(str(exported / "model.xml"), "CPU", options)
                # The first use of a tensor's data sets up a table in OpenVINO's C++ half. Two threads that come to it
                # at once, each computing for the first time, wait for each other for ever. Here one comes at a time.
                openvino.Tensor(np.zeros(1, np.float32)).data  # noqa: B018
                model = _COMPILED[exported, used] = CompiledModel(compiled)
        return model
    except RuntimeError as error:
        # All of OpenVINO's errors are this one.
        raise EncoderError(
            f"OpenVINO could not compile {exported.name}: {error}. Remove {cache} so that it is made again."
        ) from error


def _export(folder: Path, trained: Weights, target: Path) -> None:
    """Write the bundled model's layers to a folder, some weights trained on, with a head if there is one."""
    import openvino

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    graph = bert_graph({**layer_weights(folder), **trained}, config["num_attention_heads"])
    openvino.save_model(graph, str(target / "model.xml"), compress_to_fp16=True)
