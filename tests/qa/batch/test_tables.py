"""Tables of answers: whole or not there, the same values in each form, and nothing that a spreadsheet computes."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qa.batch.tables import AnswerTable, checked_place, write_table
from qa.errors import BatchError

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
TEXTS = ["قال: «لا».", "À l’aube 🚢", 'He said, "no"', "two\nlines", "#N/A", " =1", "007", ""]


def column(*values: object) -> AnswerTable:
    return AnswerTable(("x",), tuple((value,) for value in values))  # type: ignore[misc]


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_csv_is_for_spreadsheets(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, column(*TEXTS, 0.25, 7, None, date(2025, 9, 28), ("one", "two")))
    assert (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbfx\r\n")
    (_, *rows) = read_csv(tmp_path / name)
    told = [*TEXTS, "0.25", "7", "", "2025-09-28", "one\ntwo"]
    assert [row[0] if row else "" for row in rows] == told


def test_in_csv_what_would_be_computed_has_an_apostrophe_before_it(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", AnswerTable(("=x", *FORMULAS), ((("=a", "b"), *FORMULAS),)))
    heading, row = read_csv(tmp_path / "a.csv")
    assert heading == ["'=x", *(f"'{text}" for text in FORMULAS)]
    assert row == ["'=a\nb", *(f"'{text}" for text in FORMULAS)]


def test_in_excel_every_text_is_one(tmp_path: Path) -> None:
    texts = [text for text in (*FORMULAS, *TEXTS) if text]
    write_table(tmp_path / "a.xlsx", column(*texts))
    (_, *cells) = load_workbook(tmp_path / "a.xlsx").active["A"]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in texts]
    assert [cell.quotePrefix for cell in cells] == [text in FORMULAS for text in texts]


def test_excel_holds_numbers_days_and_lists(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", column(0.25, 7, None, date(2025, 9, 28), date(1850, 1, 2), ("one", "two")))
    (_, *cells) = load_workbook(tmp_path / "a.xlsx").active["A"]
    assert [cell.value for cell in cells][:3] == [0.25, 7, None]
    assert (cells[3].value.date(), cells[3].is_date) == (date(2025, 9, 28), True)
    assert [cell.value for cell in cells][4:] == ["1850-01-02", "one\ntwo"]


def test_excel_takes_what_it_can_of_what_is_huge_or_no_character_of_xml(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", column("🚢" * 20_000, "a\x00b\x1fc"))
    (_, huge, odd) = load_workbook(tmp_path / "a.xlsx").active["A"]
    assert huge.value == "🚢" * 16_383 + "…"
    assert odd.value == "a\ufffdb\ufffdc"


def test_a_sheet_of_arabic_is_laid_out_from_right_to_left(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", AnswerTable(("السؤال",), (("من؟",),), direction="rtl"))
    assert load_workbook(tmp_path / "a.xlsx").active.sheet_view.rightToLeft


def test_cells_that_contradict_each_other_are_filled_a_colour_a_side(tmp_path: Path) -> None:
    sides = {(0, 1): 0, (0, 3): 1}
    write_table(tmp_path / "a.xlsx", AnswerTable(("q", "a", "b", "c"), (("x", "9", "", "14"),), sides=sides))
    (_, row) = load_workbook(tmp_path / "a.xlsx").active.iter_rows()
    colours = [cell.fill.fgColor.rgb if cell.fill.patternType else None for cell in row]
    assert colours == [None, "00FFF2CC", None, "00DDEBF7"]


def test_json_lines_keep_every_value_as_it_is(tmp_path: Path) -> None:
    table = AnswerTable(("x", "y"), (("=1", ("a", "b")), ("لا", None), (0.5, date(2025, 9, 28))))
    write_table(tmp_path / "a.jsonl", table)
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines[1] == '{"x": "لا", "y": null}'
    assert [json.loads(line) for line in lines] == [
        {"x": "=1", "y": ["a", "b"]},
        {"x": "لا", "y": None},
        {"x": 0.5, "y": "2025-09-28"},
    ]


def test_a_table_that_cannot_be_finished_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("old")
    with pytest.raises(TypeError):
        write_table(tmp_path / "a.jsonl", column("fine", object()))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.jsonl", "old")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.doc", "'a.doc' ends in none of .csv, .tsv, .xlsx, .jsonl."),
        ("nowhere/a.csv", "There is no folder"),
        ("folder.csv", "is a folder. Name a file in it."),
    ],
)
def test_a_place_that_no_table_can_be_written_at_says_so(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BatchError) as raised:
        checked_place(tmp_path / name)
    assert message in str(raised.value)
