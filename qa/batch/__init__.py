"""Many questions to a table of answers, or to a grid of what each outlet says. Entry: `BatchRunner`, `GridRunner`."""

from qa.batch.answers import AnswerRow, BatchAnswer
from qa.batch.batch import Answerer, BatchReport, BatchRunner, BatchState
from qa.batch.cells import GridCell, LibraryCells
from qa.batch.columns import Across, GridColumn, GridColumns
from qa.batch.grid import GridAnswerer, GridReport, GridRow, GridRunner
from qa.batch.questions import BatchQuestion, QuestionList, read_questions

__all__ = [
    "Across",
    "AnswerRow",
    "Answerer",
    "BatchAnswer",
    "BatchQuestion",
    "BatchReport",
    "BatchRunner",
    "BatchState",
    "GridAnswerer",
    "GridCell",
    "GridColumn",
    "GridColumns",
    "GridReport",
    "GridRow",
    "GridRunner",
    "LibraryCells",
    "QuestionList",
    "read_questions",
]
