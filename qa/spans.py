"""Where in a passage the answer is: a start and an end score for each token, and a score for "not here".

The model is the bundled encoder with its upper layers trained on (`qa/reader.md`), reading question and passage
together (Devlin et al. 2019).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.runtime import Session

WEIGHTS = "reader.npz"
# An answer of more tokens than this is no short answer.
_LONGEST_ANSWER = 24
_LONGEST_INPUT = 320
_QUESTION, _PASSAGE = "query: ", "passage: "
_PAD = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to read: `title` is read with it, and answers lie in `text` alone."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The likeliest answer in a range: characters `start` to `end` of the text, and its score over "not here"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Marks:
    """One text's tokens: (t,) start and end scores, (t,) character offsets, and the score of "not here"."""

    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    nothing: float

    def best(self, start: int, end: int) -> Marked | None:
        """Return the likeliest answer within characters `start` to `end`, or None where no token lies there."""
        inside = np.flatnonzero((self.first >= start - 1) & (self.last <= end))
        if not len(inside):
            return None
        scores = self.starts[inside][:, None] + self.ends[inside][None, :]
        spread = np.arange(len(inside))[None, :] - np.arange(len(inside))[:, None]
        scores = np.where((spread >= 0) & (spread < _LONGEST_ANSWER), scores, -np.inf)
        begin, stop = np.unravel_index(int(scores.argmax()), scores.shape)
        score = float(scores[begin, stop]) - self.nothing
        return Marked(max(start, int(self.first[inside[begin]])), int(self.last[inside[stop]]), score)


class SpanModel(Protocol):
    """Marks answers in texts of any language; safe to call from several threads."""

    def mark(self, question: str, texts: Sequence[Text]) -> list[Marks]:
        """Mark the answer to a question in each text; what is beyond the model's window has no marks."""
        ...


class BundledSpanModel:
    """The reader that comes with Khabar, in OpenVINO; loaded at first use."""

    def __init__(self, cache: Path | None = None, weights: Path | None = None) -> None:
        self._cache = cache
        self._weights = weights or Path(str(files("qa").joinpath(WEIGHTS)))
        self._lock = Lock()

    def mark(self, question: str, texts: Sequence[Text]) -> list[Marks]:
        """Mark the answer to a question in each text; what is beyond the model's window has no marks."""
        if not texts:
            return []
        pairs = [(_QUESTION + question, f"{_PASSAGE}{_heading(text)}{text.text}") for text in texts]
        encodings = self._tokenizer.encode_batch(pairs)
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.full((len(texts), longest), _PAD, dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
        mask = (ids != _PAD).astype(np.int64)
        scores = self._session.run(self._words[ids], mask)
        return [
            _marks(encoding, scores[row], len(_PASSAGE) + len(_heading(text)))
            for row, (encoding, text) in enumerate(zip(encodings, texts, strict=True))
        ]

    @cached_property
    def _folder(self) -> Path:
        from index.bundled import bundled_model
        from index.encoder import default_cache

        return bundled_model(self._cache or default_cache())

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(_LONGEST_INPUT, strategy="longest_first")
        return tokenizer

    @cached_property
    def _words(self) -> NDArray[np.float32]:
        from index.bundled import word_vectors

        return word_vectors(self._folder)

    @cached_property
    def _session(self) -> "Session":
        from index.runtime import open_span_session

        with self._lock:
            name = hashlib.sha256(self._weights.read_bytes()).hexdigest()[:12]
            return open_span_session(self._folder.parent, name, self._trained)

    def _trained(self) -> dict[str, NDArray[np.float32]]:
        from index.bundled import layer_weights
        from qa.tuned import TunedWeights

        return TunedWeights.load(self._weights).restore(layer_weights(self._folder))


def _marks(encoding: Any, scores: NDArray[np.float32], before: int) -> Marks:
    offsets = np.asarray(encoding.offsets, dtype=np.int32)
    own = np.array([sequence == 1 for sequence in encoding.sequence_ids]) & (offsets[:, 1] > before)
    places = offsets[own] - before
    rows = scores[: len(offsets)]
    return Marks(
        rows[own, 0].copy(),
        rows[own, 1].copy(),
        np.maximum(places[:, 0], 0),
        places[:, 1],
        float(rows[0].sum()),
    )


def _heading(text: Text) -> str:
    return f"{text.title}\n" if text.title else ""
