"""Passages to the sentence that answers, without a language model: late interaction sentence by sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from index.article import Article, Passage
from index.text import Span, sentences
from qa.answer import Speaker
from qa.confidence import Confidence, fitted, signals
from qa.late_interaction import LateInteraction, foreign_gain
from qa.retriever import Ranked
from qa.speaker import Stance, asks_for_speaker, attribute, stance_asked, stance_of

# A sentence is judged by itself and by the passage around it. On XQuAD dev any weight from 0.5 to 3 is as good.
_PASSAGE_WEIGHT = 1.0
_READ_PASSAGES = 6
# What a sentence gains when the question asks who denies and it denies (token vectors hardly see a negation), and
# when it asks who said and the sentence names its speaker. On the news exam's dev questions, with naming alone:
# speaker named right 0.700 -> 0.725 in English and 0.650 -> 0.700 in Arabic wording.
_DENIES = 0.08
_NAMES_SPEAKER = 0.02
_LONGEST_SENTENCE = 1200


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, and the passage it was read in.

    `score` is higher for better, comparable within one reading; `alone` is the sentence's own late-interaction
    score with what it gains for being of the kind that is asked for.
    """

    ranked: Ranked
    sentence: Span
    score: float
    alone: float

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

    def __init__(
        self,
        interaction: LateInteraction,
        confidence: Confidence | None = None,
        *,
        passages: int = _READ_PASSAGES,
    ) -> None:
        self._interaction = interaction
        self._confidence = confidence or fitted()
        self._passages = passages

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        """Read the passages, given best first."""
        evidence = self.evidence(question, passages)
        if not evidence:
            return Reading((), 0.0)
        best = evidence[0]
        confidence = self._confidence.of(signals(question, best.ranked, best.alone, passages))
        return Reading(tuple(evidence), confidence)

    def evidence(self, question: str, passages: Sequence[Ranked]) -> list[Evidence]:
        """Score the sentences, best first; one that stands in two passages is judged in the better one."""
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
        bonus = _bonus(question)
        evidence: list[Evidence] = []
        for (ranked, span), alignment in zip(read, alignments, strict=True):
            article = ranked.candidate.article
            alone = alignment.score + foreign_gain(question, article) + bonus(article, span)
            evidence.append(Evidence(ranked, span, alone + _PASSAGE_WEIGHT * ranked.score, alone))
        return sorted(evidence, key=lambda item: -item.score)


def speaker_of(article: Article, sentence: Span) -> Speaker | None:
    """Return who said a sentence of an article, or None where the article does not tell."""
    spans = _sentences(article.text)
    place = next((place for place, span in enumerate(spans) if span.start <= sentence.start < span.end), None)
    return attribute(article.text, spans, place) if place is not None else None


def _bonus(question: str) -> Callable[[Article, Span], float]:
    """Return what a sentence gains when it is of the kind that is asked for."""
    denial, who = stance_asked(question) is Stance.DENIED, asks_for_speaker(question)

    def gain(article: Article, sentence: Span) -> float:
        total = 0.0
        if denial and Stance.DENIED in stance_of(article.text[sentence.start : sentence.end]):
            total += _DENIES
        if who:
            speaker = speaker_of(article, sentence)
            if speaker and sentence.start <= speaker.start < sentence.end:
                total += _NAMES_SPEAKER
        return total

    return gain


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
