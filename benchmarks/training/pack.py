"""Write trained weights to the reader that ships: `python -m benchmarks.training.pack RUN.safetensors ...`.

Several runs, several checkpoints of one, or a packed reader (.npz) and what was made of it, are averaged (Wortsman et
al. 2022); one that is named twice counts twice. What ships are differences to the bundled encoder in 4 bits.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.encoder import default_cache
from index.encoding.tuned_weights import TunedWeights
from qa.reading.span_model import WEIGHTS

_SHIPPED = Path(__file__).resolve().parents[2] / "qa" / "reading" / WEIGHTS


def main() -> None:
    """Average and pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=_SHIPPED)
    options = parser.parse_args()
    pack(options.runs, options.out)


def pack(trained: Sequence[Path], target: Path) -> None:
    """Write trained weights, or the mean of several runs', as differences to the bundled encoder in 4 bits."""
    base = layer_weights(bundled_model(default_cache()))
    runs = [_tensors(path, base) for path in trained]
    tuned = {name: np.mean([run[name].astype(np.float32) for run in runs], axis=0) for name in runs[0]}
    TunedWeights.of(tuned, base).save(target)


def _tensors(path: Path, base: Mapping[str, NDArray[np.float32]]) -> Mapping[str, NDArray[np.float32]]:
    return TunedWeights.load(path).restore(base) if path.suffix == ".npz" else load_file(path)


if __name__ == "__main__":
    main()
