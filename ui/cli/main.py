"""The `khabar` command. Exit status: 0 done, 1 something failed, 2 bad input or settings, 3 no answer found.

What a command needs is imported inside it: `khabar --help` loads no model, no index and no web server.
"""

import os
import sys
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli import articles, ask, evaluate, feeds, index, readers, transfer
from ui.cli.collections import commands as collections
from ui.cli.dossiers import commands as dossiers
from ui.cli.names.commands import names
from ui.cli.options import BAD_INPUT, FAILED, AssistantOptions, PrivateOption, grouped
from ui.cli.standing import commands as standing
from ui.cli.stories.commands import stories
from ui.cli.workers import commands as workers
from ui.privacy import switch_off_telemetry
from ui.wiring import chat_model_check, chroma_of, encoder_of, load_settings, model_checks, open_library

if TYPE_CHECKING:
    from index import Library
    from ui.settings import Settings

app = typer.Typer(
    name="khabar",
    help="Ask about the news in your language; read the answer, quoted and cited, in its own.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# In the order in which `khabar --help` lists them; of this module's own, `serve` and `doctor` come after these three.
app.command()(ask.ask)
app.command()(ask.grid)
app.command()(ask.chat)
app.add_typer(articles.app, name="articles")
app.command()(stories)
app.command()(names)
app.add_typer(feeds.app, name="feeds")
app.add_typer(standing.app, name="standing")
app.add_typer(dossiers.app, name="dossier")
app.add_typer(collections.app, name="collections")
app.add_typer(readers.tokens, name="tokens")
app.add_typer(workers.jobs, name="jobs")
for commands in (index, workers, transfer, readers, evaluate):
    app.add_typer(commands.app)


@app.command()
@grouped
def serve(
    *,
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on [KHABAR_HOST].")] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="The port to listen on, 0 for any that is free [KHABAR_PORT].")
    ] = None,
    auth_file: Annotated[
        Path | None, typer.Option("--auth-file", help="Who may read: see khabar password [KHABAR_AUTH_FILE].")
    ] = None,
    sign_in_tries: Annotated[
        int | None,
        typer.Option("--sign-in-tries", help="Tries to sign in that may fail at a stretch [KHABAR_SIGN_IN_TRIES]."),
    ] = None,
    oidc_issuer: Annotated[
        str | None,
        typer.Option("--oidc-issuer", help="An OpenID Connect provider to sign in at [KHABAR_OIDC_ISSUER]."),
    ] = None,
    oidc_client_id: Annotated[
        str | None, typer.Option("--oidc-client-id", help="What it knows Khabar as [KHABAR_OIDC_CLIENT_ID].")
    ] = None,
    mcp: Annotated[bool | None, typer.Option("--mcp", help="Be an MCP server too [KHABAR_MCP].")] = None,
    allow_private_hosts: PrivateOption = None,
    opened: AssistantOptions,
) -> None:
    """Serve the chat to a browser, by default at http://127.0.0.1:7860/, until Ctrl-C."""
    from ui.server.serve import serve as run_server

    run_server(
        load_settings(
            host=host, port=port, auth_file=auth_file, sign_in_tries=sign_in_tries,
            oidc_issuer=oidc_issuer, oidc_client_id=oidc_client_id, mcp=mcp,
            allow_private_hosts=allow_private_hosts, **asdict(opened),
        )
    )  # fmt: skip


@app.command()
@grouped
def doctor(
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Chunk and encode every article anew, whatever made the library.")
    ] = False,
    restore: Annotated[
        bool, typer.Option("--restore", help="First bring back the catalog's last automatic backup.")
    ] = False,
    assistant: AssistantOptions,
) -> None:
    """Check the library and repair what can be repaired; ask the chat model whether it answers.

    Exit status 1 when something stays broken.
    """
    settings = load_settings(**asdict(assistant))
    if restore:
        from index import Library, SettingsError

        if settings.catalog:
            raise SettingsError(
                "A catalog in PostgreSQL is brought back by the server's own tools, such as pg_restore."
            )
        backup = Library.restore_backup(settings.library)
        typer.echo(f"restored\tcatalog: from {backup}; index your articles again for what came after it")
    with _rebuilt(settings) if rebuild else open_library(settings) as opened:
        report = opened.doctor()
        report = replace(report, checks=(*model_checks(settings, opened), *report.checks))
        for check in report.checks:
            outcome = "ok" if check.ok else "repaired" if check.repaired else "broken"
            typer.echo(f"{outcome}\t{check.name}: {check.detail}")
        answers = True
        if settings.llm is not None:
            answers, detail = chat_model_check(settings, settings.llm, opened)
            typer.echo(f"{'ok' if answers else 'broken'}\tchat model: {detail}")
    if not (report.ok and answers):
        raise typer.Exit(FAILED)


app.command("eval")(evaluate.evaluate)


def main() -> None:
    """Run the command line and exit with its status; an expected error is one line on standard error."""
    switch_off_telemetry()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    try:
        # In a context of its own, which knows who runs it.
        status = copy_context().run(app, args=list(arguments), prog_name="khabar", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        # A wrong flag or a missing argument, in the words of its library; a group alone has shown its help.
        if not error.format_message():
            return BAD_INPUT
        return _complain(f"{error.format_message().rstrip('.')}. `khabar --help` shows what there is.")
    except typer.Abort:
        # Ctrl-C, as every shell counts it.
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not try to flush the rest to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        # Imported here, since `khabar --help` is to load none of it; what is not ours to expect is raised as it is.
        from index.errors import KhabarError

        if not isinstance(error, KhabarError):
            raise
        return _complain(str(error))
    return status if isinstance(status, int) else 0


def _complain(message: str) -> int:
    typer.echo(f"khabar: {message}", err=True)
    return BAD_INPUT


def _rebuilt(settings: "Settings") -> "Library":
    from index import Library
    from index.languages.messages import messages_for
    from ui.cli.progress import sync_bar

    with sync_bar(1, messages_for(settings.interface)) as update:
        return Library.rebuild_at(
            settings.library,
            encoder=encoder_of(settings),
            chroma=chroma_of(settings),
            copies=settings.index_copies,
            catalog=settings.catalog,
            progress=partial(update, 0),
        )
