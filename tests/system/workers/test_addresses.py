"""Workers fetch addresses: one at a time of each host, and what cannot be had is left alone."""

import threading

import pytest

from index.store.queue import JobKind, JobState
from index.web import Web
from index.workers import Dispatch
from tests.support.patience import PATIENCE
from tests.support.web_server import Asked, Reply, Site, serving
from tests.support.worker_runs import Machine, drained, worker_of


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
