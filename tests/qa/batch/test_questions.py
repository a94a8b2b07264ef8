"""Files of questions: what is a question, what a filter, and what is passed through."""

import codecs
import gzip
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from qa.batch import BatchQuestion, QuestionList, read_questions
from qa.errors import BatchError


def written(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def texts(found: QuestionList) -> list[str]:
    return [question.text for question in found.questions]


def test_plain_text_has_a_question_a_line(tmp_path: Path) -> None:
    found = read_questions(written(tmp_path, "q.txt", "\ufeffwho?\r\n\n  من نفى الخطر؟ \n?\nQui a démenti ? 🚢\n"))
    assert found == QuestionList(tuple(map(BatchQuestion, ("who?", "من نفى الخطر؟", "?", "Qui a démenti ? 🚢"))))


@pytest.mark.parametrize("heading", ["question", "Question ", "QUESTIONS", "السؤال", "سؤال", "الأسئلة"])
def test_the_column_of_questions_is_named_in_any_of_the_languages(tmp_path: Path, heading: str) -> None:
    found = read_questions(written(tmp_path, "q.csv", f"id,{heading},desk\n7,who?,world\n,,\n8,when?,\n"))
    assert found.columns == ("id", "desk")
    assert [(question.text, question.given) for question in found.questions] == [
        ("who?", ("7", "world")),
        ("when?", ("8", "")),
    ]


def test_a_row_that_has_all_but_its_question_is_kept(tmp_path: Path) -> None:
    assert texts(read_questions(written(tmp_path, "q.csv", "question,desk\n,world\nwho?,\n"))) == ["", "who?"]


@pytest.mark.parametrize(
    ("heading", "cells", "filters"),
    [
        ("language,outlet", "ar;en,Rafidain Wire", {"language": ("ar", "en"), "source": ("Rafidain Wire",)}),
        ("langue,média", "Arabe,Le Port ; Le Quai", {"language": ("ar",), "source": ("Le Port", "Le Quai")}),
        ("اللغة,المصدر", "العربية,أ؛ب", {"language": ("ar",), "source": ("أ", "ب")}),
        ("after,before", "2025-09-28,2025-10-05", {"after": "2025-09-28", "before": "2025-10-05"}),
        ("depuis,jusqu'à", "2025-09-28,soon", {"after": "2025-09-28", "before": "soon"}),
        ("من تاريخ,حتى", "2025-09-28,", {"after": "2025-09-28"}),
        ("category,domain", "Security,economy", {"category": ("Security",)}),
        ("collection,desk", "sport; wire,economy", {"collection": ("sport", "wire")}),
        ("المجموعة,desk", "sport,economy", {"collection": ("sport",)}),
    ],
)
def test_columns_named_as_filters_are_filters(tmp_path: Path, heading: str, cells: str, filters: object) -> None:
    found = read_questions(written(tmp_path, "q.csv", f"question,{heading}\nwho?,{cells}\n"))
    assert found.questions[0].filters == filters
    assert ",".join(found.columns) == ",".join(heading.split(",")[: len(found.columns)])


def test_only_one_column_needs_no_heading_and_its_commas_are_its_own(tmp_path: Path) -> None:
    assert texts(read_questions(written(tmp_path, "q.csv", "who denied it?\nwhen?\n"))) == ["who denied it?", "when?"]
    assert texts(read_questions(written(tmp_path, "a.csv", "question\nwho, on Monday, denied it?\n"))) == [
        "who, on Monday, denied it?"
    ]


@pytest.mark.parametrize(
    "data",
    [
        "question;desk\nwho?;a, b\n",
        'sep=;\nquestion;desk\nwho?;"a, b"\n',
        codecs.BOM_UTF16_LE + "question\tdesk\nwho?\ta, b\n".encode("utf-16-le"),
        gzip.compress(b'question,desk\nwho?,"a, b"\n', mtime=0),
    ],
)
def test_a_table_may_be_written_as_spreadsheets_write_them(tmp_path: Path, data: str | bytes) -> None:
    name = "q.csv.gz" if isinstance(data, bytes) and data[:2] == b"\x1f\x8b" else "q.csv"
    assert read_questions(written(tmp_path, name, data)) == QuestionList(
        (BatchQuestion("who?", {}, ("a, b",)),), ("desk",)
    )


def test_columns_of_one_name_or_of_none_are_told_apart(tmp_path: Path) -> None:
    found = read_questions(written(tmp_path, "q.csv", "question,x,x,\nwho?,1,2,3,4\n"))
    assert (found.columns, found.questions[0].given) == (("x", "x 2", "column 4", "column 5"), ("1", "2", "3", "4"))


def test_the_first_sheet_of_excel_that_has_questions_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append([None])
    sheet = book.create_sheet("questions")
    sheet.append(["n", "السؤال", "after"])
    sheet.append([7, "من نفى الخطر؟", datetime(2025, 9, 28)])
    book.save(tmp_path / "q.xlsx")
    assert read_questions(tmp_path / "q.xlsx") == QuestionList(
        (BatchQuestion("من نفى الخطر؟", {"after": "2025-09-28"}, ("7", "2025-09-28")),), ("n", "after")
    )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("q.txt", "", "q.txt holds no question. Write one a line, or in a column called question."),
        ("q.csv", "question,desk\n", "q.csv holds no question. Write one a line, or in a column called question."),
        ("q.csv", "frage,desk\nwho?,world\n", "q.csv has several columns, and its first row calls none of them"),
        ("q.txt", b"\x00\x01\x02\x03" * 50, "q.txt is no file of questions that can be read. It is binary data"),
        ("q.xlsx", "question\nwho?\n", "q.xlsx is no file of questions that can be read. Its ZIP data is damaged"),
        ("q.ods", "x", "q.ods is no file of questions that can be read. Files that end in .ods are not read"),
    ],
)
def test_what_is_no_file_of_questions_says_so(tmp_path: Path, name: str, data: str | bytes, message: str) -> None:
    with pytest.raises(BatchError) as raised:
        read_questions(written(tmp_path, name, data))
    assert str(raised.value).startswith(message)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match=r"There is no file '.*nowhere\.csv'\. Check the path\."):
        read_questions(tmp_path / "nowhere.csv")
    with pytest.raises(BatchError, match="cannot be read: Is a directory"):
        read_questions(tmp_path)
