"""Check a written sentence against the passages it cites: its facts, its meaning, its negations, its speaker."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.folding import Span, fold, word_set
from index.search import Candidate
from index.text import name_keys, question_language, terms
from qa.answer import Speaker
from qa.calibration import Calibrations, Signs, WordModel, fitted
from qa.facts import Fact, FactKind, facts_of, forms_in
from qa.injections import is_ordered
from qa.late_interaction import Alignment, LateInteraction
from qa.meeting import Meeting, Meetings
from qa.reader import sentences_in, speaker_of
from qa.speaker import attribute

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_NEGATIONS = word_set(
    fold(
        "not no never neither nor none nothing nobody cannot without "
        "لم لن لا ليس ليست ليسوا لست ولم ولن ولا وليس وليست فلم فلن فلا دون بدون"
    )
)
# "لم … سوى" and "لم … إلا" say "only"; "إلا أن" says "however".
_EXCEPTING = re.compile(r"(?<!\w)(?:سوى|إلا(?!\s+[أإ]ن))(?!\w)")
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut\w+|reject\w+)\b"
    r"|(?<!\w)[وف]?(?:نفى|نفت|ينفي|تنفي|نفي|رفض|رفضت)(?!\w)"
)
_CLAUSE = re.compile(r"[,،;؛:]\s")
# A clause of whose words so many are in a sentence is told of by it.
_TOLD = 0.5


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
class Looked:
    """What can be told of a sentence beside a passage before anything is weighed.

    `missing`, `aligned`, `nearest`, `negated` and `speaker` are those of `Signs`; `lacking` is the facts that the
    passage lacks, `best` its best sentence.
    """

    meeting: Meeting
    missing: float
    aligned: float
    nearest: float
    negated: float
    speaker: float
    lacking: tuple[Fact, ...]
    best: Span | None

    def signs(self, words: WordModel) -> Signs:
        """Weigh the words."""
        meeting = self.meeting
        return Signs(
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


class Checker:
    """Tells how well passages support a sentence."""

    def __init__(self, encoder: Encoder, *, calibrations: Calibrations | None = None) -> None:
        self._interaction = LateInteraction(encoder)
        self._meetings = Meetings(encoder)
        self._calibrations = calibrations

    def support(self, sentence: str, passages: Sequence[Candidate]) -> list[Support]:
        """Judge each passage, with its title, outlet and date, as the only source of a sentence without markers."""
        calibrations = self._calibrations or fitted()
        found = []
        for candidate, looked in zip(passages, self.look(sentence, passages), strict=True):
            model = calibrations.between(question_language(sentence), candidate.article.language)
            signs = looked.signs(calibrations.words)
            probability = model.of(signs)
            best = looked.best
            ordered = best is not None and is_ordered(candidate.article.text, best)
            found.append(Support(signs, probability, probability / model.threshold, looked.lacking, best, ordered))
        return found

    def look(self, sentence: str, passages: Sequence[Candidate]) -> list[Looked]:
        """Look at a sentence beside each passage; nothing is weighed yet."""
        alignments = self._interaction.align(sentence, passages)
        return [self._look(sentence, *pair) for pair in zip(passages, alignments, strict=True)]

    def _look(self, sentence: str, candidate: Candidate, alignment: Alignment) -> Looked:
        article = candidate.article
        spans = sentences_in(article, candidate.passage)
        scores = self._interaction.sentence_scores(alignment, candidate, spans)
        best = spans[int(np.argmax(scores))] if spans else None
        forms = forms_in("\n".join([candidate.text, article.title, article.source or ""]), article.published)
        speaker = speaker_of(article, best) if best else None
        if speaker:
            forms |= forms_in(" ".join(part for part in (speaker.name, speaker.role) if part))
        lacking = tuple(fact for fact in facts_of(sentence) if not fact.occurs(forms))
        counted = sum(fact.kind is not FactKind.NAME for fact in lacking)
        quote = best.slice(article.text) if best else ""
        return Looked(
            meeting=self._meetings.of(sentence, candidate.text, forms, quote, alignment.matrix),
            missing=float(min(counted, 2)),
            aligned=alignment.score,
            nearest=max(scores, default=-1.0),
            negated=float(negated(sentence) != negated(told_of(sentence, quote))),
            speaker=float(_other_speaker(sentence, speaker)),
            lacking=lacking,
            best=best,
        )


def negated(text: str) -> bool:
    """Tell whether a sentence denies or negates something: an odd number of negations."""
    words = [fold(match.group()) for match in _WORD.finditer(text)]
    count = sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words)
    return (count + len(_DENYING.findall(text)) + len(_EXCEPTING.findall(text))) % 2 == 1


def told_of(sentence: str, quote: str) -> str:
    """Return the clauses of a quote that a sentence in its own words tells of; all where that cannot be told.

    What is left out may be a negation's clause.
    """
    said = set(terms(sentence))
    clauses = _CLAUSE.split(quote)
    shares = [sum(term in said for term in words) / len(words) if (words := terms(c)) else 0.0 for c in clauses]
    kept = [clause for clause, share in zip(clauses, shares, strict=True) if share >= _TOLD]
    return ", ".join(kept) or quote


def _other_speaker(sentence: str, speaker: Speaker | None) -> bool:
    """Tell whether a sentence names a speaker and its evidence another."""
    said = attribute(sentence, [Span(0, len(sentence))], 0)
    if said is None or speaker is None:
        return False
    theirs = set(name_keys(f"{speaker.name} {speaker.role or ''}"))
    return set(name_keys(said.name)).isdisjoint(theirs)
