"""Workers in processes of their own and in the test's, and what a catalog holds after them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index import Library
from index.web import Web
from index.workers import Worked, Worker
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

Machine = Callable[..., Library]
# A lease that nothing outlasts here, and one that is over when the worker that held it is dead.
LONG, SHORT = 600.0, 1.0


def write(folder: Path, names: Iterable[str], text: str = "was seen at the harbour.") -> None:
    for name in names:
        (folder / f"{name}.txt").write_text(f"Title {name}\n\nBird {name} {text}\n", encoding="utf-8")


@contextmanager
def started(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command in a process of its own, which ends with the test at the latest."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment) as one:
        try:
            yield one
        finally:
            one.kill()


@contextmanager
def process(at: Path, address: str, step: str, held: float = LONG) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.support.worker_process", str(at), address, str(held), step]
    with started(*command) as worker:
        yield worker


def read(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    return worker.stdout.readline()


def go_on(*workers: "subprocess.Popen[str]") -> list[list[str]]:
    """Let workers go on to their end, side by side, and return what each printed."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n" * 100)
        worker.stdin.flush()
    said = [worker.communicate(timeout=PATIENCE)[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * len(workers)
    return [[line for line in lines if not line.startswith("at ")] for lines in said]


def worker_of(library: Library, ask: Callable[[], object] = lambda: None, **given: object) -> Worker:
    def web(add: object) -> Web:
        return Web(library, private_hosts=True, pause=0, add=add)  # type: ignore[arg-type]

    return Worker(library, web, ask, **{"held": LONG, "pause": 0.0, "poll": 0.01, **given})  # type: ignore[arg-type]


def drained(library: Library, ask: Callable[[], object] = lambda: None) -> list[Worked]:
    """Do all that is left to do, and return what came of each job."""
    told: list[Worked] = []
    worker_of(library, ask).run(told.append, drain=True)
    return told


def texts(library: Library) -> dict[str, str]:
    return {article.id: article.text for article in library.articles()}


def revisions(library: Library) -> set[int]:
    return {revision.number for article in library.articles() for revision in library.revisions(article.id)}
