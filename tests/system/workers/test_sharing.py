"""Workers on one catalog: real processes share a batch, die in the middle of a job, and meet what cannot be done."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index import ChromaServer, LibraryError
from index.encoding.encoder import TextVectors
from index.store.queue import JobCounts, JobKind, JobState
from index.workers import Dispatch
from tests.support.chroma_server import ChromaProcess
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import THREE, stand
from tests.support.worker_runs import LONG, SHORT, Machine, drained, go_on, process, read, revisions, texts, write


@pytest.mark.usefixtures("four_a_job")
def test_two_processes_share_a_batch_and_bring_each_article_once(
    machine: Machine, news: Path, tmp_path: Path, address: str
) -> None:
    library = machine("command")
    write(news, (f"a{number:02}" for number in range(24)))
    handed_out = Dispatch(library)
    report = handed_out.sync(news)
    assert (report.added, report.passages, library.stats().articles) == (24, 0, 0)
    assert library.jobs.counts() == JobCounts(waiting=6)
    with process(tmp_path / "one", address, "encoding") as one, process(tmp_path / "two", address, "encoding") as two:
        # Both have a job in hand before either goes on.
        assert read(one) == read(two) == "at encoding\n"
        assert library.jobs.counts() == JobCounts(waiting=4, running=2)
        done = go_on(one, two)
    assert all(done)
    assert sum(map(len, done)) == 6
    assert len(texts(library)) == 24
    assert revisions(library) == {1}
    assert library.stats().passages == 24
    # One commit a job, and none beside.
    assert library.generation == 6
    assert handed_out.progress().is_over
    assert sum(report.passages for report in handed_out.reports()) == 24
    handed_out.end()
    assert library.doctor().ok
    assert Dispatch(library).sync(news).unchanged == 24


@pytest.mark.parametrize("step", ["encoding", "committing", "ended"])
def test_the_job_of_a_worker_that_was_killed_is_done_by_another(
    machine: Machine, news: Path, tmp_path: Path, address: str, step: str
) -> None:
    library = machine("command")
    write(news, "abcdefgh")
    Dispatch(library, waits=False).sync(news)
    with process(tmp_path / "victim", address, step, SHORT) as victim:
        assert read(victim) == f"at {step}\n"
        victim.kill()
    assert victim.returncode == -9
    assert len(texts(library)) == (8 if step == "ended" else 0)
    told = drained(machine("heir"))
    assert [worked.problem for worked in told] == ["" for _ in told]
    assert len(texts(library)) == 8
    assert revisions(library) == {1}
    assert library.stats().passages == 8
    assert library.jobs.lines() == []
    assert library.doctor().ok


@pytest.mark.usefixtures("four_a_job")
def test_what_cannot_be_done_is_left_alone_after_three_tries_and_keeps_nothing_else_back(
    machine: Machine, news: Path, tmp_path: Path, address: str
) -> None:
    library = machine("command")
    write(news, "abcdefg")
    write(news, ["bad"], "is poison.")
    handed_out = Dispatch(library)
    handed_out.sync(news)
    with process(tmp_path / "one", address, "never") as worker:
        (said,) = go_on(worker)
    # Once with the others, twice alone.
    assert [line for line in said if "poison" in line] == [
        "articles\ta.txt (+3)\tValueError: poison cannot be encoded",
        *["articles\tbad.txt\tValueError: poison cannot be encoded"] * 2,
    ]
    assert set(texts(library)) == {f"{name}.txt" for name in "abcdefg"}
    (line,) = library.jobs.lines(JobState.FAILED)
    assert (line.name, line.problem, line.tries) == ("bad.txt", "ValueError: poison cannot be encoded", 3)
    assert handed_out.progress().failed == 1
    assert [line.name for line in handed_out.failed()] == ["bad.txt"]
    (check,) = (check for check in library.doctor().checks if check.name == "jobs")
    assert (check.ok, check.detail) == (False, "1 tried in vain, which `khabar jobs` lists")
    # By a worker that can, it is done when it is tried again.
    library.jobs.retry(line.id)
    drained(machine("able"))
    assert len(texts(library)) == 8
    assert library.doctor().ok


def test_what_failed_is_handed_out_again_by_the_next_run_or_dropped(machine: Machine, news: Path) -> None:
    class Unable(SmallEncoder):
        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            raise LibraryError("It is not for this one.")

    library = machine("command")
    write(news, "a")
    Dispatch(library).sync(news)
    assert [worked.is_last for worked in drained(machine("unable", Unable()))] == [False, False, True]
    again = Dispatch(library)
    assert again.sync(news).added == 1
    assert again.progress().total == 1
    assert library.jobs.counts() == JobCounts(waiting=1)
    drained(machine("unable"), lambda: None)
    assert set(texts(library)) == {"a.txt"}
    write(news, "b")
    Dispatch(library).sync(news)
    library.jobs.drop(library.jobs.lines()[0].id)
    drained(machine("able"))
    assert set(texts(library)) == {"a.txt"}
    # It is not here, and so the next run finds it.
    Dispatch(library).sync(news)
    drained(machine("able again"))
    assert set(texts(library)) == {"a.txt", "b.txt"}


def test_a_newer_text_a_text_that_went_back_and_a_file_that_vanished_overtake_what_is_on_its_way(
    machine: Machine, news: Path
) -> None:
    library = machine("command")
    write(news, ["back"])
    library.sync(news)
    write(news, ["newer", "gone"])
    write(news, ["back"], "was seen elsewhere.")
    Dispatch(library).sync(news)
    late = library.jobs.take("a slow worker", LONG)
    write(news, ["newer"], "was seen again.")
    write(news, ["back"])
    (news / "gone.txt").unlink()
    Dispatch(library).sync(news)
    assert late is not None
    library.jobs.release(late)
    drained(machine("worker"))
    assert set(texts(library)) == {"back.txt", "newer.txt"}
    assert "again" in library.article("newer.txt").text
    assert revisions(library) == {1}
    # Nothing is new, and nothing is on its way.
    assert Dispatch(library).sync(news).unchanged == 2
    assert library.jobs.lines() == []


def test_what_is_indexed_or_removed_without_workers_overtakes_what_is_on_its_way(machine: Machine, news: Path) -> None:
    library = machine("command")
    write(news, ["kept", "removed"], "was seen first.")
    library.sync(news)
    write(news, ["kept", "removed"], "was seen second.")
    Dispatch(library).sync(news)
    library.remove(["removed.txt"])
    (news / "removed.txt").unlink()
    write(news, ["kept"], "was seen third.")
    library.sync(news)
    drained(machine("worker"))
    assert set(texts(library)) == {"kept.txt"}
    assert "third" in library.article("kept.txt").text


def test_what_was_committed_while_a_worker_encoded_is_not_committed_twice(machine: Machine, news: Path) -> None:
    library = machine("command")
    write(news, "ab")
    Dispatch(library).sync(news)

    class Overtaken(SmallEncoder):
        def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
            if not library.has("a.txt"):
                library.sync(news)
            return super().encode_passages(texts)

    told = drained(machine("worker", Overtaken()))
    assert [worked.problem for worked in told] == [""]
    assert revisions(library) == {1}
    assert library.stats().passages == 2


def test_a_run_with_nothing_new_hands_out_nothing(machine: Machine, news: Path) -> None:
    library = machine("command")
    write(news, "ab")
    library.sync(news)
    dispatch = Dispatch(library)
    assert dispatch.sync(news).unchanged == 2
    assert dispatch.progress().is_over
    assert library.generation == 1


def test_a_folder_that_several_runs_bring_is_on_its_way_once(machine: Machine, news: Path) -> None:
    library = machine("command")
    write(news, "ab")
    first, second = Dispatch(library), Dispatch(library)
    assert first.sync(news).added == 2
    again = second.sync(news)
    assert (again.added, again.unchanged) == (0, 2)
    assert library.jobs.counts() == JobCounts(waiting=1)
    assert not second.progress().is_over
    drained(machine("worker"))
    assert first.progress().is_over
    assert second.progress().is_over


def test_what_vanished_is_withdrawn_and_questions_are_asked_once_for_all_that_came(
    machine: Machine, news: Path, four_a_job: None
) -> None:
    library = machine("command")
    write(news, ["gone"])
    library.sync(news)
    stand(library, "How many people died in Qarfa?", THREE)
    (news / "gone.txt").unlink()
    write(news, "abcdefgh")
    assert Dispatch(library).sync(news).removed == 1
    asked: list[int] = []
    told = drained(machine("worker"), lambda: asked.append(library.stats().articles))
    assert [worked.job.kind for worked in told] == [JobKind.ARTICLES, JobKind.ARTICLES, JobKind.STANDING]
    assert asked == [8]


def test_the_index_at_a_server_is_a_job_of_one_of_the_workers(
    machine: Machine, news: Path, chroma: ChromaProcess
) -> None:
    library = machine("command", None, ChromaServer(chroma.url))
    write(news, "abcd")
    Dispatch(library).sync(news)
    told = drained(machine("worker", None, ChromaServer(chroma.url)))
    assert [worked.job.kind for worked in told] == [JobKind.ARTICLES, JobKind.INDEX]
    assert library.doctor(repair=False).ok
    assert "4 passages" in next(check.detail for check in library.doctor().checks if check.name == "vector index")


def test_a_worker_makes_its_own_machine_s_index(machine: Machine, news: Path) -> None:
    write(news, "abcd")
    library = machine("worker")
    Dispatch(library).sync(news)
    drained(library)
    assert library._dense._made() is not None
