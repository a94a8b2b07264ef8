"""Several machines that share the vector index of one library: what they find, and one that stops halfway."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from index import Article, Library
from tests.support.worker_runs import read, started

QUESTIONS = ("harbour7", "Report 3 tells of harbour3", "the museum")


def articles(start: int, stop: int) -> list[Article]:
    return [Article.create(f"a{n}", f"Report {n} tells of harbour{n}.", language="en") for n in range(start, stop)]


def found(library: Library, question: str) -> list[tuple[str, float, float | None]]:
    return [
        (hit.article.id, round(hit.score, 5), hit.similarity and round(hit.similarity, 4))
        for hit in library.search(question)
    ]


def answers(library: Library) -> list[object]:
    return [found(library, question) for question in QUESTIONS]


def made(library: Library) -> tuple[int, int]:
    """Return the number of the index that the catalog names, and how many passages it has."""
    recorded = library._dense._made()
    assert recorded is not None
    return recorded.number, recorded.count


def index_check(library: Library, *, repair: bool = False) -> tuple[bool, bool, str]:
    (check,) = (check for check in library.doctor(repair=repair).checks if check.name == "vector index")
    return check.ok, check.repaired, check.detail


def end_of_lease(library: Library) -> None:
    """Let the time of the builder's lease be over, by the database's clock."""
    assert library._catalog.database.run("UPDATE lease SET expires = 1 WHERE expires > 1") == 1


@contextmanager
def held(doing: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that a module of `tests.support` runs, from when it says that it is `doing` something."""
    with started(sys.executable, "-m", *arguments) as process:
        assert read(process) == f"{doing}\n"
        yield process


def builder(
    folder: Path, address: str, place: str | Path, seconds: float = 60
) -> AbstractContextManager["subprocess.Popen[str]"]:
    """Another machine, in the middle of making an index at a Chroma server, or for a folder of copies."""
    return held("building", "tests.support.held_builder", str(folder), address, str(place), str(seconds))
