"""What happens where many questions are asked at once: each waits for its own turn among everybody's questions."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import gradio as gr
from anyio.to_thread import run_sync

from index.errors import KhabarError, QueryError
from index.languages.messages import DEFAULT, Messages, messages_for
from qa.batch import (
    Across,
    AnswerRow,
    BatchQuestion,
    BatchRunner,
    GridColumn,
    GridRow,
    GridRunner,
    LibraryCells,
    QuestionList,
)
from qa.batch.batch import BatchState
from qa.batch.columns import MOST_COLUMNS
from qa.errors import AbandonedError, BatchError
from qa.question import FilterArguments
from ui.page.batch.files import FORMS, file_of, questions_of
from ui.page.batch.views import BATCH
from ui.page.conversation.session import ChatSession
from ui.page.evidence import EvidencePanel
from ui.page.filtering import FilterFields
from ui.page.queueing.fairness import Asker
from ui.page.queueing.queue import person_of
from ui.page.queueing.turns import QuestionTurns, take_turn
from ui.page.widgets import Update, field_of, notice
from ui.state.batch import MOST_CELLS, MOST_QUESTIONS, TABLE, BatchWork
from ui.state.filters import FilterForm
from ui.views.batch.panel import given_html, handed_html, intro_html, work_html

if TYPE_CHECKING:
    from index.store.rows import LibraryStats
    from qa.assistant import Assistant

_LONGEST = 200_000


class Rows(Protocol):
    """Answers one question of many, as one row."""

    def __call__(self, question: BatchQuestion) -> AnswerRow | GridRow:
        """Return its row; raises what `ask` raises of the models and the library."""
        ...


class BatchPart:
    """The place where many questions are given, and where their table or grid comes to be.

    `script` is what its own part of the page runs; `queue` is the page's, known once that is built.
    """

    def __init__(self, assistant: "Assistant", evidence: EvidencePanel, script: str) -> None:
        self._assistant = assistant
        self._evidence = evidence
        self._script = script
        self._offered = FilterFields(assistant.library)
        self.queue: QuestionTurns | None = None

    def lay_out(self) -> None:
        """Put the components where the caller is laying out."""
        words = messages_for(DEFAULT)
        self.intro = gr.HTML(elem_id="khabar-batch-intro")
        self.lines = gr.Textbox(
            elem_id="khabar-batch-lines", label=words.say("batch.lines"), lines=4, max_lines=8, max_length=_LONGEST
        )
        self.given = gr.HTML(elem_id="khabar-batch-given")
        self.shape = gr.Radio(
            choices=_shapes(words), value=TABLE, label=words.say("batch.shape"), elem_id="khabar-batch-shape"
        )
        with gr.Accordion(words.say("filter.title"), open=False) as self.filtering:
            self.filters = self._offered.lay_out()
        with gr.Row(elem_id="khabar-batch-acts"):
            self.start = gr.Button(words.say("batch.start"), variant="primary", size="sm")
            self.stop = gr.Button(words.say("chat.stop"), size="sm", visible=False)
        self.out = gr.HTML(elem_id="khabar-batch-out", js_on_load=self._script)
        self.handed = gr.HTML(elem_id="khabar-batch-handed")

    @property
    def components(self) -> list[Any]:
        """What `speak` and `refresh` change."""
        return [
            self.intro, self.lines, self.given, self.shape, self.filtering, *self.filters, self.start, self.stop,
            self.out,
        ]  # fmt: skip

    def wire(self, session: Any, panel: Any) -> None:
        """Connect the components; `panel` is where quotes are shown, and where the buttons for that are heard."""
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asked = [session, self.lines, self.shape, *self.filters]
        shown = [self.out, self.start, self.stop]
        self._offered.wire(session)
        # It only waits for its questions' turns: those are what there is a limit of.
        self.start.click(self.run, asked, shown, **own, concurrency_id="batch", concurrency_limit=None)
        self.stop.click(self.end, [session], [], **own, concurrency_limit=None)
        self.out.take(self.take, [session], [self.given], **own)
        self.out.hand(self.hand, [session], [self.handed], **own)
        panel.quoted(self.show, [session], [panel], **own)

    # What is asked and answered.

    async def run(
        self, request: gr.Request, session: ChatSession, lines: str, shape: str, *filters: Any
    ) -> AsyncIterator[Update]:
        """Ask all the questions, each in its turn, and show the rows as they come."""
        work, words = session.batch, session.words
        asked = work.with_lines(lines or "")
        if work.is_running or not asked.questions:
            yield {self.out: gr.skip() if work.is_running else work_html(work, words, words.say("batch.no_question"))}
            return
        across = Across(shape) if shape in set(Across) else None
        asker = Asker(person_of(request, request.username), request.session_hash or "")
        said = ""
        failed: Exception | None = None
        stopping = work.begin(asked, across, session.language)
        try:
            yield {**self._shown(session), self.start: gr.update(visible=False), self.stop: gr.update(visible=True)}
            rows = await run_sync(self._rows, work, FilterForm.of(*filters).arguments(), words)
            for question in asked.questions:
                work.rows.append(await take_turn(self._queue, asker, partial(rows, question), stopping))
                yield self._shown(session)
        except AbandonedError:
            # Stopped: what was answered is shown below.
            pass
        except _TooManyError as error:
            said = str(error)
        except KhabarError as error:
            failed = notice(error, session.words)
        except Exception as error:
            # Nobody foresaw it: Gradio logs and shows it, and questions can be asked again.
            failed = error
        finally:
            work.end()
        shown = work_html(work, session.words, said)
        yield {self.out: shown, self.start: gr.update(visible=True), self.stop: gr.update(visible=False)}
        if failed is not None:
            raise failed

    async def end(self, session: ChatSession) -> None:
        """Ask no further question; what has been answered stays."""
        if session.batch.stopping is not None:
            session.batch.stopping.set()

    def take(self, event: gr.EventData, session: ChatSession) -> str:
        """Take the questions of a file that was chosen, or let them go again."""
        work, name = session.batch, field_of(event, "name")
        try:
            work.given = questions_of(name, field_of(event, "content")) if name else QuestionList(())
        except KhabarError as error:
            raise notice(error, session.words) from error
        work.file = name
        return given_html(work, session.words)

    def hand(self, event: gr.EventData, session: ChatSession) -> str:
        """Hand the table to the browser as a file of the form that was asked for."""
        form = field_of(event, "form")
        if form not in FORMS or not session.batch.rows:
            return ""
        try:
            return handed_html(f"answers.{form}", file_of(session.batch.table(), form), str(time.monotonic_ns()))
        except KhabarError as error:
            raise notice(error, session.words) from error

    def show(self, event: gr.EventData, session: ChatSession) -> str:
        """Open the article of a quote in the table."""
        session.shown = f"{BATCH}{field_of(event, 'key')}"
        return self._evidence.of(session)

    # What the page itself changes.

    def speak(self, session: ChatSession) -> Update:
        """Give the components' own words in the page's language."""
        words = session.words
        return {
            self.intro: intro_html(words, MOST_QUESTIONS),
            self.lines: gr.update(label=words.say("batch.lines")),
            self.given: given_html(session.batch, words),
            self.shape: gr.update(label=words.say("batch.shape"), choices=_shapes(words)),
            self.filtering: gr.update(label=words.say("filter.title")),
            self.filters[-2]: gr.update(label=words.say("filter.after")),
            self.filters[-1]: gr.update(label=words.say("filter.before")),
            self.start: gr.update(value=words.say("batch.start")),
            self.stop: gr.update(value=words.say("chat.stop")),
            self.out: work_html(session.batch, words),
        }

    def refresh(self, session: ChatSession, stats: "LibraryStats", filters: Sequence[Any]) -> Update:
        """Bring the filter choices up to date with the library."""
        return self._offered.refresh(session, stats, filters)

    @property
    def _queue(self) -> QuestionTurns:
        assert self.queue is not None
        return self.queue

    def _shown(self, session: ChatSession) -> Update:
        return {self.out: work_html(session.batch, session.words)}

    def _rows(self, work: BatchWork, filters: FilterArguments, words: Messages) -> Rows:
        """Return what answers a question as a row, with what stands across; raises `KhabarError` where that is nothing.

        What is too much for a page is told before anything is asked.
        """
        count = len(work.asked.questions)
        if count > MOST_QUESTIONS:
            raise _TooManyError(words.count("batch.too_many", count, most=MOST_QUESTIONS))
        if work.across is None:
            return _TableRows(BatchRunner(self._assistant, interface=work.interface, filters=filters))
        runner = GridRunner(LibraryCells(self._assistant), interface=work.interface, filters=filters)
        try:
            found = runner.columns(work.across)
        except BatchError as error:
            raise _TooManyError(words.say("batch.other_columns", most=MOST_COLUMNS)) from error
        if count * len(found.columns) > MOST_CELLS:
            raise _TooManyError(
                words.say("batch.too_many_cells", questions=count, columns=len(found.columns), most=MOST_CELLS)
            )
        work.columns, work.left_out = found.columns, found.left_out
        return _GridRows(runner, found.columns, lambda: work.stopping is None or work.stopping.is_set())


class _TooManyError(QueryError):
    """More than a page asks at once; its text is in the page's language."""


class _TableRows:
    def __init__(self, runner: BatchRunner) -> None:
        self._runner = runner

    def __call__(self, question: BatchQuestion) -> AnswerRow:
        return next(self._runner.answers([question]))


class _GridRows:
    """Asks each column; between two of them it is looked whether anybody still waits."""

    def __init__(self, runner: GridRunner, columns: tuple[GridColumn, ...], is_over: Callable[[], bool]) -> None:
        self._runner = runner
        self._columns = columns
        self._is_over = is_over

    def __call__(self, question: BatchQuestion) -> GridRow:
        return next(self._runner.rows([question], self._columns, progress=self._look))

    def _look(self, _: BatchState) -> None:
        if self._is_over():
            raise AbandonedError("Whoever asked has stopped. Ask again.")


def _shapes(words: Messages) -> list[tuple[str, str]]:
    return [(words.say(f"batch.{shape}"), shape) for shape in (TABLE, *(across.value for across in Across))]
