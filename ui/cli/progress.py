"""Progress on standard error: a bar for long runs, the current step of an answer. Silent when not a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.languages.messages import Messages
from qa.answer import Answer, Event, Progress
from ui.views import phrases

if TYPE_CHECKING:
    from index.ingest.indexer import SyncState
    from index.store.queue import RunProgress
    from qa.batch.batch import BatchState
    from qa.evaluation.run import EvaluationState

# How much of a question stands beside its bar, in characters.
_SHOWN = 32


@contextmanager
def sync_bar(sources: int, words: Messages) -> Iterator[Callable[[int, "SyncState"], None]]:
    """Show how far indexing is: files, passages a second, time left.

    Yields what to call with the source's place, from 0 to `sources` - 1, and its state.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[file]}", style="dim"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=1.0, file="", counts="")
        rate = Rate()

        def update(place: int, state: "SyncState") -> None:
            counts = words.say(
                "terminal.progress", done=state.files_done, all=state.files_total,
                rate=round(rate.at(place, state.passages)),
            )  # fmt: skip
            completed = (place + state.fraction) / sources
            bar.update(task, completed=completed, file=state.file[-32:], counts=counts)

        yield update


@contextmanager
def jobs_bar(words: Messages) -> Iterator[Callable[["RunProgress"], None]]:
    """Show how far all workers together are; yields what to call with their progress."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[counts]}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None, counts="")

        def update(state: "RunProgress") -> None:
            ended = state.done + state.failed
            counts = words.say("workers.progress", done=ended, all=state.total, running=state.running)
            bar.update(task, completed=ended, total=state.total, counts=counts)

        yield update


class Rate:
    """Passages a second since the first call, over several sources whose counts each begin at 0."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._before = 0
        self._place = 0
        self._last = 0

    def at(self, place: int, passages: int) -> float:
        """Return the rate when the source at `place` has come to `passages`."""
        if place != self._place:
            self._before, self._place = self._before + self._last, place
        self._last = passages
        return (self._before + passages) / max(self._clock() - self._started, 1e-3)


@contextmanager
def evaluation_bar() -> Iterator[Callable[["EvaluationState"], None]]:
    """Show how far an evaluation is; yields what to call with its state."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)

        def update(state: "EvaluationState") -> None:
            bar.update(task, description=state.stage, completed=state.done, total=state.total)

        yield update


@contextmanager
def questions_bar() -> Iterator[Callable[["BatchState"], None]]:
    """Show how many questions of a file are answered; yields what to call with the state."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    # Brackets in a question are its own.
    shown = TextColumn("{task.fields[question]}", style="dim", markup=False)
    columns = (shown, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None, question="")

        def update(state: "BatchState") -> None:
            bar.update(task, question=state.question[:_SHOWN], completed=state.done, total=state.total)

        yield update


def answer_of(events: Iterator[Event], words: Messages) -> Answer:
    """Follow an answer's events to its end, showing each step."""
    from rich.console import Console

    from qa.errors import WriterError

    with Console(stderr=True, quiet=not sys.stderr.isatty()).status(words.say("step.searching")) as status:
        for event in events:
            if isinstance(event, Answer):
                return event
            if isinstance(event, Progress):
                status.update(phrases.step(words, event.stage))
    raise WriterError("The answer broke off. Ask again.")
