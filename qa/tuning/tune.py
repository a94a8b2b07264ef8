"""An exam over a library to the weights that fit the models in use, kept beside the library under their names."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError
from qa.evaluation.gold import GoldQuestion, read_exam, read_wordings
from qa.evaluation.metrics import auroc, calibration_error, mean
from qa.evaluation.run import EvaluationState, Reporter, count_missing
from qa.evidence import Evidence
from qa.reading.answerability import Confidence, length_of
from qa.reading.fitted_weights import FittedWeights, ModelNames, tuned_file
from qa.reading.reader import READ_ALONE, SentenceReader
from qa.reading.sentence_ranker import LinearRanker, SentenceRanker
from qa.retrieval.late_interaction import LateInteraction
from qa.tuning.fitting import (
    FIRST,
    FOLDS,
    Decided,
    Ranker,
    cross_validated,
    decided_by,
    fit_confidence,
    fit_ranker,
    threshold,
)

if TYPE_CHECKING:
    from qa.assistant import Assistant

# Ten questions for each weight of the first look, of twice as many articles as there are folds; enough of what does not
# answer for the confidence to be told from what does.
FEWEST_ANSWERED = 10 * len(FIRST)
FEWEST_ARTICLES = 2 * FOLDS
FEWEST_UNANSWERED = 20


@dataclass(frozen=True, slots=True)
class TuningSentence:
    """A sentence that was read, as `qa.tuning.fitting.ReadSentence` describes it."""

    article: str
    features: dict[str, float]
    right: bool
    bonus: float


@dataclass(frozen=True, slots=True)
class TuningQuestion:
    """A question in one wording, as `qa.tuning.fitting.ReadQuestion` describes it.

    `likeliest` are the sentences that were read alone as well.
    """

    id: str
    group: str
    is_answerable: bool
    sentences: tuple[TuningSentence, ...]
    likeliest: tuple[TuningSentence, ...]
    place: str = "library"

    @property
    def narrowed(self) -> "TuningQuestion":
        """The question with only those sentences."""
        return replace(self, sentences=self.likeliest)

    @property
    def is_found(self) -> bool:
        """Tell whether a sentence that answers was among those that were read."""
        return any(sentence.right for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class TuningFigures:
    """How questions were decided: shares, 0 to 1, of the answerable ones but for the last three.

    `sentence_right` is how often the first sentence answers, `answered_wrongly` how often one that does not would be
    given as the answer. `abstention_auroc` is the confidence of answerable against unanswerable questions, NaN where
    there are none of these; `right_auroc` that of right against wrong first sentences, `calibration_error` the gap
    between confidence and share right, both over all questions.
    """

    sentence_right: float
    answered_wrongly: float
    abstention_auroc: float
    right_auroc: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class TuningReport:
    """What was fitted and where it was written, with the figures of the shipped weights and, in folds, of its own."""

    path: Path
    questions: int
    articles: int
    weights: FittedWeights
    shipped: TuningFigures
    tuned: TuningFigures


def tune(
    exam: Path, assistant: "Assistant", *, language: str | None = None, progress: Reporter | None = None
) -> TuningReport:
    """Fit the order of sentences and the confidence on an exam, and write them beside the assistant's library.

    The exam has the form of `khabar eval`; it is asked in every wording, or in those in `language`. Assistants that are
    opened with the same models over the library use the weights from then on. Raises `EvaluationError` for a file of
    another form, for articles that are not in the library, and for an exam that is too small.
    """
    gold = read_exam(exam, language) if language else read_wordings(exam)
    count_missing(gold, exam.name, assistant)
    _check_enough(gold, exam.name)
    names = assistant.models.names
    read = _read(gold, assistant, progress)
    examples = [item.narrowed for item in read]
    _check_size(examples, exam.name)
    decided = cross_validated(examples)
    first, ranker = fit_ranker(read, FIRST), fit_ranker(examples)
    shipped = FittedWeights.shipped()
    answered = threshold([item for item in decided if item.asked.is_answerable])
    weights = FittedWeights(
        SentenceRanker(first.linear, ranker.linear),
        Confidence(fit_confidence(examples, ranker), answered, shipped.confidence.perhaps),
    )
    before = Ranker.of(shipped.ranker.second)
    by_shipped = [decided_by(item, before, shipped.confidence.model) for item in examples]
    report = TuningReport(
        tuned_file(assistant.library.path, names),
        len({item.id for item in examples}),
        len({item.group for item in examples}),
        weights,
        _figures(by_shipped, shipped.confidence.answered),
        _figures(decided, answered),
    )
    _write(report, names)
    return report


def _read(gold: Sequence[GoldQuestion], assistant: "Assistant", progress: Reporter | None) -> list[TuningQuestion]:
    """Ask every question as far as its sentences are scored."""
    interaction = LateInteraction(assistant.library.encoder)
    reader = SentenceReader(interaction, assistant.models.spans, weights=assistant.weights)
    stages = assistant.stages
    examples: list[TuningQuestion] = []
    for number, question in enumerate(gold, 1):
        asked = stages.rerank.invoke(stages.retrieve.invoke(stages.understand.invoke(question.text)))
        if not asked.is_chat:
            # What does not fit never comes first, whatever its score.
            found = [item for item in reader.first_look(asked.matter, asked.passages) if item.fits]
            again = reader.second_look(asked.matter, found)[:READ_ALONE]
            ranker = assistant.weights.ranker
            sentences = tuple(_sentence(item, question, asked.matter, ranker.first) for item in found)
            likeliest = tuple(_sentence(item, question, asked.matter, ranker.second) for item in again)
            group = min(question.article_ids, default=question.id)
            examples.append(TuningQuestion(question.id, group, bool(question.answers), sentences, likeliest))
        if progress:
            progress(EvaluationState("asking", number, len(gold)))
    return examples


def _sentence(item: Evidence, gold: GoldQuestion, matter: str, ranker: LinearRanker) -> TuningSentence:
    article = item.ranked.candidate.article
    return TuningSentence(
        article.id,
        {**asdict(item.signs), "length": length_of(matter)},
        gold.is_answered(item.quote, article.id, article.text),
        # What the reader adds beside the weighted features, for a denial that is asked for.
        item.score - ranker.of(item.signs),
    )


def _check_enough(gold: Sequence[GoldQuestion], name: str) -> None:
    """Raise `EvaluationError`, before anything is asked, where too few questions have an answer."""
    answered = [question for question in gold if question.answers]
    questions, articles = {item.id for item in answered}, {min(item.article_ids, default=item.id) for item in answered}
    if len(questions) < FEWEST_ANSWERED or len(articles) < FEWEST_ARTICLES:
        raise EvaluationError(
            f"{name} is too small to fit weights on: it has {len(questions)} questions with an answer, about "
            f"{len(articles)} articles. It takes {FEWEST_ANSWERED} such questions about {FEWEST_ARTICLES} articles at "
            "least."
        )


def _check_size(examples: Sequence[TuningQuestion], name: str) -> None:
    """Raise `EvaluationError` for too few questions, with how many there are and are needed."""
    answered = {item.id for item in examples if item.is_found}
    articles = {item.group for item in examples if item.is_found}
    if len(answered) < FEWEST_ANSWERED or len(articles) < FEWEST_ARTICLES:
        raise EvaluationError(
            f"{name} is too small to fit weights on: a sentence that answers was read for {len(answered)} questions "
            f"about {len(articles)} articles. It takes {FEWEST_ANSWERED} such questions about {FEWEST_ARTICLES} "
            "articles at least."
        )
    ranker = fit_ranker(examples)
    outcomes = Counter(best.sentence.right for item in examples if (best := ranker.best(item)))
    if outcomes[False] < FEWEST_UNANSWERED:
        raise EvaluationError(
            f"{name} is too easy to fit the confidence on: {outcomes[False]} questions have a best sentence that does "
            f"not answer, and it takes {FEWEST_UNANSWERED}. Add questions that no article answers, near to those that "
            "one does."
        )


def _figures(decided: Sequence[Decided[TuningQuestion]], answered: float) -> TuningFigures:
    answerable = [item for item in decided if item.asked.is_answerable]
    others = [item for item in decided if not item.asked.is_answerable]
    right = [item.confidence for item in decided if item.right]
    return TuningFigures(
        mean([float(item.right) for item in answerable]),
        mean([float(not item.right and item.confidence >= answered) for item in answerable]),
        auroc([item.confidence for item in answerable], [item.confidence for item in others]),
        auroc(right, [item.confidence for item in decided if not item.right]),
        calibration_error([item.confidence for item in decided], [item.right for item in decided]),
    )


def _write(report: TuningReport, names: ModelNames) -> None:
    content: dict[str, Any] = {
        "models": asdict(names),
        "questions": report.questions,
        "articles": report.articles,
        **report.weights.to_dict(),
    }
    try:
        report.path.parent.mkdir(exist_ok=True)
        # Whole or not at all: assistants may be opened meanwhile.
        half = report.path.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        half.replace(report.path)
    except OSError as error:
        raise EvaluationError(f"The weights cannot be written to {report.path}: {error}.") from error
