"""What a chat model may use up is counted over processes and days."""

import json
from datetime import date
from pathlib import Path

import pytest

from qa.errors import WriterBudgetError
from qa.generation.budget import Limits, TokenBudget


def test_a_days_tokens_are_shared_by_all_who_share_the_folder(tmp_path: Path) -> None:
    one, other = TokenBudget(100, tmp_path), TokenBudget(100, tmp_path)
    one.add(60)
    other.check(40)
    with pytest.raises(WriterBudgetError, match="60 of today's 100 tokens are used; 41 more"):
        other.check(41)
    other.add(30)
    assert one.used == 90


def test_a_new_day_begins_at_nothing(tmp_path: Path) -> None:
    days = [date(2025, 9, 28)]
    budget = TokenBudget(100, tmp_path, today=lambda: days[0])
    budget.add(100)
    days[0] = date(2025, 9, 29)
    assert budget.used == 0
    budget.check(100)


def test_without_a_folder_or_with_a_broken_file_it_counts_all_the_same(tmp_path: Path) -> None:
    budget = TokenBudget(10)
    budget.add(4)
    assert budget.used == 4
    (tmp_path / "tokens-used.json").write_text("{", encoding="utf-8")
    broken = TokenBudget(10, tmp_path)
    broken.add(3)
    assert json.loads((tmp_path / "tokens-used.json").read_text(encoding="utf-8")).popitem()[1] == 3


def test_a_folder_that_cannot_be_written_is_counted_in_memory(tmp_path: Path) -> None:
    budget = TokenBudget(10, tmp_path / "missing" / "folder")
    budget.add(4)
    assert budget.used == 4


@pytest.mark.parametrize("limits", [{"question": 100, "answer": 100}, {"seconds": 0}, {"day": 0}, {"answer": 0}])
def test_limits_that_leave_nothing_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="more tokens"):
        Limits(**limits)  # type: ignore[arg-type]
