"""Many questions over the samples, with the real models: what a row says is what `ask` says, in each language."""

from pathlib import Path

import pytest

from index import Library
from qa import Assistant, State
from qa.batch import BatchQuestion, BatchRunner

pytestmark = pytest.mark.system

QUESTIONS = [
    "who disputed the ISIS threat?",
    "كم بلغ سعر الفائدة؟",
    "Qui a démenti la menace de Daech ?",
    "How many people were killed in the port of Umm al-Nakhil?",
    "What is the capital of Mongolia?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_row_says_what_an_answer_says(samples: Assistant, question: str) -> None:
    answer = samples.ask(question)
    (row,) = BatchRunner(samples).answers([BatchQuestion(question)])
    assert row.answer is not None
    assert (row.answer.state, row.answer.confidence) == (answer.state, answer.confidence)
    assert row.answer.generation == samples.library.generation
    if answer.state is State.NOT_FOUND:
        assert (row.answer.quote, row.answer.article) == (None, None)
        return
    assert row.answer.article is not None
    article = samples.library.article(row.answer.article, row.answer.revision)
    assert article.text[row.answer.start : row.answer.end] == row.answer.quote == answer.used[0].quote
    assert (row.answer.title, row.answer.outlet, row.answer.day) == (article.title, article.source, article.published)
    assert len(row.answer.other_quotes) == len(answer.used) - 1


def test_a_question_is_asked_of_the_articles_of_its_row(samples: Assistant, tmp_path: Path) -> None:
    asked = ["كم قتيلا في ميناء أم النخيل؟,صحيفة الميناء", f"{QUESTIONS[3]},Rafidain Wire"]
    (tmp_path / "q.csv").write_text("\n".join(["السؤال,المصدر", *asked]), encoding="utf-8")
    BatchRunner(samples).run(tmp_path / "q.csv", tmp_path / "a.xlsx")
    from openpyxl import load_workbook

    heading, *rows = load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)
    outlet = heading.index("outlet")
    assert [row[outlet] for row in rows] == ["صحيفة الميناء", "Rafidain Wire"]


def test_a_signature_is_of_the_models_and_not_of_the_library(samples: Assistant, library: Library) -> None:
    assert Assistant(library).signature == samples.signature
    assert Assistant(library, threshold=0.99).signature != samples.signature
