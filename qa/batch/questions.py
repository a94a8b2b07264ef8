"""Files of questions: CSV, TSV and Excel with a column of questions, or plain text with a question a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

from index import Filters
from index.analysis import question_language
from index.article import storable
from index.errors import LoadError, QueryError
from index.languages import languages
from index.languages.errors import error_in
from index.languages.messages import messages_for
from index.search import checked_query
from index.sources.decoding import Source, decode
from index.sources.formats.sheets import Sheet, SheetRow, csv_sheet, excel_sheets
from index.sources.metadata import language_code
from index.text.normalisation import fold
from qa.errors import BatchError
from qa.question import FilterArguments

QUESTION = "question"
TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm")
_EXCEL = (".xlsx", ".xlsm")
_UNREAD = (".xls", ".ods", ".numbers")
# What of a heading a message repeats: names and characters.
_SHOWN, _LONGEST_SHOWN = 12, 200


@dataclass(frozen=True, slots=True)
class CheckedQuestion:
    """A question that can be asked, and the articles that it is asked of."""

    text: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """A question of many: its words, the filters it is asked with, and what stands beside it in its file.

    `given` are the cells of the columns that are passed through, in their order. Nothing of it has been checked.
    """

    text: str
    filters: FilterArguments = field(default_factory=FilterArguments)
    given: tuple[str, ...] = ()

    def checked(self, defaults: FilterArguments) -> CheckedQuestion:
        """Check it, with `defaults` where it has no filter of its own; raises `QueryError` where it cannot be asked."""
        chosen: FilterArguments = {**defaults, **self.filters}
        return CheckedQuestion(checked_query(self.text), Filters.of(**chosen))

    def complaint(self, error: QueryError, interface: str) -> str:
        """Say why it cannot be asked, in its own language where Khabar speaks that, else in `interface`."""
        return error_in(messages_for(question_language(self.text), interface), str(error))


@dataclass(frozen=True, slots=True)
class QuestionList:
    """The questions of a file, in its order, and the names of the columns that are passed through."""

    questions: tuple[BatchQuestion, ...]
    columns: tuple[str, ...] = ()


def read_questions(path: Path) -> QuestionList:
    """Read a file of questions; its ending tells a table (CSV, TSV, Excel), what has another is read as plain text.

    A table has a column that is called "question", or the word for it in a language with a pack; or only one column,
    which needs no heading. Other columns that are named as filters are ("language", "source" or "outlet", "category",
    "collection", "after", "before"), a semicolon between several values. A line or row with nothing in it is passed
    over, a row that has all but its question is kept.

    Raises `BatchError` when the file cannot be read or has no question.
    """
    try:
        with path.open("rb") as stream:
            found = _read(Source(stream, path.stat().st_size), path)
    except FileNotFoundError as error:
        raise BatchError(f"There is no file {str(path)!r}. Check the path.") from error
    except OSError as error:
        # It may not be read, or is a folder.
        raise BatchError(f"{path} cannot be read: {error.strerror or error}. Check what it is.") from error
    except LoadError as error:
        # As an article's file would be: it is read by the same parts.
        raise BatchError(f"{path.name} is no file of questions that can be read. {error}") from error
    if not found.questions:
        raise BatchError(f"{path.name} holds no question. Write one a line, or in a column called question.")
    return found


def _read(source: Source, path: Path) -> QuestionList:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    if suffix in _UNREAD:
        raise LoadError(f"Files that end in {suffix} are not read: save it as .xlsx or .csv.")
    if not source.prefix.strip():
        return QuestionList(())
    if suffix in _EXCEL:
        tables = (_table(sheet, path) for sheet in excel_sheets(source))
        return next((table for table in tables if table.questions), QuestionList(()))
    if suffix in TABLES:
        return _table(csv_sheet(source, suffix), path)
    lines = decode(source.read_whole()).split("\n")
    return QuestionList(tuple(BatchQuestion(storable(line.strip())) for line in lines if line.strip()))


def _table(sheet: Sheet, path: Path) -> QuestionList:
    rows = [row for row in sheet.rows if not row.is_blank]
    if not rows:
        return QuestionList(())
    heading, *below = rows
    filled = [cell.strip() for cell in heading.cells]
    named = [_held_by(name) for name in filled]
    if QUESTION not in named:
        if sum(map(bool, filled)) > 1:
            raise BatchError(_unnamed(path, filled))
        # One column without a heading: each row of it is a question.
        return QuestionList(tuple(BatchQuestion(storable(_whole(row, sheet))) for row in rows))
    if len(filled) == 1:
        return QuestionList(tuple(BatchQuestion(storable(_whole(row, sheet))) for row in below))
    place = named.index(QUESTION)
    width = max(len(row.cells) for row in rows)
    others = [column for column in range(width) if column != place and any(_at(row, column) for row in rows)]
    names = unlike([_at(heading, column) or f"column {column + 1}" for column in others])
    return QuestionList(tuple(_question(row, place, others, named) for row in below), tuple(names))


def _unnamed(path: Path, heading: Sequence[str]) -> str:
    shown = ", ".join(name for name in heading[:_SHOWN] if name)[:_LONGEST_SHOWN]
    return (
        f"{path.name} has several columns, and its first row calls none of them question ({shown}). Name the column "
        "with the questions so."
    )


def _question(row: SheetRow, place: int, others: Sequence[int], named: Sequence[str | None]) -> BatchQuestion:
    filters: dict[str, str | tuple[str, ...]] = {}
    for column in others:
        held, value = named[column] if column < len(named) else None, _at(row, column)
        if not value or held is None:
            continue
        if held in ("after", "before"):
            filters.setdefault(held, value)
        elif held in ("language", "source", "category", "collection"):
            values = tuple(part.strip() for part in value.replace("؛", ";").split(";") if part.strip())
            codes = tuple(language_code(name) or name for name in values)
            filters.setdefault(held, codes if held == "language" else values)
    given = tuple(storable(_at(row, column)) for column in others)
    return BatchQuestion(storable(_at(row, place)), cast(FilterArguments, filters), given)


def _whole(row: SheetRow, sheet: Sheet) -> str:
    """Return the only cell of a row; commas of a question that nobody has put in quotation marks belong to it."""
    return (sheet.delimiter or " ").join(row.cells).strip(f"{sheet.delimiter} \t\r\n")


def _at(row: SheetRow, column: int) -> str:
    return row.cells[column].strip() if column < len(row.cells) else ""


def unlike(names: Iterable[str]) -> list[str]:
    """Return names of columns with those that come again numbered: "x", "x 2"."""
    found: list[str] = []
    for name in names:
        place, own = 2, name
        while own in found:
            place, own = place + 1, f"{name} {place}"
        found.append(own)
    return found


def _held_by(name: str) -> str | None:
    """Tell what a column of that name holds: the question, or a filter; None where it is something else."""
    return _columns().get(fold(name).strip())


@cache
def _columns() -> dict[str, str]:
    names = [items for pack in languages() for items in pack.orthography.question_columns.items()]
    return {fold(alias): held for held, aliases in names for alias in aliases}
