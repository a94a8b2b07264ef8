"""Commands that ask: one question, many in a conversation, and many of a file."""

import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from ui.cli.options import (
    ABSTAINED,
    FAILED,
    AssistantOptions,
    FilterOptions,
    InterfaceOption,
    OutputOption,
    TerminalOptions,
    grouped,
    terminal_width,
)
from ui.wiring import load_settings, open_assistant

if TYPE_CHECKING:
    from qa.batch import BatchQuestion
    from qa.question import FilterArguments
    from qa.tracing import Trace
    from ui.settings import Settings

# A word that ends so is meant for a file; no file has a longer name than this, in bytes.
_FILES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".txt")
_LONGEST_NAME = 255


@grouped
def ask(
    question: Annotated[str | None, typer.Argument(show_default=False, help="A question in any language.")] = None,
    *,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help="Ask the questions of a file instead: CSV, TSV, Excel, or text with one a line."),
    ] = None,
    output: OutputOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show on standard error how the answer came about.")] = False,
    filters: FilterOptions,
    opened: AssistantOptions,
    shown: TerminalOptions,
) -> None:
    """Answer one question, quoting the articles; exit status 3 when they do not hold the answer. Or many of a file.

    With --batch, every question of a file is answered in a table; exit status 1 when one of them could not be asked.
    """
    from index.analysis import question_language
    from index.languages.messages import messages_for
    from ui.cli.progress import answer_of
    from ui.views.terminal import answer_terminal
    from ui.views.trace import trace_text

    settings = load_settings(**asdict(opened), **asdict(shown))
    if batch is not None:
        if question is not None or as_json or trace:
            raise typer.BadParameter("--batch asks the questions of a file: it takes no question, --json or --trace")
        return _ask_many(batch, output, asdict(filters), settings)
    if question is None:
        raise typer.TyperException("Missing argument 'QUESTION'")
    if output is not None:
        raise typer.BadParameter("--output is the table of the answers to --batch")
    last = LastTrace()
    with open_assistant(settings, last) as assistant:
        events = assistant.stream(question, interface=settings.interface, **asdict(filters))
        answer = answer_of(events, messages_for(question_language(question), settings.interface))
    if trace and last.trace:
        typer.echo(trace_text(last.trace), err=True)
    typer.echo(answer.to_json() if as_json else answer_terminal(answer, bidi=settings.bidi, width=terminal_width()))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)


def _ask_many(questions: Path, output: Path | None, filters: dict[str, Any], settings: "Settings") -> None:
    from index import Filters
    from index.languages.messages import messages_for
    from qa.batch import BatchRunner
    from qa.batch.batch import questions_for
    from ui.cli.progress import questions_bar

    if output is None:
        raise typer.BadParameter("--batch needs a table to write: --output ANSWERS.csv, .xlsx or .jsonl")
    words = messages_for(settings.interface)
    # What is wrong with them is told before anything is loaded.
    questions_for(questions, output)
    Filters.of(**filters)
    with open_assistant(settings) as assistant, questions_bar() as update:
        batch = BatchRunner(assistant, interface=settings.interface, filters=cast("FilterArguments", filters))
        report = batch.run(questions, output, progress=update)
    said = words.count(
        "terminal.batch", report.questions, file=str(output), answered=report.answered, perhaps=report.perhaps,
        silent=report.not_found, failed=report.failed,
    )  # fmt: skip
    typer.echo(said)
    if report.resumed:
        typer.echo(words.count("terminal.resumed", report.resumed))
    if report.failed:
        raise typer.Exit(FAILED)


@grouped
def grid(
    questions: Annotated[
        str,
        typer.Argument(metavar="QUESTIONS", help="A file of questions, as for khabar ask --batch; or one question."),
    ],
    *,
    across: Annotated[
        Literal["outlets", "days", "articles"], typer.Option("--across", help="What stands across.")
    ] = "outlets",
    output: OutputOption = None,
    filters: FilterOptions,
    opened: AssistantOptions,
    interface: InterfaceOption = None,
) -> None:
    """Ask each outlet, day or article the same questions: a table of what they say, contradictions marked.

    Exit status 1 when a question could not be asked.
    """
    from index import Filters
    from index.languages.messages import messages_for
    from qa.batch import Across, GridRunner, LibraryCells
    from qa.batch.tables import checked_place
    from ui.cli.progress import questions_bar

    if output is None:
        raise typer.BadParameter("a grid needs a table to write: --output GRID.xlsx, .csv or .jsonl")
    settings = load_settings(**asdict(opened), interface=interface)
    words = messages_for(settings.interface)
    chosen = asdict(filters)
    # What is wrong with them is told before anything is loaded.
    checked_place(output)
    asked = _questions_in(questions, output)
    Filters.of(**chosen)
    with open_assistant(settings) as assistant, questions_bar() as update:
        cells = LibraryCells(assistant)
        runner = GridRunner(cells, interface=settings.interface, filters=cast("FilterArguments", chosen))
        report = runner.run(asked, output, Across(across), progress=update)
    typer.echo(
        words.count(
            "terminal.grid", report.questions, columns=report.columns, file=str(output), differing=report.contradictory
        )
    )
    if report.left_out:
        typer.echo(words.count("terminal.left_out", report.left_out))
    if report.failed:
        raise typer.Exit(FAILED)


def _questions_in(named: str, output: Path) -> "tuple[BatchQuestion, ...]":
    """Read the questions of a file; what names no file, and does not look like a name, is a question itself."""
    from qa.batch import BatchQuestion
    from qa.batch.batch import questions_for

    path = Path(named)
    is_file = len(named.split()) == 1 and path.suffix.lower() in _FILES
    # A long question is no name that a file can have.
    if is_file or (len(named.encode(errors="replace")) < _LONGEST_NAME and path.is_file()):
        return questions_for(path, output).questions
    return (BatchQuestion(named),)


@grouped
def chat(
    filters: FilterOptions,
    opened: AssistantOptions,
    shown: TerminalOptions,
) -> None:
    """Ask questions one after another in the terminal; /help tells the commands."""
    from index import Filters
    from ui.cli.chat import chat as run_chat

    settings = load_settings(**asdict(opened), **asdict(shown))
    chosen = asdict(filters)
    Filters.of(**chosen)
    with open_assistant(settings) as assistant:
        run_chat(assistant, chosen, bidi=settings.bidi, width=terminal_width(), interface=settings.interface)


class LastTrace:
    """Keeps the last trace, for a command that shows it."""

    def __init__(self) -> None:
        self.trace: Trace | None = None
        # An assistant tells from whichever thread answered.
        self._lock = threading.Lock()

    def __call__(self, trace: "Trace") -> None:
        """Keep a trace in place of the one before."""
        with self._lock:
            self.trace = trace
