"""Many questions that a page asks at once: what was given, how far it is, and what came of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.article import storable
from index.languages.messages import DEFAULT
from qa.batch import Across, AnswerRow, BatchAnswer, BatchQuestion, GridColumn, GridRow, QuestionList
from qa.batch.batch import table_of
from qa.batch.grid import grid_table
from qa.batch.tables import AnswerTable

# How many questions are answered where nothing stands across.
TABLE = "table"
# A page asks no more at once, each question of a grid once for each column.
MOST_QUESTIONS, MOST_CELLS = 100, 300


@dataclass
class BatchWork:
    """The questions of one open page, its state on the server.

    `file` names the file whose questions are `given`. Of the run under way, or of the last one: `asked` are all of its
    questions, `across` and `columns` what stands across (None: a table of answers), `rows` what is answered so far, in
    the language `interface`; `left_out` counts the articles that are in no column. `stopping` is there while it runs.
    """

    file: str = ""
    given: QuestionList = field(default_factory=lambda: QuestionList(()))
    asked: QuestionList = field(default_factory=lambda: QuestionList(()))
    across: Across | None = None
    columns: tuple[GridColumn, ...] = ()
    left_out: int = 0
    rows: list[AnswerRow | GridRow] = field(default_factory=list)
    interface: str = DEFAULT
    stopping: asyncio.Event | None = None

    @property
    def is_running(self) -> bool:
        """Whether questions are being asked."""
        return self.stopping is not None

    def with_lines(self, lines: str) -> QuestionList:
        """Return the questions of the file, and after them those that were written, one a line."""
        beside = ("",) * len(self.given.columns)
        written = (storable(line.strip()) for line in lines.splitlines() if line.strip())
        more = tuple(BatchQuestion(line, given=beside) for line in written)
        return QuestionList((*self.given.questions, *more), self.given.columns)

    def begin(self, asked: QuestionList, across: Across | None, interface: str) -> asyncio.Event:
        """Begin a run, in place of the one before; returns what is set when it is to stop."""
        self.asked, self.across, self.interface = asked, across, interface
        self.columns, self.left_out, self.rows = (), 0, []
        self.stopping = asyncio.Event()
        return self.stopping

    def end(self) -> None:
        """End a run; of one that answered nothing there is nothing to show."""
        self.stopping = None
        if not self.rows:
            self.asked = QuestionList(())

    def answer(self, key: str) -> BatchAnswer | None:
        """Return the answer that a button names by row and column, "0:2"; None where there is none."""
        numbers = key.split(":")
        if len(numbers) != 2 or not all(n.isascii() and n.isdecimal() and len(n) < 6 for n in numbers):
            return None
        row, column = map(int, numbers)
        if row >= len(self.rows):
            return None
        found = self.rows[row]
        if isinstance(found, AnswerRow):
            return found.answer if column == 0 else None
        return found.cells[column].answer if column < len(found.cells) else None

    def table(self) -> AnswerTable:
        """Return what is answered so far as it is written to a file."""
        if self.across is None:
            rows = [row for row in self.rows if isinstance(row, AnswerRow)]
            return table_of(self.asked.columns, rows, self.interface)
        return grid_table(self.columns, _grid_rows(self.rows), self.interface)


def _grid_rows(rows: Sequence[AnswerRow | GridRow]) -> list[GridRow]:
    return [row for row in rows if isinstance(row, GridRow)]
