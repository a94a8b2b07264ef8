"""Tables: CSV, TSV and Excel. A row is an article, its heading names the fields as the keys of JSON do."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.errors import LoadError
from index.sources.formats.sheets import SheetRow, csv_sheet, excel_sheets
from index.sources.markup import without_markup
from index.sources.metadata import FieldMapping, Fields, field_named
from index.sources.records import Input, Record

_NO_TEXT = "Its heading names no column with the text of the articles ({names}). Name one by the mapping text=COLUMN."


def read_csv(file: Input) -> Iterator[Record]:
    """Read comma-, semicolon- or tab-separated values, in any encoding that is told, a row at a time."""
    yield from _records(csv_sheet(file.source, file.suffix).rows, file.mapping)


def read_xlsx(file: Input) -> Iterator[Record]:
    """Read each sheet of an Excel file, a row at a time."""
    sheets = excel_sheets(file.source)
    filled = 0
    for sheet in sheets:
        for record in _records(sheet.rows, file.mapping, allow_empty=len(sheets) > 1):
            filled += 1
            yield record
    if not filled:
        raise LoadError("It holds no row under a heading. Check that the first row names the columns.")


def _records(rows: Iterable[SheetRow], mapping: FieldMapping, *, allow_empty: bool = False) -> Iterator[Record]:
    heading: tuple[str, ...] = ()
    for row in rows:
        if row.is_blank:
            continue
        if not heading:
            heading = tuple(cell.strip().removeprefix("\ufeff") for cell in row.cells)
            if not any(name == mapping.text or field_named(name) == "text" for name in heading):
                if allow_empty:
                    return
                raise LoadError(_NO_TEXT.format(names=", ".join(heading[:12])[:200]))
            continue
        fields = without_markup(Fields.of(dict(zip(heading, row.cells, strict=False)), mapping))
        if fields.text is None:
            yield Record(LoadError("Its text is empty: fill it in, or leave the row out."), row.number)
        else:
            yield Record(replace(fields, row=row.number), row.number)
    if not heading and not allow_empty:
        raise LoadError("It is empty. Put a heading and a row for each article in it.")
