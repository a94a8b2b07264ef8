"""Progress on standard error: a bar for long runs, the current step of an answer. Silent when not a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.answer import Answer, Event, Progress
from ui.words import words_for

if TYPE_CHECKING:
    from index.indexing import SyncState
    from qa.evaluation import EvaluationState


@contextmanager
def sync_bar(sources: int) -> Iterator[Callable[[int, "SyncState"], None]]:
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
            counts = f"{state.files_done}/{state.files_total} files · {rate.at(place, state.passages):.0f} passages/s"
            completed = (place + state.fraction) / sources
            bar.update(task, completed=completed, file=state.file[-32:], counts=counts)

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


def answer_of(events: Iterator[Event], language: str) -> Answer:
    """Follow an answer's events to its end, showing each step in the words of `language`."""
    from rich.console import Console

    from index.errors import WriterError

    words = words_for(language)
    with Console(stderr=True, quiet=not sys.stderr.isatty()).status(words.searching) as status:
        for event in events:
            if isinstance(event, Answer):
                return event
            if isinstance(event, Progress):
                status.update(words.stage(event.stage))
    raise WriterError("The answer broke off. Ask again.")
