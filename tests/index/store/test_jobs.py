"""The queue of jobs: each to one worker at a time, taken up when its worker died, left alone after three tries."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index import JobLostError, LibraryError, QueryError
from index.store.catalog import Catalog
from index.store.engines import postgresql
from index.store.queue import (
    HandedArticle,
    HandedTable,
    Job,
    JobCounts,
    JobKind,
    JobState,
    JobTable,
    NewJob,
    RunProgress,
)
from tests.support.postgres_server import PostgresServer

# Held for as long as a test lasts, or over at once, as if its worker had died.
LONG, OVER = 600.0, 0.0


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.schema()


@pytest.fixture
def catalog(address: str) -> Iterator[Catalog]:
    with closing(Catalog(address)) as opened:
        yield opened


@pytest.fixture
def jobs(catalog: Catalog) -> JobTable:
    return JobTable(catalog.database)


def job(key: str, kind: JobKind = JobKind.ARTICLES, run: str = "") -> NewJob:
    return NewJob(kind, f"name of {key}", key, {"key": key}, run)


def taken(jobs: JobTable, seconds: float = LONG, holder: str = "a worker") -> Job:
    found = jobs.take(holder, seconds)
    assert found is not None
    return found


def tried_in_vain(jobs: JobTable, problem: str = "No such model.") -> Job:
    for _ in range(3):
        last = taken(jobs)
        jobs.fail(last, problem, OVER)
    return last


def states(jobs: JobTable) -> list[tuple[str, JobState, int]]:
    return [(line.name, line.state, line.tries) for line in jobs.lines()]


def test_jobs_are_taken_in_the_order_they_were_handed_out_an_index_first_and_questions_last(jobs: JobTable) -> None:
    jobs.put(job("questions", JobKind.STANDING))
    jobs.put(job("one"))
    jobs.put(job("two", JobKind.ADDRESS))
    jobs.put(job("index", JobKind.INDEX))
    order = [taken(jobs).content["key"] for _ in range(4)]
    assert order == ["index", "one", "two", "questions"]
    assert jobs.take("a worker", LONG) is None


def test_workers_at_once_never_get_the_same_job(address: str) -> None:
    def take_all(holder: int) -> list[int]:
        with closing(Catalog(address)) as opened:
            own = JobTable(opened.database)
            found = []
            while (one := own.take(str(holder), LONG)) is not None:
                found.append(one.id)
            return found

    with closing(Catalog(address)) as opened:
        queue = JobTable(opened.database)
        handed_out = [queue.put(job(str(number)))[0] for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(take_all, range(4)))
    assert sorted(id for part in parts for id in part) == handed_out


def test_the_same_is_open_once_and_may_come_again_when_it_has_ended(jobs: JobTable) -> None:
    first, is_own = jobs.put(job("a"))
    assert is_own
    assert jobs.put(job("a")) == (first, False)
    assert jobs.put(job("a", JobKind.ADDRESS)) != (first, False)
    held = taken(jobs)
    assert jobs.put(job("a")) == (first, False)
    jobs.finish(held)
    again, is_own = jobs.put(job("a"))
    assert (again != first, is_own) == (True, True)


def test_the_job_of_a_worker_that_died_is_taken_up_and_its_end_by_the_first_is_refused(
    jobs: JobTable, catalog: Catalog
) -> None:
    jobs.put(job("a"))
    dead = taken(jobs, OVER, "the first")
    assert [(line.state, line.holder) for line in jobs.lines()] == [(JobState.STALLED, "the first")]
    heir = taken(jobs, LONG, "the second")
    assert (heir.id, heir.tries, heir.number) == (dead.id, 2, dead.number + 1)
    assert [(line.state, line.holder) for line in jobs.lines()] == [(JobState.RUNNING, "the second")]
    assert not jobs.renew(dead, LONG)
    with pytest.raises(JobLostError, match="taken up by another worker"), catalog.writing():
        jobs.finish(dead)
    # Nor is the commit made that it would have ended in.
    assert catalog.generation == 0
    assert not jobs.fail(dead, "Too late.", OVER)
    jobs.release(dead)
    assert jobs.renew(heir, LONG)
    jobs.finish(heir)
    assert jobs.lines() == []


def test_a_worker_that_was_only_slow_ends_its_job_when_nobody_has_taken_it_up(jobs: JobTable) -> None:
    jobs.put(job("a"))
    slow = taken(jobs, OVER)
    assert jobs.renew(slow, OVER)
    jobs.finish(slow)
    assert jobs.counts() == JobCounts()


def test_what_went_wrong_three_times_is_left_alone_with_its_reason(jobs: JobTable) -> None:
    jobs.put(job("bad"))
    jobs.put(job("good"))
    assert [jobs.fail(taken(jobs), "No such model.", OVER) for _ in range(3)] == [False, False, True]
    assert taken(jobs).name == "name of good"
    assert jobs.take("a worker", LONG) is None
    (_, line) = jobs.lines()
    assert (line.state, line.problem, line.tries) == (JobState.FAILED, "No such model.", 3)
    assert jobs.counts() == JobCounts(running=1, failed=1)


def test_what_went_wrong_is_left_for_a_while(jobs: JobTable) -> None:
    jobs.put(job("bad"))
    jobs.fail(taken(jobs), "No network.", LONG)
    assert jobs.take("a worker", LONG) is None
    assert states(jobs) == [("name of bad", JobState.WAITING, 1)]


def test_a_job_that_three_workers_died_of_is_left_alone(jobs: JobTable) -> None:
    jobs.put(job("bad"))
    for _ in range(3):
        taken(jobs, OVER, "the last worker")
    assert jobs.take("a worker", LONG) is None
    (line,) = jobs.lines()
    assert (line.state, line.problem, line.holder) == (JobState.FAILED, "", "the last worker")


def test_what_is_given_back_was_not_tried(jobs: JobTable) -> None:
    jobs.put(job("a"))
    for _ in range(5):
        jobs.release(taken(jobs))
    assert states(jobs) == [("name of a", JobState.WAITING, 0)]


def test_what_failed_is_tried_again_or_dropped_by_its_number_or_all_of_it(jobs: JobTable) -> None:
    for key in "abcd":
        jobs.put(job(key))
        tried_in_vain(jobs)
    first, second, _, _ = (line.id for line in jobs.lines())
    jobs.retry(first)
    assert states(jobs)[0] == ("name of a", JobState.WAITING, 0)
    assert taken(jobs).id == first
    with pytest.raises(QueryError, match="No job that has failed has the number"):
        jobs.retry(first)
    jobs.drop(second)
    with pytest.raises(QueryError, match="No job has the number"):
        jobs.drop(second)
    assert jobs.retry_failed() == 2
    assert jobs.counts() == JobCounts(waiting=2, running=1)
    tried_in_vain(jobs)
    assert jobs.drop_failed() == 1
    assert jobs.counts() == JobCounts(waiting=1, running=1)


def test_what_is_handed_out_again_after_it_failed_is_tried_again(jobs: JobTable) -> None:
    id, _ = jobs.put(job("a"))
    tried_in_vain(jobs)
    assert jobs.put(job("a", run="mine")) == (id, True)
    assert jobs.progress("mine") == RunProgress(1, 0, 0, 0)
    assert taken(jobs).tries == 1


def test_a_dropped_job_is_not_committed_though_a_worker_has_it(jobs: JobTable, catalog: Catalog) -> None:
    jobs.put(job("a"))
    held = taken(jobs)
    jobs.drop(held.id)
    with pytest.raises(JobLostError):
        jobs.finish(held)


def test_a_run_knows_how_far_all_workers_are_and_what_came_of_it(jobs: JobTable) -> None:
    other, _ = jobs.put(job("other"))
    run = jobs.begin_run()
    for key in "abc":
        jobs.put(job(key, run=run))
    assert jobs.progress(run, [other]) == RunProgress(4, 0, 0, 0)
    jobs.finish(taken(jobs))
    jobs.finish(taken(jobs), {"passages": 7})
    assert jobs.progress(run, [other]) == RunProgress(4, 2, 0, 0)
    tried_in_vain(jobs)
    taken(jobs)
    assert jobs.progress(run, [other]) == RunProgress(4, 2, 1, 1)
    assert not jobs.progress(run, [other]).is_over
    assert jobs.outcomes(run) == [{"passages": 7}]
    assert [line.name for line in jobs.failed_of(run)] == ["name of b"]
    jobs.end_run(run)
    assert jobs.progress(run) == RunProgress(0, 0, 0, 0)
    # What was left is done all the same.
    assert jobs.counts() == JobCounts(running=1, failed=1)


def test_of_a_kind_that_is_wanted_once_the_newest_takes_the_place_of_what_nobody_has_begun(
    jobs: JobTable, catalog: Catalog
) -> None:
    for key in "abc":
        with catalog.database.commit():
            jobs.put_last(job(key, JobKind.STANDING))
    begun = taken(jobs)
    assert begun.content == {"key": "c"}
    with catalog.database.commit():
        jobs.put_last(job("d", JobKind.STANDING))
    assert [line.state for line in jobs.lines()] == [JobState.RUNNING, JobState.WAITING]


def test_an_article_is_on_its_way_by_the_job_that_was_handed_out_last(jobs: JobTable, catalog: Catalog) -> None:
    handed = HandedTable(catalog.database)
    (one, _), (two, _) = jobs.put(job("one")), jobs.put(job("two"))
    a, b = HandedArticle("a", "hash of a", "a.txt"), HandedArticle("b", "hash of b", "b.txt")
    newer = HandedArticle("a", "newer hash", "a.txt")
    with catalog.database.commit():
        handed.put([a, b], "folder", one)
        handed.put([newer], "folder", two)
    assert handed.under_way(["a", "b", "c"]) == {"a": ("newer hash", two), "b": ("hash of b", one)}
    assert (handed.wanted(one), handed.wanted(two)) == ({"b"}, {"a"})
    with catalog.database.commit():
        # The older text is not what is on its way.
        handed.withdraw([a, b], "folder")
    assert handed.of("folder") == [newer]
    jobs.drop(two)
    assert handed.of("folder") == []


@pytest.mark.parametrize("text", ["a\0b", "half a \ud800 letter"])
def test_what_a_column_cannot_hold_is_written_another_way(jobs: JobTable, text: str) -> None:
    jobs.put(NewJob(JobKind.ARTICLES, text, text, {"text": text}))
    held = taken(jobs)
    assert held.content == {"text": text}
    jobs.fail(held, text, OVER)
    assert jobs.lines()[0].problem.startswith(text[0])


def test_a_library_in_a_file_has_no_queue(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        jobs = JobTable(catalog.database)
        for call in (jobs.counts, jobs.begin_run, jobs.lines, jobs.retry_failed, lambda: jobs.take("a worker", LONG)):
            with pytest.raises(LibraryError, match="this library is a file"):
                call()


def test_a_catalog_of_the_version_before_gets_the_queue(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:6])
        with closing(Catalog(address)) as catalog:
            assert not catalog.database.has("job")
    with closing(Catalog(address)) as catalog:
        JobTable(catalog.database).put(job("a"))
        assert JobTable(catalog.database).counts() == JobCounts(waiting=1)
