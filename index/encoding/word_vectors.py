"""The bundled model's word vectors, four fifths of its weights, read from its file row by row.

Held in memory they take 400 MB, and mapped into it nearly as much is soon counted as the process's own; a text needs
a few hundred rows, which the system's cache has at hand.
"""

import json
import struct
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

WEIGHTS = "model.safetensors"
WORDS = "embeddings.word_embeddings.weight"


class WordVectors:
    """A converted model's word vectors; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        # Never closed: it serves as long as the process lives.
        self._file = (folder / WEIGHTS).open("rb", buffering=0)
        # The file's form: 8 bytes of the header's length, the header in JSON, the tensors (safetensors' README).
        (length,) = struct.unpack("<Q", self._file.read(8))
        entry = json.loads(self._file.read(length))[WORDS]
        self._start = 8 + length + entry["data_offsets"][0]
        self._width = entry["shape"][1]
        self._lock = Lock()

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors (…, 384) of tokens by their numbers."""
        unique, places = np.unique(ids, return_inverse=True)
        rows = np.empty((len(unique), self._width), dtype=np.float32)
        with self._lock:
            for row, number in zip(rows, unique.tolist(), strict=True):
                self._file.seek(self._start + number * row.nbytes)
                self._file.readinto(row.data)
        return rows[places.reshape(ids.shape)]


@lru_cache(maxsize=1)
def word_vectors(folder: Path) -> WordVectors:
    """Return a folder's word vectors, which all who read with it share."""
    return WordVectors(folder)
