"""How far files and addresses given to the page are, and what became of each."""

from dataclasses import dataclass

from index.sources.files import Failure


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file or address: counts of articles, what could not be read, whole or in part, and a note."""

    name: str
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far it is: what is done, and the file that is being read with its share so far, 0 to 1."""

    done: tuple[FileOutcome, ...] = ()
    file: str = ""
    fraction: float = 0.0
