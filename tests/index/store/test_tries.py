"""Tries at signing in: whoever fails too often waits, longer each time, by the database's clock; on both engines."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index import Library, export_library, import_library
from index.store.access.tries import TryKind, TryLimit, TryTable, counted_address
from index.store.catalog import Catalog
from tests.support.small_encoder import SmallEncoder

NAME, ADDRESS = TryKind.NAME, TryKind.ADDRESS
THREE = TryLimit(tries=3, seconds=900.0)


@pytest.fixture
def open_catalog(tmp_path: Path, served_at: str | None) -> Callable[[], Catalog]:
    return lambda: Catalog(served_at or tmp_path / "catalog.sqlite3")


@pytest.fixture
def catalog(open_catalog: Callable[[], Catalog]) -> Iterator[Catalog]:
    with closing(open_catalog()) as opened:
        yield opened


@pytest.fixture
def tries(catalog: Catalog) -> TryTable:
    return TryTable(catalog.database)


def later(catalog: Catalog, seconds: float) -> None:
    """Have everything that was counted be so many seconds older."""
    catalog.database.run("UPDATE sign_in_try SET begun = begun - ?, until = until - ?", seconds, seconds)


def waits(tries: TryTable, who: str, times: int, limit: TryLimit = THREE) -> list[float]:
    """Fail so many times, and return how long each has to wait after it; -1 for one that was not allowed."""
    counted = [tries.begin(NAME, who, limit) for _ in range(times)]
    return [each.wait if each.is_allowed else -1 for each in counted]


def test_the_last_of_the_tries_has_to_wait_and_none_is_allowed_meanwhile(tries: TryTable) -> None:
    assert waits(tries, "layla", 5) == [0, 0, 60, -1, -1]
    refused = tries.begin(NAME, "layla", THREE)
    assert not refused.is_allowed and 0 < refused.wait <= 60
    # Neither another name nor an address of the same writing has to.
    assert tries.begin(NAME, "Layla", THREE).is_allowed
    assert tries.begin(ADDRESS, "layla", THREE).is_allowed


def test_each_further_failure_doubles_the_wait_up_to_an_hour(tries: TryTable, catalog: Catalog) -> None:
    assert waits(tries, "layla", 3) == [0, 0, 60]
    found = []
    for _ in range(8):
        later(catalog, found[-1] if found else 60)
        found += waits(tries, "layla", 1)
    assert found == [120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_wait_ends_by_the_clock_and_no_sooner(tries: TryTable, catalog: Catalog) -> None:
    waits(tries, "layla", 3)
    later(catalog, 30)
    refused = tries.begin(NAME, "layla", THREE)
    assert not refused.is_allowed and 0 < refused.wait <= 30
    later(catalog, 30)
    assert tries.begin(NAME, "layla", THREE).is_allowed


def test_what_failed_long_ago_is_forgotten(tries: TryTable, catalog: Catalog) -> None:
    assert waits(tries, "layla", 2) == [0, 0]
    later(catalog, 901)
    assert waits(tries, "layla", 2) == [0, 0]
    assert waits(tries, "layla", 1) == [60]
    # After a wait: as long as it lasted, and then as long as tries count.
    later(catalog, 60 + 890)
    assert waits(tries, "layla", 1) == [120]
    later(catalog, 120 + 901)
    assert waits(tries, "layla", 3) == [0, 0, 60]


def test_one_try_may_be_all(tries: TryTable) -> None:
    assert waits(tries, "layla", 2, TryLimit(1, 900)) == [60, -1]


def test_whoever_is_let_in_has_failed_no_more(tries: TryTable) -> None:
    waits(tries, "layla", 3)
    assert tries.clear(NAME, "layla")
    assert not tries.clear(NAME, "layla")
    assert waits(tries, "layla", 3) == [0, 0, 60]


def test_own_sign_ins_make_no_guesses_be_forgotten(tries: TryTable, catalog: Catalog) -> None:
    """Whoever has a password of their own may not guess on and on at others', from one address."""

    def enter() -> None:
        counted = tries.begin(ADDRESS, "192.0.2.1", THREE)
        assert counted.is_allowed
        tries.take_back(ADDRESS, "192.0.2.1", counted)

    for wait in (0, 0, 60):
        enter()
        assert tries.begin(ADDRESS, "192.0.2.1", THREE).wait == wait
    later(catalog, 60)
    for _ in range(3):
        enter()
    assert tries.begin(ADDRESS, "192.0.2.1", THREE).wait == 120
    later(catalog, 120)
    enter()
    assert tries.begin(ADDRESS, "192.0.2.1", THREE).wait == 240


def test_who_enters_does_not_end_the_wait_of_a_guess_that_came_meanwhile(tries: TryTable) -> None:
    own = [tries.begin(ADDRESS, "192.0.2.1", THREE) for _ in range(2)]
    assert tries.begin(ADDRESS, "192.0.2.1", THREE).wait == 60
    for counted in own:
        tries.take_back(ADDRESS, "192.0.2.1", counted)
    assert not tries.begin(ADDRESS, "192.0.2.1", THREE).is_allowed


def test_of_a_hundred_tries_at_once_no_more_are_made_than_one_after_another(
    tries: TryTable, open_catalog: Callable[[], Catalog]
) -> None:
    # Of two servers, each in threads of its own.
    tries.begin(NAME, "another", THREE)
    with closing(open_catalog()) as other, ThreadPoolExecutor(20) as threads:
        tables = [tries, TryTable(other.database)]
        counted = list(threads.map(lambda number: tables[number % 2].begin(NAME, "layla", THREE), range(100)))
    assert sum(each.is_allowed for each in counted) == 3


def test_another_server_and_one_that_has_started_anew_know_of_it(
    tries: TryTable, catalog: Catalog, open_catalog: Callable[[], Catalog]
) -> None:
    waits(tries, "layla", 2)
    with closing(open_catalog()) as other:
        assert waits(TryTable(other.database), "layla", 2) == [60, -1]
    with closing(open_catalog()) as restarted:
        assert not TryTable(restarted.database).begin(NAME, "layla", THREE).is_allowed


def test_no_name_is_kept_as_it_was_typed(tries: TryTable, catalog: Catalog) -> None:
    for typed in ("correct horse battery", "كلمة سر", "\ud800"):
        waits(tries, typed, 3)
    kept = catalog.database.all("SELECT * FROM sign_in_try")
    assert len(kept) == 3
    assert not any(typed in str(kept) for typed in ("correct", "كلمة", "ud800"))


def test_what_counts_no_more_is_let_go_of(tries: TryTable, catalog: Catalog) -> None:
    tries.forget(THREE)
    waits(tries, "old", 1)
    waits(tries, "locked", 3)
    later(catalog, 930)
    waits(tries, "new", 1)
    tries.forget(THREE)
    assert catalog.database.one("SELECT count(*) FROM sign_in_try") == (2,)
    assert waits(tries, "locked", 1) == [120]


def test_a_library_that_cannot_be_written_to_counts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        monkeypatch.setattr(type(library._catalog.database), "is_writable", property(lambda _: False))
        assert waits(library.tries, "layla", 4) == [0, 0, 60, -1]
        assert library.tries.clear(NAME, "layla")
        assert not library._catalog.database.has("sign_in_try")


def test_an_import_begins_anew(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        waits(library.tries, "layla", 3)
    export_library(tmp_path / "library", tmp_path / "all.khabar")
    import_library(tmp_path / "all.khabar", tmp_path / "other")
    with Library.open(tmp_path / "other", encoder=SmallEncoder()) as other:
        assert other._catalog.database.all("SELECT * FROM sign_in_try") == []
        assert waits(other.tries, "layla", 1) == [0]


def test_an_admin_lets_a_name_or_an_address_try_again_which_is_written_down(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        assert not library.tries.unlock("layla")
        assert waits(library.tries, "layla", 3) == [0, 0, 60]
        for _ in range(3):
            library.tries.begin(ADDRESS, "2001:db8::17", THREE)
        assert library.tries.unlock(" layla ")
        assert library.tries.unlock("2001:db8::99")
        assert waits(library.tries, "layla", 1) == [0]
        assert library.tries.begin(ADDRESS, "2001:db8::17", THREE).wait == 0
        lines = [(line.action.value, line.object) for line in reversed(library.audit.entries())]
    assert lines == [("sign-in-unlocked", "layla"), ("sign-in-unlocked", "2001:db8::99")]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("x" * 5000, "x" * 200),
        ("", ""),
    ],
)
def test_an_address_is_counted_as_whoever_has_it(address: str, counted: str) -> None:
    assert counted_address(address) == counted
