"""`khabar articles`: list, show and remove the articles of the library."""

from dataclasses import asdict
from typing import Annotated

import typer

from ui.cli.options import (
    BidiOption,
    FilterOptions,
    LibraryOptions,
    TerminalOptions,
    grouped,
    terminal_width,
)
from ui.wiring import load_settings, open_library

app = typer.Typer(help="List, show and remove the articles of the library.", no_args_is_help=True)


@app.command("list")
@grouped
def list_articles(
    *,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most this many, the newest.")] = None,
    only: FilterOptions,
    at: LibraryOptions,
    bidi: BidiOption = None,
) -> None:
    """List articles, newest first, a line each: id, date, language, source, title, with tabs between."""
    from index import Filters
    from ui.views.terminal import article_row

    settings = load_settings(**asdict(at), bidi=bidi)
    with open_library(settings) as opened:
        for article in opened.articles(Filters.of(**asdict(only)), limit=limit):
            typer.echo(article_row(article, bidi=settings.bidi))


@app.command("show")
@grouped
def show_article(
    id: Annotated[str, typer.Argument(metavar="ID", help="An id as `khabar articles list` shows it.")],
    *,
    revision: Annotated[int | None, typer.Option("--revision", min=1, help="An earlier state of it.")] = None,
    at: LibraryOptions,
    shown: TerminalOptions,
) -> None:
    """Print an article, and when each of its revisions was added."""
    from index.languages.messages import messages_for
    from ui.views.terminal import article_terminal

    settings = load_settings(**asdict(at), **asdict(shown))
    with open_library(settings) as opened:
        article, revisions, gone = opened.article(id, revision), opened.revisions(id), opened.visits.gone(id)
    typer.echo(article_terminal(article, bidi=settings.bidi, width=terminal_width(), interface=settings.interface))
    typer.echo()
    words = messages_for(settings.interface)
    for found in revisions:
        key = "article.revision_current" if found.current else "article.revision"
        typer.echo(words.say(key, number=found.number, added=f"{found.added:%Y-%m-%d %H:%M:%S} UTC"))
    if gone:
        typer.echo(words.say("article.gone", day=gone.date()))


@app.command("remove")
@grouped
def remove_articles(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids as `khabar articles list` shows them.")],
    *,
    at: LibraryOptions,
) -> None:
    """Withdraw articles, with all their revisions; nothing is removed when an id is unknown."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at))
    with open_library(settings) as opened:
        typer.echo(messages_for(settings.interface).count("terminal.removed", opened.remove(ids)))
