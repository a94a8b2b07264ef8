"""What kind of question is asked: a linear classifier over the encoder's vector of the question.

`python -m benchmarks.kinds` trains it; `kinds.md` beside the weights is its card.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

# Those that small talk is told apart in.
LANGUAGES = ("en", "ar", "fr")
_FILE = Path(__file__).parent / "kinds.npz"


class Kind(StrEnum):
    """What a question asks for.

    A fact; several articles (an overview, a timeline, a comparison, what somebody said); the newest; nothing of the
    articles: a greeting, thanks, a word about Khabar itself, or work that is beyond it ("write me a poem"); or the
    articles themselves: how many there are on something, which ones, one of them in another language.
    """

    FACT = "fact"
    OVERVIEW = "overview"
    TIMELINE = "timeline"
    COMPARISON = "comparison"
    STATEMENTS = "statements"
    LATEST = "latest"
    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT_KHABAR = "about_khabar"
    BEYOND = "beyond"
    COUNT = "count"
    LISTING = "listing"
    TRANSLATION = "translation"

    @property
    def is_chat(self) -> bool:
        """Tell whether it is small talk, which no article answers."""
        return self in (Kind.GREETING, Kind.THANKS, Kind.ABOUT_KHABAR, Kind.BEYOND)

    @property
    def is_of_several(self) -> bool:
        """Tell whether several articles answer it."""
        return self in (Kind.OVERVIEW, Kind.TIMELINE, Kind.COMPARISON, Kind.STATEMENTS)

    @property
    def is_of_articles(self) -> bool:
        """Tell whether articles themselves are asked for, counted or listed, and not what they say."""
        return self in (Kind.COUNT, Kind.LISTING)


@dataclass(frozen=True, slots=True)
class Classifier:
    """A multinomial logistic model: `weights` (13, dimensions) and `bias` (13,) in the order of `Kind`.

    `encoder` names the encoder whose vectors it reads. Small talk is told by the probability that it is any of its
    kinds, from `chat` on; any other kind by its own, from `other` on. What is below is a fact: to search is the smaller
    mistake. `spoken` (3, dimensions) and `spoken_bias` (3,) tell the language of small talk, too short for words to
    tell it, in the order of `LANGUAGES`; `frame_terms` are the terms in which several articles are asked for, whatever
    they are about.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    spoken: NDArray[np.float32]
    spoken_bias: NDArray[np.float32]
    frame_terms: frozenset[str]
    encoder: str
    chat: float
    other: float

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file) as stored:
            thresholds = stored["thresholds"]
            return cls(
                weights=stored["weights"].astype(np.float32),
                bias=stored["bias"],
                spoken=stored["spoken"].astype(np.float32),
                spoken_bias=stored["spoken_bias"],
                frame_terms=frozenset(map(str, stored["frame_terms"])),
                encoder=str(stored["encoder"]),
                chat=float(thresholds[0]),
                other=float(thresholds[1]),
            )

    def save(self, file: Path) -> None:
        """Write the weights in half precision, and the rest."""
        np.savez(
            file,
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
            spoken=self.spoken.astype(np.float16),
            spoken_bias=self.spoken_bias.astype(np.float32),
            frame_terms=np.array(sorted(self.frame_terms)),
            encoder=np.array(self.encoder),
            thresholds=np.array([self.chat, self.other], dtype=np.float32),
        )

    def probabilities(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of each kind (13,), of a question's unit vector (dimensions,)."""
        scores = self.weights @ vector + self.bias
        raised = np.exp(scores - scores.max())
        shares: NDArray[np.float32] = raised / raised.sum()
        return shares

    def kind(self, vector: NDArray[np.float32]) -> Kind:
        """Return the kind of a question by its unit vector (dimensions,)."""
        return self.decide(self.probabilities(vector))

    def language(self, vector: NDArray[np.float32]) -> str:
        """Return the likeliest of `LANGUAGES` that small talk is in, by its unit vector (dimensions,)."""
        return LANGUAGES[int(np.argmax(self.spoken @ vector + self.spoken_bias))]

    def decide(self, probabilities: NDArray[np.float32]) -> Kind:
        """Return the kind that probabilities (13,) come to."""
        known = {kind: float(share) for kind, share in zip(Kind, probabilities, strict=True)}
        chat = {kind: share for kind, share in known.items() if kind.is_chat}
        if sum(chat.values()) >= self.chat:
            return max(chat, key=lambda kind: chat[kind])
        several = {kind: share for kind, share in known.items() if not kind.is_chat and kind is not Kind.FACT}
        likeliest = max(several, key=lambda kind: several[kind])
        sure = several[likeliest] >= known[Kind.FACT] and sum(several.values()) >= self.other
        return likeliest if sure else Kind.FACT


@cache
def fitted() -> Classifier:
    """Return the classifier that comes with Khabar."""
    return Classifier.load(_FILE)
