"""Texts to the bundled model's tokens: with its whole vocabulary, or with just the pieces that a few texts can hold.

The whole vocabulary takes a second to load and 300 MB of memory. A process loads it once; one that asks a single
question does without.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOKENIZER = "tokenizer.json"
# The tokenizer without its vocabulary; the vocabulary's pieces in the order of their bytes, and their numbers.
BARE, PIECES, NUMBERS = "tokenizer-bare.json", "pieces.npy", "pieces-numbers.npy"
# How much each piece tells: -ln of its unigram probability, (vocabulary,) float32.
INFORMATION = "information.npy"

# So many characters are taken apart without the whole vocabulary, about two questions with what is read for them: who
# asks more has use for it.
_BRIEF_CHARACTERS = 100_000
_LONGEST_PIECE = 16
# <s>, <pad>, </s> and <unk> have the first numbers, here and in the whole vocabulary.
_UNKNOWN = 3
# Held while the whole vocabulary is loaded: two who come at once would each load one.
_loading = Lock()

Input = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's tokens, or a pair's: their numbers in the vocabulary, and what `tokenizers.Encoding` says of each."""

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]
    special_tokens_mask: Sequence[int]
    sequence_ids: Sequence[int | None]


class Vocabulary:
    """The vocabulary of a converted model's folder; texts and pairs are cut off at `longest` tokens."""

    def __init__(self, folder: Path, longest: int | None = None) -> None:
        self._folder = folder
        self._longest = longest

    def encode(self, texts: Sequence[Input]) -> list[Encoded]:
        """Take texts apart."""
        if not _loaded.cache_info().currsize and (brief := pieces(self._folder)).suffice(texts):
            return brief.encode(texts, self._longest)
        return [
            Encoded(item.ids, item.offsets, item.special_tokens_mask, item.sequence_ids)
            for item in self.whole.encode_batch(list(texts))
        ]

    @cached_property
    def whole(self) -> Any:
        """The `tokenizers.Tokenizer` with the whole vocabulary."""
        with _loading:
            loaded = _loaded(self._folder)
        return _tokenizer(loaded.model, loaded, self._longest)


class Pieces:
    """Takes texts apart as the whole vocabulary does, with only the pieces that occur in them.

    A unigram model weighs the pieces that cover a text against each other (Kudo 2018, arXiv:1804.10959), so that the
    others do not matter; only the score of what no piece covers comes from the least likely of all.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        bare = (folder / BARE).read_text(encoding="utf-8")
        self._bare = Tokenizer.from_str(bare)
        self._specials = [token["content"] for token in json.loads(bare)["added_tokens"]]
        self._sorted: NDArray[np.bytes_] = np.load(folder / PIECES, mmap_mode="r")
        self._numbers: NDArray[np.int32] = np.load(folder / NUMBERS, mmap_mode="r")
        self._scores: NDArray[np.float32] = -np.load(folder / INFORMATION)
        self._left = _BRIEF_CHARACTERS
        # Held while `_left` is counted down: threads share what is left.
        self._lock = Lock()

    def suffice(self, texts: Sequence[Input]) -> bool:
        """Tell whether it is still worth doing without the whole vocabulary, for these texts."""
        with self._lock:
            self._left -= sum(map(len, _flat(texts)))
            return self._left >= 0

    def encode(self, texts: Sequence[Input], longest: int | None = None) -> list[Encoded]:
        """Take texts apart."""
        from tokenizers.models import Unigram

        found = self._found(texts)
        model = Unigram([(piece, float(self._scores[number])) for number, piece in found.items()], _UNKNOWN)
        numbers = np.fromiter(found, np.int64)
        return [
            Encoded(numbers[item.ids].tolist(), item.offsets, item.special_tokens_mask, item.sequence_ids)
            for item in _tokenizer(model, self._bare, longest).encode_batch(list(texts))
        ]

    def _found(self, texts: Sequence[Input]) -> dict[int, str]:
        """Return the pieces by their numbers: the special ones, the least likely one, and all that the texts hold."""
        held = {part.encode() for word in self._words(texts) for part in _parts(word)}
        wanted = np.array(sorted(held), dtype=self._sorted.dtype)
        places = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        there = [*places[self._sorted[places] == wanted], np.flatnonzero(self._numbers == self._scores.argmin())[0]]
        found = {int(self._numbers[place]): self._sorted[place].decode() for place in there}
        return dict(enumerate(self._specials)) | {n: piece for n, piece in found.items() if n >= len(self._specials)}

    def _words(self, texts: Sequence[Input]) -> set[str]:
        special = re.compile("|".join(map(re.escape, self._specials)))
        stretches = [part for text in _flat(texts) for part in special.split(text)]
        normal = [self._bare.normalizer.normalize_str(part) for part in stretches]
        return {word for part in normal for word, _ in self._bare.pre_tokenizer.pre_tokenize_str(part)}


@lru_cache(maxsize=1)
def pieces(folder: Path) -> Pieces:
    """Return a folder's pieces, which all who read with it share."""
    return Pieces(folder)


def _flat(texts: Sequence[Input]) -> list[str]:
    return [part for text in texts for part in ([text] if isinstance(text, str) else text)]


def _parts(word: str) -> list[str]:
    ends = range(1, len(word) + 1)
    return [word[start:end] for end in ends for start in range(max(0, end - _LONGEST_PIECE), end)]


def _tokenizer(model: Any, like: Any, longest: int | None) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer(model)
    tokenizer.normalizer, tokenizer.pre_tokenizer = like.normalizer, like.pre_tokenizer
    tokenizer.post_processor, tokenizer.decoder = like.post_processor, like.decoder
    tokenizer.add_special_tokens([token for _, token in sorted(like.get_added_tokens_decoder().items())])
    tokenizer.enable_truncation(longest or like.truncation["max_length"], strategy="longest_first")
    return tokenizer


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / TOKENIZER))
