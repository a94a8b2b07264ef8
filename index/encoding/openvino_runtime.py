"""The fast runtime: the bundled model, as it is or trained on, built for OpenVINO once, compiled for this CPU."""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert_graph import bert_graph
from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.precision.choice import Precision, chosen
from index.encoding.precision.scales import Int8Scales, Weights
from index.encoding.tuned_weights import digest
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
# In int8 what is not a linear map is computed in float32.
_HINTS = {"bfloat16": "bf16", "int8": "f32", "float32": "f32"}


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
    part = _Part("openvino", "2 of 4: the encoder", encoder_scales(), dict)
    return _open(cache, part, precision)


def open_layers_session(
    cache: Path, file: Path, weights: Callable[[], Weights], precision: Precision = "auto"
) -> CompiledModel:
    """Compile the bundled model's layers with other weights (torch's names, `bert.` in front), shipped in `file`.

    It takes and gives what the encoder does. Raises as `open_encoder_session` does.
    """
    part = _Part(f"query-{digest(file)}", "3 of 4: the question's side", scales_beside(file), weights)
    return _open(cache, part, precision)


def open_span_session(
    cache: Path, file: Path, weights: Callable[[], Weights], precision: Precision = "auto"
) -> CompiledModel:
    """Compile the bundled model's layers with other weights (torch's names, `bert.` and `head.`), shipped in `file`.

    It takes what the encoder takes and gives (batch, tokens, n) float32 scores, n as many as the head has rows. Raises
    as `open_encoder_session` does.
    """
    return _open(cache, _Part(f"reader-{digest(file)}", "4 of 4: the reader", scales_beside(file), weights), precision)


def encoder_scales() -> Path:
    """Return the file of the encoder's scales for int8."""
    return Path(str(files("index.encoding").joinpath("encoder.int8.npz")))


def scales_beside(file: Path) -> Path:
    """Return where the scales for int8 of a file of weights lie, if there are any."""
    return file.with_suffix(".int8.npz")


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the bundled models: its name in the cache and for people, its scales, what is not as in the encoder."""

    name: str
    what: str
    scales: Path
    weights: Callable[[], Weights]


def _open(cache: Path, part: _Part, precision: Precision) -> CompiledModel:
    import openvino

    folder, used = bundled_model(cache), chosen(precision, scales=part.scales.is_file())
    exported = _exported(folder, part, in_int8=used == "int8")
    options = {"PERFORMANCE_HINT": "LATENCY", "CACHE_DIR": str(cache / "compiled")}
    options["INFERENCE_PRECISION_HINT"] = _HINTS[used]
    options["CPU_RUNTIME_CACHE_CAPACITY"] = str(_KERNELS_KEPT)
    # That of the library below OpenVINO, which has no other switch and reads this when it computes first.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_KERNELS_KEPT))
    try:
        with _READING:
            model = _COMPILED.get((exported, used))
            if model is None:
                with _alone_in(cache):
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


@contextmanager
def _alone_in(cache: Path) -> Iterator[None]:
    """Keep other processes from compiling: two that write the same compiled model at once take it from each other.

    Where nothing can be written, nothing is: a model is compiled for each process then.
    """
    from filelock import FileLock

    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(FileLock(cache / "compiled.lock"))
        yield


def _exported(folder: Path, part: _Part, *, in_int8: bool) -> Path:
    """Return the folder of a model for OpenVINO, beside the converted one; made at the first call."""
    from filelock import FileLock

    levels = f"-int8-{digest(part.scales)}" if in_int8 else ""
    exported = folder.parent / f"{folder.name}-{part.name}-{_EXPORT}{levels}"
    if not is_whole(exported):
        with FileLock(f"{exported}.lock"):
            # Looked at again: whoever held the lock has made it meanwhile.
            if not is_whole(exported):
                _log.info("preparing the bundled models, once on this machine, %s", part.what)
                scales = part.scales if in_int8 else None
                replace_folder(exported, lambda target: _export(folder, part.weights(), scales, target))
    return exported


def _export(folder: Path, trained: Weights, scales: Path | None, target: Path) -> None:
    """Write the bundled model's layers to a folder, some weights trained on, with a head if there is one."""
    import openvino

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = {**layer_weights(folder), **trained}
    levels = None
    if scales is not None:
        levels = Int8Scales.load(scales)
        levels.check(weights, scales.name)
    graph = bert_graph(weights, config["num_attention_heads"], levels)
    # What int8 leaves in floats is small: its digits are kept.
    openvino.save_model(graph, str(target / "model.xml"), compress_to_fp16=scales is None)
