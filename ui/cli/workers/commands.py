"""`khabar worker`, which does what is handed out, and `khabar jobs`, which shows what is left of it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui.cli.options import InterfaceOption, LibraryOptions, WebOptions, grouped
from ui.cli.workers.handing import check_served
from ui.wiring import load_settings, open_library, open_web

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.languages.messages import Messages
    from index.store.queue import JobTable
    from index.workers import Worked
    from ui.settings import Settings

app = typer.Typer()
jobs = typer.Typer(help="List what is handed out to the workers; try again or drop what failed.")

_Ids = Annotated[list[int] | None, typer.Argument(metavar="ID…", help="Numbers as `khabar jobs` shows them.")]


@app.command("worker")
@grouped
def worker(
    *,
    drain: Annotated[bool, typer.Option("--drain", help="End when nothing is left to do.")] = False,
    interface: InterfaceOption = None,
    at: WebOptions,
) -> None:
    """Do what `khabar index --workers` and `khabar watch --workers` hand out, until Ctrl-C; on any machine, any number.

    A worker fetches addresses, encodes and commits articles, makes the vector index and asks standing questions again.
    """
    from index.languages.messages import messages_for
    from index.workers import Worker
    from ui.cli.standing.checking import Checking
    from ui.cli.watch import interrupt_on_sigterm

    settings = load_settings(**asdict(at), interface=interface)
    check_served(settings)
    words = messages_for(settings.interface)
    interrupt_on_sigterm()
    try:
        with open_library(settings, create=True) as opened:
            checking = Checking(settings, opened, words)
            one = Worker(opened, lambda add: open_web(settings, opened, add), checking.check)
            typer.echo(f"khabar: {words.say('worker.ready', engine=opened.parts.catalog.database.describe())}")
            one.run(lambda worked: _tell(worked, words), drain=drain)
    except KeyboardInterrupt:
        # How it is meant to end; what was begun has been given back.
        typer.echo(f"khabar: {words.say('terminal.stopped')}")


@jobs.callback(invoke_without_command=True)
@grouped
def list_jobs(
    context: typer.Context,
    *,
    state: Annotated[
        Literal["waiting", "running", "stalled", "failed"] | None,
        typer.Option("--state", help="Only those in a state."),
    ] = None,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """List the jobs, a line each: number, what is to be done, state, tries, who has it or what failed; tabs between."""
    from index.languages.messages import messages_for
    from index.store.queue import JobState
    from ui.cli.workers.lines import job_row

    if context.invoked_subcommand is not None:
        return
    settings = load_settings(**asdict(at), interface=interface)
    check_served(settings)
    words = messages_for(settings.interface)
    with open_library(settings) as opened:
        lines = opened.jobs.lines(JobState(state) if state else None)
    for line in lines:
        typer.echo(job_row(line, words))
    if not lines:
        typer.echo(words.say("jobs.none"))


@jobs.command("retry")
@grouped
def retry(
    ids: _Ids = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that have failed.")] = False,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """Let jobs that were tried in vain be tried again, three times."""
    settings = load_settings(**asdict(at), interface=interface)
    _settle(settings, ids, lambda jobs: (jobs.retry, jobs.retry_failed), "jobs.retried", every=every)


@jobs.command("drop")
@grouped
def drop(
    ids: _Ids = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that have failed.")] = False,
    interface: InterfaceOption = None,
    at: LibraryOptions,
) -> None:
    """Let jobs not be done, whatever their state; what a worker has of one is not committed."""
    settings = load_settings(**asdict(at), interface=interface)
    _settle(settings, ids, lambda jobs: (jobs.drop, jobs.drop_failed), "jobs.dropped", every=every)


def _settle(
    settings: "Settings",
    ids: list[int] | None,
    ways: "Callable[[JobTable], tuple[Callable[[int], object], Callable[[], int]]]",
    said: str,
    *,
    every: bool,
) -> None:
    """Do something with the jobs that are named, or with `every` one that has failed, and say with how many.

    `ways` are how it is done with one of a table, and with all.
    """
    from index.languages.messages import messages_for

    check_served(settings)
    if every == bool(ids):
        raise typer.BadParameter("name jobs by their numbers, or all that have failed by --all")
    with open_library(settings) as opened:
        one, all_failed = ways(opened.jobs)
        for id in ids or []:
            one(id)
        number = all_failed() if every else len(ids or [])
    typer.echo(messages_for(settings.interface).count(said, number))


def _tell(worked: "Worked", words: "Messages") -> None:
    """Print what came of a job, or on standard error what went wrong with it."""
    from index.languages.errors import error_in
    from ui.cli.workers.lines import job_name

    name, report = job_name(worked.job, words), worked.report
    if worked.problem:
        reason = error_in(words, worked.problem)
        if worked.is_lost:
            typer.echo(f"khabar: {name}: {reason}", err=True)
        elif worked.is_last:
            typer.echo(f"khabar: {words.say('worker.given_up', job=name, reason=reason)}", err=True)
        else:
            typer.echo(f"khabar: {words.say('worker.again', job=name, reason=reason)}", err=True)
        return
    if report is None:
        typer.echo(words.say("worker.done", job=name))
        return
    typer.echo(words.say("worker.reported", job=name, embedded=report.embedded, passages=report.passages))
    for failure in (*report.failures, *report.warnings):
        typer.echo(f"khabar: {failure.name}: {failure.reason}", err=True)
