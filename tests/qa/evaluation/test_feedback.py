"""Verdicts on answers: kept in the catalog, and made an exam of."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index import Encoder, Feedback, Library, LibraryError, ReaderVerdict
from qa import Answer, Assistant
from qa.evaluation.exam_export import exam_questions
from qa.evaluation.gold import read_exam
from ui.cli.main import run
from ui.page.chat import versions

QUESTION = "How many people were killed in the port of Umm al-Nakhil?"


@pytest.fixture(scope="module")
def answer(samples: Assistant) -> Answer:
    return samples.ask(QUESTION)


def given(answer: Answer, verdict: ReaderVerdict, id: str = "1", question: str = QUESTION) -> Feedback:
    return Feedback(id, verdict, question, answer.to_dict(), {"khabar": "0"})


def test_a_verdict_is_read_back_as_it_was_given(library: Library, answer: Answer) -> None:
    feedback = given(answer, ReaderVerdict.GOOD)
    library.feedback.record(feedback)
    (found,) = library.feedback.all()
    assert replace(found, given=feedback.given) == feedback
    assert found.given == feedback.given.replace(microsecond=0)
    assert Answer.from_dict(found.answer) == answer


def test_a_later_verdict_on_an_answer_takes_the_place_of_the_earlier_one(library: Library, answer: Answer) -> None:
    assert library.feedback.all() == []
    before = library.generation
    for verdict in (ReaderVerdict.GOOD, ReaderVerdict.WRONG_SOURCE):
        library.feedback.record(given(answer, verdict))
    assert [found.verdict for found in library.feedback.all()] == [ReaderVerdict.WRONG_SOURCE]
    # Nothing that is searched has changed.
    assert library.generation == before


def test_a_library_that_cannot_be_written_says_so(library: Library, answer: Answer) -> None:
    library.close()
    with pytest.raises(LibraryError):
        library.feedback.record(given(answer, ReaderVerdict.GOOD))


def test_a_verdict_says_what_the_answer_was_made_with(samples: Assistant, answer: Answer) -> None:
    made = versions(samples.library, answer)
    assert made["encoder"] == samples.library.encoder.name
    assert made["writer"] == "extractive"
    assert made["generation"] == str(answer.generation)


def test_verdicts_become_the_questions_whose_answer_they_settle(answer: Answer) -> None:
    quoted, silent, wrong, gone = exam_questions(
        [
            given(answer, ReaderVerdict.GOOD, "1"),
            given(replace(answer, abstained=True), ReaderVerdict.GOOD, "2", "Who scored?"),
            given(answer, ReaderVerdict.SHOULD_ABSTAIN, "3", "Who lost?"),
            given(answer, ReaderVerdict.WRONG_SENTENCE, "4", "Who won?"),
            given(answer, ReaderVerdict.GOOD, "5", "Who won  twice?"),
            given(answer, ReaderVerdict.SHOULD_ABSTAIN, "6", "Who won twice?"),
        ]
    )
    citation = answer.used[0]
    assert (quoted.article, quoted.sentence) == (citation.article.id, citation.quote)
    assert quoted.answer in citation.quote
    assert (silent.id, silent.answer, silent.type) == ("2", None, "unanswerable")
    assert (wrong.id, wrong.answer) == ("3", None)
    assert (gone.id, gone.answer) == ("6", None)


def test_the_command_writes_an_exam_that_is_read_and_asked(
    tmp_path: Path, encoder: Encoder, indexed: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, exam = shutil.copytree(indexed, tmp_path / "library"), tmp_path / "exam.jsonl"
    arguments = ["feedback", str(exam), "--library", str(folder)]
    assert run(arguments) == 2
    assert "there is nothing to export yet" in capsys.readouterr().err
    with Library.open(folder, encoder=encoder) as library:
        library.feedback.record(given(answer, ReaderVerdict.GOOD))
        library.feedback.record(given(answer, ReaderVerdict.WRONG_SOURCE, "2", "Who?"))
    assert run(arguments) == 0
    assert capsys.readouterr().out == "1 question of 2 verdicts exported\n"
    assert [question.text for question in read_exam(exam, "ar")] == [QUESTION]
    assert run(["eval", str(exam), "--json", "--library", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["questions"] == 1
    assert run(arguments) == 2
    assert "Name another file" in capsys.readouterr().err
