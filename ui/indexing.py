"""Commands that fill a library: `khabar index`, once or every so often, and `khabar watch`."""

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.opening import load_settings, open_library
from ui.options import ChromaOption, LibraryOption, MapOption, ModelOption, PathsArgument

if TYPE_CHECKING:
    from index import FieldMapping, Library, SyncReport
    from ui.settings import Settings
    from ui.watch import Outcome

app = typer.Typer()

_FAILED = 1
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.command()
def index(
    paths: PathsArgument,
    mapping: MapOption = None,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Fail at once when another process is writing to the library.")
    ] = False,
    every: Annotated[
        str | None, typer.Option("--every", help="Do it again and again, so often: 30s, 10m, 1h; until Ctrl-C.")
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
) -> None:
    """Bring the library in step with folders or files of articles: add, replace, remove what is gone.

    Exit status 1 when a file could not be read; everything else is indexed all the same. An article whose date
    cannot be read is indexed without one, and named.
    """
    from index.library import STDIN

    settings = load_settings(library=library, model=model, chroma_url=chroma_url)
    fields = _mapping(mapping)
    if every is None:
        _check_there(paths)
        with open_library(settings, create=True) as opened:
            reports = _sync_all(opened, paths, fields, wait=not no_wait)
        print_reports(reports)
        if not all(report.ok for report in reports):
            raise typer.Exit(_FAILED)
        return
    seconds = duration(every)
    if STDIN in paths:
        from index.errors import SettingsError

        raise SettingsError("Standard input can be read once only. Leave out --every, or name a folder.")
    _until_stopped(settings, partial(_index_every, seconds, paths, fields))


@app.command()
def watch(
    paths: PathsArgument,
    mapping: MapOption = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
) -> None:
    """Keep the library in step with folders or files while they change, until Ctrl-C."""
    from index.library import STDIN

    settings = load_settings(library=library, model=model, chroma_url=chroma_url)
    fields = _mapping(mapping)
    if STDIN in paths:
        from index.errors import SettingsError

        raise SettingsError("Standard input cannot be watched. Name a folder, or use khabar index.")
    _until_stopped(settings, partial(_watch, paths, fields))


def duration(text: str) -> float:
    """Read a time such as 30s, 10m or 1.5h as seconds; raises `SettingsError`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", text.strip())
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if seconds < 1:
        from index.errors import SettingsError

        raise SettingsError(f"--every cannot be {text!r}: write a number and s, m, h or d, such as 10m.")
    return seconds


def print_reports(reports: "Sequence[SyncReport]") -> None:
    """Print what was done, added up, and on standard error what could not be read, of an article too."""

    def total(name: str) -> Any:
        return sum(getattr(report, name) for report in reports)

    counts = ", ".join(f"{total(name)} {name}" for name in ("added", "replaced", "unchanged", "removed"))
    typer.echo(f"{counts}; {total('embedded')} of {total('passages')} passages embedded")
    for report in reports:
        for failure in (*report.failures, *report.warnings):
            typer.echo(f"khabar: {failure.name}: {failure.reason}", err=True)


def _mapping(text: str | None) -> "FieldMapping | None":
    from index import FieldMapping

    return FieldMapping.parse(text) if text else None


def _check_there(paths: Sequence[str]) -> None:
    """Notice a path that is not there before anything is indexed."""
    from index.library import STDIN
    from index.loaders import find_files

    for path in paths:
        if path != STDIN:
            find_files(path)


def _sync_all(
    library: "Library", paths: Sequence[str], mapping: "FieldMapping | None", *, wait: bool
) -> "list[SyncReport]":
    from ui.progress import sync_bar

    with sync_bar(len(paths)) as update:
        return [
            library.sync(path, mapping=mapping, wait=wait, progress=partial(update, place))
            for place, path in enumerate(paths)
        ]


def _until_stopped(settings: "Settings", run: "partial[None]") -> None:
    from ui.watch import interrupt_on_sigterm

    interrupt_on_sigterm()
    try:
        with open_library(settings, create=True) as library:
            run(library)
    except KeyboardInterrupt:
        # How such a command is meant to end; the library has been closed on the way here.
        typer.echo("khabar: stopped")


def _index_every(seconds: float, paths: Sequence[str], mapping: "FieldMapping | None", library: "Library") -> None:
    from index.errors import KhabarError
    from ui.watch import every

    def once() -> None:
        try:
            _check_there(paths)
            print_reports(_sync_all(library, paths, mapping, wait=True))
        except KhabarError as error:
            # The next run may find the folder mounted again, or room on the disk.
            typer.echo(f"khabar: {error}", err=True)

    every(seconds, once)


def _watch(paths: Sequence[str], mapping: "FieldMapping | None", library: "Library") -> None:
    from ui.watch import Watcher

    def tell(outcome: "Outcome") -> None:
        if outcome.report is None:
            typer.echo(f"khabar: {outcome.source}: {outcome.problem}", err=True)
        else:
            print_reports([outcome.report])

    watcher = Watcher(library, paths, mapping)
    typer.echo(f"khabar: watching {', '.join(paths)} (Ctrl-C ends it)")
    watcher.run(tell)
