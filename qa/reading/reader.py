"""Passages to the sentence that answers, without a chat model: one cross-encoder reads, one linear model chooses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.article import Article, Passage
from index.ingest.chunking import context_of
from index.languages.grammar import Toll
from index.text.normalisation import Span
from qa.evidence import UNFIT, Evidence, Reading, SentenceFeatures
from qa.reading.casualties import rightly_counted
from qa.reading.constraints import Constraints
from qa.reading.eligibility import eligible
from qa.reading.fitted_weights import FittedWeights
from qa.reading.overlap import Overlap, titled
from qa.reading.sentence_ranker import held
from qa.reading.span_model import SpanModel, SpanScores, Text
from qa.reading.windows import sentences_in
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Ranked

# How many passages are read for one question, each in one window of at most so many characters.
_READ_PASSAGES = 6
_LONGEST_WINDOW = 720

# How many sentences, the likeliest, are read once more, each alone: what stands around one hides what it says itself.
READ_ALONE = 6

# What a denial is worth where one is asked for. Too few questions of the fit ask for one to fit it, and without it
# "who disputed the threat?" is answered by who spoke of the threat.
_DENIAL = 5.0


class Reader(Protocol):
    """Chooses the sentences that answer a question and says how sure it is that they do."""

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        """Read the passages, given best first."""
        ...


@dataclass(frozen=True, slots=True)
class _Sentence:
    ranked: Ranked
    span: Span
    aligned: float


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of an article that is read at once: whole sentences of one passage."""

    ranked: Ranked
    start: int
    end: int

    def holds(self, sentence: _Sentence) -> bool:
        """Tell whether a sentence of the same passage stands in it."""
        same = sentence.ranked.candidate.passage == self.ranked.candidate.passage
        return same and self.start <= sentence.span.start and sentence.span.end <= self.end

    @property
    def text(self) -> Text:
        article = self.ranked.candidate.article
        return Text(context_of(article), article.text[self.start : self.end])


class SentenceReader:
    """Reads the first passages and scores each of their sentences."""

    def __init__(
        self,
        interaction: LateInteraction,
        spans: SpanModel,
        *,
        weights: FittedWeights | None = None,
        passages: int = _READ_PASSAGES,
    ) -> None:
        self._interaction = interaction
        self._spans = spans
        self._weights = weights or FittedWeights.shipped()
        self._passages = passages

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        """Read the passages, given best first."""
        evidence = self.evidence(question, passages)
        if not evidence:
            return Reading((), 0.0)
        return Reading(tuple(evidence), self._weights.confidence.of(question, evidence) if evidence[0].fits else 0.0)

    def evidence(self, question: str, passages: Sequence[Ranked]) -> list[Evidence]:
        """Score the sentences, best first, by both looks."""
        return self.second_look(question, self.first_look(question, passages))

    def second_look(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Read the first `READ_ALONE` sentences that fit once more, each alone, and put them in order by both looks.

        `evidence` is best first; the others follow as they stood.
        """
        likeliest = [item for item in evidence[:READ_ALONE] if item.fits]
        if not likeliest:
            return list(evidence)
        texts = [Text(context_of(item.ranked.candidate.article), item.quote) for item in likeliest]
        marks = self._spans.mark(question, texts)
        again = [self._read_alone(item, own) for item, own in zip(likeliest, marks, strict=True)]
        again.sort(key=lambda item: -item.score)
        # Scores of the two looks do not compare: the others are put below by what they were behind.
        lower = again[-1].score - likeliest[-1].score
        return [*again, *(replace(item, score=item.score + lower) for item in evidence[len(likeliest) :])]

    def _read_alone(self, item: Evidence, marks: SpanScores) -> Evidence:
        best = marks.best(0, len(item.quote))
        signs = replace(item.signs, span_alone=held(best.score if best else None), relevance_alone=marks.relevance)
        beside = item.score - self._weights.ranker.first.of(item.signs)
        return replace(item, signs=signs, score=self._weights.ranker.second.of(signs) + beside)

    def first_look(self, question: str, passages: Sequence[Ranked]) -> list[Evidence]:
        """Score the sentences in their passages, best first; one that stands in two is judged in the better one."""
        found = self._sentences(question, passages[: self._passages])
        windows = [window for own in _by_passage(found).values() for window in _windows(own)]
        marks = self._spans.mark(question, [window.text for window in windows])
        read = list(zip(windows, marks, strict=True))
        wanted = Constraints.by(question)
        overlap = Overlap.of(
            question,
            [(titled(ranked.candidate), ranked.candidate.language) for ranked in passages[: self._passages]],
        )
        evidence = [
            self._judged(
                item, *next((window, scores) for window, scores in read if window.holds(item)), wanted, overlap
            )
            for item in found
        ]
        told = eligible(question, evidence, self._weights.ranker.first)
        return sorted(told, key=lambda item: -item.score)

    def _judged(
        self, item: _Sentence, window: _Window, marks: SpanScores, wanted: Constraints, overlap: Overlap
    ) -> Evidence:
        article, span = item.ranked.candidate.article, item.span
        language = article.language_of(span.start)
        here = marks.best(span.start - window.start, span.end - window.start)
        top = marks.best(0, window.end - window.start)
        answer = _trimmed(article.text, window.start + here.start, window.start + here.end) if here else None
        others = False
        if answer is not None and wanted.toll is not None:
            answer = _counted(article, span, answer, wanted.toll)
            others = answer is None and not wanted.tells_of_them(span.slice(article.text), language)
        around = overlap.shares(titled(item.ranked.candidate), language)
        within = overlap.shares(span.slice(article.text), language)
        signs = SentenceFeatures(
            span=held(here.score if here else None),
            relevance=marks.relevance,
            below=held(here.score - top.score if here and top else None),
            sentence=item.aligned,
            passage=item.ranked.alignment.score,
            foreign=float("und" not in {wanted.language, language} and wanted.language != language),
            names=around.names,
            words=around.words,
            names_here=within.names,
            words_here=within.words,
            span_alone=held(None),
            relevance_alone=held(None),
        )
        said = marks.speaker()
        speaker = (
            _trimmed(article.text, window.start + said.start, window.start + said.end)
            if said is not None and said.score > 0
            else None
        )
        # On the questions that all else is fitted on these hardly ever fire, and win nothing (results/ablation.md).
        # They stay because they keep "Iran has not condemned it" from being taken for who condemned it.
        refused = wanted.is_refused(span.slice(article.text), language)
        fits = not others and not refused and wanted.is_named_in(article)
        score = self._weights.ranker.first.of(signs) + _DENIAL * wanted.denial(article, span) - (0.0 if fits else UNFIT)
        return Evidence(item.ranked, span, score, answer, signs, speaker, fits)

    def _sentences(self, question: str, passages: Sequence[Ranked]) -> list[_Sentence]:
        found: dict[tuple[str, int, int], _Sentence] = {}
        for ranked in passages:
            candidate = ranked.candidate
            spans = sentences_in(candidate.article, candidate.passage)
            scores = self._interaction.sentence_scores(ranked.alignment, candidate, spans)
            for span, score in zip(spans, scores, strict=True):
                found.setdefault((candidate.article.id, span.start, span.end), _Sentence(ranked, span, score))
        return list(found.values())


def _trimmed(text: str, start: int, end: int) -> Span:
    """Leave the white space and punctuation off both ends, which tokens may hold, unless nothing else is there."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] in "%)»"):
        end -= 1
    return Span(start, end)


def _counted(article: Article, sentence: Span, answer: Span, toll: Toll) -> Span | None:
    """Return the figure that counts those asked about: a sentence may count the dead and the injured in one breath."""
    start = sentence.start
    within = Span(answer.start - start, answer.end - start)
    found = rightly_counted(sentence.slice(article.text), within, toll, article.language_of(sentence.start))
    return Span(found.start + start, found.end + start) if found else None


def _by_passage(found: Sequence[_Sentence]) -> dict[Passage, list[_Sentence]]:
    passages: dict[Passage, list[_Sentence]] = {}
    for item in found:
        passages.setdefault(item.ranked.candidate.passage, []).append(item)
    return passages


def _windows(own: Sequence[_Sentence]) -> Iterator[_Window]:
    """Yield windows until each sentence of a passage stands in one: first the best aligned one's.

    A sentence has as many of its neighbours around it as fit, those after it first. A passage is as a rule one window.
    """
    left = list(range(len(own)))
    while left:
        first = last = max(left, key=lambda place: own[place].aligned)
        while True:
            sides = [side for side in (last + 1, first - 1) if 0 <= side < len(own)]
            grown = next((s for s in sides if _length(own, min(first, s), max(last, s)) <= _LONGEST_WINDOW), None)
            if grown is None:
                break
            first, last = min(first, grown), max(last, grown)
        yield _Window(own[0].ranked, own[first].span.start, own[last].span.end)
        left = [place for place in left if not first <= place <= last]


def _length(own: Sequence[_Sentence], first: int, last: int) -> int:
    return own[last].span.end - own[first].span.start
