"""The answers of an unfinished run, a line each as they come, so that the next run need not ask again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from qa.batch.answers import BatchAnswer
from qa.errors import BatchError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_SUFFIX = ".unfinished.jsonl"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line: the key of what was asked, and what was answered."""

    key: str
    answer: BatchAnswer


class Journal:
    """Keeps answers by keys in a file that is only ever added to: `kept` those of runs before, `known` this one's too.

    A line that a killed run left half written, or that another version wrote, counts as not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept: Mapping[str, BatchAnswer] = {}
        self.known: dict[str, BatchAnswer] = {}
        self._file: IO[bytes] | None = None

    @classmethod
    def beside(cls, out: Path) -> "Journal":
        """Return the journal of the run that is to write a table."""
        return cls(out.with_name(out.name + _SUFFIX))

    def __enter__(self) -> Self:
        """Read what is there, and open it to be added to; raises `BatchError` where that may not be done."""
        try:
            self._file = self.path.open("a+b")
            self._file.seek(0)
            lines = self._file.read().split(b"\n")
            if lines[-1]:
                # Half a line would spoil the next one.
                self._file.write(b"\n")
        except OSError as error:
            raise BatchError(
                f"{self.path} cannot be written: {error.strerror or error}. Name a table in a folder of your own."
            ) from error
        self.kept = {entry.key: entry.answer for line in lines if (entry := _entry(line)) is not None}
        self.known = dict(self.kept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, key: str, answer: BatchAnswer) -> None:
        """Add an answer; it is the system's to keep, whatever becomes of this process, when this returns."""
        if self._file is None:
            raise ValueError("a journal is used as a context")
        self._file.write(_schema().dump_json(JournalEntry(key, answer)) + b"\n")
        self._file.flush()
        self.known[key] = answer

    def remove(self) -> None:
        """Remove the file, when all that it keeps stands in the table."""
        self.path.unlink(missing_ok=True)


def key_of(*parts: object) -> str:
    """Return the key of what an answer hangs on, as SHA-256 (hex); the parts are plain values for JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _entry(line: bytes) -> JournalEntry | None:
    from pydantic import ValidationError

    try:
        return _schema().validate_json(line) if line.strip() else None
    except ValidationError:
        # What it answered is asked again.
        return None


@cache
def _schema() -> "TypeAdapter[JournalEntry]":
    from pydantic import TypeAdapter

    return TypeAdapter(JournalEntry)
