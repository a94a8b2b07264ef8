"""Files, addresses and pasted text from the page into the library, step by step, with a result for each."""

import hashlib
import queue
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from index.article import Article, Filters
from index.errors import ArticleError, KhabarError, QueryError
from index.languages.messages import Messages
from index.sources.files import Failure
from ui.state.uploads import FileOutcome, UploadProgress
from ui.views import phrases

if TYPE_CHECKING:
    from index import Library, SyncReport, SyncState
    from index.library import ProgressCallback
    from index.web import Web

_FOLDER = "uploads"
# Pages of a feed or sitemap that are fetched at one press of a button: a pause stands between two.
_MOST_PAGES = 100
# How often an address is looked at that is followed from the page, in seconds.
PERIOD = 600.0


class _Work(Protocol):
    """Something that adds to the library and tells how far it is."""

    def __call__(self, *, progress: "ProgressCallback") -> "SyncReport":
        """Do it."""


def add_files(
    library: "Library", files: Sequence[Path], words: Messages, into: Sequence[str] | None = None
) -> Iterator[UploadProgress]:
    """Add each file to the library, and to collections where some are named.

    What is wrong with one is its outcome and keeps none of the others.
    """
    state = UploadProgress()
    for file in files:
        state = replace(state, file=file.name, fraction=0.0)
        yield state
        for step in _steps(file.name, partial(_sync, library, file, into)):
            state = _after(state, step)
            yield state


def add_address(web: "Web", address: str, words: Messages) -> Iterator[UploadProgress]:
    """Take in what is at a web address; whatever gives no article is in its outcome, by its own address."""
    yield from _at_address(address, partial(web.index, address, most=_MOST_PAGES), words)


def follow_address(web: "Web", address: str, words: Messages) -> Iterator[UploadProgress]:
    """Take in what is at a web address and follow it from then on; one that fails is not followed."""
    for state in _at_address(address, partial(web.begin, address), words):
        if state.done and not (state.done[0].failures and not _is_followed(web, address)):
            note = words.say("library.followed", period=phrases.period(words, PERIOD))
            state = replace(state, done=(replace(state.done[0], note=note),))
        yield state


def _is_followed(web: "Web", address: str) -> bool:
    return any(feed.address == address for feed in web.feeds())


def _at_address(address: str, work: "_Work", words: Messages) -> Iterator[UploadProgress]:
    if not address:
        yield UploadProgress(done=(_failed(words.say("library.address"), words.say("library.nothing")),))
        return
    state = UploadProgress(file=address)
    yield state
    for step in _steps(address, work):
        state = _after(state, step)
        yield state


def _after(state: UploadProgress, step: float | FileOutcome) -> UploadProgress:
    if isinstance(step, float):
        return replace(state, fraction=step)
    return replace(state, done=(*state.done, step), file="", fraction=0.0)


def add_text(
    library: "Library", text: str, title: str, source: str, day: str, words: Messages, into: Sequence[str] | None = None
) -> FileOutcome:
    """Add a pasted article; one of the same title, or without one of the same text, is a new revision of it.

    `day` is when it was published, as 2025-09-28, or empty; `into` are collections that it is to be in.
    """
    name = " ".join(title.split())
    id = f"pasted-{hashlib.sha256((name or text).encode('utf-8', 'replace')).hexdigest()[:12]}"
    try:
        published = Filters.of(after=day).after if day else None
        article = Article.create(id, text, title=name, source=source, published=published)
    except QueryError as error:
        # A day that the calendar does not have.
        return _failed(name or words.say("library.paste"), str(error))
    except ArticleError:
        # Nothing but blanks was pasted: said in the page's language, since no file is to blame.
        return _failed(name or words.say("library.paste"), words.say("library.nothing"))
    try:
        report = library.add([article], collections=into)
        return replace(_outcome(name or id, report), failures=tuple(_named(report.failures, name or id)))
    except KhabarError as error:
        # The library cannot be written to; what was pasted stays in the fields.
        return _failed(name or id, str(error))


def _steps(name: str, work: "_Work") -> Iterator[float | FileOutcome]:
    """Yield how far some work is, then its outcome. The library calls back, so it works in a thread of its own."""
    steps: queue.SimpleQueue[float | FileOutcome] = queue.SimpleQueue()

    def progress(state: "SyncState") -> None:
        steps.put(state.fraction)

    def run() -> None:
        try:
            steps.put(_outcome(name, work(progress=progress)))
        except (KhabarError, OSError) as error:
            # What is wrong with the file, the address or the disk is its outcome; the next one is tried.
            steps.put(_failed(name, str(error)))
        except BaseException as error:
            # Whoever waits for an outcome must get one whatever happens; the log gets the whole error.
            steps.put(_failed(name, str(error)))
            raise

    # Done by whoever pressed the button: a thread knows nothing of who began it.
    threading.Thread(target=copy_context().run, args=(run,), name="upload", daemon=True).start()
    while isinstance(step := steps.get(), float):
        yield step
    yield step


def _named(failures: Sequence[Failure], name: str) -> Iterator[Failure]:
    """Yield what failed under a name that people know."""
    return (replace(failure, name=name) for failure in failures)


def _sync(library: "Library", file: Path, into: Sequence[str] | None, progress: "ProgressCallback") -> "SyncReport":
    """Read a file from a place of its own: another reader's file of the same name must withdraw nothing of it."""
    folder = library.path / _FOLDER
    folder.mkdir(exist_ok=True)
    # Its articles are in the library: a copy that cannot be removed does no harm.
    with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own:
        place = Path(own) / file.name
        shutil.copyfile(file, place)
        return library.sync(place, progress=progress, collections=into)


def _outcome(name: str, report: "SyncReport") -> FileOutcome:
    warnings = (*report.warnings, *report.skipped)
    return FileOutcome(name, report.added, report.replaced, report.unchanged, report.failures, warnings)


def _failed(name: str, reason: str) -> FileOutcome:
    return FileOutcome(name, failures=(Failure(name, reason),))
