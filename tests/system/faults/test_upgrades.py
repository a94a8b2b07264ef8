"""Two versions of Khabar on one catalog, as while servers are brought up to date one after another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index import Article, Library, LibraryMismatchError, export_library
from index.store.engines import postgresql
from index.store.queue import JobState
from index.workers import Dispatch
from tests.support.machines import articles, found
from tests.support.small_encoder import SmallEncoder
from tests.support.worker_runs import drained
from ui.server.health import add_health
from ui.server.metrics import Metrics

Machine = Callable[..., Library]
NOW = len(postgresql._MIGRATIONS)
ADDING = ("ALTER TABLE article ADD COLUMN mood TEXT", "CREATE TABLE next (number INTEGER)")
CHANGING = ("ALTER TABLE article RENAME COLUMN text TO body",)


def newer(patched: pytest.MonkeyPatch, migration: tuple[str, ...], since: int) -> None:
    """Let what is opened from here on be of the next version of Khabar."""
    patched.setattr(postgresql, "_MIGRATIONS", (*postgresql._MIGRATIONS, migration))
    patched.setattr(postgresql, "_SINCE", since)


def test_beside_a_version_that_only_adds_the_one_before_reads_writes_and_starts_anew(
    machine: Machine, tmp_path: Path, address: str
) -> None:
    old = machine("old")
    old.add(articles(0, 30))
    before = found(old, "harbour7")
    with pytest.MonkeyPatch.context() as patched:
        newer(patched, ADDING, NOW)
        new = machine("new")
    assert new.doctor(repair=False).checks[0].detail.endswith(f"schema version {NOW + 1}, generation 1")
    assert found(old, "harbour7") == before == found(new, "harbour7")
    old.add([Article.create("o", "The museum opened.")])
    new.add([Article.create("n", "The museum closed.")])
    assert {id_ for id_, _, _ in found(old, "the museum")[:2]} == {"o", "n"}
    assert found(old, "the museum") == found(new, "the museum")
    again = machine("old, started anew")
    assert found(again, "the museum") == found(new, "the museum")
    assert f"version {NOW + 1} (this version of Khabar knows {NOW})" in again.doctor(repair=False).checks[0].detail
    assert export_library(tmp_path / "old", tmp_path / "news.khabar", catalog=address) == 32


def test_beside_a_version_that_changes_tables_the_one_before_says_so_and_answers_nothing(
    machine: Machine, tmp_path: Path, address: str
) -> None:
    old = machine("old")
    old.add(articles(0, 30))
    Dispatch(old, waits=False).add([Article.create("j", "The museum opened.")])
    with pytest.MonkeyPatch.context() as patched:
        newer(patched, CHANGING, NOW + 1)
        new = machine("new")
    said = rf"newer version of Khabar \(schema version {NOW + 1}, this one has {NOW}\).* start anew with it what runs"
    generation = new.generation
    with pytest.raises(LibraryMismatchError, match=said):
        old.search("harbour7")
    for write in (lambda: old.add([Article.create("o", "A text.")]), lambda: old.remove(["a7"])):
        with pytest.raises(LibraryMismatchError, match=said):
            write()
    with pytest.raises(LibraryMismatchError, match=said):
        Library.open(tmp_path / "anew", encoder=SmallEncoder(), catalog=address)
    app = FastAPI()
    add_health(app, old, Metrics())
    told = TestClient(app).get("/healthz")
    assert (told.status_code, "newer version of Khabar" in told.json()["reason"]) == (503, True)
    # A worker of the version before ends, and takes nothing from those of the next.
    with pytest.raises(LibraryMismatchError, match=said):
        drained(old)
    assert [(line.state, line.tries) for line in new.jobs.lines()] == [(JobState.WAITING, 0)]
    assert (new.generation, new.stats().articles) == (generation, 30)
