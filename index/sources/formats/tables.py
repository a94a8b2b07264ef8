"""Tables: CSV, TSV and Excel. A row is an article, its heading names the fields as the keys of JSON do."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TextIO

from index.errors import LoadError
from index.sources.decoding import PREFIX, encoding_of
from index.sources.formats.containers import Package
from index.sources.markup import without_markup
from index.sources.metadata import FieldMapping, Fields, field_named
from index.sources.records import Input, Record

# One cell, in characters.
_LONGEST_CELL = 16 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_NO_TEXT = "Its heading names no column with the text of the articles ({names}). Name one by the mapping text=COLUMN."


def read_csv(file: Input) -> Iterator[Record]:
    """Read comma-, semicolon- or tab-separated values, in any encoding that is told, a row at a time."""
    encoding = encoding_of(file.source.prefix, complete=False)
    text: TextIO = io.TextIOWrapper(io.BufferedReader(file.source), encoding, "replace", newline="")
    csv.field_size_limit(_LONGEST_CELL)
    beginning = file.source.prefix[:PREFIX].decode(encoding, "replace").removeprefix("\ufeff")
    rows = csv.reader(text, delimiter=_delimiter(beginning, file.suffix))
    yield from _records(_numbered(rows), file.mapping)


def read_xlsx(file: Input) -> Iterator[Record]:
    """Read each sheet of an Excel file, a row at a time."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    package = Package(file.source.read_whole())
    try:
        book = load_workbook(io.BytesIO(package.data), read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError, AttributeError, TypeError) as error:
        # The library checks little: a part that is missing or broken ends in whatever its parser meets.
        raise LoadError(f"Its Excel data is damaged: {error}. Save it anew.") from error
    filled = 0
    for sheet in sheets:
        sheet.reset_dimensions()
        rows = enumerate((tuple(map(_cell, row)) for row in sheet.iter_rows(values_only=True)), start=1)
        try:
            for record in _records(rows, file.mapping, allow_empty=len(sheets) > 1):
                filled += 1
                yield record
        except (ValueError, KeyError, SyntaxError, TypeError, IndexError) as error:
            # As above, of a sheet.
            raise LoadError(f"Its sheet {sheet.title!r} is damaged: {error}. Save the file anew.") from error
    if not filled:
        raise LoadError("It holds no row under a heading. Check that the first row names the columns.")


def _records(
    rows: Iterable[tuple[int, Sequence[str]]], mapping: FieldMapping, *, allow_empty: bool = False
) -> Iterator[Record]:
    heading: tuple[str, ...] = ()
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if not heading:
            heading = tuple(cell.strip().removeprefix("\ufeff") for cell in row)
            if not any(name == mapping.text or field_named(name) == "text" for name in heading):
                if allow_empty:
                    return
                raise LoadError(_NO_TEXT.format(names=", ".join(heading[:12])[:200]))
            continue
        fields = without_markup(Fields.of(dict(zip(heading, row, strict=False)), mapping))
        if fields.text is None:
            yield Record(LoadError("Its text is empty: fill it in, or leave the row out."), number)
        else:
            yield Record(replace(fields, row=number), number)
    if not heading and not allow_empty:
        raise LoadError("It is empty. Put a heading and a row for each article in it.")


def _numbered(rows: Any) -> Iterator[tuple[int, Sequence[str]]]:
    """Number the rows as a spreadsheet does, what Excel puts before the heading left out."""
    try:
        for number, row in enumerate(rows, start=1):
            if number == 1 and len(row) <= 2 and row and row[0].removeprefix("\ufeff").startswith("sep="):
                continue
            yield number, row
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
