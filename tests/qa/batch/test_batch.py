"""Many questions to one table: in order, whatever one of them is; broken off, and gone on with."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from index import EncoderError, QueryError, StorageError
from qa import Answer, Reason, Role, State
from qa.batch import AnswerRow, BatchQuestion, BatchReport, BatchRunner, BatchState
from qa.batch.answers import COLUMNS
from qa.batch.journal import Journal
from qa.errors import BatchError
from tests.support.answerer import KnownAnswers
from tests.support.answers import ALSO, DENIED, QUOTE, answer_with

QUESTIONS = "question,desk,outlet\nwhose threat?,=world,\nwhat danger?,,وكالة الضفاف\n ,blank,\nwho else?,,\n"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_question_is_a_row_in_the_order_given(questions: Path, tmp_path: Path) -> None:
    asked = KnownAnswers()
    states: list[BatchState] = []
    report = BatchRunner(asked).run(questions, tmp_path / "a.jsonl", progress=states.append)
    assert report == BatchReport(questions=4, answered=1, perhaps=1, not_found=1, failed=1, resumed=0)
    assert states == [
        BatchState(n + 1, 4, text) for n, text in enumerate(("whose threat?", "what danger?", "", "who else?"))
    ]
    assert [(text, filters.source) for text, filters in asked.asked] == [
        ("whose threat?", ()),
        ("what danger?", ("وكالة الضفاف",)),
        ("who else?", ()),
    ]
    first, second, third, fourth = rows(tmp_path / "a.jsonl")
    assert first == {
        "question": "whose threat?",
        "desk": "=world",
        "given_outlet": "",
        "state": "answered",
        "confidence": 0.9,
        "quote": QUOTE,
        "speaker": "الزيدي",
        "speaker_role": "اللواء",
        "answer": None,
        "title": "المتحدث يرد على السفارة",
        "outlet": "وكالة الضفاف",
        "day": "2025-10-05",
        "url": None,
        "start": DENIED.start,
        "end": DENIED.end,
        "article": "army.txt",
        "revision": 1,
        "other_quotes": [],
        "written": None,
        "reason": None,
        "notes": [],
        "error": None,
    }
    assert (second["state"], second["quote"], second["given_outlet"]) == ("perhaps", QUOTE, "وكالة الضفاف")
    assert {name: third[name] for name in COLUMNS if third[name] is not None} == {
        "error": "The question is empty. Ask about something in the articles."
    }
    assert (third["question"], third["desk"]) == ("", "blank")
    assert (fourth["state"], fourth["quote"], fourth["reason"]) == ("not_found", None, "nothing_close")


def test_the_same_rows_stand_in_csv_and_in_excel(questions: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    for name in ("a.csv", "a.xlsx"):
        BatchRunner(KnownAnswers()).run(questions, tmp_path / name)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        plain = list(csv.DictReader(file))
    heading, *cells = load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)
    typed = [dict(zip(heading, row, strict=True)) for row in cells]
    assert list(plain[0]) == ["question", "desk", "given_outlet", *COLUMNS] == list(heading)
    assert [(row["desk"], row["quote"], row["start"]) for row in plain] == [
        ("'=world", QUOTE, str(DENIED.start)),
        ("", QUOTE, str(DENIED.start)),
        ("blank", "", ""),
        ("", "", ""),
    ]
    assert [(row["desk"], row["quote"], row["start"]) for row in typed][:2] == [
        ("=world", QUOTE, DENIED.start),
        (None, QUOTE, DENIED.start),
    ]


def test_an_error_is_told_in_the_language_of_whoever_reads_it(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("question,after\n?,\nquelle menace ?,demain\nمن نفى الخطر؟,غدا\n", encoding="utf-8")
    BatchRunner(KnownAnswers(), interface="fr").run(tmp_path / "q.csv", tmp_path / "a.jsonl")
    assert [row["error"] for row in rows(tmp_path / "a.jsonl")] == [
        "La question est vide. Demandez quelque chose qui se trouve dans les articles.",
        "'demain' n’est pas une date\u00a0: écrivez-la comme 2025-09-28.",
        "'غدا' ليس تاريخًا: اكتبه هكذا 2025-09-28.",
    ]


def test_a_question_that_is_too_long_is_a_row_with_its_error() -> None:
    (row,) = BatchRunner(KnownAnswers()).answers([BatchQuestion("x" * 5000)])
    assert row.answer is None
    assert row.error == "The question has 5000 characters; 4000 are the most. Shorten it."


def test_a_questions_own_filters_come_before_those_of_the_batch() -> None:
    asked = KnownAnswers()
    batch = BatchRunner(asked, filters={"language": ("ar",), "after": "2025-09-28"})
    list(batch.answers([BatchQuestion("who?", {"language": ("en",)}), BatchQuestion("when?")]))
    assert [(filters.language, str(filters.after)) for _, filters in asked.asked] == [
        (("en",), "2025-09-28"),
        (("ar",), "2025-09-28"),
    ]
    with pytest.raises(QueryError, match="'soon' is not a date"):
        BatchRunner(asked, filters={"after": "soon"})


def test_small_talk_is_no_answer_and_articles_that_differ_are_all_quoted() -> None:
    class Chatty(KnownAnswers):
        def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
            if question == "hello":
                return answer_with("Hello!", ())
            return answer_with("…", (DENIED, replace(ALSO, role=Role.USED)))

    greeting, differing = BatchRunner(Chatty()).answers([BatchQuestion("hello"), BatchQuestion("who?")])
    assert greeting.answer is not None and differing.answer is not None
    assert (greeting.answer.state, greeting.answer.quote, greeting.answer.notes) == (State.NOT_FOUND, None, ("Hello!",))
    assert differing.answer.quote == QUOTE
    assert differing.answer.other_quotes == ("According to Rafidain Wire: “It said ISIS is waiting.” [2]",)


# Broken off, and gone on with.


@pytest.mark.parametrize("error", [KeyboardInterrupt(), StorageError("The server does not answer."), EncoderError("?")])
def test_a_run_that_broke_off_goes_on_where_it_was(questions: Path, tmp_path: Path, error: BaseException) -> None:
    asked, out = KnownAnswers(), tmp_path / "a.jsonl"
    asked.failing["else"] = error
    with pytest.raises(type(error)):
        BatchRunner(asked).run(questions, out)
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl.unfinished.jsonl", "questions.csv"]
    again = KnownAnswers()
    report = BatchRunner(again).run(questions, out)
    assert [text for text, _ in again.asked] == ["who else?"]
    assert (report.questions, report.resumed) == (4, 2)
    BatchRunner(KnownAnswers()).run(questions, tmp_path / "whole.jsonl")
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "questions.csv", "whole.jsonl"]


def broken_off(questions: Path, out: Path) -> None:
    asked = KnownAnswers()
    asked.failing["else"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        BatchRunner(asked).run(questions, out)


@pytest.mark.parametrize(
    "again",
    [KnownAnswers(generation=2), KnownAnswers(signature="another model")],
    ids=["the library has changed", "other models"],
)
def test_what_may_be_answered_otherwise_by_now_is_asked_again(
    questions: Path, tmp_path: Path, again: KnownAnswers
) -> None:
    broken_off(questions, tmp_path / "a.csv")
    again.asked.clear()
    assert BatchRunner(again).run(questions, tmp_path / "a.csv").resumed == 0
    assert len(again.asked) == 3


@pytest.mark.parametrize("change", [("interface", "ar"), ("filters", {"language": "ar"})])
def test_so_is_what_is_asked_otherwise(questions: Path, tmp_path: Path, change: tuple[str, object]) -> None:
    broken_off(questions, tmp_path / "a.csv")
    batch = BatchRunner(KnownAnswers(), **dict([change]))  # type: ignore[arg-type]
    assert batch.run(questions, tmp_path / "a.csv").resumed == 0


def test_questions_may_be_added_and_put_in_another_order_before_it_goes_on(questions: Path, tmp_path: Path) -> None:
    broken_off(questions, tmp_path / "a.jsonl")
    questions.write_text("a new one?\nwhat danger?\nwhose threat?\n", encoding="utf-8")
    assert BatchRunner(KnownAnswers()).run(questions, tmp_path / "a.jsonl").resumed == 1
    assert [row["state"] for row in rows(tmp_path / "a.jsonl")] == ["not_found", "perhaps", "answered"]


def test_half_a_line_and_a_line_of_another_version_are_asked_again(questions: Path, tmp_path: Path) -> None:
    broken_off(questions, tmp_path / "a.jsonl")
    journal = Journal.beside(tmp_path / "a.jsonl").path
    first, second = journal.read_bytes().splitlines()
    journal.write_bytes(b'{"key": "x", "answer": {"version": 9}}\n' + first + b"\n" + second[: len(second) // 2])
    again = KnownAnswers()
    again.failing["else"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        BatchRunner(again).run(questions, tmp_path / "a.jsonl")
    assert [text for text, _ in again.asked] == ["what danger?"]
    # What was added after the half line can be read.
    assert BatchRunner(KnownAnswers()).run(questions, tmp_path / "a.jsonl").resumed == 2


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("whose threat?\nwho else?\n whose threat? \n", encoding="utf-8")
    asked = KnownAnswers()
    report = BatchRunner(asked).run(tmp_path / "q.txt", tmp_path / "a.jsonl")
    assert (report.answered, report.resumed, len(asked.asked)) == (2, 0, 2)


def test_nothing_is_asked_where_the_table_could_not_be_written(questions: Path, tmp_path: Path) -> None:
    asked = KnownAnswers()
    for out, message in [
        (questions, "holds the questions"),
        (tmp_path / "a.pdf", "ends in none of"),
        (tmp_path / "nowhere" / "a.csv", "There is no folder"),
    ]:
        with pytest.raises(BatchError, match=message):
            BatchRunner(asked).run(questions, out)
    (tmp_path / "a.csv.unfinished.jsonl").mkdir()
    with pytest.raises(BatchError, match="cannot be written: Is a directory"):
        BatchRunner(asked).run(questions, tmp_path / "a.csv")
    assert asked.asked == []
    assert questions.read_text(encoding="utf-8") == QUESTIONS


def test_a_library_without_articles_says_why_nothing_is_found() -> None:
    class Empty(KnownAnswers):
        def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
            return Answer.from_dict({**super().ask(question).to_dict(), "reason": "empty_library"})

    (row,) = BatchRunner(Empty()).answers([BatchQuestion("who?")])
    assert row == AnswerRow(BatchQuestion("who?"), row.answer)
    assert row.answer is not None and row.answer.reason is Reason.EMPTY_LIBRARY


def test_what_a_chat_model_wrote_stands_beside_the_quote() -> None:
    class Writing(KnownAnswers):
        def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
            return replace(super().ask(question), writer="scripted")

    (row,) = BatchRunner(Writing()).answers([BatchQuestion("whose threat?")])
    assert row.answer is not None
    assert (row.answer.quote, row.answer.written) == (QUOTE, f"{QUOTE} [1]")


def test_a_huge_file_is_answered_in_its_order(tmp_path: Path) -> None:
    asked = [f"{place}. whose threat? ما الخطر؟ 🚢" for place in range(3000)]
    (tmp_path / "q.txt").write_text("\n".join(asked), encoding="utf-8")
    assert BatchRunner(KnownAnswers()).run(tmp_path / "q.txt", tmp_path / "a.jsonl").answered == 3000
    assert [row["question"] for row in rows(tmp_path / "a.jsonl")] == asked
