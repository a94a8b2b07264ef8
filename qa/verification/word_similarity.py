"""Whether a passage in another script has the counterpart of a word: the same name as it sounds, or a translation.

In its sentence a word's vectors say what company it keeps, so that a wrong name meets the right one closely. Here each
word is read alone.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis import question_language
from index.analysis.phonetic_similarity import alike
from index.analysis.terms import is_stopword
from index.encoding.encoder import Encoder, TextVectors
from index.encoding.token_space import unit
from index.text.scripts import MARKS, script_of

WORD = re.compile(rf"[^\W_][\w{MARKS}]*(?:['’\-][^\W_][\w{MARKS}]*)*")
# What a token of less information, in nats, still counts for its word: endings and articles tell little.
_COMMON, _FLOOR = 5.0, 0.5
_KEPT = 8192
# Fewer words than these have no middle to be compared from.
_MIDDLE = 3


@dataclass(frozen=True, slots=True)
class Nearest:
    """The best that a text has for a word.

    `sound` is how alike they sound, 0 to 1; `meaning` a cosine in the token space, `whole` one of the whole vectors,
    each taken from the middle of its text's words; `information` is the word's own, in nats.
    """

    sound: float
    meaning: float
    whole: float
    information: float


@dataclass(frozen=True, slots=True)
class _Read:
    meaning: NDArray[np.float32]
    whole: NDArray[np.float32]
    information: float


class CrossScriptWords:
    """Looks for words' counterparts in texts; safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, _Read] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, words: Sequence[str], text: str) -> list[Nearest]:
        """Return for each word what is nearest to it among the words of a text."""
        language = question_language(text)
        theirs = [word for word in dict.fromkeys(WORD.findall(text)) if not is_stopword(word, language)]
        if not words or not theirs:
            return [Nearest(0.0, 0.0, 0.0, 0.0)] * len(words)
        ours, others = self._read(words), self._read(theirs)
        meanings = np.stack([one.meaning for one in ours]) @ np.stack([other.meaning for other in others]).T
        wholes = _centred(ours) @ _centred(others).T
        return [
            Nearest(
                max(_sound(word, other) for other in theirs),
                float(meanings[place].max()),
                float(wholes[place].max()),
                ours[place].information,
            )
            for place, word in enumerate(words)
        ]

    def _read(self, words: Sequence[str]) -> list[_Read]:
        with self._lock:
            found = {word: self._kept[word] for word in words if word in self._kept}
        new = [word for word in dict.fromkeys(words) if word not in found]
        found |= {word: _read(vectors) for word, vectors in zip(new, self._encoder.encode_passages(new), strict=True)}
        with self._lock:
            for word, read in found.items():
                self._kept[word] = read
                self._kept.move_to_end(word)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return [found[word] for word in words]


def is_caseless(word: str) -> bool:
    """Tell whether a word is of a script that shows no names by capitals, of those whose sounds are known."""
    script = script_of(word[:1])
    return script.sounds is not None and not script.has_case


def _read(vectors: TextVectors) -> _Read:
    tokens = vectors.tokens
    told = tokens.weights[: len(tokens.vectors)]
    weights = np.maximum(told - _COMMON, _FLOOR)
    meaning = unit(np.asarray((tokens.vectors * weights[:, None]).sum(axis=0), dtype=np.float32))
    return _Read(meaning, np.asarray(vectors.vector, np.float32), float(told.sum()))


def _centred(read: Sequence[_Read]) -> NDArray[np.float32]:
    vectors = np.stack([one.whole for one in read])
    return unit(vectors - vectors.mean(axis=0)) if len(read) >= _MIDDLE else vectors


def _sound(word: str, other: str) -> float:
    """Return how alike two words sound; 0 for two of one script, which are compared by their letters elsewhere."""
    if is_caseless(word) == is_caseless(other):
        return 0.0
    return alike(other, word) if is_caseless(word) else alike(word, other)
