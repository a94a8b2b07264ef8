"""Commands that ask: one question, or many in a conversation."""

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import ABSTAINED, AssistantOptions, FilterOptions, TerminalOptions, grouped, terminal_width
from ui.wiring import load_settings, open_assistant

if TYPE_CHECKING:
    from qa.tracing import Trace


@grouped
def ask(
    question: Annotated[str, typer.Argument(help="A question in any language.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show on standard error how the answer came about.")] = False,
    filters: FilterOptions,
    opened: AssistantOptions,
    shown: TerminalOptions,
) -> None:
    """Answer one question, quoting the articles. Exit status 3 when they do not hold the answer."""
    from index.analysis import question_language
    from index.languages.messages import messages_for
    from ui.cli.progress import answer_of
    from ui.views.terminal import answer_terminal
    from ui.views.trace import trace_text

    settings = load_settings(**asdict(opened), **asdict(shown))
    last = LastTrace()
    with open_assistant(settings, last) as assistant:
        events = assistant.stream(question, interface=settings.interface, **asdict(filters))
        answer = answer_of(events, messages_for(question_language(question), settings.interface))
    if trace and last.trace:
        typer.echo(trace_text(last.trace), err=True)
    typer.echo(answer.to_json() if as_json else answer_terminal(answer, bidi=settings.bidi, width=terminal_width()))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)


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
