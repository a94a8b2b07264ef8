"""`khabar dossier`: named lists of pinned quotes."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import InterfaceOption, LibraryOptions, TerminalOptions, grouped, terminal_width
from ui.wiring import load_settings, open_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.store.dossiers.dossiers import DossierTable
    from qa.answer import Citation

app = typer.Typer(help="Pin quotes to a dossier, order and annotate them, and export it.", no_args_is_help=True)

_Dossier = Annotated[
    str, typer.Argument(metavar="DOSSIER", help="Its name, or its id as `khabar dossier list` shows it.")
]
_Quote = Annotated[str, typer.Argument(metavar="QUOTE", help="A quote's id as `khabar dossier show` shows it.")]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")]
_STDIN = "-"


@app.command("new")
@grouped
def new(
    name: _Name,
    *,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Whose it is where people sign in; by default nobody's, for admins.")
    ] = None,
    at: LibraryOptions,
    interface: InterfaceOption = None,
) -> None:
    """Make a dossier, and print its line of the list."""
    from index.languages.messages import messages_for
    from ui.views.dossiers.lines import dossier_row

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        typer.echo(dossier_row(opened.dossiers.add(name, owner), messages_for(settings.interface)))


@app.command("list")
@grouped
def list_dossiers(*, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """List the dossiers, a line each: id, name, how many quotes, when it was changed, whose it is; tabs between."""
    from index.languages.messages import messages_for
    from ui.views.dossiers.lines import dossier_row

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        for entry in opened.dossiers.all():
            typer.echo(dossier_row(entry, messages_for(settings.interface)))


@app.command("show")
@grouped
def show(dossier: _Dossier, *, at: LibraryOptions, shown: TerminalOptions) -> None:
    """Show the quotes of a dossier in their order, what has become of their articles, and the notes."""
    _show(dossier, at, shown)


@app.command("pin")
@grouped
def pin(
    dossier: _Dossier,
    article: Annotated[str | None, typer.Argument(metavar="[ARTICLE]", help="The id of the article.")] = None,
    *,
    quote: Annotated[str | None, typer.Option("--quote", help="The words, as the article has them.")] = None,
    start: Annotated[int | None, typer.Option("--start", min=0, help="Or where they begin, in characters.")] = None,
    end: Annotated[int | None, typer.Option("--end", min=1, help="And where they end.")] = None,
    revision: Annotated[int | None, typer.Option("--revision", min=1, help="An earlier state of the article.")] = None,
    answer: Annotated[
        str | None, typer.Option("--answer", help="In place of the article: a file of khabar ask --json, - for stdin.")
    ] = None,
    citation: Annotated[int, typer.Option("--citation", min=1, help="Which quote of the answer.")] = 1,
    note: Annotated[str, typer.Option("--note", help="What to note on it.")] = "",
    at: LibraryOptions,
    shown: TerminalOptions,
) -> None:
    """Pin words of an article, or a quote of an answer, at the end of a dossier, and show it."""
    from index.languages.messages import messages_for
    from ui.views.dossiers.lines import pin_terminal

    settings = load_settings(**asdict(at), **asdict(shown))
    if (article is None) == (answer is None):
        raise typer.BadParameter("name the article that says it, or the answer that quotes it: one of both")
    if answer is not None:
        cited = _cited(answer, citation)
        article, start, end, quote, revision = cited.article.id, cited.start, cited.end, cited.quote, cited.revision
    with open_library(settings) as opened:
        made = opened.dossiers.pin(
            dossier, article or "", start, end, quote=quote, revision=revision, note=note
        )  # fmt: skip
    words = messages_for(settings.interface)
    typer.echo(pin_terminal(made, words, bidi=settings.bidi, width=terminal_width()))


@app.command("note")
@grouped
def note(
    dossier: _Dossier,
    quote: _Quote,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to note on it; an empty one is none.")],
    *,
    at: LibraryOptions,
    shown: TerminalOptions,
) -> None:
    """Say anew what is noted on a quote, and show the dossier."""
    _show(dossier, at, shown, lambda dossiers: dossiers.note(dossier, quote, text))


@app.command("move")
@grouped
def move(
    dossier: _Dossier,
    quote: _Quote,
    place: Annotated[int, typer.Argument(metavar="PLACE", min=1, help="Its place, from 1.")],
    *,
    at: LibraryOptions,
    shown: TerminalOptions,
) -> None:
    """Put a quote at another place, and show the dossier."""
    _show(dossier, at, shown, lambda dossiers: dossiers.move(dossier, quote, place))


@app.command("rename")
@grouped
def rename(dossier: _Dossier, name: _Name, *, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """Give a dossier another name, and print its line of the list."""
    from index.languages.messages import messages_for
    from ui.views.dossiers.lines import dossier_row

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        id = opened.dossiers.find(dossier).id
        opened.dossiers.rename(id, name)
        typer.echo(dossier_row(opened.dossiers.find(id), messages_for(settings.interface)))


@app.command("remove")
@grouped
def remove(
    dossier: _Dossier,
    quote: Annotated[
        str | None, typer.Argument(metavar="[QUOTE]", help="A quote's id: it alone is taken out of the dossier.")
    ] = None,
    *,
    at: LibraryOptions,
    interface: InterfaceOption = None,
) -> None:
    """Take a quote out of a dossier; without one, delete the dossier with all its quotes and notes."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        if quote is not None:
            opened.dossiers.unpin(dossier, quote)
            typer.echo(words.say("dossier.unpinned"))
            return
        name = opened.dossiers.find(dossier).name
        opened.dossiers.remove(dossier)
    typer.echo(words.say("dossier.deleted", name=name))


@app.command("export")
@grouped
def export(
    dossier: _Dossier,
    file: Annotated[
        Path, typer.Argument(help="The file to write, which must not exist: .md, .docx, .html, .bib, .ris or .json.")
    ],
    *,
    at: LibraryOptions,
    interface: InterfaceOption = None,
) -> None:
    """Write a dossier to a file: Markdown, Word, one HTML page, BibTeX, RIS or CSL-JSON, by the end of its name."""
    from index import SettingsError
    from index.languages.messages import messages_for
    from ui.views.dossiers.exporting import SUFFIXES, export_dossier

    settings = load_settings(**asdict(at), interface=interface)
    form = next((form for form, suffix in SUFFIXES.items() if suffix == file.suffix.lower()), None)
    if form is None:
        raise SettingsError(f"{file} ends in no form of a dossier. Name it with one of {', '.join(SUFFIXES.values())}.")
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        found = opened.dossiers.find(dossier)
        made = export_dossier(found, form, words)
        try:
            with file.open("xb") as target:
                target.write(made.content)
        except OSError as error:
            raise SettingsError(f"{file} cannot be written: {error.strerror}. Name another file.") from error
        opened.dossiers.record_export(found)
    typer.echo(words.say("dossier.written", file=file))


def _show(
    dossier: str,
    at: LibraryOptions,
    shown: TerminalOptions,
    change: "Callable[[DossierTable], object]" = lambda _: None,
) -> None:
    """Print a dossier as it is after a change."""
    from index.languages.messages import messages_for
    from ui.views.dossiers.lines import dossier_terminal

    settings = load_settings(**asdict(at), **asdict(shown))
    with open_library(settings) as opened:
        change(opened.dossiers)
        found = opened.dossiers.find(dossier)
    words = messages_for(settings.interface)
    typer.echo(dossier_terminal(found, words, bidi=settings.bidi, width=terminal_width()))


def _cited(file: str, number: int) -> "Citation":
    """Return a quote of an answer that `khabar ask --json` printed; raises `SettingsError` for what is none."""
    from index import SettingsError
    from qa.answer import Answer

    try:
        text = sys.stdin.read() if file == _STDIN else Path(file).read_text(encoding="utf-8")
        found = [cited for cited in Answer.from_json(text).citations if cited.number == number]
    except (OSError, ValueError) as error:
        # Pydantic's errors, and those of what is no UTF-8, are ValueErrors.
        raise SettingsError(f"{file} is no answer. Write one by: khabar ask QUESTION --json") from error
    if not found:
        raise SettingsError(f"The answer has no quote {number}. Name another by --citation.")
    return found[0]
