"""Tables: a row an article, under headings in any language, however the program wrote it."""

from datetime import date, datetime
from pathlib import Path

import pytest

from index.sources.metadata import FieldMapping
from tests.support.loading import articles, loaded, reasons
from tests.support.made_files import ARABIC, ENGLISH, xlsx

HEADING = "العنوان;النص;التاريخ"
ROW = f"افتتاح الجسر;{ARABIC[0]};5 تشرين الأول 2025"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1256", "utf-16"])
@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_excels_ways_of_saving_values(tmp_path: Path, encoding: str, mark: str) -> None:
    table = f"{HEADING}\r\n{ROW}\r\n".replace(";", mark).encode(encoding)
    (article,) = articles(tmp_path, "جدول.csv", table)
    assert (article.title, article.text, article.published) == ("افتتاح الجسر", ARABIC[0], date(2025, 10, 5))
    assert (article.id, article.row) == ("جدول.csv#2", 2)


def test_the_line_in_which_excel_names_the_mark_is_no_heading(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, "a.csv", f"sep=;\r\ntitle;text\r\nBridge;{ENGLISH[1]}\r\n")
    assert (article.title, article.text, article.row) == ("Bridge", ENGLISH[1], 3)


def test_cells_with_lines_and_marks_of_quotation_in_them(tmp_path: Path) -> None:
    table = 'title,text\n"Bridge, opened","He said ""yes"".\nIt cost 48 million, no more."\nSecond,Another text.\n'
    first, second = articles(tmp_path, "a.csv", table)
    assert (first.title, first.text) == ("Bridge, opened", 'He said "yes".\nIt cost 48 million, no more.')
    assert (second.row, second.text) == (3, "Another text.")


def test_a_column_is_mapped_as_a_key_of_json_is(tmp_path: Path) -> None:
    mapping = FieldMapping.parse("text=story,published=day")
    (article,) = articles(tmp_path, "a.tsv", f"story\tday\n{ENGLISH[0]}\t2025-10-05\n", mapping)
    assert (article.text, article.published) == (ENGLISH[0], date(2025, 10, 5))


def test_a_heading_without_a_text_names_the_columns_there_are(tmp_path: Path) -> None:
    (reason,) = reasons(tmp_path, "a.csv", "name,phone\nSara,1\n")
    assert reason == (
        "Its heading names no column with the text of the articles (name, phone). Name one by the mapping text=COLUMN."
    )


def test_a_row_without_text_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    found = loaded(tmp_path, "a.csv", f"title,text\nA,{ENGLISH[0].replace(',', '')}\nB,\nC,Third text.\n")
    assert [getattr(item, "name", None) or item.article.id for item in found] == ["a.csv#2", "a.csv#3", "a.csv#4"]


def test_a_mark_of_quotation_that_is_never_closed_ends_in_a_reason(tmp_path: Path) -> None:
    found = loaded(tmp_path, "a.csv", 'title,text\nA,"' + "word, " * 3_500_000)
    assert "Check its quotation marks" in found[-1].reason


def test_the_sheets_of_an_excel_file(tmp_path: Path) -> None:
    book = xlsx(
        {
            "News": [
                ["Title", "Text", "Date", "Views"],
                ["Bridge opens", ENGLISH[1], datetime(2025, 10, 5), 7],
                [None, None, None, None],
                ["Second", ENGLISH[2], "6 October 2025", 8.0],
            ],
            "Notes": [["Who", "When"], ["Sara", "Monday"]],
        }
    )
    first, second = articles(tmp_path, "export.xlsx", book)
    assert (first.title, first.text, first.published, first.row) == ("Bridge opens", ENGLISH[1], date(2025, 10, 5), 2)
    assert (second.published, second.row) == (date(2025, 10, 6), 4)


def test_an_excel_file_with_no_such_sheet_says_so(tmp_path: Path) -> None:
    assert reasons(tmp_path, "a.xlsx", xlsx({"A": [["x"]], "B": []}))[0].startswith("It holds no row under a heading")
