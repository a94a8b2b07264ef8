"""The question's side of finding: the bundled encoder, trained on to put a question where what answers it lies.

Learnt by benchmarks/training/query_encoder.py from questions and the passages that answer them, mostly in other
languages and in other words. Passages' stored vectors stay as they are.
"""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoding.bundled_model import layer_weights
from index.encoding.token_space import unit
from index.encoding.tuned_weights import TunedWeights

if TYPE_CHECKING:
    from index.encoding.openvino_runtime import CompiledModel
    from index.encoding.precision.choice import Precision

FILE = "query_encoder.npz"
# How far of the way from a question's own place to the learnt one it is looked for: all the way wins no more across
# languages, and loses within one.
_SHARE = 0.7


def open_query_session(folder: Path, precision: "Precision") -> "CompiledModel":
    """Compile the trained layers, given the converted model's folder; raises as `open_encoder_session` does."""
    from index.encoding.openvino_runtime import open_layers_session

    weights = Path(str(files("index.encoding").joinpath(FILE)))
    return open_layers_session(
        folder.parent, weights, lambda: TunedWeights.load(weights).restore(layer_weights(folder)), precision
    )


def towards(own: NDArray[np.float32], learnt: NDArray[np.float32]) -> NDArray[np.float32]:
    """Go from unit vectors towards the learnt ones: unit vectors of the same shape, (d,) or (t, d)."""
    return unit(np.asarray(own * (1 - _SHARE) + learnt * _SHARE, dtype=np.float32))
