"""Files, folders, globs and streams -> articles, one by one; what cannot be read is reported and passed over."""

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from index.article import Article, Repair
from index.errors import ArticleError, LoadError, NoArticleError
from index.sources.damage import whole
from index.sources.decoding import Source
from index.sources.formats.registry import SUFFIXES, format_of, is_certain
from index.sources.labels import labelled
from index.sources.metadata import FieldMapping
from index.sources.records import Enclosed, Input, Record

__all__ = [
    "SUFFIXES",
    "Failure",
    "FieldMapping",
    "FileSet",
    "Loaded",
    "find_files",
    "is_there",
    "load_file",
    "load_stream",
]

_DEFAULT_MAPPING = FieldMapping()
# A mail in a mail in a mail: what is enclosed deeper than this is not looked into.
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that gave no article, or not all of one.

    It has a name ("file", "file:line 12" or "file#3") and a reason, with what to do. It is `skipped` where nothing was
    wrong: a file of a kind that is not read, among others in a folder.
    """

    name: str
    reason: str
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article, and the share of its file that has been read so far (0 to 1; 0 where the length is not known).

    `warning` tells what of it could not be read, or had to be put right; `place` names where in its file it stands;
    `copy_of` is the file that it is a copy of, as a saved page names it.
    """

    article: Article
    position: float
    warning: Failure | None = None
    place: str = ""
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files a source stands for, in a fixed order.

    `key` is what the source is remembered as, whatever way it was written; `root` is the folder that article ids
    are relative to; `is_named` is whether the one file was named itself.
    """

    key: str
    root: Path
    files: tuple[Path, ...]
    is_named: bool = False


def find_files(source: str | Path) -> FileSet:
    """Find the files of a folder (with all below it), of a glob, or the one file.

    Hidden files are passed over. All others are kept, also links out of the folder, folders that may not be read and
    files of kinds that are not read, so that loading them reports why. Raises `LoadError` when there is nothing to
    load.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        root = path.resolve()
        found = FileSet(str(root), root, tuple(sorted(_walk(root))))
    elif path.exists():
        file = path.resolve()
        return FileSet(str(file), file.parent, (file,), is_named=True)
    elif glob.has_magic(str(path)):
        found = _match(path)
    else:
        raise LoadError(f"There is no file or folder {str(source)!r}. Check the path.")
    if not any(map(_is_read, found.files)):
        kinds = " ".join(SUFFIXES)
        raise LoadError(
            f"There is nothing to load in {str(source)!r}: no file of a kind that is read ({kinds}, or .gz)."
        )
    return found


def size_of(file: Path) -> int:
    """Return a file's bytes, at least 1, for a progress bar; what cannot be looked at is reported when it is read."""
    try:
        return max(1, file.stat().st_size)
    except OSError:
        # It has vanished, or may not be looked at: reading it says so by name.
        return 1


def is_there(file: Path) -> bool:
    """Tell whether a file that was read once is still one that can be read, and no link to another by now.

    What is no whole path is none: a web address, a stream.
    """
    return file.is_absolute() and os.access(file, os.R_OK) and file.is_file() and file.resolve() == file


def load_file(
    path: Path, root: Path, mapping: FieldMapping = _DEFAULT_MAPPING, *, is_named: bool = True
) -> Iterator[Loaded | Failure]:
    """Load every article of a file, named relative to `root`; whatever is wrong becomes a `Failure`, never an error.

    An article's id is its own, or else the file's relative path, with "#3" for the third object of several. A file that
    is not named itself (`is_named`), but found in a folder, is skipped where neither its name nor its content is
    of a kind that is read.
    """
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise LoadError(
                "It is a link out of the folder, which is not followed. Copy the file, or index its folder."
            )
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise LoadError("It is not a regular file that can be read. Check what it is and its permissions.")
        if not is_named and (reason := _why_not(path)) is not None:
            yield Failure(name, reason, skipped=True)
            return
        with path.open("rb") as stream:
            yield from _load(Source(stream, status.st_size), _suffix_of(path.name), mapping, name)
    except NoArticleError as error:
        yield Failure(name, str(error), skipped=not is_named)
    except LoadError as error:
        # A bad file never stops a run: what is wrong is handed on, to be reported at its end.
        yield Failure(name, str(error))
    except (OSError, RuntimeError) as error:
        # A link that leads to itself is a RuntimeError in Python 3.11 and 3.12.
        reason = getattr(error, "strerror", None) or str(error)
        yield Failure(name, f"It cannot be read: {reason}. Check that it exists and may be read.")


def load_stream(
    stream: BinaryIO, mapping: FieldMapping = _DEFAULT_MAPPING, name: str = "stdin"
) -> Iterator[Loaded | Failure]:
    """Load every article of a stream, whose format is told from its beginning, as `load_file` does of a file."""
    try:
        yield from _load(Source(stream), None, mapping, name)
    except LoadError as error:
        # As with a file: what came before it stays.
        yield Failure(name, str(error))
    except OSError as error:
        # Whoever sends the stream broke off, and is to be told so like any other failure.
        yield Failure(name, f"It cannot be read: {error.strerror or error}. Send it again.")


def _load(source: Source, suffix: str | None, mapping: FieldMapping, name: str) -> Iterator[Loaded | Failure]:
    for record in _records(source, suffix, mapping, depth=0):
        yield _article(record, name, source.position if record.share is None else record.share)


def _records(source: Source, suffix: str | None, mapping: FieldMapping, depth: int) -> Iterator[Record]:
    kind = format_of(source.prefix, suffix)
    yield from kind.read(Input(source, mapping, suffix or "", partial(_enclosed, mapping, depth + 1)))


def _enclosed(mapping: FieldMapping, depth: int, inner: Enclosed) -> Iterator[Record]:
    """Read a file within a file; what is wrong with it is its own record."""
    named = (
        f"What is enclosed in it, {inner.name!r}, is not read: "
        if inner.name
        else "What is enclosed in it is not read: "
    )
    try:
        if depth > _DEEPEST:
            raise LoadError("it lies too deep. Save it by itself.")
        source = Source(BytesIO(inner.data), len(inner.data))
        yield from _records(source, _suffix_of(inner.name), mapping, depth)
    except LoadError as error:
        # The file around it is read all the same.
        yield Record(LoadError(f"{named}{error}"))


def _article(record: Record, name: str, position: float) -> Loaded | Failure:
    """Turn a record into an article, or into the failure to be one."""
    if record.line is not None:
        place = f"{name}:line {record.line}"
    else:
        place = "#".join([name, *(str(part) for part in (record.number, record.part) if part is not None)])
    if isinstance(record.fields, LoadError):
        return Failure(place, str(record.fields))
    try:
        fields = labelled(whole(record.fields))
        article = fields.article(place if record.line is None else f"{name}#{record.number}")
    except (ArticleError, LoadError) as error:
        # One article of several may be unfit; the others are taken.
        return Failure(place, str(error))
    repaired = _REPAIRED.get(fields.repair) if fields.repair else None
    problems = [problem for problem in (fields.problem, fields.note, repaired) if problem]
    warning = Failure(place, " ".join(problems)) if problems else None
    return Loaded(article, position, warning, place, fields.copy_of)


_REPAIRED = {
    Repair.ENCODING: "This text seems damaged: its letters were read in another encoding. They were put right.",
    Repair.VISUAL_ORDER: "This text seems damaged: its letters stood in the order of display. They were put right.",
}


def _why_not(path: Path) -> str | None:
    """Say why a file found in a folder is not read, None where it is: its name tells, or else its first bytes."""
    suffix = _suffix_of(path.name)
    if suffix in SUFFIXES:
        return None
    try:
        with path.open("rb") as stream:
            kind = format_of(Source(stream, None).prefix, None)
    except LoadError as error:
        return str(error)
    shown = f"Files of the kind {suffix} are" if suffix else "Files without an ending are"
    return (
        None if is_certain(kind) else f"{shown} not read in a folder. Name it itself, or as .txt, if it is an article."
    )


def _is_read(path: Path) -> bool:
    """Tell whether there is anything in a file to be looked at: a name of a kind that is read, or content of one."""
    if _suffix_of(path.name) in SUFFIXES or not path.is_file():
        return True
    try:
        return _why_not(path) is None
    except OSError:
        # It may not be read, which loading it reports.
        return True


def _suffix_of(name: str) -> str | None:
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else None


def _match(pattern: Path) -> FileSet:
    """Find the files of a glob, and those below the folders it matches. Raises `LoadError` for an impossible glob."""
    parts = pattern.absolute().parts
    plain = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:plain]).resolve()
    rest = str(Path(*parts[plain:]))
    files: set[Path] = set()
    try:
        for found in root.glob(rest):
            if not any(part.startswith(".") for part in found.relative_to(root).parts):
                files.update(_walk(found) if found.is_dir() else [found] if _is_candidate(found) else [])
    except ValueError as error:
        # What pathlib refuses, such as "**" within a name.
        raise LoadError(f"{str(pattern)!r} is not a pattern of files: {error}.") from error
    return FileSet(str(root / rest), root, tuple(sorted(files)))


def _walk(folder: Path) -> Iterator[Path]:
    """Go through a folder without following links to folders; those out of it, and what cannot be listed, are given."""
    unread: list[Path] = []
    for at, folders, files in os.walk(folder, onerror=lambda error: unread.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = Path(at)
        for name in folders:
            if (here / name).is_symlink() and not (here / name).resolve().is_relative_to(folder):
                yield here / name
        yield from (here / name for name in files if _is_candidate(here / name))
    yield from unread


def _is_candidate(path: Path) -> bool:
    return not path.name.startswith(".")
