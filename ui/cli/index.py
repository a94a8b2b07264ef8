"""Commands that fill a library: `khabar index`, once or every so often, and `khabar watch`."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.options import FAILED, MapOption, PathsArgument, WebOptions, WorkersOption, grouped, is_address
from ui.cli.standing.checking import Checking
from ui.cli.workers.handing import check_served, hand_out, watch_for_workers
from ui.wiring import load_settings, open_library, open_web

if TYPE_CHECKING:
    from index import FieldMapping, Library, SyncReport
    from index.languages.messages import Messages
    from index.web import Web
    from index.web.web import Look
    from ui.cli.watch import Outcome
    from ui.settings import Settings

app = typer.Typer()

# Files that are passed over and named one by one; how many there are is always said.
_MOST_SKIPPED = 20
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.command()
@grouped
def index(
    paths: PathsArgument,
    *,
    mapping: MapOption = None,
    no_wait: Annotated[
        bool,
        typer.Option(
            "--no-wait",
            help="Fail at once when another process is writing to the library; with --workers, do not wait for them.",
        ),
    ] = False,
    workers: WorkersOption = False,
    collection: Annotated[
        list[str] | None,
        typer.Option(
            "--collection",
            help="A collection that all of it belongs to; by default what it belonged to before. Repeatable.",
        ),
    ] = None,
    every: Annotated[
        str | None, typer.Option("--every", help="Do it again and again, so often: 30s, 10m, 1h; until Ctrl-C.")
    ] = None,
    at: WebOptions,
) -> None:
    """Bring the library in step with folders or files of articles, or take in what is at a web address.

    Of folders and files, what is new is added, what has changed replaced, what is gone removed. Of an address, the
    page is taken, or the pages that a feed (RSS, Atom, JSON Feed) or a sitemap names; what is gone is kept, and marked.
    A list of feeds (OPML) stands for the feeds in it.

    Exit status 1 when something could not be read; everything else is indexed all the same. An article whose date
    cannot be read is indexed without one, and named.
    """
    from index.languages.messages import messages_for
    from index.library import STDIN

    settings = load_settings(**asdict(at))
    words = messages_for(settings.interface)
    paths = with_listed(paths)
    sync = partial(_sync_all, settings, paths, _mapping(mapping), words, collection)
    if workers:
        check_served(settings)
        sync = partial(hand_out, paths, _mapping(mapping), words, collection)
    if every is None:
        _check_there(paths)
        with open_library(settings, create=True) as opened:
            reports = sync(opened, wait=not no_wait)
            print_reports(reports, words, handed_out=workers and no_wait)
            _after_commit(settings, opened, words, workers=workers)()
        if not all(report.ok for report in reports):
            raise typer.Exit(FAILED)
        return
    seconds = duration(every)
    if STDIN in paths:
        from index.errors import SettingsError

        raise SettingsError("Standard input can be read once only. Leave out --every, or name a folder.")
    _until_stopped(settings, partial(_index_every, settings, seconds, paths, sync, words, workers), words)


@app.command()
@grouped
def watch(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH|URL…]",
            help="Folders, files, globs; addresses of feeds, sitemaps, pages. None: what `khabar feeds` lists.",
        ),
    ] = None,
    *,
    every: Annotated[str, typer.Option("--every", help="How often the addresses are looked at: 90s, 10m, 1h.")] = "10m",
    mapping: MapOption = None,
    workers: WorkersOption = False,
    at: WebOptions,
) -> None:
    """Keep the library in step with folders or files while they change, and with web addresses, until Ctrl-C.

    Addresses go on being followed when the command is started again; `khabar feeds` lists, pauses and removes them.
    """
    from index.languages.messages import messages_for
    from index.library import STDIN

    settings = load_settings(**asdict(at))
    words = messages_for(settings.interface)
    fields = _mapping(mapping)
    paths = with_listed(paths or [])
    if STDIN in paths:
        from index.errors import SettingsError

        raise SettingsError("Standard input cannot be watched. Name a folder, or use khabar index.")
    if workers:
        check_served(settings)
    _until_stopped(settings, partial(_watch, settings, paths, duration(every), fields, words, workers), words)


def with_listed(paths: "Sequence[str]") -> list[str]:
    """Put the feeds of each list of feeds (OPML) among some paths in its place; `LoadError` for an empty list."""
    from index.web.opml import feeds_of, is_opml

    listed = (feeds_of(path) if not is_address(path) and is_opml(path) else [path] for path in paths)
    return list(dict.fromkeys(chain.from_iterable(listed)))


def duration(text: str, option: str = "--every") -> float:
    """Read a time such as 30s, 10m or 1.5h, the value of an option, as seconds; raises `SettingsError`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", text.strip())
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if seconds < 1:
        from index.errors import SettingsError

        raise SettingsError(f"{option} cannot be {text!r}: write a number and s, m, h or d, such as 10m.")
    return seconds


def print_reports(reports: "Sequence[SyncReport]", words: "Messages", *, handed_out: bool = False) -> None:
    """Print what was done, added up, and on standard error what could not be read or was passed over, and why.

    With `handed_out`, what is new is still to be encoded, by the workers.
    """

    def total(name: str) -> Any:
        return sum(getattr(report, name) for report in reports)

    counted = ("added", "replaced", "unchanged", "removed", "embedded", "passages")
    totals = {name: total(name) for name in counted}
    typer.echo(words.say("workers.handed_out" if handed_out else "terminal.indexed", **totals))
    if skipped := [failure for report in reports for failure in report.skipped]:
        typer.echo(words.say("terminal.skipped", number=len(skipped)))
    for report in reports:
        for failure in (*report.failures, *report.warnings):
            typer.echo(f"khabar: {failure.name}: {failure.reason}", err=True)
    for failure in skipped[:_MOST_SKIPPED]:
        typer.echo(f"khabar: {failure.name}: {words.say('terminal.passed_over', reason=failure.reason)}", err=True)
    if len(skipped) > _MOST_SKIPPED:
        typer.echo(f"khabar: … {len(skipped) - _MOST_SKIPPED}", err=True)


def _mapping(text: str | None) -> "FieldMapping | None":
    from index import FieldMapping

    return FieldMapping.parse(text) if text else None


def _check_there(paths: Sequence[str]) -> None:
    """Notice a path that is not there before anything is indexed."""
    from index.library import STDIN
    from index.sources.files import find_files

    for path in paths:
        if path != STDIN and not is_address(path):
            find_files(path)


def _sync_all(
    settings: "Settings",
    paths: Sequence[str],
    mapping: "FieldMapping | None",
    words: "Messages",
    collections: "Sequence[str] | None",
    library: "Library",
    *,
    wait: bool,
) -> "list[SyncReport]":
    from ui.cli.progress import sync_bar

    reports = []
    with sync_bar(len(paths), words) as update:
        for place, path in enumerate(paths):
            progress = partial(update, place)
            if is_address(path):
                web = open_web(settings, library)
                reports.append(web.index(path, progress=progress, collections=collections))
            else:
                reports.append(
                    library.sync(path, mapping=mapping, wait=wait, progress=progress, collections=collections)
                )
    return reports


def _until_stopped(settings: "Settings", run: "partial[None]", words: "Messages") -> None:
    from ui.cli.watch import interrupt_on_sigterm

    interrupt_on_sigterm()
    try:
        with open_library(settings, create=True) as library:
            run(library)
    except KeyboardInterrupt:
        # How such a command is meant to end; the library has been closed on the way here.
        typer.echo(f"khabar: {words.say('terminal.stopped')}")


def _index_every(
    settings: "Settings",
    seconds: float,
    paths: Sequence[str],
    sync: "partial[list[SyncReport]]",
    words: "Messages",
    workers: bool,
    library: "Library",
) -> None:
    from index.errors import KhabarError
    from ui.cli.watch import every

    after_commit = _after_commit(settings, library, words, workers=workers)

    def once() -> None:
        try:
            _check_there(paths)
            print_reports(sync(library, wait=True), words)
        except KhabarError as error:
            # The next run may find the folder mounted again, or room on the disk.
            typer.echo(f"khabar: {error}", err=True)
        after_commit()

    every(seconds, once)


def _watch(
    settings: "Settings",
    paths: Sequence[str],
    seconds: float,
    mapping: "FieldMapping | None",
    words: "Messages",
    workers: bool,
    library: "Library",
) -> None:
    from index.errors import SettingsError
    from ui.cli.watch import Watcher

    after_commit = _after_commit(settings, library, words, workers=workers)

    def tell(outcome: "Outcome | Look") -> None:
        if outcome.report is None:
            typer.echo(f"khabar: {outcome.source}: {outcome.problem}", err=True)
        else:
            print_reports([outcome.report], words, handed_out=workers)
        # After what failed as well: some of it may have been committed.
        after_commit()

    web = open_web(settings, library)
    folders = [path for path in paths if not is_address(path)]
    followed = [web.follow(path, seconds).address for path in paths if is_address(path)]
    watched = [*folders, *followed] or [feed.address for feed in web.feeds()]
    if not watched:
        raise SettingsError("Nothing is followed here yet. Name a folder, or an address: khabar watch https://…")
    typer.echo(f"khabar: {words.say('terminal.watching', paths=words.listed(watched))}")
    # What a process that was killed had committed, and not asked about.
    after_commit()
    if workers:
        watch_for_workers(library, folders, mapping, tell, follows=bool(followed))
    elif not folders:
        web.run(tell, followed or None)
    else:
        with _beside(web, tell, followed):
            Watcher(library, folders, mapping).run(tell)


def _after_commit(
    settings: "Settings", library: "Library", words: "Messages", *, workers: bool
) -> "Callable[[], None]":
    """Return what asks the standing questions again; nothing where the workers do."""
    return (lambda: None) if workers else Checking(settings, library, words).after_commit


@contextmanager
def _beside(web: "Web", tell: "Callable[[Look], None]", addresses: Sequence[str]) -> Iterator[None]:
    """Follow addresses in a thread of its own for as long as something else goes on here."""
    following = threading.Thread(target=web.run, args=(tell, addresses), name="web")
    if addresses:
        following.start()
    try:
        yield
    finally:
        web.stop()
        if addresses:
            following.join()
