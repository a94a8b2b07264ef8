"""Many questions to a table of answers, and to a grid of questions and outlets. Entry: `BatchRunner`."""

from qa.batch.answers import AnswerRow, BatchAnswer
from qa.batch.batch import Answerer, BatchReport, BatchRunner, BatchState
from qa.batch.questions import BatchQuestion, QuestionList, read_questions

__all__ = [
    "AnswerRow",
    "Answerer",
    "BatchAnswer",
    "BatchQuestion",
    "BatchReport",
    "BatchRunner",
    "BatchState",
    "QuestionList",
    "read_questions",
]
