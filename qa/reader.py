"""Passages to the sentence that answers, without a language model: late interaction sentence by sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from index.article import Article, Passage
from index.text import Span, sentences
from qa.late_interaction import LateInteraction
from qa.retriever import Ranked

# A sentence is judged by itself and by the passage around it; chosen by benchmarks/tune.py.
_PASSAGE_WEIGHT = 1.0
_READ_PASSAGES = 6
_LONGEST_SENTENCE = 1200


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer: `passage` is where it was read, `score` is higher for better."""

    ranked: Ranked
    sentence: Span
    score: float

    @property
    def quote(self) -> str:
        """The sentence, character for character."""
        return self.ranked.candidate.article.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of the passages: sentences, best first, and the confidence, 0 to 1, that they answer."""

    evidence: tuple[Evidence, ...]
    confidence: float


class Reader(Protocol):
    """Chooses the sentences that answer a question and says how sure it is that they do."""

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        """Read the passages, given best first."""
        ...


class SentenceReader:
    """Scores every sentence of the first passages by late interaction with the question."""

    def __init__(self, interaction: LateInteraction, *, passages: int = _READ_PASSAGES) -> None:
        self._interaction = interaction
        self._passages = passages

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        """Read the passages, given best first; one sentence is judged once, in the best passage that has it."""
        spans: dict[tuple[str, int, int], tuple[Ranked, Span]] = {}
        for ranked in passages[: self._passages]:
            article, passage = ranked.candidate.article, ranked.candidate.passage
            for span in sentences_in(article, passage):
                spans.setdefault((article.id, span.start, span.end), (ranked, span))
        read = list(spans.values())
        candidates = [
            replace(ranked.candidate, passage=Passage(ranked.candidate.article.id, span.start, span.end))
            for ranked, span in read
        ]
        alignments = self._interaction.align(question, candidates) if candidates else []
        evidence = [
            Evidence(ranked, span, alignment.score + _PASSAGE_WEIGHT * ranked.score)
            for (ranked, span), alignment in zip(read, alignments, strict=True)
        ]
        evidence.sort(key=lambda item: -item.score)
        return Reading(tuple(evidence), _confidence(evidence))


def sentences_in(article: Article, passage: Passage) -> list[Span]:
    """Return the article's sentences that begin in a passage, or hold it where none does.

    A sentence longer than a quote can be is cut down to its part in the passage.
    """
    found = [span for span in _sentences(article.text) if span.start < passage.end and span.end > passage.start]
    begun = [span for span in found if span.start >= passage.start] or found
    return [_cut(span, passage) for span in begun]


def _cut(span: Span, passage: Passage) -> Span:
    if span.end - span.start <= _LONGEST_SENTENCE:
        return span
    return Span(max(span.start, passage.start), min(span.end, passage.end))


@lru_cache(maxsize=256)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))


def _confidence(evidence: Sequence[Evidence]) -> float:
    """Map the best score to a probability; the two constants come from benchmarks/tune.py."""
    if not evidence:
        return 0.0
    return 1 / (1 + math.exp(-(_SLOPE * evidence[0].score + _BIAS)))


_SLOPE = 30.0
_BIAS = -50.0
