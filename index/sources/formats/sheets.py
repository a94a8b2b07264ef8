"""Tables as rows of text, whatever these hold: CSV and TSV in any encoding that is told, the sheets of Excel files."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TextIO

from index.errors import LoadError
from index.sources.decoding import PREFIX, Source, encoding_of
from index.sources.formats.containers import Package

# One cell, in characters.
_LONGEST_CELL = 16 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a table: its number as a spreadsheet counts, from 1, and its cells."""

    number: int
    cells: Sequence[str]

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, "" where it has none; its rows, to be read once; what stands between the cells, if anything.

    Reading the rows raises `LoadError` at the first that cannot be read.
    """

    title: str
    rows: Iterator[SheetRow]
    delimiter: str = ""


def csv_sheet(source: Source, suffix: str) -> Sheet:
    """Read comma-, semicolon- or tab-separated values, a row at a time; raises `LoadError` for what is no text."""
    encoding = encoding_of(source.prefix, complete=False)
    text: TextIO = io.TextIOWrapper(io.BufferedReader(source), encoding, "replace", newline="")
    csv.field_size_limit(_LONGEST_CELL)
    beginning = source.prefix[:PREFIX].decode(encoding, "replace").removeprefix("\ufeff")
    delimiter = _delimiter(beginning, suffix)
    return Sheet("", _numbered(csv.reader(text, delimiter=delimiter)), delimiter)


def excel_sheets(source: Source) -> list[Sheet]:
    """Open the sheets of an Excel file; raises `LoadError` for one that is damaged."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    package = Package(source.read_whole())
    try:
        book = load_workbook(io.BytesIO(package.data), read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError, AttributeError, TypeError) as error:
        # The library checks little: a part that is missing or broken ends in whatever its parser meets.
        raise LoadError(f"Its Excel data is damaged: {error}. Save it anew.") from error
    return [Sheet(sheet.title, _rows_of(sheet)) for sheet in sheets]


def _rows_of(sheet: Any) -> Iterator[SheetRow]:
    try:
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield SheetRow(number, tuple(map(_cell, row)))
    except (ValueError, KeyError, SyntaxError, TypeError, IndexError) as error:
        # As above, of a sheet.
        raise LoadError(f"Its sheet {sheet.title!r} is damaged: {error}. Save the file anew.") from error


def _numbered(rows: Any) -> Iterator[SheetRow]:
    """Number the rows as a spreadsheet does, what Excel puts before the heading left out."""
    try:
        for number, row in enumerate(rows, start=1):
            if number == 1:
                if len(row) <= 2 and row and row[0].removeprefix("\ufeff").startswith("sep="):
                    continue
                row = [cell.removeprefix("\ufeff") for cell in row]
            yield SheetRow(number, row)
    except csv.Error as error:
        # A quotation mark that is never closed, or a byte that no text has.
        raise LoadError(
            f"Its row at line {rows.line_num} cannot be read: {error}. Check its quotation marks."
        ) from error


def _delimiter(beginning: str, suffix: str) -> str:
    """Tell what stands between the cells: what the heading has most of, outside of quotation marks."""
    first = next((line for line in beginning.split("\n") if line.strip()), "")
    if first.startswith("sep=") and len(first.rstrip("\r")) == len("sep=") + 1:
        return first[len("sep=")]
    bare = "".join(first.split('"')[::2])
    counted = {mark: bare.count(mark) for mark in _DELIMITERS}
    best = max(counted, key=lambda mark: counted[mark])
    return best if counted[best] else ("\t" if suffix in (".tsv", ".tab") else ",")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat() if value.time().isoformat() != "00:00:00" else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "")
