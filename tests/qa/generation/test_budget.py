"""What a chat model may use up is counted over processes, machines and days."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index import StorageError
from index.store.catalog import Catalog
from index.store.engines import postgresql
from index.store.models import ModelUseTable
from qa.errors import WriterBudgetError
from qa.generation.budget import Limits, TokenBudget
from tests.support.postgres_server import PostgresServer


@pytest.fixture
def at(tmp_path: Path, served_at: str | None) -> str | Path:
    return served_at or tmp_path / "catalog.sqlite3"


@pytest.fixture
def counted(at: str | Path) -> Iterator[ModelUseTable]:
    with closing(Catalog(at)) as catalog:
        yield ModelUseTable(catalog.database)


def test_a_days_tokens_are_shared_by_all_who_share_the_catalog(at: str | Path, counted: ModelUseTable) -> None:
    with closing(Catalog(at)) as elsewhere:
        one, other = TokenBudget(100, counted), TokenBudget(100, ModelUseTable(elsewhere.database))
        one.add(60)
        other.check(40)
        with pytest.raises(WriterBudgetError, match="60 of today's 100 tokens are used; 41 more"):
            other.check(41)
        other.add(30)
        assert one.used == other.used == 90


def test_of_many_at_once_none_is_lost(counted: ModelUseTable) -> None:
    budget = TokenBudget(None, counted)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(budget.add, range(100)))
    assert budget.used == sum(range(100))


def test_a_new_day_begins_at_nothing(counted: ModelUseTable) -> None:
    days = [date(2025, 9, 28)]
    for budget in (TokenBudget(100, counted, today=lambda: days[0]), TokenBudget(100, today=lambda: days[0])):
        days[0] = date(2025, 9, 28)
        budget.add(100)
        assert budget.used == 100
        days[0] = date(2025, 9, 29)
        assert budget.used == 0
        budget.check(100)


def test_without_a_catalog_it_is_counted_in_memory() -> None:
    budget = TokenBudget(10)
    budget.add(4)
    budget.add(5)
    assert budget.used == 9


def test_what_cannot_be_written_is_counted_here(postgres: PostgresServer) -> None:
    address = postgres.schema()
    with closing(Catalog(address)) as catalog:
        TokenBudget(10, ModelUseTable(catalog.database)).add(1)
    with closing(Catalog(f"{address}%20-cdefault_transaction_read_only%3Don")) as catalog:
        budget = TokenBudget(10, ModelUseTable(catalog.database))
        budget.add(4)
        budget.add(3)
        assert budget.used == 8


def test_while_the_server_is_away_nothing_is_let_through_uncounted(postgres: PostgresServer) -> None:
    with closing(Catalog(postgres.schema())) as catalog:
        budget = TokenBudget(10, ModelUseTable(catalog.database))
        budget.add(4)
        try:
            postgres.stop()
            with pytest.raises(StorageError):
                budget.check(1)
            # Of an answer that was under way.
            budget.add(2)
        finally:
            postgres.start()
        assert budget.used == 6


def test_a_catalog_of_an_earlier_version_gets_the_table(at: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:8])
        Catalog(at).close()
    with closing(Catalog(at)) as catalog:
        assert ModelUseTable(catalog.database).of(date(2025, 9, 28)) == 0
        ModelUseTable(catalog.database).add(date(2025, 9, 28), 3)
        assert ModelUseTable(catalog.database).of(date(2025, 9, 28)) == 3


@pytest.mark.parametrize("limits", [{"question": 100, "answer": 100}, {"seconds": 0}, {"day": 0}, {"answer": 0}])
def test_limits_that_leave_nothing_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="more tokens"):
        Limits(**limits)  # type: ignore[arg-type]
