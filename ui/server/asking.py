"""Asking the standing questions again while a server runs, whoever changes its library."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from ui.server.background import beside

if TYPE_CHECKING:
    from index import Library
    from qa import Assistant
    from qa.standing import StandingQuestions
    from ui.settings import Settings
    from ui.standing.telling import Teller

_log = logging.getLogger(__name__)
# Seconds between two looks at whether the library has changed, as often as an open page looks.
_EVERY = 3.0
# Seconds that an ending server waits for a check that is under way.
_ENDING = 60


class AskingAgain:
    """Asks once the library has changed and is at rest, and tells what has changed, until `stop` is set.

    `is_ready` tells whether the models are loaded: nothing is asked before.
    """

    def __init__(
        self,
        library: "Library",
        standing: "StandingQuestions",
        teller: "Teller",
        *,
        stop: threading.Event,
        is_ready: Callable[[], bool] = lambda: True,
        every: float = _EVERY,
    ) -> None:
        self._library = library
        self._standing = standing
        self._teller = teller
        self._stop = stop
        self._is_ready = is_ready
        self._every = every
        self._seen: tuple[int, date] | None = None
        self._asked: tuple[int, date] | None = None
        self._problem = ""

    def run(self) -> None:
        """Look again and again; a failure is logged, once while it stays the same, and ends nothing."""
        while not self._stop.wait(self._every):
            try:
                if self._is_ready():
                    self._look()
            except Exception as error:
                # The library cannot be read or written now, or a model not be loaded; nor may a fault in one question
                # end the asking of the others.
                self._say(f"the standing questions could not all be asked again: {error}")

    def _look(self) -> None:
        state = self._library.generation, date.today()
        is_at_rest, self._seen = state == self._seen, state
        if not is_at_rest:
            # More commits may follow, and their answers are the ones to tell of.
            return
        if state != self._asked:
            # Noted before: what cannot be asked now is tried after the next commit, not again and again.
            self._asked = state
            report = self._standing.check()
            for kept in report.changes:
                _log.info("the answer to %s has changed", kept.question.name)
            for unasked in report.failed:
                self._say(unasked.reason)
        for telling in self._teller.tell():
            if telling.problem:
                self._say(f"{telling.address} could not be told of a changed answer: {telling.problem}")

    def _say(self, problem: str) -> None:
        if problem != self._problem:
            _log.warning("%s", problem)
        self._problem = problem


@contextmanager
def asking_again(settings: "Settings", assistant: "Assistant", *, is_ready: Callable[[], bool]) -> Iterator[None]:
    """Ask the standing questions again, in a thread of its own, for as long as something else goes on here."""
    from qa.standing import StandingQuestions
    from ui.standing.telling import Teller

    library, standing = assistant.library, StandingQuestions(assistant)
    teller = Teller.of(settings, library)

    def run(stop: threading.Event) -> None:
        AskingAgain(library, standing, teller, stop=stop, is_ready=is_ready).run()

    with beside(run, "standing questions", ending=_ENDING):
        yield
