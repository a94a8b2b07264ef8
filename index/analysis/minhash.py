"""Which texts are nearly the same: word shingles, and MinHash bands by which such texts meet; pure functions.

A text is taken as the set of its runs of three words. Two texts that share most of these get, with high probability,
one of the same 16 bands: MinHash (Broder 1997) over 64 hash functions, in bands of four. Bands are kept on disk, so
that nothing here may change without all of them being made anew.
"""

import re
import zlib

import numpy as np
from numpy.typing import NDArray

from index.text.normalisation import fold
from index.text.scripts import UNSPACED

Shingles = NDArray[np.uint64]

_RUN = 3
_BANDS, _ROWS = 16, 4
# The same words but for a few: the Jaccard similarity of the two sets.
_SAME = 0.7
# One is the other cut short: so much of the shorter is in the longer, and the shorter is long enough to tell.
_CUT, _CUT_LEAST = 0.95, 30

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")
_ODD = (np.random.default_rng(2011).integers(1, 1 << 63, _BANDS * _ROWS, dtype=np.uint64) * 2 + 1)[:, None]
_PLACE = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_MIX = np.uint64(0xD6E8FEB86659FD93)


def shingles(text: str) -> Shingles:
    """Return the hashes of a text's runs of three words, sorted, each once; of a shorter text its one run."""
    hashes = np.array([zlib.crc32(word.encode()) for word in _WORD.findall(fold(text))], dtype=np.uint64)
    if len(hashes) < _RUN:
        hashes = np.pad(hashes, (0, _RUN - len(hashes)))
    count = len(hashes) - _RUN + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for place, odd in enumerate(_PLACE):
        mixed ^= _mixed(hashes[place : place + count] * odd + odd)
    return np.unique(mixed)


def bands(found: Shingles) -> list[int]:
    """Return the 16 bands of a set of shingles, as signed 64-bit numbers."""
    lowest = _mixed(found * _ODD).min(axis=1).reshape(_BANDS, _ROWS)
    joined = np.zeros(_BANDS, dtype=np.uint64)
    for row in range(_ROWS):
        joined = _mixed((joined ^ lowest[:, row]) * _PLACE[0])
    joined ^= np.arange(_BANDS, dtype=np.uint64) * _PLACE[1]
    return [int(band) for band in joined.view(np.int64)]


def nearly_same(one: Shingles, other: Shingles) -> float:
    """Return the Jaccard similarity of two sets when they are of nearly the same text, or one is a cut of the other.

    0.0 when they are not.
    """
    common = len(np.intersect1d(one, other, assume_unique=True))
    jaccard = common / (len(one) + len(other) - common)
    shorter = min(len(one), len(other))
    cut = shorter >= _CUT_LEAST and common >= _CUT * shorter
    return jaccard if cut or jaccard >= _SAME else 0.0


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(32))) * _MIX
    return values ^ (values >> np.uint64(29))
