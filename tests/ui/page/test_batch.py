"""Many questions on the page: what is given, whose turn it is, what is too much, what is shown and handed out."""

import asyncio
import base64
import csv
import io
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from index import Article, Library
from index.languages.messages import messages_for
from qa import Assistant
from qa.answer import State
from qa.batch import Across, AnswerRow, BatchAnswer, BatchQuestion, GridCell, GridColumn, GridRow, QuestionList
from qa.errors import CrowdedError
from tests.support.reading import WholePassages
from tests.support.small_encoder import SmallEncoder
from ui.page.batch.part import BatchPart
from ui.page.batch.views import BATCH, BatchViews
from ui.page.conversation.session import ChatSession
from ui.page.evidence import EvidencePanel
from ui.page.originals import Originals
from ui.page.queueing.fairness import Asker
from ui.state.batch import MOST_QUESTIONS, BatchWork
from ui.views.batch.panel import work_html

FERRY = Article.create(
    "ferry", "The Samhar ferry resumed on Monday.", title="Ferry", source="Harbour News", published=date(2025, 11, 3)
)
LATE = Article.create(
    "late", "The Samhar ferry resumed on Tuesday.", title="Late", source="Wire", published=date(2025, 11, 4)
)
WHO = SimpleNamespace(username="layla", session_hash="a page", client=None)
PLAIN: tuple[Any, ...] = ([], [], [], [], [], [], None, None)


class Turns:
    """Gives each its turn at once, in a thread; `full` times before that it is full."""

    def __init__(self, full: int = 0) -> None:
        self.came: list[Asker] = []
        self.left = 0
        self._full = full

    def enter(self, asker: Asker, work: Callable[[], None]) -> Any:
        if self._full:
            self._full -= 1
            raise CrowdedError("Too many wait.")
        self.came.append(asker)
        threading.Thread(target=work).start()
        return object()

    def leave(self, entered: Any) -> None:
        self.left += 1


@pytest.fixture
def part(tmp_path: Path) -> Iterator[BatchPart]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY, LATE])
        panel = EvidencePanel(library, Originals(library), None, {BATCH: BatchViews(library)})
        made = BatchPart(Assistant(library, reader=WholePassages()), panel, "")
        made.queue = Turns()
        vars(made).update(out="out", start="start", stop="stop")
        yield made


def turns(part: BatchPart) -> Turns:
    assert isinstance(part.queue, Turns)
    return part.queue


def ran(part: BatchPart, session: ChatSession, lines: str, shape: str = "table", stop_after: int = 0) -> list[str]:
    """Run questions to the end, or stop after so many steps; returns what was shown at each."""

    async def run() -> list[str]:
        shown = []
        async for step in part.run(WHO, session, lines, shape, *PLAIN):  # type: ignore[arg-type]
            shown.append(str(step["out"]))
            if len(shown) == stop_after:
                await part.end(session)
        return shown

    return asyncio.run(run())


def test_each_question_waits_for_its_own_turn_and_the_rows_come_one_by_one(part: BatchPart) -> None:
    session = ChatSession()
    steps = ran(part, session, "When did the ferry resume?\n\n" + "x" * 5000)
    assert [step.count("<tr>") for step in steps] == [0, 2, 3, 3]
    assert "Asked: 0 of 2" in steps[0] and "Asked: 1 of 2" in steps[1] and "Done: 2 of 2 asked." in steps[-1]
    assert "The question has 5,000 characters" in steps[-1] or "The question has 5000 characters" in steps[-1]
    assert turns(part).came == [Asker("name layla", "a page")] * 2 and turns(part).left == 2
    assert "<progress" in steps[0] and "<progress" not in steps[-1]
    article = part.show(gr.EventData(None, {"key": "0:0"}), session)
    assert 'id="khabar-quote"' in article
    for wrong in ("9:0", "1:0", "x", "0:7", ""):
        assert "khabar-quote" not in part.show(gr.EventData(None, {"key": wrong}), session)
    handed = part.hand(gr.EventData(None, {"form": "csv"}), session)
    content = base64.b64decode(handed.split('value="')[1].split('"')[0]).decode("utf-8-sig")
    assert [row["state"] for row in csv.DictReader(io.StringIO(content))] == ["answered", ""]
    assert part.hand(gr.EventData(None, {"form": "../x"}), session) == ""


def test_a_run_that_is_stopped_keeps_its_rows_and_one_that_finds_the_queue_full_waits(
    part: BatchPart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.page.queueing.turns._AGAIN", 0.01)
    part.queue = Turns(full=2)
    steps = ran(part, ChatSession(), "one?\ntwo?\nthree?", stop_after=2)
    assert "Stopped: 1 of 3 asked." in steps[-1] and len(turns(part).came) == 1


def test_what_is_too_much_or_nothing_is_said_before_anything_is_asked(part: BatchPart) -> None:
    assert "There is no question." in ran(part, ChatSession(), " \n ")[-1]
    many = "\n".join(f"What of {number}?" for number in range(MOST_QUESTIONS + 1))
    assert "Those are 101 questions; 100 are the most here." in ran(part, ChatSession(language="en"), many)[-1]
    wide = "\n".join(f"What of {number}?" for number in range(100))
    part._assistant.library.add([Article.create(f"more-{n}", "The ferry.", source=f"Paper {n}") for n in range(2)])
    assert "Questions: 100, columns: 4" in ran(part, ChatSession(), wide, "outlets")[-1]
    assert turns(part).came == []


def test_a_grid_has_a_column_for_each_outlet(part: BatchPart) -> None:
    session = ChatSession()
    shown = ran(part, session, "When did the Samhar ferry resume?", "outlets")[-1]
    assert [column.name for column in session.batch.columns] == ["Harbour News", "Wire"]
    # How sure a cell is, is told by signs that a reader without a model has none of.
    assert shown.count("does not say") == 2 and shown.count('scope="col"') == 3
    assert "khabar-quote" not in part.show(gr.EventData(None, {"key": "0:1"}), session)


def test_cells_that_contradict_are_marked_by_more_than_a_colour() -> None:
    answers = [
        BatchAnswer(State.ANSWERED, 0.9, 1, f"<b>{dead}</b> died.", "Layla", day=date(2025, 1, 1)) for dead in "34"
    ]
    cells = (GridCell(answers[0], (1,), 0), GridCell(answers[1], (0,), 1), GridCell())
    columns = tuple(GridColumn(name, source=name) for name in ("Wire", "<i>Times</i>", "Post"))
    question = BatchQuestion("How many?")
    work = BatchWork(asked=QuestionList((question,)), across=Across.OUTLETS, columns=columns)
    work.rows = [GridRow(question, cells)]
    shown = work_html(work, messages_for("en"))
    assert "&lt;b&gt;3&lt;/b&gt; died." in shown and "<i>" not in shown
    first, second, third = shown.split("<td")[1:]
    assert "khabar-batch-side-0" in first and "≠ <bdi" in first and "&lt;i&gt;Times&lt;/i&gt;" in first
    assert "khabar-batch-side-1" in second and "Wire" in second and third.startswith("></td>")
    assert "1 question is answered differently" in shown


def test_a_file_is_asked_before_the_lines_and_keeps_its_filters_and_columns(part: BatchPart) -> None:
    session = ChatSession()
    table = "question,outlet,desk\nWhen did the ferry resume?,Wire,news\n"
    content = base64.b64encode(table.encode()).decode()
    named = part.take(gr.EventData(None, {"name": "../a <b>.csv", "content": content}), session)
    assert "../a &lt;b&gt;.csv: 1 question" in named
    ran(part, session, "When was it?")
    rows = session.batch.rows
    assert [row.question.text for row in rows] == ["When did the ferry resume?", "When was it?"]
    assert isinstance(rows[0], AnswerRow) and rows[0].answer and rows[0].answer.outlet == "Wire"
    assert session.batch.table().rows[1][:3] == ("When was it?", "", "")
    with pytest.raises(gr.Error, match="holds no question"):
        part.take(gr.EventData(None, {"name": "empty.txt", "content": ""}), session)
    for wrong in ("%%", "A" * 3_000_000):
        with pytest.raises(gr.Error):
            part.take(gr.EventData(None, {"name": "a.txt", "content": wrong}), session)
    assert session.batch.given.questions and part.take(gr.EventData(None, {}), session) == ""
    assert session.batch.given.questions == ()
