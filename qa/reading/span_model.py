"""What a passage says to a question: where the answer is, whether there is one, who says so and how.

One pass gives each token a start and an end score of the answer and of the speaker, and the first token the scores
of "not here", of relevance and of each stance. The model is the bundled encoder with its upper layers trained
on (`qa/reading/reader.md`), reading question and passage together (Devlin et al. 2019).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.batches import batches
from index.encoding.lazy import loaded_once
from index.encoding.vocabulary import Vocabulary
from index.encoding.word_vectors import WordVectors, word_vectors

if TYPE_CHECKING:
    from index.encoding.openvino_runtime import CompiledModel
    from index.encoding.precision.choice import Precision

WEIGHTS = "reader.npz"
# An answer of more tokens than this is no short answer.
_LONGEST_ANSWER = 24
_LONGEST_INPUT = 320
_QUESTION, _PASSAGE = "query: ", "passage: "
# Padded tokens computed together: as many as one question's passages have.
_BATCH_TOKENS = 2048
# Questions whose marks are kept, each some dozens of kilobytes.
_KEPT = 48
# The head's outputs, in the order that benchmarks/training/reader.py trains them in.
STANCES = (
    "none", "said", "confirmed", "denied", "warned", "accused", "called_for", "announced", "promised", "welcomed",
    "criticised", "other",
)  # fmt: skip
_SPEAKER, _RELEVANCE, _STANCE = 2, 4, 5


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to read: `title` is read with it, and answers lie in `text` alone."""

    title: str
    text: str

    @property
    def heading(self) -> str:
        """The title as it is read above the text, or nothing."""
        return f"{self.title}\n" if self.title else ""


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """The likeliest answer in a range: characters `start` to `end` of the text, and its score over "not here"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SpanScores:
    """One text's tokens: (t,) start and end scores, (t,) character offsets, and the score of "not here".

    `relevance` is the log odds that the text answers at all; `speakers` are (t, 2) start and end scores of who says the
    answer, `unsaid` the score of nobody; `stances` are a score for each of `STANCES`.
    """

    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    nothing: float
    relevance: float = 0.0
    speakers: NDArray[np.float32] | None = None
    unsaid: float = 0.0
    stances: NDArray[np.float32] | None = None

    def best(self, start: int, end: int) -> ScoredSpan | None:
        """Return the likeliest answer within characters `start` to `end`, or None where no token lies there."""
        inside = np.flatnonzero((self.first >= start - 1) & (self.last <= end))
        found = _likeliest(self.starts[inside], self.ends[inside])
        if found is None:
            return None
        begin, stop, score = inside[found[0]], inside[found[1]], found[2]
        return ScoredSpan(max(start, int(self.first[begin])), int(self.last[stop]), score - self.nothing)

    def speaker(self) -> ScoredSpan | None:
        """Return who says the answer, with the score over "nobody", or None where the model tells no speakers."""
        if self.speakers is None:
            return None
        found = _likeliest(self.speakers[:, 0], self.speakers[:, 1])
        if found is None:
            return None
        return ScoredSpan(int(self.first[found[0]]), int(self.last[found[1]]), found[2] - self.unsaid)

    @property
    def stance(self) -> str:
        """The likeliest of `STANCES`."""
        return STANCES[int(self.stances.argmax())] if self.stances is not None else STANCES[0]


class SpanModel(Protocol):
    """Marks answers in texts of any language; safe to call from several threads.

    `name` identifies the weights: scores of equal names compare.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        ...

    def mark(self, question: str, texts: Sequence[Text]) -> list[SpanScores]:
        """Mark the answer to a question in each text; what is beyond the model's window has no marks."""
        ...


class BundledSpanModel:
    """The reader that comes with Khabar, in OpenVINO; loaded at first use."""

    def __init__(self, cache: Path | None = None, weights: Path | None = None, precision: "Precision" = "auto") -> None:
        self._cache = cache
        self._precision = precision
        self._weights = weights or Path(str(files("qa.reading").joinpath(WEIGHTS)))
        self._lock = Lock()
        self._kept: dict[tuple[str, tuple[Text, ...]], list[SpanScores]] = {}

    @property
    def name(self) -> str:
        """What it is called, with a hash of its weights."""
        return f"khabar-reader@{self._digest}"

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        from index.encoding.openvino_runtime import scales_beside
        from index.encoding.precision.choice import runtime

        return runtime(self._precision, scales=scales_beside(self._weights).is_file())

    def mark(self, question: str, texts: Sequence[Text]) -> list[SpanScores]:
        """Mark the answer to a question in each text; what is beyond the model's window has no marks."""
        key = (question, tuple(texts))
        with self._lock:
            found = self._kept.pop(key, None)
        if found is None:
            found = self._read([(question, text) for text in texts])
        # What was read last is kept: the same question is asked again, by the next person. It is kept as a whole, since
        # in lower precision a text's marks depend on what is computed beside it: the same question has the same answer.
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return found

    def _read(self, pairs: Sequence[tuple[str, Text]]) -> list[SpanScores]:
        if not pairs:
            return []
        encodings = self._vocabulary.encode(
            [(_QUESTION + question, f"{_PASSAGE}{text.heading}{text.text}") for question, text in pairs]
        )
        marks: dict[int, SpanScores] = {}
        for batch in batches(encodings, _BATCH_TOKENS):
            scores = self._session.run(self._words.of(batch.ids), batch.mask)
            for row, place in enumerate(batch.places):
                before = len(_PASSAGE) + len(pairs[place][1].heading)
                marks[place] = _marks(encodings[place], scores[row], before)
        return [marks[place] for place in range(len(pairs))]

    @loaded_once
    def _folder(self) -> Path:
        from index.encoding.bundled_model import bundled_model
        from index.encoding.encoder import default_cache

        return bundled_model(self._cache or default_cache())

    @loaded_once
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._folder, longest=_LONGEST_INPUT)

    @loaded_once
    def _words(self) -> WordVectors:
        return word_vectors(self._folder)

    @loaded_once
    def _session(self) -> "CompiledModel":
        from index.encoding.openvino_runtime import open_span_session

        return open_span_session(self._folder.parent, self._weights, self._trained, self._precision)

    @loaded_once
    def _digest(self) -> str:
        from index.encoding.tuned_weights import digest

        return digest(self._weights)

    def _trained(self) -> dict[str, NDArray[np.float32]]:
        from index.encoding.bundled_model import layer_weights
        from index.encoding.tuned_weights import TunedWeights

        return TunedWeights.load(self._weights).restore(layer_weights(self._folder))


def _likeliest(starts: NDArray[np.float32], ends: NDArray[np.float32]) -> tuple[int, int, float] | None:
    if not len(starts):
        return None
    scores = starts[:, None] + ends[None, :]
    spread = np.arange(len(starts))[None, :] - np.arange(len(starts))[:, None]
    scores = np.where((spread >= 0) & (spread < _LONGEST_ANSWER), scores, -np.inf)
    begin, stop = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(begin), int(stop), float(scores[begin, stop])


@dataclass(frozen=True, slots=True)
class OwnTokens:
    """The tokens of a text in its pair with a question: a mask (n,) over all tokens, and (t,) character offsets."""

    mask: NDArray[np.bool_]
    first: NDArray[np.int32]
    last: NDArray[np.int32]

    @classmethod
    def of(cls, encoding: Any, before: int) -> "OwnTokens":
        """Take those behind the first `before` characters of the pair's second part, where the text begins."""
        offsets = np.asarray(encoding.offsets, dtype=np.int32)
        own = np.array([sequence == 1 for sequence in encoding.sequence_ids]) & (offsets[:, 1] > before)
        places = offsets[own] - before
        return cls(own, np.maximum(places[:, 0], 0), places[:, 1])


def _marks(encoding: Any, scores: NDArray[np.float32], before: int) -> SpanScores:
    tokens = OwnTokens.of(encoding, before)
    own, rows = tokens.mask, scores[: len(tokens.mask)]
    return SpanScores(
        rows[own, 0].copy(),
        rows[own, 1].copy(),
        tokens.first,
        tokens.last,
        float(rows[0, :_SPEAKER].sum()),
        float(rows[0, _RELEVANCE]),
        rows[own, _SPEAKER:_RELEVANCE].copy(),
        float(rows[0, _SPEAKER:_RELEVANCE].sum()),
        rows[0, _STANCE:].copy(),
    )
