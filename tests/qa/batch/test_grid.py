"""A grid: a row a question, a cell a column, and the cells that contradict each other marked."""

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from index import Filters, QueryError
from index.languages.messages import DEFAULT
from qa import State
from qa.batch import (
    Across,
    BatchAnswer,
    BatchQuestion,
    BatchState,
    GridCell,
    GridColumn,
    GridColumns,
    GridReport,
    GridRow,
    GridRunner,
)
from qa.batch.questions import CheckedQuestion

COLUMNS = (GridColumn("Karvel Post", source="Karvel Post"), GridColumn("=Tolm", source="=Tolm"), GridColumn("error"))


def quoted(quote: str, speaker: str | None = None, state: State = State.ANSWERED) -> BatchAnswer:
    day = date(2025, 3, 3)
    return BatchAnswer(state, 0.9, 1, quote, speaker, title="Rain", outlet="Karvel Post", day=day)


SILENT = BatchAnswer(State.NOT_FOUND, 0.1, 1)
DIFFERENT = (
    GridCell(quoted("Nine died.", "the police"), against=(1,), side=0),
    GridCell(quoted("-14 died."), against=(0,), side=1),
    GridCell(SILENT),
)
UNSURE = (GridCell(quoted("ربما.", "الوزير", State.PERHAPS)), GridCell(None), GridCell(SILENT))


class KnownCells:
    """Answers of three columns, by the words of the question."""

    def __init__(self) -> None:
        self.asked: list[CheckedQuestion] = []

    def columns(self, across: Across, filters: Filters) -> GridColumns:
        assert (across, filters) == (Across.OUTLETS, Filters.of(language="ar"))
        return GridColumns(COLUMNS, left_out=2)

    def cells(
        self,
        question: CheckedQuestion,
        columns: Sequence[GridColumn],
        *,
        interface: str = DEFAULT,
        progress: Callable[[], None] | None = None,
    ) -> tuple[GridCell, ...]:
        self.asked.append(question)
        for _ in columns:
            assert progress is not None
            progress()
        return DIFFERENT if "died" in question.text else UNSURE


QUESTIONS = [BatchQuestion("How many died?"), BatchQuestion(""), BatchQuestion("متى؟", {"language": "en"})]


def run(out: Path, interface: str = "en") -> tuple[GridReport, list[BatchState], KnownCells]:
    states: list[BatchState] = []
    cells = KnownCells()
    runner = GridRunner(cells, interface=interface, filters={"language": "ar"})
    return runner.run(QUESTIONS, out, Across.OUTLETS, progress=states.append), states, cells


def test_every_question_is_a_row_and_every_outlet_a_column(tmp_path: Path) -> None:
    report, states, cells = run(tmp_path / "grid.csv")
    assert report == GridReport(questions=3, columns=3, contradictory=1, failed=1, left_out=2)
    assert [(state.done, state.total, state.question) for state in states] == [
        *((done, 9, "How many died?") for done in (1, 2, 3)),
        *((done, 9, "متى؟") for done in (7, 8, 9)),
    ]
    assert cells.asked == [
        CheckedQuestion("How many died?", Filters.of(language="ar")),
        CheckedQuestion("متى؟", Filters.of(language="en")),
    ]
    with (tmp_path / "grid.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert table == [
        ["question", "Karvel Post", "'=Tolm", "error 2", "contradictions", "error"],
        [
            "How many died?",
            "Nine died.\n— the police\nRain · 2025-03-03",
            "'-14 died.\nRain · 2025-03-03",
            "does not say",
            "Karvel Post ≠ =Tolm",
            "",
        ],
        ["", "", "", "", "", "The question is empty. Ask about something in the articles."],
        ["متى؟", "perhaps: ربما.\n— الوزير\nRain · 2025-03-03", "", "does not say", "", ""],
    ]


def test_cells_that_contradict_each_other_are_filled_in_excel(tmp_path: Path) -> None:
    run(tmp_path / "grid.xlsx")
    _, first, _, third = load_workbook(tmp_path / "grid.xlsx").active.iter_rows()
    fills = [[cell.fill.fgColor.rgb if cell.fill.patternType else None for cell in row] for row in (first, third)]
    assert fills == [[None, "00FFF2CC", "00DDEBF7", None, None, None], [None] * 6]
    assert (first[2].value, first[2].data_type) == ("-14 died.\nRain · 2025-03-03", "s")


@pytest.mark.parametrize(
    ("interface", "silent", "perhaps"),
    [("ar", "لا يذكر ذلك", "ربما: ربما."), ("fr", "n’en dit rien", "peut-être\u00a0: ربما.")],
)
def test_a_grid_is_in_the_readers_language(tmp_path: Path, interface: str, silent: str, perhaps: str) -> None:
    run(tmp_path / "grid.jsonl", interface)
    *_, row = [json.loads(line) for line in (tmp_path / "grid.jsonl").read_text(encoding="utf-8").splitlines()]
    assert row["error 2"] == silent
    assert row["Karvel Post"].splitlines()[0] == perhaps
    assert row["contradictions"] == []


def test_each_pair_is_named_once_and_a_column_that_differs_within_itself_too() -> None:
    cells = (GridCell(against=(0, 2), side=0), GridCell(), GridCell(against=(0,), side=1))
    assert GridRow(QUESTIONS[0], cells).pairs == ((0, 0), (0, 2))


def test_what_another_column_says_already_is_not_said_in_a_cell(tmp_path: Path) -> None:
    from qa.batch.grid import grid_table

    answer = quoted("Nine died.")
    columns = [GridColumn("2025-03-03", day=date(2025, 3, 3)), GridColumn("all")]
    (row,) = grid_table(columns, [GridRow(QUESTIONS[0], (GridCell(answer), GridCell(answer)))]).rows
    assert row[1:3] == ("Nine died.\nRain · Karvel Post", "Nine died.\nRain · Karvel Post · 2025-03-03")


def test_filters_that_cannot_be_are_told_before_anything_is_asked() -> None:
    with pytest.raises(QueryError, match="The dates leave nothing"):
        GridRunner(KnownCells(), filters={"after": "2025-03-03", "before": "2025-03-02"})
