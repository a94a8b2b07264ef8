"""Passages to the sentence that answers, without a language model: late interaction, the span model, one choice."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from index.article import Article, Passage
from index.text import Span, question_language, sentences
from qa.answer import Speaker
from qa.casualties import Toll, rightly_counted, tells_of, toll_asked
from qa.choice import Choice, Signs, held
from qa.choice import fitted as fitted_choice
from qa.confidence import Confidence, fitted, signals
from qa.differing import may_differ
from qa.late_interaction import LateInteraction, foreign_gain
from qa.named import has_any, names_asked
from qa.retriever import Ranked
from qa.spans import Marks, SpanModel, Text
from qa.speaker import Stance, attribute, stance_asked, stance_of
from qa.stance import negates, refuses

_READ_PASSAGES = 6
# What the span model reads for one question, in characters: its time grows with it, and with more, no better sentence
# was chosen on the dev questions.
_READ_CHARACTERS = 700
_LONGEST_WINDOW = 700
# A second look is at the sentences of so many other articles, each with what stands beside it in so many characters.
_RIVALS = 2
_RIVAL_WINDOW = 330
_LONGEST_SENTENCE = 1200
# More than the signs make up for: whatever fits comes before what does not.
_UNFIT = 20.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, and the passage it was read in.

    `score` is higher for better, comparable within one reading; `answer` is the likeliest short answer in it, in
    characters of the article, None where the span model did not read it; `signs` are what the score is made of.
    `fits` is false where it tells of others than those asked about, or that what is asked about was not done.
    """

    ranked: Ranked
    sentence: Span
    score: float
    answer: Span | None
    signs: Signs
    fits: bool = True

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


@dataclass(frozen=True, slots=True)
class _Sentence:
    ranked: Ranked
    span: Span
    aligned: float


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of an article for the span model: whole sentences of one passage."""

    ranked: Ranked
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.ranked.candidate.article.text[self.start : self.end]


class SentenceReader:
    """Scores every sentence of the first passages by all the evidence there is."""

    def __init__(
        self,
        interaction: LateInteraction,
        spans: SpanModel,
        *,
        choice: Choice | None = None,
        confidence: Confidence | None = None,
        passages: int = _READ_PASSAGES,
    ) -> None:
        self._interaction = interaction
        self._spans = spans
        self._choice = choice or fitted_choice()
        self._confidence = confidence or fitted()
        self._passages = passages

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        """Read the passages, given best first."""
        evidence = self.evidence(question, passages)
        if not evidence:
            return Reading((), 0.0)
        best = evidence[0]
        confidence = self._confidence.of(signals(question, best.ranked, best.signs, passages)) if best.fits else 0.0
        return Reading(tuple(evidence), confidence)

    def evidence(self, question: str, passages: Sequence[Ranked]) -> list[Evidence]:
        """Score the sentences, best first; one that stands in two passages is judged in the better one."""
        found = self._sentences(question, passages[: self._passages])
        wanted = _Wanted.by(question)
        read = self._marked(question, _windows(found))
        evidence = self._judged(found, read, wanted)
        rivals = _rivals(question, evidence, found, read)
        if rivals:
            read |= self._marked(question, rivals)
            evidence = self._judged(found, read, wanted)
        return evidence

    def _marked(self, question: str, windows: Sequence["_Window"]) -> "_Read":
        marks = self._spans.mark(question, [Text(_title(window), window.text) for window in windows])
        places = [window.ranked.candidate.passage for window in windows]
        return dict(zip(places, zip(windows, marks, strict=True), strict=True))

    def _judged(self, found: Sequence[_Sentence], read: "_Read", wanted: "_Wanted") -> list[Evidence]:
        evidence = [_evidence(item, read.get(item.ranked.candidate.passage), wanted, self._choice) for item in found]
        return sorted(evidence, key=lambda item: -item.score)

    def _sentences(self, question: str, passages: Sequence[Ranked]) -> list[_Sentence]:
        found: dict[tuple[str, int, int], _Sentence] = {}
        for ranked in passages:
            candidate = ranked.candidate
            spans = sentences_in(candidate.article, candidate.passage)
            gain = foreign_gain(question, candidate.article)
            scores = self._interaction.sentence_scores(ranked.alignment, candidate, spans)
            for span, score in zip(spans, scores, strict=True):
                found.setdefault((candidate.article.id, span.start, span.end), _Sentence(ranked, span, score + gain))
        return list(found.values())


def best_of_each_article(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Keep each article's best sentence, in order; `evidence` is best first."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.ranked.candidate.article.id, item)
    return list(best.values())


def speaker_of(article: Article, sentence: Span) -> Speaker | None:
    """Return who said a sentence of an article, or None where the article does not tell."""
    spans = _sentences(article.text)
    place = next((place for place, span in enumerate(spans) if span.start <= sentence.start < span.end), None)
    return attribute(article.text, spans, place) if place is not None else None


def _evidence(item: _Sentence, read: tuple[_Window, Marks] | None, wanted: "_Wanted", choice: Choice) -> Evidence:
    article, span = item.ranked.candidate.article, item.span
    marked, best, answer, others = None, False, None, False
    if read is not None:
        window, marks = read
        here = marks.best(span.start - window.start, span.end - window.start)
        if here is not None:
            top = marks.best(0, window.end - window.start)
            marked, best = here.score, top is not None and here.score >= top.score
            answer = _trimmed(article.text, window.start + here.start, window.start + here.end)
            counted = _counted(article.text, span, answer, wanted.toll)
            answer, others = counted, counted is None and not wanted.tells_of_them(span.slice(article.text))
    kind = wanted.kind(article, span)
    signs = Signs(
        passage=item.ranked.score,
        sentence=item.aligned,
        marked=held(marked),
        best=float(best),
        lead=float(not article.text[: span.start].strip()),
        length=math.log(span.end - span.start),
        denies=kind.denies,
        names=float(kind.names),
    )
    fits = not others and not wanted.is_refused(span.slice(article.text)) and wanted.is_named_in(article)
    return Evidence(item.ranked, span, choice.of(signs) - (0.0 if fits else _UNFIT), answer, signs, fits)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Leave the white space and punctuation off both ends, which tokens may hold, unless nothing else is there."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] in "%)»"):
        end -= 1
    return Span(start, end)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Whether a sentence is of the kind that is asked for."""

    denies: float
    names: bool


_Read = dict[Passage, tuple[_Window, Marks]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question asks for: a speaker by what was done with a claim, a count of people hit."""

    stance: Stance | None
    toll: Toll | None
    negated: bool
    names: tuple[str, ...]

    @classmethod
    def by(cls, question: str) -> "_Wanted":
        names = names_asked(question) if question_language(question) == "en" else ()
        return cls(stance_asked(question), toll_asked(question), negates(question), names)

    @property
    def denial(self) -> bool:
        return self.stance is Stance.DENIED

    def is_refused(self, sentence: str) -> bool:
        return self.stance is not None and not self.negated and refuses(sentence, self.stance)

    def tells_of_them(self, sentence: str) -> bool:
        return self.toll is None or tells_of(sentence, self.toll)

    def is_named_in(self, article: Article) -> bool:
        """Tell whether an article in the question's language has any of the names asked about; no other can tell."""
        return not self.names or article.language != "en" or has_any(self.names, article.title, article.text)

    def kind(self, article: Article, sentence: Span) -> _Kind:
        speaker = speaker_of(article, sentence) if self.stance else None
        denies = 0.0
        if self.denial and Stance.DENIED in stance_of(article.text[sentence.start : sentence.end]):
            denies = 1.0 if speaker is not None and speaker.kind == Stance.DENIED else 0.5
        return _Kind(denies, speaker is not None and sentence.start <= speaker.start < sentence.end)


def _counted(text: str, sentence: Span, answer: Span, toll: Toll | None) -> Span | None:
    if toll is None:
        return answer
    start = sentence.start
    found = rightly_counted(sentence.slice(text), Span(answer.start - start, answer.end - start), toll)
    return Span(found.start + start, found.end + start) if found else None


def _windows(found: Sequence[_Sentence]) -> list[_Window]:
    """Choose what the span model reads: the passages in order, long ones around their best sentence."""
    windows: list[_Window] = []
    room = _READ_CHARACTERS
    for own in _by_passage(found).values():
        best = max(range(len(own)), key=lambda place: own[place].aligned)
        window = _around(own, best, _LONGEST_WINDOW)
        length = min(window.end - window.start, _LONGEST_SENTENCE)
        if windows and length > room:
            break
        room -= length
        windows.append(window)
    return windows


def _rivals(question: str, evidence: Sequence[Evidence], found: Sequence[_Sentence], read: _Read) -> list[_Window]:
    """Choose what is worth a second look: the best sentence while unread, and those that may contradict it.

    Late interaction alone does not tell another figure for the same thing from a sentence about something else. One
    article of each language is looked at, since scores do not compare between languages.
    """
    if not evidence or not (_unread(evidence[0], read) or may_differ(question, evidence[0])):
        return []
    languages: dict[str, Evidence] = {}
    for item in best_of_each_article(evidence):
        if _unread(item, read):
            languages.setdefault(item.ranked.candidate.article.language, item)
    own = _by_passage(found)
    windows = []
    for item in list(languages.values())[:_RIVALS]:
        sentences = own[item.ranked.candidate.passage]
        place = next(number for number, sentence in enumerate(sentences) if sentence.span == item.sentence)
        windows.append(_around(sentences, place, _RIVAL_WINDOW))
    return windows


def _unread(item: Evidence, read: _Read) -> bool:
    return item.ranked.candidate.passage not in read


def _by_passage(found: Sequence[_Sentence]) -> dict[Passage, list[_Sentence]]:
    passages: dict[Passage, list[_Sentence]] = {}
    for item in found:
        passages.setdefault(item.ranked.candidate.passage, []).append(item)
    return passages


def _around(own: Sequence[_Sentence], place: int, longest: int) -> _Window:
    """Return the sentence at `place` with as many of its neighbours as fit, those after it first."""
    first = last = place
    while True:
        sides = [side for side in (last + 1, first - 1) if 0 <= side < len(own)]
        grown = next((s for s in sides if _length(own, min(first, s), max(last, s)) <= longest), None)
        if grown is None:
            return _Window(own[0].ranked, own[first].span.start, own[last].span.end)
        first, last = min(first, grown), max(last, grown)


def _length(own: Sequence[_Sentence], first: int, last: int) -> int:
    return own[last].span.end - own[first].span.start


def _title(window: _Window) -> str:
    """Return the title for a window that does not begin its article, where the lead tells as much."""
    return "" if window.start == 0 else window.ranked.candidate.article.title


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
