"""Texts to what the bundled model computes on: one vocabulary in memory for all who read with it, padded batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PAD = 1
# Held while the vocabulary is loaded: two who come at once would each load one, 300 MB apiece.
_loading = Lock()


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that are computed together: their places in the input, and (texts, tokens) ids and mask."""

    places: tuple[int, ...]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


def open_tokenizer(folder: Path, longest: int | None = None) -> Any:
    """Return the tokenizer of a converted model's folder, which cuts texts and pairs off at `longest` tokens.

    The vocabulary takes a second to load and 300 MB of memory: it is loaded once in a process, and shared.
    """
    from tokenizers import Tokenizer

    with _loading:
        loaded = _loaded(folder)
    tokenizer = Tokenizer(loaded.model)
    tokenizer.normalizer, tokenizer.pre_tokenizer = loaded.normalizer, loaded.pre_tokenizer
    tokenizer.post_processor, tokenizer.decoder = loaded.post_processor, loaded.decoder
    tokenizer.add_special_tokens([token for _, token in sorted(loaded.get_added_tokens_decoder().items())])
    tokenizer.enable_truncation(longest or loaded.truncation["max_length"], strategy="longest_first")
    return tokenizer


def batches(encodings: Sequence[Any], most_tokens: int) -> Iterator[Batch]:
    """Put tokenized texts into batches of at most `most_tokens`, padding included, or of one text that is longer.

    The longest come first: neighbours have like lengths, so little is padded, and memory peaks at once.
    """
    order = sorted(range(len(encodings)), key=lambda place: -len(encodings[place].ids))
    while order:
        longest = len(encodings[order[0]].ids)
        size = max(1, most_tokens // max(longest, 1))
        places, order = tuple(order[:size]), order[size:]
        ids = np.full((len(places), longest), _PAD, dtype=np.int64)
        mask = np.zeros((len(places), longest), dtype=np.int64)
        for row, place in enumerate(places):
            own = encodings[place].ids
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        yield Batch(places, ids, mask)


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))
