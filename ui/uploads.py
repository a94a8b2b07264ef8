"""Files and pasted text from the page into the library, step by step, with a result for each file."""

import hashlib
import queue
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.article import Article, Filters
from index.errors import ArticleError, KhabarError, QueryError
from index.loaders import SUFFIXES, Failure
from ui.library_words import LibraryWords

if TYPE_CHECKING:
    from index import Library, SyncReport, SyncState
    from index.library import ProgressCallback

_FOLDER = "uploads"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: counts of articles, and what could not be read, whole or in part, in words."""

    name: str
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Adding:
    """How far it is: what is done, and the file that is being read with its share so far, 0 to 1."""

    done: tuple[Outcome, ...] = ()
    file: str = ""
    fraction: float = 0.0


def add_files(library: "Library", files: Sequence[Path], words: LibraryWords) -> Iterator[Adding]:
    """Add each file to the library; what is wrong with one is its outcome and keeps none of the others."""
    state = Adding()
    for file in files:
        if not _is_read(file):
            reason = words.wrong_kind.format(" ".join(SUFFIXES))
            state = replace(state, done=(*state.done, _failed(file.name, reason)))
            yield state
            continue
        state = replace(state, file=file.name, fraction=0.0)
        yield state
        for step in _add(library, file):
            state = replace(state, fraction=step) if isinstance(step, float) else replace(
                state, done=(*state.done, step), file="", fraction=0.0
            )  # fmt: skip
            yield state


def add_text(library: "Library", text: str, title: str, source: str, day: str, words: LibraryWords) -> Outcome:
    """Add a pasted article; one of the same title, or without one of the same text, is a new revision of it.

    `day` is when it was published, as 2025-09-28, or empty.
    """
    name = " ".join(title.split())
    id = f"pasted-{hashlib.sha256((name or text).encode('utf-8', 'replace')).hexdigest()[:12]}"
    try:
        published = Filters.of(after=day).after if day else None
        article = Article.create(id, text, title=name, source=source, published=published)
    except QueryError as error:
        # A day that the calendar does not have.
        return _failed(name or words.paste, str(error))
    except ArticleError:
        # Nothing but blanks was pasted: said in the page's language, since no file is to blame.
        return _failed(name or words.paste, words.nothing)
    try:
        return _outcome(name or id, library.add([article]))
    except KhabarError as error:
        # The library cannot be written to; what was pasted stays in the fields.
        return _failed(name or id, str(error))


def _add(library: "Library", file: Path) -> Iterator[float | Outcome]:
    """Yield how far a file is, then its outcome. The library calls back, so it works in a thread of its own."""
    steps: queue.SimpleQueue[float | Outcome] = queue.SimpleQueue()

    def progress(state: "SyncState") -> None:
        steps.put(state.fraction)

    def work() -> None:
        try:
            steps.put(_outcome(file.name, _sync(library, file, progress)))
        except (KhabarError, OSError) as error:
            # What is wrong with the file or the disk is this file's outcome; the next one is tried.
            steps.put(_failed(file.name, str(error)))
        except BaseException as error:
            # Whoever waits for an outcome must get one whatever happens; the log gets the whole error.
            steps.put(_failed(file.name, str(error)))
            raise

    threading.Thread(target=work, name="upload", daemon=True).start()
    while isinstance(step := steps.get(), float):
        yield step
    yield step


def _sync(library: "Library", file: Path, progress: "ProgressCallback") -> "SyncReport":
    """Read a file from a place of its own: another reader's file of the same name must withdraw nothing of it."""
    folder = library.path / _FOLDER
    folder.mkdir(exist_ok=True)
    # Its articles are in the library: a copy that cannot be removed does no harm.
    with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own:
        place = Path(own) / file.name
        shutil.copyfile(file, place)
        return library.sync(place, progress=progress)


def _is_read(file: Path) -> bool:
    endings = [ending.lower() for ending in file.suffixes if ending.lower() != ".gz"]
    return bool(endings) and endings[-1] in SUFFIXES


def _outcome(name: str, report: "SyncReport") -> Outcome:
    return Outcome(name, report.added, report.replaced, report.unchanged, report.failures, report.warnings)


def _failed(name: str, reason: str) -> Outcome:
    return Outcome(name, failures=(Failure(name, reason),))
