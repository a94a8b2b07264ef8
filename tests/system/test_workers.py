"""Workers on one catalog: real processes share a batch, die in the middle of a job, and meet what cannot be done."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from index import Article, ChromaServer, Library, LibraryError, LibraryMismatchError
from index.encoding.encoder import TextVectors
from index.store.engines import postgresql
from index.store.queue import JobCounts, JobKind, JobState
from index.web import Web
from index.workers import Dispatch, Worked, Worker, dispatch
from tests.support.chroma_server import ChromaProcess
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import THREE, stand
from tests.support.web_server import Asked, Reply, Site, serving

Machine = Callable[..., Library]
# A lease that nothing outlasts here, and one that is over when the worker that held it is dead.
LONG, SHORT = 600.0, 1.0


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.schema()


@pytest.fixture
def machine(tmp_path: Path, address: str) -> Iterator[Machine]:
    """Opens the library as another machine does, with a folder of its own."""
    with ExitStack() as opened:

        def open_one(name: str, encoder: SmallEncoder | None = None, chroma: ChromaServer | None = None) -> Library:
            library = Library.open(tmp_path / name, encoder=encoder or SmallEncoder(), catalog=address, chroma=chroma)
            return opened.enter_context(library)

        yield open_one


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def four_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_ARTICLES", 4)


def write(folder: Path, names: Iterable[str], text: str = "was seen at the harbour.") -> None:
    for name in names:
        (folder / f"{name}.txt").write_text(f"Title {name}\n\nBird {name} {text}\n", encoding="utf-8")


@contextmanager
def process(at: Path, address: str, step: str, held: float = LONG) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.support.worker_process", str(at), address, str(held), step]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as started:  # fmt: skip
        try:
            yield started
        finally:
            started.kill()


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


def test_addresses_are_fetched_by_one_worker_and_encoded_by_any(machine: Machine) -> None:
    page = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
    told = "The harbour of Qarfa was closed on Monday after the storm, the governor Huda Salim said. " * 6
    with serving() as site:
        for name in "ab":
            site.pages[f"/{name}.html"] = Reply(page.format(f"Harbour {name}", told).encode(), headers=HTML)
        site.pages["/feed"] = Reply(feed(site, "ab"), headers={"Content-Type": "application/rss+xml"})
        library = machine("command")
        dispatch = Dispatch(library)
        dispatch.fetch(f"{site.url}/feed")
        # The same is open once.
        Dispatch(library).fetch(f"{site.url}/feed")
        told_jobs = drained(machine("worker"))
        assert [worked.job.kind for worked in told_jobs][:1] == [JobKind.ADDRESS]
        assert {worked.job.kind for worked in told_jobs[1:]} == {JobKind.ARTICLES}
        assert {article.title for article in library.articles()} == {"Harbour a", "Harbour b"}
        assert dispatch.progress().is_over
        assert sum(report.added for report in dispatch.reports()) == 2
        assert site.count("/a.html") == site.count("/b.html") == 1


HTML = {"Content-Type": "text/html; charset=utf-8"}


def feed(site: Site, names: str) -> bytes:
    items = "".join(f"<item><title>{n}</title><link>{site.url}/{n}.html</link></item>" for n in names)
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def test_an_address_that_cannot_be_had_is_left_alone_after_three_tries(machine: Machine) -> None:
    with serving() as site:
        library = machine("command")
        Dispatch(library).fetch(f"{site.url}/nothing")
        assert [worked.is_last for worked in drained(machine("worker"))] == [False, False, True]
        (line,) = library.jobs.lines(JobState.FAILED)
        assert line.name == f"{site.url}/nothing"
        assert "There is nothing at this address" in line.problem


def test_of_one_host_one_worker_fetches_at_a_time(machine: Machine) -> None:
    first_came, may_go = threading.Event(), threading.Event()

    def held(asked: Asked) -> Reply:
        first_came.set()
        assert may_go.wait(PATIENCE)
        return Reply(status=404)

    with serving() as site:
        site.pages["/slow"] = held
        library = machine("command")
        Dispatch(library).fetch(f"{site.url}/slow")
        thread = threading.Thread(target=drained, args=(machine("one"),))
        thread.start()
        assert first_came.wait(PATIENCE)
        Dispatch(library).fetch(f"{site.url}/other")
        other, stop = machine("two"), threading.Event()
        released = other.jobs.release

        def release(*given: object) -> None:
            released(*given)  # type: ignore[arg-type]
            stop.set()

        other.jobs.release = release  # type: ignore[assignment, method-assign]
        worker_of(other, stop=stop).run(lambda worked: pytest.fail("it was done"))
        assert site.count("/other") == 0
        assert [line.tries for line in library.jobs.lines()] == [1, 0]
        may_go.set()
        thread.join(PATIENCE)


def test_a_followed_address_is_looked_at_by_a_worker_when_it_is_due(machine: Machine) -> None:
    with serving() as site:
        site.pages["/feed"] = Reply(feed(site, ""), headers={"Content-Type": "application/rss+xml"})
        library = machine("command")
        followed = Web(library, private_hosts=True).follow(f"{site.url}/feed").address
        Dispatch(library, waits=False).look(followed)
        assert [worked.job.kind for worked in drained(machine("worker"))] == [JobKind.FEED]
        assert library.feeds.find(followed).checked is not None
        assert site.count("/feed") == 1


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


@pytest.mark.soak
@pytest.mark.usefixtures("four_a_job")
def test_workers_killed_at_random_bring_each_article_once(
    machine: Machine, news: Path, tmp_path: Path, address: str, note: Callable[[object], None]
) -> None:
    library, chance, kills = machine("command"), random.Random(0), 0
    for turn in range(25):
        write(news, (f"a{number:03}" for number in range(20)), f"was seen {turn} times.")
        Dispatch(library, waits=False).sync(news)
        while library.jobs.counts().open:
            step = chance.choice(["encoding", "committing", "ended", "never"])
            with (
                process(tmp_path / "one", address, step, SHORT) as one,
                process(tmp_path / "two", address, "never", SHORT) as two,
            ):
                if step == "never":
                    go_on(one, two)
                    continue
                if read(one) == f"at {step}\n":
                    one.kill()
                    kills += 1
                go_on(two)
        assert len(texts(library)) == 20
        assert all(f"was seen {turn} times" in text for text in texts(library).values())
        assert revisions(library) == set(range(1, turn + 2))
        assert library.doctor().ok
    note({"kills": kills})
