"""Workers that are interrupted, lose their connection or meet a busy catalog lose nothing."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import psycopg
import pytest

from index import Article, Library, LibraryError, LibraryMismatchError
from index.encoding.encoder import TextVectors
from index.store.engines import postgresql
from index.store.engines.leases import LeaseTable
from index.store.queue import JobState
from index.workers import Dispatch, Worked
from tests.support.patience import PATIENCE
from tests.support.small_encoder import SmallEncoder
from tests.support.worker_runs import (
    LONG,
    SHORT,
    Machine,
    drained,
    go_on,
    process,
    read,
    revisions,
    texts,
    worker_of,
    write,
)

# How often a worker is killed in the long form.
KILLS = 100


def test_a_worker_with_another_encoder_ends_and_takes_nothing_from_the_others(
    machine: Machine, news: Path, tmp_path: Path, address: str
) -> None:
    class Other(SmallEncoder):
        name = "other-test-encoder"

    late = machine("late")
    write(news, "a")
    with Library.rebuild_at(tmp_path / "anew", encoder=Other(), catalog=address) as library:
        Dispatch(library).sync(news)
        with pytest.raises(LibraryMismatchError, match="Open it again"):
            drained(late)
        assert [(line.state, line.tries) for line in library.jobs.lines()] == [(JobState.WAITING, 0)]
        drained(library)
        assert set(texts(library)) == {"a.txt"}


def test_a_worker_that_is_interrupted_gives_its_job_back(machine: Machine, news: Path) -> None:
    class Interrupted(SmallEncoder):
        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            raise KeyboardInterrupt

    library = machine("command")
    write(news, "a")
    Dispatch(library).sync(news)
    with pytest.raises(KeyboardInterrupt):
        drained(machine("worker", Interrupted()))
    assert [(line.state, line.tries) for line in library.jobs.lines()] == [(JobState.WAITING, 0)]


def test_a_catalog_that_is_busy_is_no_fault_of_a_job(
    machine: Machine, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = machine("command")
    write(news, "a")
    Dispatch(library).sync(news)
    told: list[Worked] = []
    stop = threading.Event()
    monkeypatch.setattr(postgresql, "_LIMITS", ("SET LOCAL lock_timeout = '50ms'",))

    def tell(worked: Worked) -> None:
        told.append(worked)
        if len(told) == 4:
            stop.set()

    with library.parts.catalog.database.commit():
        worker_of(machine("worker"), stop=stop).run(tell)
    assert all("busy" in worked.problem for worked in told)
    assert [(line.state, line.tries) for line in library.jobs.lines()] == [(JobState.WAITING, 0)]
    drained(machine("next"))
    assert set(texts(library)) == {"a.txt"}


def test_a_lost_connection_costs_a_try_and_no_article(machine: Machine, news: Path, address: str) -> None:
    class CutOff(SmallEncoder):
        cut = False

        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            if not self.cut:
                self.cut = True
                with psycopg.connect(address, autocommit=True) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'khabar'"
                    )
            return super().encode_passages(texts)

    library = machine("command")
    write(news, "a")
    Dispatch(library).sync(news)
    drained(machine("worker", CutOff()))
    assert set(texts(library)) == {"a.txt"}
    assert library.jobs.lines() == []


def test_a_job_that_was_dropped_while_it_was_done_is_not_committed(machine: Machine, news: Path) -> None:
    library = machine("command")
    write(news, "a")
    Dispatch(library).sync(news)

    class Dropping(SmallEncoder):
        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            library.jobs.drop(library.jobs.lines()[0].id)
            return super().encode_passages(texts)

    (worked,) = drained(machine("worker", Dropping()))
    assert worked.is_lost
    assert "dropped" in worked.problem
    assert texts(library) == {}
    assert library.generation == 0


def test_the_doctor_tells_what_a_dead_worker_left(machine: Machine, news: Path) -> None:
    library = machine("command")
    write(news, "a")
    Dispatch(library).sync(news)
    assert library.jobs.take("a dead worker", 0) is not None
    (check,) = (check for check in library.doctor().checks if check.name == "jobs")
    assert not check.ok
    assert check.detail == "1 stalled, whose worker died, and which the next `khabar worker` takes up"


def test_articles_are_added_by_who_handed_them_out(machine: Machine) -> None:
    from index.store.access.actors import Actor, Way, acting

    library = machine("command")
    with acting(Actor(Way.REST, "a script")):
        Dispatch(library).add([Article.create("a", "The harbour closed.")])
    drained(machine("worker"))
    assert [(entry.actor.way, entry.actor.name) for entry in library.audit.entries()] == [(Way.REST, "a script")]


def test_a_library_in_a_file_has_no_workers(tmp_path: Path, news: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        with pytest.raises(LibraryError, match="this library is a file"):
            Dispatch(library)
        with pytest.raises(LibraryError, match="this library is a file"):
            drained(library)


@pytest.mark.parametrize("taken_up", [True, False])
def test_a_worker_that_was_frozen_past_its_lease_commits_nothing_that_another_took_up(
    machine: Machine, news: Path, tmp_path: Path, address: str, taken_up: bool
) -> None:
    library = machine("command")
    write(news, "ab")
    Dispatch(library, waits=False).sync(news)
    with process(tmp_path / "frozen", address, "encoding", SHORT) as frozen:
        assert read(frozen) == "at encoding\n"
        frozen.send_signal(signal.SIGSTOP)
        library.parts.catalog.database.run("UPDATE job SET expires = 1")
        assert [line.state for line in library.jobs.lines()] == [JobState.STALLED]
        if taken_up:
            # Another one encodes the very same revision, and is first.
            drained(machine("heir"))
        frozen.send_signal(signal.SIGCONT)
        ((said,),) = go_on(frozen)
    assert said.endswith("was taken up by another worker, or dropped. Nothing is lost." if taken_up else "(+1)\t")
    assert set(texts(library)) == {"a.txt", "b.txt"}
    assert revisions(library) == {1}
    # One commit for each job, by whoever made it: nothing twice, and nothing left to do.
    assert library.generation == (2 if taken_up else 1)
    assert library.stats().passages == 2
    assert library.jobs.lines() == []
    assert library.doctor().ok


def test_a_worker_s_clock_says_nothing_about_a_lease(
    machine: Machine, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, other = machine("command"), machine("a machine whose clock is a day ahead, or behind")
    write(news, "a")
    Dispatch(library, waits=False).sync(news)
    now = time.time
    for off in (86_400, -86_400):
        monkeypatch.setattr(time, "time", lambda off=off: now() + off)
        job = other.jobs.take("other", LONG)
        assert job is not None
        assert library.jobs.take("command", LONG) is None
        (lease,) = [LeaseTable(other.parts.catalog.database).take("index", "other", 60)]
        assert lease is not None
        held = LeaseTable(library.parts.catalog.database).held("index")
        assert held is not None and 0 < held.seconds <= 60
        assert LeaseTable(other.parts.catalog.database).end(lease)
        other.jobs.release(job)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("four_a_job")
def test_workers_killed_a_hundred_times_at_each_step_bring_each_article_once(
    machine: Machine, news: Path, tmp_path: Path, address: str, note: Callable[[object], None]
) -> None:
    library, chance, kills, turn = machine("command"), random.Random(0), Counter[str](), 0
    while kills.total() < KILLS:
        write(news, (f"a{number:03}" for number in range(20)), f"was seen {turn} times.")
        Dispatch(library, waits=False).sync(news)
        # Somebody who looks after it lets be tried again what three have died of.
        while library.jobs.counts().open or library.jobs.retry_failed():
            steps = chance.choices(["encoding", "committing", "ended"], k=3)
            with ExitStack() as started:
                victims = [
                    started.enter_context(process(tmp_path / str(place), address, step, SHORT))
                    for place, step in enumerate(steps)
                ]
                survivor = started.enter_context(process(tmp_path / "survivor", address, "never", SHORT))
                for step, victim in zip(steps, victims, strict=True):
                    # It may have done what was no such job first, as taking one apart.
                    if f"at {step}\n" in iter(partial(read, victim), ""):
                        victim.kill()
                        kills[step] += 1
                # It does the rest, without being told to go on.
                survivor.communicate(timeout=PATIENCE)
                assert survivor.returncode == 0
        assert len(texts(library)) == 20
        assert all(f"was seen {turn} times" in text for text in texts(library).values())
        assert revisions(library) == set(range(1, turn + 2))
        assert library.doctor().ok
        turn += 1
    note({"kills": dict(kills), "articles": 20 * turn})
