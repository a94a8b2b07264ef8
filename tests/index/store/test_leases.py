"""A lease is one holder's at a time, by the database's clock, and its number only grows; on both engines."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index.store.catalog import Catalog
from index.store.engines import postgresql
from index.store.engines.leases import Held, Lease, LeaseTable


@pytest.fixture
def catalog(tmp_path: Path, served_at: str | None) -> Iterator[Catalog]:
    with closing(Catalog(served_at or tmp_path / "catalog.sqlite3")) as opened:
        yield opened


@pytest.fixture
def leases(catalog: Catalog) -> LeaseTable:
    return LeaseTable(catalog.database)


def test_who_has_it_keeps_others_out_until_it_is_given_back(leases: LeaseTable) -> None:
    assert leases.held("index") is None
    first = leases.take("index", "one", 60)
    assert first == Lease("index", "one", 1)
    assert leases.take("index", "two", 60) is None
    held = leases.held("index")
    assert held == Held("one", 1, held.seconds if held else 0)
    assert 0 < held.seconds <= 60
    assert leases.take("another", "two", 60) == Lease("another", "two", 1)
    assert leases.end(first)
    assert leases.held("index") is None
    assert leases.take("index", "two", 60) == Lease("index", "two", 2)


def test_whose_time_is_over_can_neither_renew_nor_end_it_though_nobody_took_it(leases: LeaseTable) -> None:
    late = leases.take("index", "one", 0)
    assert late is not None
    assert leases.held("index") is None
    assert not leases.renew(late, 60)
    assert not leases.end(late)


def test_who_was_overtaken_does_nothing_to_the_lease_of_the_next(leases: LeaseTable) -> None:
    late = leases.take("index", "one", 0)
    assert late is not None
    assert leases.take("index", "two", 60) == Lease("index", "two", 2)
    assert not leases.renew(late, 600)
    assert not leases.end(late)
    held = leases.held("index")
    assert held is not None
    assert (held.holder, held.number) == ("two", 2)
    assert held.seconds <= 60


def test_a_lease_that_is_renewed_holds_on(leases: LeaseTable) -> None:
    lease = leases.take("index", "one", 30)
    assert lease is not None
    assert leases.renew(lease, 600)
    held = leases.held("index")
    assert held is not None
    assert held.seconds > 60


def test_what_a_commit_undoes_is_not_given_back(catalog: Catalog, leases: LeaseTable) -> None:
    lease = leases.take("index", "one", 60)
    assert lease is not None
    with pytest.raises(RuntimeError), catalog.database.commit():
        assert leases.end(lease)
        raise RuntimeError
    assert leases.take("index", "two", 60) is None
    assert leases.renew(lease, 60)


def test_of_many_at_once_one_gets_it(leases: LeaseTable) -> None:
    leases.take("index", "nobody", 0)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda name: leases.take("index", str(name), 60), range(8)))
    assert [lease.number for lease in taken if lease] == [2]


def test_a_catalog_of_an_earlier_version_gets_them(
    tmp_path: Path, served_at: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:4])
        Catalog(served_at or tmp_path / "old.sqlite3").close()
    with closing(Catalog(served_at or tmp_path / "old.sqlite3")) as catalog:
        assert LeaseTable(catalog.database).held("index") is None
        assert LeaseTable(catalog.database).take("index", "one", 60) == Lease("index", "one", 1)
