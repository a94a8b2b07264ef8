"""`khabar standing`: questions that are asked again when the library changes."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import (
    FAILED,
    FilterOptions,
    InterfaceOption,
    LibraryOptions,
    TerminalOptions,
    WebOptions,
    grouped,
    terminal_width,
)
from ui.cli.standing.checking import Checking
from ui.wiring import load_settings, open_library

if TYPE_CHECKING:
    from qa.standing import KeptChange
    from ui.settings import Settings

app = typer.Typer(help="Let questions stand: they are asked again when the library changes, and changes are told.")

_Id = Annotated[str, typer.Argument(metavar="ID", help="An id as `khabar standing list` shows it.")]


@app.command("add")
@grouped
def add(
    question: Annotated[str, typer.Argument(help="A question in any language.")],
    *,
    webhook: Annotated[
        str | None, typer.Option("--webhook", help="A web address that each change is sent to, signed.")
    ] = None,
    mail: Annotated[
        str | None, typer.Option("--mail", help="A mail address that each change is sent to; see KHABAR_SMTP_HOST.")
    ] = None,
    filters: FilterOptions,
    at: WebOptions,
    interface: InterfaceOption = None,
) -> None:
    """Let a question stand, and show the answer that it has now; the same question again says anew who is told."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    words = messages_for(settings.interface)
    _check_mail(settings, mail)
    with open_library(settings) as opened:
        standing = Checking(settings, opened, words).standing
        added = standing.add(question, webhook=webhook, mail=mail, interface=settings.interface, **asdict(filters))
    from qa.standing.asking import last_answer
    from ui.views.terminal import answer_terminal

    typer.echo(answer_terminal(last_answer(added), bidi=settings.bidi, width=terminal_width()) + "\n")
    typer.echo(words.say("standing.added", id=added.name))
    if added.webhook:
        typer.echo(words.say("standing.secret", address=added.webhook, secret=added.secret))


@app.command("list")
@grouped
def list_questions(*, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """List the questions, a line each: id, question, what the answer is, when last asked, who is told; tabs between."""
    from index.languages.messages import messages_for
    from ui.views.standing.text import question_row

    settings = load_settings(**asdict(at), interface=interface)
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        for question in opened.standing_questions.all():
            typer.echo(question_row(question, words))


@app.command("show")
@grouped
def show(id: _Id, *, at: LibraryOptions, shown: TerminalOptions) -> None:
    """Show how the answer to a question has changed, newest first, and who was told."""
    from index.languages.messages import messages_for
    from ui.views.standing.text import question_row

    settings = load_settings(**asdict(at), **asdict(shown))
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        from qa.standing.asking import kept_change

        table = opened.standing_questions
        question = table.find(id)
        changes = [kept_change(question, stored) for stored in table.changes(question.id)]
        deliveries = table.deliveries(question.id)
    typer.echo(question_row(question, words))
    if not changes:
        typer.echo(words.say("standing.unchanged"))
    for kept in changes:
        from ui.views.standing.text import delivery_line

        _print(kept, settings)
        for delivery in deliveries:
            if delivery.change == kept.id:
                typer.echo(delivery_line(delivery, question, words))


@app.command("pause")
@grouped
def pause(id: _Id, *, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """Ask a question no more until `resume`; the history of its answer stays."""
    _pause(id, at, interface, is_paused=True)


@app.command("resume")
@grouped
def resume(id: _Id, *, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """Ask a question again that was paused, from the next check on."""
    _pause(id, at, interface, is_paused=False)


@app.command("remove")
@grouped
def remove(id: _Id, *, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """Ask a question no more, and let the history of its answer go."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        name = opened.standing_questions.find(id).name
        opened.standing_questions.remove(id)
    typer.echo(messages_for(settings.interface).say("standing.removed", id=name))


@app.command("check")
@grouped
def check(*, at: WebOptions, shown: TerminalOptions) -> None:
    """Ask again what may have changed since it was last asked, print what has, and tell it to who wants to know.

    Exit status 1 when one could not be asked, or somebody not be told; that is tried again by the next check.
    """
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), **asdict(shown))
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        report, is_whole = Checking(settings, opened, words).check()
    counted = {"questions": report.questions, "read": report.read, "changes": len(report.changes)}
    typer.echo(words.say("standing.checked", **counted))
    if not is_whole:
        raise typer.Exit(FAILED)


def _pause(id: str, at: "LibraryOptions", interface: str | None, *, is_paused: bool) -> None:
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        question = opened.standing_questions.pause(id, is_paused=is_paused)
    said = "standing.now_paused" if is_paused else "standing.resumed"
    typer.echo(messages_for(settings.interface).say(said, id=question.name))


def _check_mail(settings: "Settings", mail: str | None) -> None:
    """Notice, before anything is asked, that there is no server that mail could be sent by."""
    if mail is not None and not settings.can_mail:
        from index.errors import SettingsError
        from ui.settings import NO_MAIL_SERVER

        raise SettingsError(NO_MAIL_SERVER)


def _print(kept: "KeptChange", settings: "Settings") -> None:
    from ui.views.standing.text import change_text

    typer.echo(f"\n{kept.at:%Y-%m-%d %H:%M} UTC\n{change_text(kept, bidi=settings.bidi, width=terminal_width())}")
