"""Where in a passage the answer is: a start and an end score for each token, and a score for "not here".

The model is the bundled encoder with its upper layers trained on (`qa/reader.md`), reading question and passage
together (Devlin et al. 2019).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.batches import batches
from index.once import loaded_once
from index.vocabulary import Vocabulary
from index.word_vectors import WordVectors, word_vectors

if TYPE_CHECKING:
    from index.runtime import Precision, Session

WEIGHTS = "reader.npz"
# An answer of more tokens than this is no short answer.
_LONGEST_ANSWER = 24
_LONGEST_INPUT = 320
_QUESTION, _PASSAGE = "query: ", "passage: "
# Padded tokens computed together: as many as one question's passages have.
_BATCH_TOKENS = 2048
# Passages whose marks are kept, each a few kilobytes.
_KEPT = 256


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

    def __init__(self, cache: Path | None = None, weights: Path | None = None, precision: "Precision" = "auto") -> None:
        self._cache = cache
        self._precision = precision
        self._weights = weights or Path(str(files("qa").joinpath(WEIGHTS)))
        self._lock = Lock()
        self._kept: dict[tuple[str, Text], Marks] = {}

    def mark(self, question: str, texts: Sequence[Text]) -> list[Marks]:
        """Mark the answer to a question in each text; what is beyond the model's window has no marks."""
        keys = [(question, text) for text in texts]
        with self._lock:
            found = {key: self._kept.pop(key) for key in dict.fromkeys(keys) if key in self._kept}
        new = [key for key in dict.fromkeys(keys) if key not in found]
        found |= dict(zip(new, self._read(new), strict=True))
        # What was read last is kept: the same question is asked again with other filters, and by the next person.
        with self._lock:
            self._kept |= found
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return [found[key] for key in keys]

    def _read(self, pairs: Sequence[tuple[str, Text]]) -> list[Marks]:
        if not pairs:
            return []
        encodings = self._vocabulary.encode(
            [(_QUESTION + question, f"{_PASSAGE}{_heading(text)}{text.text}") for question, text in pairs]
        )
        marks: dict[int, Marks] = {}
        for batch in batches(encodings, _BATCH_TOKENS):
            scores = self._session.run(self._words.of(batch.ids), batch.mask)
            for row, place in enumerate(batch.places):
                before = len(_PASSAGE) + len(_heading(pairs[place][1]))
                marks[place] = _marks(encodings[place], scores[row], before)
        return [marks[place] for place in range(len(pairs))]

    @loaded_once
    def _folder(self) -> Path:
        from index.bundled import bundled_model
        from index.encoder import default_cache

        return bundled_model(self._cache or default_cache())

    @loaded_once
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._folder, longest=_LONGEST_INPUT)

    @loaded_once
    def _words(self) -> WordVectors:
        return word_vectors(self._folder)

    @loaded_once
    def _session(self) -> "Session":
        from index.runtime import open_span_session

        name = hashlib.sha256(self._weights.read_bytes()).hexdigest()[:12]
        return open_span_session(self._folder.parent, name, self._trained, self._precision)

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
