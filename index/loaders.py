"""Files, folders, globs and streams -> articles, one by one; what cannot be read is reported and passed over."""

import glob
import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from index.article import Article
from index.decoding import Source, decode, encoding_of
from index.errors import ArticleError, LoadError
from index.fields import FieldMapping, Fields
from index.formats import begins_front_matter, parse_html, parse_markdown, parse_plain
from index.streams import Record, is_collection, is_json_lines, parse_json, read_collection, read_json_lines

__all__ = ["SUFFIXES", "Failure", "FieldMapping", "FileSet", "Loaded", "find_files", "load_file", "load_stream"]

_FORMATS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".json": "json",
    ".jsonl": "json lines", ".ndjson": "json lines", ".xml": "collection", ".trec": "collection", ".sgml": "collection",
}  # fmt: skip
# The endings of the files that are read; each may be followed by .gz.
SUFFIXES = tuple(_FORMATS)
_WHOLE: dict[str, Callable[[str], Fields]] = {"text": parse_plain, "markdown": parse_markdown, "html": parse_html}
_DEFAULT_MAPPING = FieldMapping()


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that gave no article, or not all of one.

    It has a name ("file", "file:line 12" or "file#3") and a reason, with what to do.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article, and the share of its file that has been read so far (0 to 1; 0 where the length is not known).

    `warning` tells what of it could not be read.
    """

    article: Article
    position: float
    warning: Failure | None = None


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files a source stands for, in a fixed order.

    `key` is what the source is remembered as, whatever way it was written; `root` is the folder that article ids
    are relative to.
    """

    key: str
    root: Path
    files: tuple[Path, ...]


def find_files(source: str | Path) -> FileSet:
    """Find the files of a folder (with all below it), of a glob, or the one file.

    Hidden files and files of unknown kinds are passed over; a file that is named itself is taken whatever its
    name. Links out of the folder and folders that may not be read are kept among the files, so that loading them
    reports why. Raises `LoadError` when there is nothing to load.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        root = path.resolve()
        found = FileSet(str(root), root, tuple(sorted(_walk(root))))
    elif path.exists():
        file = path.resolve()
        return FileSet(str(file), file.parent, (file,))
    elif glob.has_magic(str(path)):
        found = _match(path)
    else:
        raise LoadError(f"There is no file or folder {str(source)!r}. Check the path.")
    if not found.files:
        kinds = " ".join(_FORMATS)
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


def load_file(path: Path, root: Path, mapping: FieldMapping = _DEFAULT_MAPPING) -> Iterator[Loaded | Failure]:
    """Load every article of a file, named relative to `root`; whatever is wrong becomes a `Failure`, never an error.

    An article's id is its own, or else the file's relative path, with "#3" for the third object of several.
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
        with path.open("rb") as stream:
            yield from _load(Source(stream, status.st_size), _format_of(path), mapping, name)
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


def _load(source: Source, kind: str | None, mapping: FieldMapping, name: str) -> Iterator[Loaded | Failure]:
    encoding = encoding_of(source.prefix, complete=False)
    kind = _sniff(source.prefix.decode(encoding, "replace"), kind)
    if kind in _WHOLE:
        record = Record(_WHOLE[kind](decode(source.read_whole())))
        yield _article(record, name, 1.0)
    elif kind == "json":
        records = parse_json(decode(source.read_whole()), mapping)
        for count, record in enumerate(records, start=1):
            yield _article(record, name, count / len(records))
    else:
        yield from _load_streamed(source, encoding, kind, mapping, name)


def _load_streamed(
    source: Source, encoding: str, kind: str, mapping: FieldMapping, name: str
) -> Iterator[Loaded | Failure]:
    # A byte that is not UTF-8 becomes a lone surrogate, by which its line is told from the good ones.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    text: TextIO = io.TextIOWrapper(io.BufferedReader(source), encoding, errors)
    records = read_collection(text) if kind == "collection" else read_json_lines(text, mapping)
    empty = True
    for record in records:
        empty = False
        yield _article(record, name, source.position)
    if empty:
        what = "<DOC> in this XML" if kind == "collection" else "line with a JSON object"
        raise LoadError(f"There is no {what}. Convert it to JSON Lines, one article a line.")


def _article(record: Record, name: str, position: float) -> Loaded | Failure:
    """Turn a record into an article, or into the failure to be one."""
    if record.line is not None:
        place = f"{name}:line {record.line}"
    else:
        place = name if record.number is None else f"{name}#{record.number}"
    if isinstance(record.fields, LoadError):
        return Failure(place, str(record.fields))
    problem = record.fields.problem
    warning = Failure(place, problem) if problem else None
    try:
        article = record.fields.article(name if record.number is None else f"{name}#{record.number}")
        return Loaded(article, position, warning)
    except ArticleError as error:
        # One article of several may be unfit; the others are taken.
        return Failure(place, str(error))


def _sniff(beginning: str, kind: str | None) -> str:
    """Settle the format by the name's kind and the content: <DOC> or front matter as .txt, JSON Lines as .json."""
    start = beginning.lstrip("\ufeff \t\r\n")
    if kind in (None, "text", "collection") and is_collection(start):
        return "collection"
    if kind in (None, "json") and start[:1] in ("{", "["):
        return "json lines" if is_json_lines(start) else "json"
    if kind == "text" and begins_front_matter(beginning.removeprefix("\ufeff")):
        return "markdown"
    if kind is not None:
        return kind
    if start.startswith("---\n") or start.startswith("---\r\n"):
        return "markdown"
    if start[:200].lower().startswith(("<!doctype html", "<html", "<head", "<body", "<article")):
        return "html"
    return "collection" if start.startswith("<?xml") else "text"


def _format_of(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return _FORMATS.get(suffixes[-1]) if suffixes else None


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
    return not path.name.startswith(".") and _format_of(path) is not None
