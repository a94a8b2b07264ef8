"""Keeping a library in step with folders while their files change, until Ctrl-C or SIGTERM.

A change is taken up when nothing has changed for half a second, so that what an editor does to save one file (a
temporary file, a rename) or a copying program to many is one run. A run compares all of a source with the library, as
`khabar index` does: no change is missed because another came in between.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

from index import FieldMapping, KhabarError, Library, LoadError, SyncReport
from index.sources.files import find_files

# A run begins when nothing has changed for so long, or has gone on changing for so long, in milliseconds.
_QUIET, _LONGEST_WAIT = 500, 5_000
# How often what failed is tried again and folders that were not there are looked for, in milliseconds.
_AGAIN = 5_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: what was done, or why it was not, which is tried again."""

    source: str
    report: SyncReport | None
    problem: str | None = None


class Watcher:
    """Several sources (folders, files, globs) of one library, brought in step by `sync`, by default the library's."""

    def __init__(
        self,
        library: Library,
        sources: Sequence[str],
        mapping: FieldMapping | None = None,
        stop: threading.Event | None = None,
        sync: Callable[..., SyncReport] | None = None,
    ) -> None:
        self._sync = sync or library.sync
        self._stop = stop or threading.Event()
        self._mapping = mapping
        self._sources = {source: _root(source) for source in sources}
        self._due = dict.fromkeys(sources, True)
        self._problems: dict[str, str] = {}

    def run(self, tell: Callable[[Outcome], None]) -> None:
        """Bring all sources in step, then each one that changes, until `stop` is set, or by `KeyboardInterrupt`.

        `tell` hears of every run that did something, and once of a problem for as long as it stays the same.
        """
        while not self._stop.is_set():
            for _ in self._changes():
                for source in [source for source, due in self._due.items() if due]:
                    self._step(source, tell)

    def _changes(self) -> Iterator[None]:
        """Yield at once, at each change, and every few seconds; end when a folder has come or gone."""
        from watchfiles import watch

        watched = {root: identity for root in self._sources.values() if (identity := _identity(root))}
        yield
        if not watched:
            self._stop.wait(_AGAIN / 1000)
            return
        changes = watch(
            *watched, step=_QUIET, debounce=_LONGEST_WAIT, rust_timeout=_AGAIN, yield_on_timeout=True,
            stop_event=self._stop, ignore_permission_denied=True,
        )  # fmt: skip
        for turn, changed in enumerate(changes):
            for source, root in self._sources.items():
                # What changed before the watching had begun is found by comparing once more.
                self._due[source] |= turn == 0 or any(_concerns(Path(path), root) for _, path in changed)
            if {root: _identity(root) for root in set(self._sources.values()) if _identity(root)} != watched:
                # A folder was put in the place of one that is watched: another one, though it has the same name.
                self._due = dict.fromkeys(self._sources, True)
                return
            yield

    def _step(self, source: str, tell: Callable[[Outcome], None]) -> None:
        try:
            report = self._sync(source, mapping=self._mapping)
        except LoadError as error:
            # Nothing there: nothing is withdrawn either, for a folder that is not mounted looks the same.
            self._due[source] = False
            self._say(Outcome(source, None, str(error)), tell)
        except KhabarError as error:
            # A full disk or a busy library may pass: the source stays due.
            self._say(Outcome(source, None, f"{error} It is tried again."), tell)
        else:
            self._due[source] = False
            self._problems.pop(source, None)
            if report.added or report.replaced or report.removed or report.failures:
                tell(Outcome(source, report))

    def _say(self, outcome: Outcome, tell: Callable[[Outcome], None]) -> None:
        if self._problems.get(outcome.source) != outcome.problem:
            self._problems[outcome.source] = outcome.problem or ""
            tell(outcome)


def every(seconds: float, run: Callable[[], None]) -> None:
    """Call `run` now and then again and again, `seconds` from beginning to beginning; ends by `KeyboardInterrupt`."""
    while True:
        started = time.monotonic()
        run()
        time.sleep(max(0.0, started + seconds - time.monotonic()))


def interrupt_on_sigterm() -> None:
    """Let SIGTERM end the process as Ctrl-C does, by `KeyboardInterrupt`."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def _root(source: str) -> Path:
    """Return the folder whose changes concern a source: a file's own is watched, since editors replace files."""
    path = Path(source).expanduser()
    if path.is_dir():
        return path.resolve()
    try:
        return find_files(source).root
    except LoadError:
        # Nothing there yet: the folder that it will be, or will be in.
        root = path.absolute()
        while root.suffix or has_magic(str(root)):
            root = root.parent
        return root


def _concerns(path: Path, root: Path) -> bool:
    """Tell whether a change below a folder may be one of articles: not in what is hidden."""
    return path.is_relative_to(root) and not any(part.startswith(".") for part in path.relative_to(root).parts)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116  (a Path's own raises for a path with a NUL in it)
    except (OSError, ValueError):
        # Not there (now): whatever comes in its place has another identity.
        return None
    return status.st_dev, status.st_ino
