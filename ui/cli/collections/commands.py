"""`khabar collections`: list, add and remove collections, and put articles in them."""

from dataclasses import asdict
from typing import Annotated

import typer

from ui.cli.options import InterfaceOption, LibraryOptions, grouped
from ui.wiring import load_settings, open_library

app = typer.Typer(
    help="List, add and remove collections, which roles may be held in, and put articles in them.", no_args_is_help=True
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The collection's name.")]
_Into = Annotated[
    list[str] | None, typer.Option("--collection", help="A collection that the articles are to be in. Repeatable.")
]
_Open = Annotated[bool, typer.Option("--open", help="In no collection: open to all who may read.")]


@app.command("list")
@grouped
def list_collections(*, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """List the collections, a line each: name and number of articles, a tab between; last, what is in none."""
    from index.languages.messages import messages_for
    from ui.views.html import visible

    settings = load_settings(**asdict(at), interface=interface)
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        rows = [(visible(found.name), found.articles) for found in opened.collections.all()]
        rows.append((words.say("collections.open"), opened.collections.open_articles()))
    for name, articles in rows:
        typer.echo(f"{name}\t{articles}")


@app.command("add")
@grouped
def add(name: _Name, *, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """Make a collection. Nothing is in it yet."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings, create=True) as opened:
        made = opened.collections.add(name)
    typer.echo(messages_for(settings.interface).say("collections.added", name=made))


@app.command("remove")
@grouped
def remove(name: _Name, *, at: LibraryOptions, interface: InterfaceOption = None) -> None:
    """Let go of a collection that has no articles: what was in it must not be open to all by that."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        gone = opened.remove_collection(name)
    typer.echo(messages_for(settings.interface).say("collections.removed", name=gone))


@app.command("assign")
@grouped
def assign(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids as `khabar articles list` shows them.")],
    *,
    collection: _Into = None,
    is_open: _Open = False,
    at: LibraryOptions,
    interface: InterfaceOption = None,
) -> None:
    """Put articles in just the collections that are named, or with --open in none."""
    from index.languages.messages import messages_for

    into = _chosen(collection, is_open=is_open)
    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        moved = opened.assign(ids, into)
    typer.echo(messages_for(settings.interface).count("collections.moved", moved))


@app.command("move")
@grouped
def move(
    name: _Name,
    *,
    collection: _Into = None,
    is_open: _Open = False,
    at: LibraryOptions,
    interface: InterfaceOption = None,
) -> None:
    """Put everything that is in a collection in others in its place, and what its sources will bring as well."""
    from index.languages.messages import messages_for

    into = _chosen(collection, is_open=is_open)
    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        moved = opened.move_collection(name, into)
    typer.echo(messages_for(settings.interface).count("collections.moved", moved))


def _chosen(collections: list[str] | None, *, is_open: bool) -> list[str]:
    """Return what the options name; raises `SettingsError` where they name nothing, or two things."""
    if is_open == bool(collections):
        from index import SettingsError

        raise SettingsError("Say where the articles go: --collection NAME, once or several times, or --open.")
    return collections or []
