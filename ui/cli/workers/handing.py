"""Handing what `khabar index` and `khabar watch` find out to the workers, and waiting until they are done."""

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import typer

from ui.cli.options import is_address

if TYPE_CHECKING:
    from index import FieldMapping, Library, SyncReport
    from index.languages.messages import Messages
    from index.web.web import Look
    from index.workers import Dispatch
    from ui.cli.watch import Outcome
    from ui.settings import Settings

# Seconds between two looks at the queue, and looks after which it is said that nobody seems to be at work.
_LOOK, _ALONE = 0.5, 60


def check_served(settings: "Settings") -> None:
    """Notice, before anything is opened, that a library in a file has no workers; raises `LibraryError`."""
    if settings.catalog is None:
        from index.errors import LibraryError
        from index.store.queue import NO_WORKERS

        raise LibraryError(NO_WORKERS)


def hand_out(
    paths: Sequence[str],
    mapping: "FieldMapping | None",
    words: "Messages",
    collections: "Sequence[str] | None",
    library: "Library",
    *,
    wait: bool,
) -> "list[SyncReport]":
    """Hand out what is new in folders and files, and addresses to fetch; with `wait`, until the workers are done.

    What they tried in vain is a failure of a report, by its name. Raises `SettingsError` where what is to go to
    `collections` is no folder and no file.
    """
    from index.workers import Dispatch

    if collections:
        _bring_to(paths, collections, library)
    from ui.cli.progress import sync_bar

    dispatch = Dispatch(library, waits=wait)
    reports = []
    try:
        with sync_bar(len(paths), words) as update:
            for place, path in enumerate(paths):
                if is_address(path):
                    dispatch.fetch(path)
                else:
                    reports.append(dispatch.sync(path, mapping=mapping, progress=partial(update, place)))
        if wait:
            _wait(dispatch, words)
            reports += _ended(dispatch, words)
    finally:
        # By Ctrl-C too: the workers go on.
        if wait:
            dispatch.end()
    if wait:
        library.refresh_index()
    return reports


def watch_for_workers(
    library: "Library",
    folders: Sequence[str],
    mapping: "FieldMapping | None",
    tell: "Callable[[Outcome | Look], None]",
    *,
    follows: bool,
) -> None:
    """Hand out what changes in folders, and with `follows`, or without folders, each followed address when it is due.

    Ends by `KeyboardInterrupt`.
    """
    from index.workers import Dispatch
    from ui.cli.watch import Watcher

    def sync(source: str, *, mapping: "FieldMapping | None") -> "SyncReport":
        return Dispatch(library, waits=False).sync(source, mapping=mapping)

    stop = threading.Event()
    if not folders:
        _hand_out_looks(library, stop)
        return
    following = threading.Thread(target=_hand_out_looks, args=(library, stop), name="feeds")
    if follows:
        following.start()
    try:
        Watcher(library, folders, mapping, sync=sync).run(tell)
    finally:
        stop.set()
        if follows:
            following.join()


def _hand_out_looks(library: "Library", stop: threading.Event) -> None:
    """Have the workers look at what is followed whenever it is due, until `stop` is set."""
    from datetime import UTC, datetime

    from index.errors import KhabarError
    from index.workers import Dispatch

    while not stop.wait(_LOOK):
        try:
            now = datetime.now(UTC)
            if due := [feed.address for feed in library.feeds.all() if not feed.paused and feed.due <= now]:
                dispatch = Dispatch(library, waits=False)
                for address in due:
                    # One that is open already is not handed out again.
                    dispatch.look(address)
        except KhabarError as error:
            # The server may be back soon.
            typer.echo(f"khabar: {error}", err=True)
            stop.wait(10 * _LOOK)


def _bring_to(paths: Sequence[str], collections: Sequence[str], library: "Library") -> None:
    """Have folders and files belong to collections, before any worker commits what is in them."""
    from index.library import STDIN
    from index.sources.files import find_files

    if any(is_address(path) or path == STDIN for path in paths):
        from index.errors import SettingsError

        raise SettingsError("With --workers, --collection is for folders and files. Leave out --workers for the rest.")
    for path in paths:
        library.bring_to(find_files(path).key, collections)


def _wait(dispatch: "Dispatch", words: "Messages") -> None:
    """Wait until nothing is left of what was handed out, and show how far all workers are."""
    from ui.cli.progress import jobs_bar

    looks = 0
    with jobs_bar(words) as update:
        while not (progress := dispatch.progress()).is_over:
            update(progress)
            looks = 0 if progress.running else looks + 1
            if looks == _ALONE:
                typer.echo(f"khabar: {words.say('workers.none')}", err=True)
            time.sleep(_LOOK)
        update(progress)


def _ended(dispatch: "Dispatch", words: "Messages") -> "list[SyncReport]":
    """Return what the workers did, and what they tried in vain as failures."""
    from index import Failure, SyncReport
    from ui.cli.workers.lines import job_name, job_problem

    failures = tuple(Failure(job_name(line, words), job_problem(line, words)) for line in dispatch.failed())
    return [*dispatch.reports(), SyncReport(0, 0, 0, 0, 0, 0, failures)]
