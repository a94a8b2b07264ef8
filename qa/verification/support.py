"""Check a written sentence against the passages it cites: its facts, its meaning, its negations, its speaker."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.analysis import language_of, name_keys, question_language, terms
from index.analysis.entities import Entity, EntityKind, entities_of, forms_in
from index.analysis.injections import is_ordered
from index.encoding.encoder import Encoder
from index.languages import language
from index.search import Candidate
from index.text.normalisation import Span
from qa.answer import Speaker
from qa.attribution.attribution import attribute, speaker_of
from qa.reading.windows import sentences_in
from qa.retrieval.late_interaction import Alignment, LateInteraction
from qa.verification.support_model import Calibrations, SupportFeatures, WordModel, fitted
from qa.verification.word_alignment import WordAlignment, WordAlignments

_CLAUSE = re.compile(r"[,،;؛:]\s")
# A clause of whose words so many are in a sentence is told of by it.
_TOLD = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """How one passage supports a sentence: the signs, the probability, the facts that it lacks, its best sentence.

    `meaning` is the probability over the threshold: from 1 on, and with no number and no date lacking, the sentence
    is `supported`, unless what is nearest to it in the passage is an order to a language model (`ordered`).
    """

    signs: SupportFeatures
    probability: float
    meaning: float
    lacking: tuple[Entity, ...]
    best: Span | None
    ordered: bool = False

    @property
    def supported(self) -> bool:
        """Tell whether the passage supports the sentence."""
        return self.meaning >= 1.0 and not self.signs.missing and not self.ordered


@dataclass(frozen=True, slots=True)
class Comparison:
    """What can be told of a sentence beside a passage before anything is weighed.

    `missing`, `aligned`, `nearest`, `negated` and `speaker` are those of `SupportFeatures`; `lacking` is the facts
    that the passage lacks, `best` its best sentence.
    """

    meeting: WordAlignment
    missing: float
    aligned: float
    nearest: float
    negated: float
    speaker: float
    lacking: tuple[Entity, ...]
    best: Span | None

    def signs(self, words: WordModel) -> SupportFeatures:
        """Weigh the words."""
        meeting = self.meeting
        return SupportFeatures(
            missing=self.missing,
            name=meeting.least_name(words),
            worst=meeting.worst(words),
            words=meeting.mean(words),
            swapped=meeting.swapped(words),
            aligned=self.aligned,
            nearest=self.nearest,
            negated=self.negated,
            speaker=self.speaker,
        )


class SupportChecker:
    """Tells how well passages support a sentence."""

    def __init__(self, encoder: Encoder, *, calibrations: Calibrations | None = None) -> None:
        self._interaction = LateInteraction(encoder, is_asked=False)
        self._meetings = WordAlignments(encoder)
        self._calibrations = calibrations

    def support(self, sentence: str, passages: Sequence[Candidate]) -> list[Support]:
        """Judge each passage, with its title, outlet and date, as the only source of a sentence without markers."""
        calibrations = self._calibrations or fitted()
        found = []
        for candidate, looked in zip(passages, self.look(sentence, passages), strict=True):
            model = calibrations.between(_language(sentence, candidate), candidate.language)
            signs = looked.signs(calibrations.words)
            probability = model.of(signs)
            best = looked.best
            ordered = best is not None and is_ordered(candidate.article.text, best)
            found.append(Support(signs, probability, probability / model.threshold, looked.lacking, best, ordered))
        return found

    def look(self, sentence: str, passages: Sequence[Candidate]) -> list[Comparison]:
        """Look at a sentence beside each passage; nothing is weighed yet."""
        alignments = self._interaction.align(sentence, passages)
        return [self._look(sentence, *pair) for pair in zip(passages, alignments, strict=True)]

    def _look(self, sentence: str, candidate: Candidate, alignment: Alignment) -> Comparison:
        article = candidate.article
        spans = sentences_in(article, candidate.passage)
        scores = self._interaction.sentence_scores(alignment, candidate, spans)
        best = spans[int(np.argmax(scores))] if spans else None
        read = "\n".join([candidate.text, article.title, article.source or ""])
        forms = forms_in(read, article.published, candidate.language)
        speaker = speaker_of(article, best) if best else None
        if speaker:
            forms |= forms_in(" ".join(part for part in (speaker.name, speaker.role) if part), None, candidate.language)
        lacking = tuple(fact for fact in entities_of(sentence, question_language(sentence)) if not fact.occurs(forms))
        counted = sum(fact.kind is not EntityKind.NAME for fact in lacking)
        quote = best.slice(article.text) if best else ""
        return Comparison(
            meeting=self._meetings.of(sentence, candidate.text, forms, quote, alignment.matrix),
            missing=float(min(counted, 2)),
            aligned=alignment.score,
            nearest=max(scores, default=-1.0),
            negated=float(_is_negated(sentence) != _is_negated(told_of(sentence, quote), candidate.language)),
            speaker=float(_other_speaker(sentence, speaker)),
            lacking=lacking,
            best=best,
        )


def _is_negated(text: str, code: str | None = None) -> bool:
    pack = language(code) if code else language_of(text)
    return pack.grammar.is_negated(text)


def told_of(sentence: str, quote: str) -> str:
    """Return the clauses of a quote that a sentence in its own words tells of; all where that cannot be told.

    What is left out may be a negation's clause.
    """
    language = question_language(quote)
    said = set(terms(sentence, language))
    clauses = _CLAUSE.split(quote)
    told = [terms(clause, language) for clause in clauses]
    shares = [sum(term in said for term in words) / len(words) if words else 0.0 for words in told]
    kept = [clause for clause, share in zip(clauses, shares, strict=True) if share >= _TOLD]
    return ", ".join(kept) or quote


def _other_speaker(sentence: str, speaker: Speaker | None) -> bool:
    """Tell whether a sentence names a speaker and its evidence another."""
    said = attribute(sentence, [Span(0, len(sentence))], 0)
    if said is None or speaker is None:
        return False
    theirs = f"{speaker.name} {speaker.role or ''}"
    keys = set(name_keys(theirs, question_language(theirs)))
    return keys.isdisjoint(name_keys(said.name, question_language(sentence)))


def _language(sentence: str, candidate: Candidate) -> str:
    """Return a sentence's language; one too short to tell is taken to be in the passage's."""
    language = question_language(sentence)
    return candidate.language if language == "und" else language
