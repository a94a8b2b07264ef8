"""`khabar index --workers`, `khabar worker` and `khabar jobs`, with a catalog in PostgreSQL."""

import signal
import threading
from pathlib import Path

import pytest

from index import Encoder, Library
from index.languages.messages import messages_for
from index.store.queue import JobKind, JobState, NewJob
from index.web import Web
from index.workers import Worker
from tests.support.command import Run
from tests.support.live_server import COMMAND
from tests.support.patience import PATIENCE
from tests.support.postgres_server import PostgresServer
from tests.support.worker_runs import read, started
from ui.cli.workers.lines import job_row

pytestmark = pytest.mark.system


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    write(folder, "flood", "The flood in Qarfa killed 12 people, the governor Huda Salim said on Monday.")
    return folder


@pytest.fixture(autouse=True)
def catalog(tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    address = postgres.schema()
    monkeypatch.setenv("KHABAR_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("KHABAR_CATALOG", address)
    monkeypatch.setenv("KHABAR_INTERFACE", "en")
    return address


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.txt").write_text(f"{name} in Qarfa\n\n{text}\n", encoding="utf-8")


def test_what_is_handed_out_without_waiting_is_listed_and_done_by_a_worker(khabar: Run, news: Path) -> None:
    handed_out = khabar("index", news, "--workers", "--no-wait")
    assert (handed_out.status, handed_out.err) == (0, "")
    assert handed_out.out.startswith("1 new, 0 changed, 0 unchanged, 0 removed")
    listed = khabar("jobs").out.rstrip("\n").split("\t")
    assert listed[1:] == ["articles flood.txt", "waiting", "0", "-"]
    assert khabar("articles", "list").out == ""
    worked = khabar("worker", "--drain")
    assert worked.status == 0
    assert "schema version" in worked.out.splitlines()[0]
    assert worked.out.splitlines()[1:] == ["done: articles flood.txt; 1 of 1 passages embedded"]
    assert "flood.txt" in khabar("articles", "list").out
    assert khabar("jobs").out == "Nothing is handed out to workers.\n"
    again = khabar("index", news, "--workers")
    assert (again.status, again.out.split(";")[0]) == (0, "0 added, 0 replaced, 1 unchanged, 0 removed")


def test_a_command_waits_for_the_workers_and_tells_what_they_did(
    khabar: Run, news: Path, tmp_path: Path, catalog: str, encoder: Encoder
) -> None:
    stop = threading.Event()
    with Library.open(tmp_path / "worker", encoder=encoder, catalog=catalog) as library:
        worker = Worker(library, lambda add: Web(library, add=add), lambda: None, poll=0.01, stop=stop)
        thread = threading.Thread(target=worker.run, args=(lambda worked: None,))
        thread.start()
        try:
            waited = khabar("index", news, "--workers")
        finally:
            stop.set()
            thread.join(PATIENCE)
        assert waited.status == 0
        assert waited.out == ("1 added, 0 replaced, 0 unchanged, 0 removed; 1 of 1 passages embedded\n")
        assert [article.id for article in library.articles()] == ["flood.txt"]
        assert library.jobs.lines() == []


def test_what_was_tried_in_vain_is_listed_tried_again_and_dropped(
    khabar: Run, tmp_path: Path, catalog: str, encoder: Encoder
) -> None:
    with Library.open(tmp_path / "other", encoder=encoder, catalog=catalog) as library:
        for name in ("https://one.example/", "https://two.example/"):
            id, _ = library.jobs.put(NewJob(JobKind.ADDRESS, name, name, {"address": name}))
            for _ in range(3):
                held = library.jobs.take("one", 60)
                assert held is not None
                library.jobs.fail(held, "There is nothing at this address (404). Check it.", 0)
        rows = [line.split("\t") for line in khabar("jobs", "--state", "failed").out.splitlines()]
        assert [row[1:] for row in rows] == [
            [f"fetch https://{name}.example/", "failed", "3", "There is nothing at this address (404). Check it."]
            for name in ("one", "two")
        ]
        assert "2 tried in vain" in khabar("doctor").out
        assert khabar("jobs", "retry", rows[0][0]).out == "1 job is tried again\n"
        assert [line.state for line in library.jobs.lines()] == [JobState.WAITING, JobState.FAILED]
        refused = khabar("jobs", "retry", rows[0][0])
        assert (refused.status, "No job that has failed has the number" in refused.err) == (2, True)
        assert khabar("jobs", "drop", rows[0][0]).out == "1 job dropped\n"
        assert khabar("jobs", "retry", "--all").out == "1 job is tried again\n"
        assert khabar("jobs", "drop", "--all").out == "0 jobs dropped\n"
        for wrong in (("retry",), ("drop", "1", "--all")):
            assert khabar("jobs", *wrong).status == 2
        assert id == library.jobs.lines()[0].id


def test_a_command_that_waits_fails_with_what_was_tried_in_vain(
    khabar: Run, tmp_path: Path, catalog: str, encoder: Encoder
) -> None:
    stop = threading.Event()
    with Library.open(tmp_path / "worker", encoder=encoder, catalog=catalog) as library:
        worker = Worker(library, lambda add: Web(library, add=add), lambda: None, pause=0, poll=0.01, stop=stop)
        thread = threading.Thread(target=worker.run, args=(lambda worked: None,))
        thread.start()
        try:
            # An address of one's own network is refused, whoever fetches.
            failed = khabar("index", "http://127.0.0.1:9/news", "--workers")
        finally:
            stop.set()
            thread.join(PATIENCE)
    assert failed.status == 1
    assert failed.err.startswith("khabar: fetch http://127.0.0.1:9/news: ")


def test_a_worker_ends_by_a_signal_and_watching_hands_out_what_changes(khabar: Run, news: Path) -> None:
    with started(*COMMAND, "watch", str(news), "--workers") as watching, started(*COMMAND, "worker") as worker:
        assert read(watching).startswith("khabar: watching")
        # Looked at twice as the watching begins, and handed out once.
        assert read(watching).startswith("1 new, 0 changed, 0 unchanged")
        assert "schema version" in read(worker)
        assert read(worker) == "done: articles flood.txt; 1 of 1 passages embedded\n"
        write(news, "storm", "The storm in Qarfa closed the harbour, the governor Huda Salim said on Tuesday.")
        assert read(watching).startswith("1 new, 0 changed, 1 unchanged")
        assert read(worker) == "done: articles storm.txt; 1 of 1 passages embedded\n"
        for one in (worker, watching):
            one.send_signal(signal.SIGTERM)
            assert read(one) == "khabar: stopped\n"
            assert one.wait(PATIENCE) == 0
    assert khabar("articles", "list").out.count("\n") == 2


@pytest.mark.parametrize(
    "command", [("index", "news", "--workers"), ("watch", "news", "--workers"), ("worker",), ("jobs",)]
)
def test_a_library_in_a_file_has_no_workers(
    khabar: Run, news: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KHABAR_CATALOG")
    monkeypatch.chdir(news.parent)
    refused = khabar(*command)
    assert refused.status == 2
    assert refused.err.startswith("khabar: Workers share a catalog in PostgreSQL, and this library is a file")
    assert not (tmp_path / "library").exists()


def test_a_job_is_told_in_the_reader_s_language(postgres: PostgresServer, tmp_path: Path, encoder: Encoder) -> None:
    with Library.open(tmp_path / "here", encoder=encoder, catalog=postgres.schema()) as library:
        library.jobs.put(NewJob(JobKind.STANDING, "", "1"))
        assert library.jobs.take("paris, process 7", 0)
        (line,) = library.jobs.lines()
        assert job_row(line, messages_for("fr")).split("\t")[1:] == [
            "questions suivies", "en panne", "1", "son worker n’en est pas venu à bout\u00a0: paris, process 7",
        ]  # fmt: skip
        assert job_row(line, messages_for("ar")).split("\t")[1] == "الأسئلة الدائمة"
        assert job_row(line, messages_for("en")).split("\t")[2] == "stalled"
