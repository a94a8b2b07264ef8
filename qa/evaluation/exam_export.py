"""Readers' verdicts on answers -> questions of an exam, with what the reader confirmed for gold."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.store.feedback import Feedback, ReaderVerdict
from qa.answer import Answer


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One line of an exam file, as `qa.evaluation.gold.read_exam` reads it; the last three are None when unanswerable.

    A reader asks in one language: both wordings are the question as it was asked.
    """

    id: str
    type: str
    question_en: str
    question_ar: str
    article: str | None = None
    answer: str | None = None
    sentence: str | None = None


def exam_question(feedback: Feedback) -> ExamQuestion | None:
    """Return the exam question that a verdict settles, or None where the right answer is not known by it.

    A right answer confirms its first quote; a right abstention, and an answer that should have been one, say that
    the articles don't. Raises pydantic's `ValidationError` for an answer of another version's form.
    """
    answer = Answer.from_dict(feedback.answer)
    asked = {"id": feedback.id, "question_en": feedback.question, "question_ar": feedback.question}
    if feedback.verdict is ReaderVerdict.SHOULD_ABSTAIN or (
        feedback.verdict is ReaderVerdict.GOOD and answer.abstained
    ):
        return ExamQuestion(type="unanswerable", **asked)
    if feedback.verdict is not ReaderVerdict.GOOD or not answer.used:
        return None
    citation = answer.used[0]
    short = answer.short.text if answer.short and answer.short.number == citation.number else citation.quote
    said = short if short in citation.quote else citation.quote
    return ExamQuestion(type="what", **asked, article=citation.article.id, answer=said, sentence=citation.quote)


def exam_questions(feedback: Iterable[Feedback]) -> list[ExamQuestion]:
    """Return the exam questions of all verdicts; of several on one question the last counts."""
    found: dict[str, ExamQuestion | None] = {}
    for item in feedback:
        key = " ".join(item.question.split())
        found.pop(key, None)
        found[key] = exam_question(item)
    return [question for question in found.values() if question]
