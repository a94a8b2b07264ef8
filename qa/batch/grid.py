"""Questions down, outlets, days or articles across: what each of them says, and where they contradict each other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index import Filters
from index.errors import QueryError
from index.languages.messages import DEFAULT, Messages, messages_for
from qa.answer import State
from qa.batch.answers import BatchAnswer, Value
from qa.batch.batch import BatchState, Reporter
from qa.batch.cells import GridCell
from qa.batch.columns import Across, GridColumn, GridColumns
from qa.batch.questions import QUESTION, BatchQuestion, CheckedQuestion, unlike
from qa.batch.tables import AnswerTable, checked_place, write_table
from qa.question import FilterArguments

CONTRADICTIONS, ERROR = "contradictions", "error"


class GridAnswerer(Protocol):
    """Knows what may stand across a grid, and asks each column a question; `LibraryCells` does."""

    def columns(self, across: Across, filters: Filters) -> GridColumns:
        """Return what stands across; raises `BatchError` where that is nothing, or too much."""
        ...

    def cells(
        self,
        question: CheckedQuestion,
        columns: Sequence[GridColumn],
        *,
        interface: str = DEFAULT,
        progress: Callable[[], None] | None = None,
    ) -> tuple[GridCell, ...]:
        """Return what each column says, in their order; `progress` is called after each."""
        ...


@dataclass(frozen=True, slots=True)
class GridRow:
    """One question, and a cell for each column; no cells where it could not be asked, which `error` tells why."""

    question: BatchQuestion
    cells: tuple[GridCell, ...] = ()
    error: str | None = None

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The columns, from 0, that contradict each other, each pair once; one with itself where its own do."""
        return tuple(
            (place, other) for place, cell in enumerate(self.cells) for other in cell.against if place <= other
        )


@dataclass(frozen=True, slots=True)
class GridReport:
    """What a grid has: questions, columns, rows with a contradiction, and questions that could not be asked.

    `left_out` is how many articles are in no column: they have no outlet, or no day.
    """

    questions: int
    columns: int
    contradictory: int
    failed: int
    left_out: int


class GridRunner:
    """Asks questions of every outlet, day or article of what the answerer knows.

    `interface` is the language of Khabar's own words; `filters` say which articles there are columns for, and hold for
    each question that has none of its own for the same field. Raises `QueryError` for filters that cannot be.
    """

    def __init__(
        self, answerer: GridAnswerer, *, interface: str = DEFAULT, filters: FilterArguments | None = None
    ) -> None:
        self._answerer = answerer
        self._interface = interface
        self._given = filters or FilterArguments()
        self._filters = Filters.of(**self._given)

    def run(
        self, questions: Sequence[BatchQuestion], out: Path, across: Across, *, progress: Reporter | None = None
    ) -> GridReport:
        """Write the grid of some questions, in a table that takes the place of one that is there when it is whole.

        Raises `BatchError`, before anything is asked, where there are too many columns or the table cannot be written;
        and what `ask` raises of the models and the library.
        """
        checked_place(out)
        found = self.columns(across)
        rows = tuple(self.rows(questions, found.columns, progress=progress))
        write_table(out, grid_table(found.columns, rows, self._interface))
        return GridReport(
            questions=len(rows),
            columns=len(found.columns),
            contradictory=sum(bool(row.pairs) for row in rows),
            failed=sum(row.error is not None for row in rows),
            left_out=found.left_out,
        )

    def columns(self, across: Across) -> GridColumns:
        """Return what stands across; raises `BatchError` where that is nothing, or too much."""
        return self._answerer.columns(across, self._filters)

    def rows(
        self, questions: Sequence[BatchQuestion], columns: Sequence[GridColumn], *, progress: Reporter | None = None
    ) -> Iterator[GridRow]:
        """Ask each question of each column; a question that cannot be asked is a row with its error."""
        total = len(questions) * len(columns)
        for number, question in enumerate(questions):
            steps = iter(range(number * len(columns) + 1, total + 1))

            def step(steps: Iterator[int] = steps, text: str = question.text) -> None:
                if progress:
                    progress(BatchState(next(steps), total, text))

            try:
                asked = question.checked(self._given)
                yield GridRow(question, self._answerer.cells(asked, columns, interface=self._interface, progress=step))
            except QueryError as error:
                # One bad question of several: the others are asked.
                yield GridRow(question, error=question.complaint(error, self._interface))


def grid_table(columns: Sequence[GridColumn], rows: Sequence[GridRow], interface: str = DEFAULT) -> AnswerTable:
    """Make the table of a grid: the question, a column each, and which columns contradict each other."""
    words = messages_for(interface)
    headings = unlike([QUESTION, CONTRADICTIONS, ERROR, *(column.name for column in columns)])
    names = headings[3:]
    values: list[tuple[Value, ...]] = []
    for row in rows:
        cells = [_said(words, cell, column) for cell, column in zip(row.cells, columns, strict=False)]
        cells += [""] * (len(columns) - len(cells))
        differ = tuple(f"{names[one]} ≠ {names[other]}" for one, other in row.pairs)
        values.append((row.question.text, *cells, differ, row.error))
    sides = {
        (number, 1 + place): cell.side
        for number, row in enumerate(rows)
        for place, cell in enumerate(row.cells)
        if cell.side is not None
    }
    wide = frozenset(range(1, len(columns) + 3))
    return AnswerTable(
        (QUESTION, *names, CONTRADICTIONS, ERROR), tuple(values), words.direction, sides=sides, wide=wide
    )


def _said(words: Messages, cell: GridCell, column: GridColumn) -> str:
    """Return what a cell shows: the quote, who said it, and of where it stands what the column does not say."""
    answer = cell.answer
    if answer is None:
        return ""
    if answer.state is State.NOT_FOUND or answer.quote is None:
        return words.say("grid.silent")
    is_sure = answer.state is State.ANSWERED
    quote = answer.quote if is_sure else words.say("grid.perhaps", quote=answer.quote)
    speaker = f"— {answer.speaker}" if answer.speaker else ""
    return "\n".join(line for line in (quote, speaker, _place(answer, column), *answer.other_quotes) if line)


def _place(answer: BatchAnswer, column: GridColumn) -> str:
    if column.article is not None:
        return ""
    outlet = answer.outlet if column.source is None else None
    day = answer.day.isoformat() if answer.day and column.day is None else None
    return " · ".join(part for part in (answer.title, outlet, day) if part)
