"""`khabar names`: who and what the articles name, where, and what they said."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import islice
from json import dumps
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ui.cli.options import FilterOptions, LibraryOptions, TerminalOptions, grouped
from ui.wiring import load_settings, open_library

if TYPE_CHECKING:
    from index import NamedPassage, NameEntry
    from index.languages.messages import Messages
    from qa.names import NamedQuote

# What a line is made of.
Shown = TypeVar("Shown", "NameEntry", "NamedPassage", "NamedQuote")


@grouped
def names(
    bearer: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A person, body or place, in any spelling.")
    ] = None,
    *,
    kind: Annotated[str | None, typer.Option("--kind", help="Only person, body or place.")] = None,
    said: Annotated[bool, typer.Option("--said", help="With a NAME: what they said, quote by quote.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="With a NAME: the newest first, not the oldest.")] = False,
    find: Annotated[str, typer.Option("--find", help="Only names that have this in one of their spellings.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most this many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, as the REST API gives them.")] = False,
    only: FilterOptions,
    at: LibraryOptions,
    shown: TerminalOptions,
) -> None:
    """List the people, bodies and places that articles name, most first; with a NAME, where it stands."""
    from index import Filters
    from index.languages.messages import messages_for
    from qa.names import said_by
    from ui.views.names.lines import mention_row, name_row, quote_row
    from ui.views.plain import plain

    settings = load_settings(**asdict(at), **asdict(shown))
    words = messages_for(settings.interface)
    filters = Filters.of(**asdict(only))

    def show(found: Iterable[Shown], row: Callable[[Shown, "Messages"], str]) -> None:
        for item in islice(found, limit):
            typer.echo(dumps(plain(item), ensure_ascii=False) if as_json else row(item, words))

    with open_library(settings) as library:
        if bearer is None:
            show(library.names.entries(filters, kind=kind, text=find, limit=limit), name_row)
        elif said:
            show(said_by(library, bearer, filters, kind=kind, newest_first=newest), quote_row)
        else:
            show(library.names.mentions(bearer, filters, kind=kind, newest_first=newest), mention_row)
