"""`khabar stories`: articles of one event, and what they say."""

from dataclasses import asdict
from json import dumps
from typing import Annotated

import typer

from ui.cli.options import AssistantOptions, FilterOptions, TerminalOptions, grouped, terminal_width
from ui.wiring import load_settings, open_assistant


@grouped
def stories(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="A story's id as `khabar stories` shows it.")] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most this many, the newest.")] = 20,
    least: Annotated[int, typer.Option("--least", min=1, help="Only stories of so many reports or more.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, as the REST API gives it.")] = False,
    only: FilterOptions,
    at: AssistantOptions,
    shown: TerminalOptions,
) -> None:
    """List stories, newest first, a line each: id, last day, reports, outlets, title; with an ID, tell that one."""
    from index import Filters
    from index.languages.messages import messages_for
    from qa.stories import StoryReader
    from ui.views.plain import plain
    from ui.views.stories.lines import story_row, story_terminal

    settings = load_settings(**asdict(at), **asdict(shown))
    words = messages_for(settings.interface)
    with open_assistant(settings) as assistant:
        if id is None:
            for entry in assistant.library.stories.entries(Filters.of(**asdict(only)), least=least, limit=limit):
                typer.echo(dumps(plain(entry), ensure_ascii=False) if as_json else story_row(entry, words))
            return
        account = StoryReader(assistant).read(id, **asdict(only))
    told = story_terminal(account, words, bidi=settings.bidi, width=terminal_width())
    typer.echo(account.to_json() if as_json else told)
