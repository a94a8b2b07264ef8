"""What readers say, who may read, who did what: `khabar feedback`, `password`, `unlock`, `audit`, `tokens`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.index import duration
from ui.cli.options import CatalogOption, InterfaceOption, LibraryOption, LibraryOptions, ModelOption, grouped
from ui.wiring import load_settings, open_library

app = typer.Typer()
tokens = typer.Typer(
    help="Hand out, list and revoke tokens with which scripts call the REST API.", no_args_is_help=True
)

_NEVER = "never"


@app.command("feedback")
def feedback(
    file: Annotated[Path, typer.Argument(help="The exam file to write (.jsonl); it must not exist.")],
    library: LibraryOption = None,
    catalog: CatalogOption = None,
    model: ModelOption = None,
) -> None:
    """Write what readers said of answers as an exam file, which `khabar eval` reads."""
    from index import SettingsError
    from index.languages.messages import messages_for
    from qa.evaluation.exam_export import exam_questions

    settings = load_settings(library=library, catalog=catalog, model=model)
    with open_library(settings) as opened:
        given = opened.feedback.all()
    questions = exam_questions(given)
    if not questions:
        raise SettingsError(
            f"{len(given)} verdicts, and none tells a right answer: there is nothing to export yet. "
            "Readers give them below the answers of khabar serve."
        )
    lines = "".join(json.dumps(asdict(question), ensure_ascii=False) + "\n" for question in questions)
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(lines)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}. Name another file.") from error
    words = messages_for(settings.interface)
    typer.echo(words.count("terminal.verdicts", len(questions), verdicts=len(given)))


@app.command("password")
def password(
    name: Annotated[str, typer.Argument(help="The reader's name.")],
    file: Annotated[Path, typer.Argument(help="The file for khabar serve --auth-file; made when it is not there.")],
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            help="What the name may do: reader, editor, admin, or by collection, reader@politics,editor@wire; by "
            "default what it may already, and read if it is new.",
        ),
    ] = None,
) -> None:
    """Set somebody's password and role; the file holds no password, only its bcrypt hash."""
    from index.languages.messages import messages_for
    from index.store.access.grants import grant_of
    from ui.server.signin import set_password
    from ui.views.phrases import role_of

    wanted = grant_of(role) if role else None
    said = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    given = set_password(file, name, said, wanted)
    words = messages_for(load_settings().interface)
    typer.echo(words.say("terminal.may_sign_in", name=name, role=role_of(words, given)))


@app.command("unlock")
@grouped
def unlock(
    who: Annotated[
        str, typer.Argument(metavar="NAME|ADDRESS", help="A reader's name, or an address such as 192.0.2.1.")
    ],
    *,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """Let somebody try to sign in again at once, after too many tries that failed."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        key = "terminal.unlocked" if opened.tries.unlock(who) else "terminal.not_locked"
    typer.echo(messages_for(settings.interface).say(key, name=who.strip()))


@app.command("audit")
@grouped
def audit(
    *,
    since: Annotated[str | None, typer.Option("--since", help="Only from this day on, such as 2025-09-28.")] = None,
    who: Annotated[str | None, typer.Option("--who", help="Only what somebody of this name did.")] = None,
    action: Annotated[
        str | None, typer.Option("--action", help="Only one action, such as withdrawn; a wrong one names them all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object on each line.")] = False,
    prune_before: Annotated[
        str | None, typer.Option("--prune-before", metavar="DAY", help="Let go of what is from before a day.")
    ] = None,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """Show who did what to the library, newest first, a line each: time, name, role, way, action, of what, how many."""
    from index import Filters, SettingsError
    from index.languages.messages import messages_for
    from index.store.access.audit import AuditAction
    from ui.views.plain import AuditLine
    from ui.views.terminal import audit_row

    first, last = Filters.of(after=since).after, Filters.of(after=prune_before).after
    known = {each.value: each for each in AuditAction}
    if action is not None and action not in known:
        raise SettingsError(f"--action cannot be {action!r}. It is one of {', '.join(known)}.")
    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        if last is not None:
            if as_json or since or who or action:
                raise SettingsError(
                    "--prune-before goes with no other option: it lets go of everything from before a day."
                )
            typer.echo(messages_for(settings.interface).count("terminal.pruned", opened.audit.prune(last)))
            return
        for entry in opened.audit.entries(since=first, who=who, action=known[action] if action else None):
            line = AuditLine.of(entry)
            typer.echo(json.dumps(line.to_dict(), ensure_ascii=False) if as_json else audit_row(line))


@tokens.command("add")
@grouped
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose token it is, such as that of a script.")],
    *,
    expires: Annotated[
        str, typer.Option("--expires", help="How long it holds: 12h, 90d; never: until it is revoked.")
    ] = "90d",
    role: Annotated[
        str,
        typer.Option(
            "--role",
            help="reader, or editor, which may also add and withdraw articles; or by collection, reader@politics.",
        ),
    ] = "reader",
    origin: Annotated[
        str | None,
        typer.Option("--origin", help="Only for the widget in this site's pages: https://site.example."),
    ] = None,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """Print a new token, which is shown only now; the library keeps a hash of it."""
    from index.languages.messages import messages_for
    from index.store.access.grants import collections_of, grant_of

    granted = grant_of(role)
    settings = load_settings(**asdict(at), interface=interface)
    lasts = None if expires.strip() == _NEVER else timedelta(seconds=duration(expires, "--expires"))
    with open_library(settings) as opened:
        opened.collections.checked(sorted(collections_of(granted)))
        token = opened.tokens.add(name, lasts, granted, origin=origin)
    words = messages_for(settings.interface)
    if origin is not None:
        said = words.say("terminal.token_public", name=name, origin=origin)
    elif lasts is None:
        said = words.say("terminal.token_endless", name=name)
    else:
        said = words.say("terminal.token_until", name=name, day=(datetime.now(UTC) + lasts).date())
    # Apart from what is printed for a script to read.
    typer.echo(f"khabar: {said}", err=True)
    typer.echo(token)


@tokens.command("list")
@grouped
def list_tokens(*, interface: InterfaceOption = None, at: LibraryOptions) -> None:
    """List the tokens, a line each: name, when it was made, until when it holds, its role, its site; tabs between."""
    from index.languages.messages import messages_for
    from ui.views.terminal import token_row

    settings = load_settings(**asdict(at), interface=interface)
    words, now = messages_for(settings.interface), datetime.now(UTC)
    with open_library(settings) as opened:
        for token in opened.tokens.all():
            typer.echo(token_row(token, words, now))


@tokens.command("revoke")
@grouped
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name as `khabar tokens list` shows it.")],
    *,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """Let a token hold no more, from the next call on."""
    from index.languages.messages import messages_for

    settings = load_settings(**asdict(at), interface=interface)
    with open_library(settings) as opened:
        opened.tokens.revoke(name)
    typer.echo(messages_for(settings.interface).say("terminal.token_revoked", name=name))
