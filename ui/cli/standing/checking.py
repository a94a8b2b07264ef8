"""Asking the standing questions again after the commits of a command, and telling what has changed."""

import shutil
import threading
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from ui.wiring import quoting_assistant

if TYPE_CHECKING:
    from index import Library
    from index.languages.messages import Messages
    from qa.standing import CheckReport, StandingQuestions
    from ui.settings import Settings


class Checking:
    """Checks one library's standing questions; safe to call from several threads.

    The models that answer are loaded when there is a question to ask.
    """

    def __init__(self, settings: "Settings", library: "Library", words: "Messages") -> None:
        self._settings = settings
        self._library = library
        self._words = words
        self._lock = threading.Lock()

    def after_commit(self) -> None:
        """Ask again what may have changed, print what has, and tell it; whatever fails is told on standard error."""
        try:
            if self._library.standing_questions.all():
                self.check()
        except Exception as error:
            # The articles are committed, and whoever watches goes on: no fault in a question may end that.
            typer.echo(f"khabar: {self._words.say('standing.failed', reason=str(error))}", err=True)

    def check(self) -> "tuple[CheckReport, bool]":
        """Ask again what may have changed, print what has, and tell it.

        Returns the report, and whether all was asked and told that was to be. Raises what `StandingQuestions.check`
        raises.
        """
        from index.languages.errors import error_in
        from ui.standing.telling import Teller
        from ui.views.standing.text import change_text, untold

        with self._lock:
            report = self.standing.check()
            for kept in report.changes:
                typer.echo(f"{change_text(kept, bidi=self._settings.bidi, width=shutil.get_terminal_size().columns)}\n")
            tried = Teller.of(self._settings, self._library).tell()
        for unasked in report.failed:
            typer.echo(f"khabar: {error_in(self._words, unasked.reason)}", err=True)
        failed = [telling for telling in tried if telling.problem]
        for telling in failed:
            line = untold(telling.address, telling.problem, self._words)
            typer.echo(f"khabar: {telling.question.name}: {line}", err=True)
        return report, not failed and not report.failed

    @cached_property
    def standing(self) -> "StandingQuestions":
        """The questions, with the models that answer them."""
        from qa.standing import StandingQuestions

        return StandingQuestions(quoting_assistant(self._settings, self._library))
