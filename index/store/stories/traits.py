"""What an article is compared by: the keys of its names and numbers, its mean vector, its day and its language."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.analysis import name_keys, terms

Keys = NDArray[np.uint32]
Vector = NDArray[np.float32]

# A text with fewer names has no capitals to tell them by, as Thai or Hindi: its words are taken as well.
_FEWEST_NAMES = 8


@dataclass(frozen=True, slots=True)
class StoryTraits:
    """What tells of which event an article is.

    `keys` (k,) are the hashes of its names and numbers, sorted, each once, the same in every script; `vector` (d,) is
    the mean of its passages' vectors, of unit length; `day` counts days, None for an article without a date.
    """

    keys: Keys
    vector: Vector
    language: str
    day: int | None

    @classmethod
    def of(cls, title: str, text: str, language: str, published: str | None, vectors: Sequence[bytes]) -> "StoryTraits":
        """Take them from an article as it is stored; `vectors` are its passages', in float16."""
        day = date.fromisoformat(published).toordinal() if published else None
        return cls(_keys(f"{title}\n{text}", language), _mean(vectors), language, day)


def _keys(text: str, language: str) -> Keys:
    # A number of one digit tells nothing.
    names = {key for key in name_keys(text, language) if len(key) > 1 or not key.isdigit()}
    told = names if len(names) >= _FEWEST_NAMES else names | set(terms(text, language))
    return np.unique(np.array([zlib.crc32(key.encode()) for key in told], dtype=np.uint32))


def _mean(vectors: Sequence[bytes]) -> Vector:
    if not vectors:
        return np.zeros(0, dtype=np.float32)
    stored = np.frombuffer(b"".join(vectors), dtype=np.float16).reshape(len(vectors), -1)
    return unit(stored.astype(np.float32).mean(axis=0))


def unit(vector: Vector) -> Vector:
    """Return a vector at unit length; one without any stays as it is."""
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
