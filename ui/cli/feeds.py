"""`khabar feeds`: list, add, pause, resume and remove the addresses that the library follows."""

from dataclasses import asdict
from typing import Annotated

import typer

from ui.cli.index import duration, with_listed
from ui.cli.options import FAILED, InterfaceOption, LibraryOptions, WebOptions, grouped, is_address
from ui.wiring import load_settings, open_library, open_web

app = typer.Typer(help="List, add, pause, resume and remove the feeds and pages that the library follows.")

_Address = Annotated[str, typer.Argument(metavar="URL", help="An address as `khabar feeds` shows it.")]


@app.callback(invoke_without_command=True)
@grouped
def list_feeds(
    context: typer.Context,
    *,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """List what is followed, a line each: address, how often, how it is, when it was looked at; tabs between."""
    from index.languages.messages import messages_for
    from ui.views.terminal import feed_row

    if context.invoked_subcommand is not None:
        return
    settings = load_settings(**asdict(at), interface=interface)
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        for feed in opened.feeds.all():
            typer.echo(feed_row(feed, words))


@app.command("add")
@grouped
def add(
    paths: Annotated[
        list[str], typer.Argument(metavar="URL|OPML…", help="Addresses of feeds, or files with lists of them (OPML).")
    ],
    *,
    every: Annotated[str, typer.Option("--every", help="How often they are looked at: 90s, 10m, 1h.")] = "10m",
    at: WebOptions,
) -> None:
    """Follow addresses, or the feeds of a list; `khabar watch` and `khabar serve` look at them."""
    from index.errors import FetchError, SettingsError
    from index.languages.messages import messages_for
    from ui.views.terminal import feed_row

    settings = load_settings(**asdict(at))
    words, seconds, addresses = messages_for(settings.interface), duration(every), with_listed(paths)
    if others := [address for address in addresses if not is_address(address)]:
        raise SettingsError(
            f"{others[0]!r} is no web address and no list of feeds (OPML). Give https://… or feeds.opml."
        )
    refused = False
    with open_library(settings, create=True) as opened:
        web = open_web(settings, opened)
        for address in addresses:
            try:
                typer.echo(feed_row(web.follow(address, seconds), words))
            except FetchError as error:
                # One of many: the others are followed.
                refused = True
                typer.echo(f"khabar: {address}: {error}", err=True)
    if refused:
        raise typer.Exit(FAILED)


@app.command("pause")
@grouped
def pause(address: _Address, *, at: LibraryOptions) -> None:
    """Look at an address no longer until it is resumed."""
    _change("pause", address, at)


@app.command("resume")
@grouped
def resume(address: _Address, *, at: LibraryOptions) -> None:
    """Look at a paused address again."""
    _change("resume", address, at)


@app.command("remove")
@grouped
def remove(address: _Address, *, at: LibraryOptions) -> None:
    """Follow an address no more; its articles stay."""
    _change("unfollow", address, at)


def _change(act: str, address: str, at: LibraryOptions) -> None:
    settings = load_settings(**asdict(at))
    with open_library(settings) as opened:
        getattr(open_web(settings, opened), act)(address)
