"""Check a written sentence against the passages it cites: its facts, its meaning, its negations, its speaker."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.folding import Span, fold, word_set
from index.search import Candidate
from index.text import name_keys, question_language
from index.words import is_stopword
from qa.answer import Speaker
from qa.facts import Fact, FactKind, facts_of, forms_in, word_forms
from qa.injections import is_ordered
from qa.late_interaction import LateInteraction
from qa.reader import sentences_in, speaker_of
from qa.speaker import attribute

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_NEGATIONS = word_set(
    fold(
        "not no never neither nor cannot without "
        "لم لن لا ليس ليست ليسوا لست ولم ولن ولا وليس وليست فلم فلن فلا غير دون بدون"
    )
)
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut\w+|reject\w+)\b"
    r"|(?<!\w)[وف]?(?:نفى|نفت|ينفي|تنفي|نفي|رفض|رفضت)(?!\w)"
)
# What may stand between two words of one name.
_JOINS = re.compile(r"(?:['’]s)?[\s\-–]+(?:(?:of|the|de|al|bin|بن)[\s\-]+)*")
# Below this information, in nats, a word says nothing that has to be found.
_TELLING = 7.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against a passage supporting a sentence.

    `missing` counts the sentence's numbers and dates that the passage lacks (at most 2); `name` is how well its
    least supported name is met, 0 to 1, `worst` the same of its least supported telling word and `words` the mean
    over them, by information; `aligned` is the late-interaction score of the whole passage and `nearest` that of its
    best sentence; `negated` is 1 where sentence and best sentence differ in negation; `speaker` is 1 where they name
    different speakers.
    """

    missing: float
    name: float
    worst: float
    words: float
    aligned: float
    nearest: float
    negated: float
    speaker: float


@dataclass(frozen=True, slots=True)
class Support:
    """How one passage supports a sentence: the signs, the probability, the facts that it lacks, its best sentence.

    `meaning` is the probability over the threshold: from 1 on, and with no number and no date lacking, the sentence
    is `supported`, unless what is nearest to it in the passage is an order to a language model (`ordered`).
    """

    signs: Signs
    probability: float
    meaning: float
    lacking: tuple[Fact, ...]
    best: Span | None
    ordered: bool = False

    @property
    def supported(self) -> bool:
        """Tell whether the passage supports the sentence."""
        return self.meaning >= 1.0 and not self.signs.missing and not self.ordered


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the signs; from `threshold` on a sentence counts as supported."""

    weights: Signs
    bias: float
    threshold: float

    def of(self, signs: Signs) -> float:
        """Return the probability that the passage supports the sentence."""
        total = self.bias + sum(w * s for w, s in zip(astuple(self.weights), astuple(signs), strict=True))
        return 1 / (1 + math.exp(-total))

    @classmethod
    def from_json(cls, data: dict[str, object]) -> "Calibration":
        """Read one of the models in `qa/checking.json`."""
        weights = data["weights"]
        assert isinstance(weights, dict)
        return cls(Signs(**weights), float(str(data["bias"])), float(str(data["threshold"])))


@dataclass(frozen=True, slots=True)
class Calibrations:
    """The models for a passage in the sentence's own language and for one in another."""

    same: Calibration
    foreign: Calibration


@cache
def fitted() -> Calibrations:
    """Read what benchmarks/checking.py fitted."""
    data = json.loads(files("qa").joinpath("checking.json").read_text(encoding="utf-8"))
    return Calibrations(Calibration.from_json(data["same"]), Calibration.from_json(data["foreign"]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A sentence with what can be looked up of it: its words' places among the encoder's tokens, and their weight."""

    text: str
    facts: tuple[Fact, ...]
    words: tuple[Span, ...]
    weights: NDArray[np.float32]
    tokens: tuple[NDArray[np.intp], ...]


class Checker:
    """Tells how well passages support a sentence."""

    def __init__(self, encoder: Encoder, *, calibrations: Calibrations | None = None) -> None:
        self._encoder = encoder
        self._interaction = LateInteraction(encoder)
        self._calibrations = calibrations

    def support(self, sentence: str, passages: Sequence[Candidate]) -> list[Support]:
        """Judge each passage, with its title, outlet and date, as the only source of a sentence without markers."""
        calibrations = self._calibrations or fitted()
        found = []
        for candidate, (signs, lacking, best) in zip(passages, self.signs(sentence, passages), strict=True):
            foreign = candidate.article.language != question_language(sentence)
            model = calibrations.foreign if foreign else calibrations.same
            probability = model.of(signs)
            ordered = best is not None and is_ordered(candidate.article.text, best)
            found.append(Support(signs, probability, probability / model.threshold, lacking, best, ordered))
        return found

    def signs(self, sentence: str, passages: Sequence[Candidate]) -> list[tuple[Signs, tuple[Fact, ...], Span | None]]:
        """Return for each passage the signs, the facts it lacks, and its best sentence."""
        asked = self._asked(sentence)
        alignments = self._interaction.align(sentence, passages)
        found = []
        for candidate, alignment in zip(passages, alignments, strict=True):
            spans = sentences_in(candidate.article, candidate.passage)
            scores = self._interaction.sentence_scores(alignment, candidate, spans)
            best = spans[int(np.argmax(scores))] if spans else None
            article = candidate.article
            forms = forms_in("\n".join([candidate.text, article.title, article.source or ""]), article.published)
            speaker = speaker_of(article, best) if best else None
            if speaker:
                forms |= forms_in(" ".join(part for part in (speaker.name, speaker.role) if part))
            met = _met(asked, forms, alignment.matrix)
            lacking = tuple(fact for fact in asked.facts if not fact.occurs(forms))
            counted = sum(fact.kind is not FactKind.NAME for fact in lacking)
            quote = best.slice(article.text) if best else ""
            signs = Signs(
                missing=float(min(counted, 2)),
                name=_least_name(asked, met),
                worst=_worst(asked, met),
                words=float(asked.weights @ met / max(float(asked.weights.sum()), 1e-9)) if len(met) else 0.0,
                aligned=alignment.score,
                nearest=max(scores, default=-1.0),
                negated=float(negated(sentence) != negated(quote)),
                speaker=float(_other_speaker(sentence, speaker)),
            )
            found.append((signs, lacking, best))
        return found

    def _asked(self, sentence: str) -> _Asked:
        vectors = self._encoder.encode_query(sentence).tokens
        (places,) = self._encoder.locate_tokens([sentence])
        count = min(len(places.starts), len(vectors.weights))
        words, weights, tokens = [], [], []
        for match in _WORD.finditer(sentence):
            inside = np.flatnonzero((places.starts[:count] < match.end()) & (places.ends[:count] > match.start()))
            weight = float(vectors.weights[inside].sum()) if len(inside) else 0.0
            if not len(inside) or is_stopword(match.group()):
                continue
            words.append(Span(match.start(), match.end()))
            weights.append(max(weight - _TELLING, 0.1))
            tokens.append(inside)
        return _Asked(sentence, facts_of(sentence), tuple(words), np.array(weights, np.float32), tuple(tokens))


def negated(text: str) -> bool:
    """Tell whether a sentence denies or negates something: an odd number of negations."""
    words = [fold(match.group()) for match in _WORD.finditer(text)]
    count = sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words)
    return (count + len(_DENYING.findall(text))) % 2 == 1


def _met(asked: _Asked, forms: frozenset[str], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how well a passage meets each word: 1 where it has the word or name, else its tokens' mean cosine."""
    nearest = matrix.max(axis=1) if matrix.shape[1] else np.full(len(matrix), -1.0, np.float32)
    met = np.zeros(len(asked.words), np.float32)
    for place, (word, tokens) in enumerate(zip(asked.words, asked.tokens, strict=True)):
        found = not forms.isdisjoint(word_forms(word.slice(asked.text)))
        met[place] = 1.0 if found else max(float(nearest[tokens].mean()), 0.0)
    return met


def _least_name(asked: _Asked, met: NDArray[np.float32]) -> float:
    """Return how well the least met name is met: by the word of it that is met best, as "King" may be translated."""
    best: list[float] = []
    end = -1
    for fact in asked.facts:
        if fact.kind is not FactKind.NAME:
            continue
        scores = [float(met[p]) for p, word in enumerate(asked.words) if word.start <= fact.start < word.end]
        if not scores:
            continue
        if best and end <= fact.start and _JOINS.fullmatch(asked.text, end, fact.start):
            best[-1] = max(best[-1], *scores)
        else:
            best.append(max(scores))
        end = fact.end
    return min(best, default=1.0)


def _worst(asked: _Asked, met: NDArray[np.float32]) -> float:
    telling = met[asked.weights > 1.0]
    return float(np.sort(telling)[:2].mean()) if len(telling) else 1.0


def _other_speaker(sentence: str, speaker: Speaker | None) -> bool:
    """Tell whether a sentence names a speaker and its evidence another."""
    said = attribute(sentence, [Span(0, len(sentence))], 0)
    if said is None or speaker is None:
        return False
    theirs = set(name_keys(f"{speaker.name} {speaker.role or ''}"))
    return set(name_keys(said.name)).isdisjoint(theirs)


SIGNS = tuple(field.name for field in fields(Signs))
