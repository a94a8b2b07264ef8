"""A standby that lacked the last commits takes the primary's place: whoever goes on shows no trace of what is lost."""

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from index import Article, ChromaServer, Library
from index.errors import JobLostError
from index.store.catalog import Catalog
from index.store.engines.leases import LeaseTable
from index.store.engines.protocol import HISTORY_STEP
from index.store.queue import JobKind, NewJob
from index.vectors import dense
from tests.support.chroma_server import ChromaProcess
from tests.support.machines import answers, articles, found, made
from tests.support.patience import until
from tests.support.postgres_server import PostgresServer, cut_off
from tests.support.small_encoder import SmallEncoder

WAYS = ("own", "chroma", "copies")


def either(address: str, port: int) -> str:
    """Return an address that leads to whichever of two servers is the primary."""
    host = address.partition("host=")[2].partition("&")[0]
    return address.replace(host, f"{host},{host}", 1) + f"&port=5432,{port}&target_session_attrs=primary"


class Site:
    """One library that two page servers share, each with what it needs for one way of having a vector index."""

    def __init__(self, way: str, folder: Path, address: str, chroma: ChromaProcess, opened: ExitStack) -> None:
        self._way, self._folder, self.address, self._chroma, self._opened = way, folder / way, address, chroma, opened
        (self._folder / "mount").mkdir(parents=True)
        self.one, self.two = self.open("one"), self.open("two")

    def open(self, name: str, *, own: bool = False) -> Library:
        """Open the library as another machine does, or as one with an index of its own."""
        chroma = ChromaServer(self._chroma.url) if self._way == "chroma" and not own else None
        copies = self._folder / "mount" if self._way == "copies" and not own else None
        return self._opened.enter_context(
            Library.open(
                self._folder / name, encoder=SmallEncoder(), catalog=self.address, chroma=chroma, copies=copies
            )
        )

    def begin(self) -> None:
        """Commit what will be there after the fail-over, too."""
        self.one.add(articles(0, 30))
        self.two.refresh_index()
        self.two.fetch_index()
        self.kept = answers(self.one)
        assert answers(self.two) == self.kept

    def go_on(self) -> None:
        """Commit what will be lost, which all have seen and searched."""
        self.one.remove(["a7"])
        self.one.add(articles(30, 60))
        self.two.refresh_index()
        self.two.fetch_index()
        for library in (self.one, self.two):
            assert library.generation == 3
            assert found(library, "harbour55")[0][0] == "a55"
            assert "a7" not in [id_ for id_, _, _ in found(library, "harbour7")]
        self.lost = made(self.two)

    def check_set_back(self) -> None:
        """The one answers as it did before what is lost came; the other is not asked until it was overtaken."""
        # The connections that it had are broken, and made anew where the primary is now.
        assert answers(self.one) == self.kept
        assert self.one.generation == 1

    def check_goes_on(self) -> None:
        """Other articles come under the numbers of those that are lost: passages, indexes, commits but one."""
        self.one.remove(["a9"])
        self.one.add([Article.create(f"b{n}", f"Report {n} tells of bridge{n}.", language="en") for n in range(30)])
        self.two.refresh_index()
        assert made(self.two) == self.lost
        assert self.one.generation == HISTORY_STEP + 3
        for library in (self.two, self.one):
            assert found(library, "bridge7")[0][0] == "b7"
            assert found(library, "harbour7")[0][0] == "a7"
            ids = {id_ for asked in ("harbour55", "harbour9", "bridge25") for id_, _, _ in found(library, asked)}
            assert ids <= {*(f"a{n}" for n in range(30) if n != 9), *(f"b{n}" for n in range(30))}
        self.two.fetch_index()
        self.one.fetch_index()
        assert answers(self.two) == answers(self.one) == answers(self.open("three", own=True))
        assert self.two.doctor(repair=False).ok and self.one.doctor(repair=False).ok


@pytest.mark.soak
def test_after_a_fail_over_that_loses_commits_nothing_of_them_is_shown_or_mixed_in(
    postgres: PostgresServer, chroma: ChromaProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_DUE_NEW", 25)
    monkeypatch.setattr(dense, "_PAUSE", 0.0)
    monkeypatch.setattr(dense.DenseIndex, "_fetch_soon", lambda _: None)
    with ExitStack() as opened, postgres.standby() as there:
        sites = [Site(way, tmp_path, either(postgres.schema(), 5433), chroma, opened) for way in WAYS]
        queue = opened.enter_context(closing(Catalog(either(postgres.schema(), 5433))))
        for site in sites:
            site.begin()
        leases, jobs = LeaseTable(queue.database), sites[0].one.jobs
        builder = leases.take("index", "a builder", 600)
        jobs.put(NewJob(JobKind.ARTICLES, "a", "a"))
        assert builder is not None
        with closing(Catalog(there(sites[0].address.partition("&port")[0]))) as standby:
            until(lambda: _has_job(standby))
        cut_off(there(postgres.address("postgres")))
        for site in sites:
            site.go_on()
        mine = jobs.take("worker one", 600)
        with postgres.fallen_over(there):
            for site in sites:
                site.check_set_back()
            # The same job under the same number, of a worker whose taking it is lost, and of one that took it since.
            theirs = jobs.take("worker two", 600)
            assert mine is not None and theirs is not None
            assert (mine.id, mine.number) == (theirs.id, theirs.number)
            with pytest.raises(JobLostError), sites[0].one.parts.catalog.database.commit():
                jobs.finish(mine)
            assert not jobs.renew(mine, 600)
            with sites[0].one.parts.catalog.database.commit():
                jobs.finish(theirs)
            for site in sites:
                site.check_goes_on()
            # What a builder began before, and what it stands on, may be lost.
            assert leases.renew(builder, 600)
            with queue.writing():
                assert not leases.end(builder)
            opened.pop_all().close()


def _has_job(catalog: Catalog) -> bool:
    return catalog.database.one("SELECT count(*) FROM job") == (1,)
