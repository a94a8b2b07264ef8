"""Tables of answers to files: CSV for spreadsheets, Excel, JSON Lines; nothing in them is taken for a formula.

A file is written beside its place and moved there when it is whole.
"""

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from qa.batch.answers import Value
from qa.errors import BatchError

# What a spreadsheet takes the rest of a cell for a formula, or a command, after; also as Japanese keyboards write it.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# What XML cannot hold; the most that a cell of Excel can, in UTF-16 code units; the first year of its calendar.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767
_FIRST_YEAR = 1901
# The widths of columns in characters, and what tells up to four sides of a disagreement apart.
_WIDE, _NARROW = 48, 16
_COLOURS = ("FFF2CC", "DDEBF7", "E2EFDA", "FCE4D6")


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Rows of values under headings, one value a heading; `direction` is "ltr" or "rtl", as a sheet is laid out.

    `sides` are the cells that contradict others of their row, by row and column from 0, each with the number of its
    side of the disagreement, from 0; `wide` are the columns that hold texts.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    direction: str = "ltr"
    sides: Mapping[tuple[int, int], int] = field(default_factory=dict)
    wide: frozenset[int] = frozenset()


def checked_place(out: Path) -> Path:
    """Return where a table can be written; raises `BatchError` for another ending, or a folder that is not there."""
    if out.suffix.lower() not in _WRITERS:
        raise BatchError(
            f"{out.name!r} ends in none of {', '.join(_WRITERS)}. Name the table so that its form is told."
        )
    if not out.parent.is_dir():
        raise BatchError(f"There is no folder {str(out.parent)!r} to write {out.name} in. Make it first.")
    if out.is_dir():
        raise BatchError(f"{str(out)!r} is a folder. Name a file in it.")
    return out


def write_table(out: Path, table: AnswerTable) -> None:
    """Write a table in the form that the ending tells; raises `BatchError` where the file cannot be written."""
    write = _WRITERS[checked_place(out).suffix.lower()]
    try:
        with _put_in_place(out) as unfinished:
            write(unfinished, table)
    except OSError as error:
        raise BatchError(
            f"{out} cannot be written: {error.strerror or error}. Close it elsewhere, or name another."
        ) from (error)


@contextmanager
def _put_in_place(out: Path) -> Iterator[Path]:
    unfinished = out.with_name(f".{out.name}.{os.getpid()}{out.suffix}")
    try:
        yield unfinished
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_csv(path: Path, table: AnswerTable) -> None:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    # Excel takes a file without a byte order mark for one of the machine's old encoding.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([_inert(name) for name in table.headings])
        for row in table.rows:
            writer.writerow(
                [_inert(_text(value)) if isinstance(value, str | tuple) else _plain(value) for value in row]
            )


def _inert(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute; it is the mark by which they keep text."""
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(value: Value) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def _write_jsonl(path: Path, table: AnswerTable) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in table.rows:
            values = dict(zip(table.headings, map(_plain, row), strict=True))
            file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _write_xlsx(path: Path, table: AnswerTable) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "B2"
    sheet.sheet_view.rightToLeft = table.direction == "rtl"
    _set_widths(sheet, table)
    cells = _Cells(sheet)
    sheet.append([cells.heading(name) for name in table.headings])
    for number, row in enumerate(table.rows):
        sheet.append([cells.of(value, table.sides.get((number, column))) for column, value in enumerate(row)])
    book.save(path)


def _set_widths(sheet: Any, table: AnswerTable) -> None:
    from openpyxl.utils import get_column_letter

    for column in range(len(table.headings)):
        width = _WIDE if column == 0 or column in table.wide else _NARROW
        sheet.column_dimensions[get_column_letter(column + 1)].width = width


class _Cells:
    """Makes the cells of a sheet: every text is typed as one, whatever it looks like."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        self._sheet = sheet
        self._wrapped = Alignment(wrap_text=True, vertical="top")
        self._bold = Font(bold=True)
        self._fills = [PatternFill("solid", start_color=colour) for colour in _COLOURS]

    def heading(self, name: str) -> Any:
        cell = self.of(name)
        cell.font = self._bold
        return cell

    def of(self, value: Value, side: int | None = None) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if isinstance(value, date) and value.year < _FIRST_YEAR:
            value = value.isoformat()
        cell = WriteOnlyCell(self._sheet, value=None if isinstance(value, str | tuple) else value)
        cell.alignment = self._wrapped
        if isinstance(value, str | tuple):
            text = _fitting(_text(value))
            # Not by the setter, which makes a formula of "=" and an error of "#N/A".
            cell._value, cell.data_type = text, "s"
            cell.quotePrefix = _FORMULA.match(text) is not None
        if side is not None:
            cell.fill = self._fills[min(side, len(self._fills) - 1)]
        return cell


def _fitting(text: str) -> str:
    """Return what a cell of Excel can hold: without control characters, and cut short where it is too long."""
    text = _CONTROLS.sub("\ufffd", text)
    if len(text.encode("utf-16-le")) // 2 <= _LONGEST_CELL:
        return text
    cut = text.encode("utf-16-le")[: 2 * (_LONGEST_CELL - 1)]
    return cut.decode("utf-16-le", "ignore") + "…"


_WRITERS: dict[str, Callable[[Path, AnswerTable], None]] = {
    ".csv": _write_csv,
    ".tsv": _write_csv,
    ".xlsx": _write_xlsx,
    ".jsonl": _write_jsonl,
}
