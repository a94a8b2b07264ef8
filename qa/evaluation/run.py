"""Exact, judge-free evaluation on SQuAD-style and exam files."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleNotFoundError
from qa.answer import Answer
from qa.errors import EvaluationError
from qa.evaluation import metrics
from qa.evaluation.gold import SPEAKER, GoldQuestion, Ranks, Retrieved, rank, read_exam, read_squad, sample
from qa.evaluation.report import Item, Report, Row

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from qa.assistant import Assistant
    from qa.models import ModelChoice

__all__ = ["EvaluationState", "Item", "Report", "Row", "evaluate", "evaluate_exam", "evaluate_squad"]

DEPTH = 10


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """How far an evaluation is: `stage` is "indexing" (articles) or "asking" (questions)."""

    stage: str
    done: int
    total: int


Reporter = Callable[[EvaluationState], None]


def evaluate_squad(
    questions: Path,
    paragraphs: Path | None = None,
    *,
    encoder: "Encoder | None" = None,
    models: "ModelChoice | None" = None,
    limit: int | None = None,
    progress: Reporter | None = None,
) -> Report:
    """Ask the questions of one SQuAD v1.1 file over the paragraphs and gold answers of another, or of itself.

    Each paragraph becomes one article of a library in a temporary folder; all of them, whatever the `limit`,
    which takes that many questions spread evenly over the file. `models` are the reader and the reranker. Raises
    `EvaluationError` for files of another form, files that share no question id, and a limit below 1.
    """
    from qa.assistant import Assistant

    squad = read_squad(questions, paragraphs)
    asked = sample(squad.questions, limit)
    with (
        tempfile.TemporaryDirectory(prefix="khabar-eval-") as folder,
        Assistant.open(Path(folder) / "library", encoder=encoder, models=models) as assistant,
    ):
        if progress:
            progress(EvaluationState("indexing", 0, len(squad.articles)))
        assistant.library.add(squad.articles)
        if progress:
            progress(EvaluationState("indexing", len(squad.articles), len(squad.articles)))
        return evaluate(asked, assistant, progress=progress)


def evaluate_exam(
    exam: Path,
    assistant: "Assistant",
    *,
    language: str | None = None,
    limit: int | None = None,
    progress: Reporter | None = None,
) -> Report:
    """Ask an exam file's questions, worded in `language`, over the assistant's library.

    Without `language`, a question is asked in English, or in the first language that it is worded in.
    An article other than the gold one is right too when it holds the same fact: its text has the gold
    sentence, or a near copy of it (see `qa.evaluation.gold.Question.evidence`). Raises `EvaluationError` for a file of
    another form, a limit below 1, and when none of the gold articles is in the library; when some are not,
    the report counts them.
    """
    asked = sample(read_exam(exam, language), limit)
    missing = count_missing(asked, exam.name, assistant)
    return evaluate(asked, assistant, missing=missing, progress=progress)


def evaluate(
    questions: Sequence[GoldQuestion], assistant: "Assistant", *, missing: int = 0, progress: Reporter | None = None
) -> Report:
    """Ask questions, at least one, over the assistant's library; `missing` is passed on to the report."""
    items: list[Item] = []
    for question in questions:
        items.append(_ask(question, assistant))
        if progress:
            progress(EvaluationState("asking", len(items), len(questions)))
    return Report.of(items, missing)


def count_missing(asked: Sequence[GoldQuestion], exam: str, assistant: "Assistant") -> int:
    """Count the questions whose articles are not in the library; raises `EvaluationError` when none of them is."""
    wanted = [question for question in asked if question.article_ids]
    missing = sum(not _is_stored(question, assistant) for question in wanted)
    if wanted and missing == len(wanted):
        raise EvaluationError(
            f"None of the {len({q.article_ids for q in wanted})} articles that {exam} asks about is in the "
            "library. Index the exam's articles under the ids that it uses."
        )
    return missing


def _is_stored(question: GoldQuestion, assistant: "Assistant") -> bool:
    try:
        for id in question.article_ids:
            assistant.library.article(id)
    except ArticleNotFoundError:
        return False
    return True


def _ask(question: GoldQuestion, assistant: "Assistant") -> Item:
    began = time.perf_counter()
    answer = assistant.ask(question.text)
    latency = (time.perf_counter() - began) * 1000
    candidates = assistant.search(question.text, limit=DEPTH)
    passages = [Retrieved(c.article.id, c.article.text, c.passage.start, c.passage.end) for c in candidates]
    return _judge(question, answer, rank(question, passages), assistant, latency)


def _judge(question: GoldQuestion, answer: Answer, ranks: Ranks, assistant: "Assistant", latency: float) -> Item:
    citation = answer.used[0] if answer.used and not answer.abstained else None
    short = answer.short.text if answer.short and citation else None
    speaker = citation.speaker.name if citation and citation.speaker else None
    asks_speaker = question.kind == SPEAKER and bool(question.answers)
    return Item(
        id=question.id,
        question=question.text,
        kind=question.kind,
        answers=question.answers,
        article_rank=ranks.article,
        passage_rank=ranks.passage,
        abstained=answer.abstained,
        score=answer.score,
        cited=citation.article.id if citation else None,
        quote=citation.quote if citation else None,
        short=short,
        speaker=speaker,
        sentence_hit=citation is not None
        and question.is_answered(
            citation.quote,
            citation.article.id,
            assistant.library.article(citation.article.id, citation.revision).text,
        ),
        exact_match=short is not None and metrics.exact_match(short, question.answers, question.language),
        f1=metrics.token_f1(short, question.answers, question.language) if short is not None else 0.0,
        speaker_hit=any(metrics.same_speaker(speaker or "", gold) for gold in question.answers)
        if asks_speaker
        else None,
        latency_ms=latency,
    )
