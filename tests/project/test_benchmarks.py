"""What the benchmarks say of their figures: medians with their spread, ratios, and whether a goal is met."""

from pathlib import Path

import pytest

from benchmarks import harness, summary
from benchmarks.__main__ import _ran
from benchmarks.harness import Figure, Spread, ratios


def test_a_spread_is_the_median_and_the_ends() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0, 3)
    assert str(Spread.of([3.0, 1.0, 2.0])) == "2.00 (1.00–3.00)"
    assert [str(Spread.of([value])) for value in (0.0123, 1.5, 123.4, 12345.0, 0)] == [
        "0.0123", "1.50", "123", "12345", "0",
    ]  # fmt: skip


def test_ratios_say_how_many_times_better_ours_is_round_by_round() -> None:
    assert ratios([1.0, 2.0], [2.0, 8.0], "less") == Spread(3.0, 2.0, 4.0, 2)
    assert ratios([4.0, 6.0], [2.0, 2.0], "more") == Spread(2.5, 2.0, 3.0, 2)


def test_a_missed_goal_names_its_limit() -> None:
    slow = Figure("a question", "ms", Spread.of([300.0]), 200, "less", limit="arithmetic")
    fast = Figure("passages", "/s", Spread.of([30.0]), 20, "more", "theirs", Spread.of([10.0]), Spread.of([3.0]))
    assert (slow.met, fast.met) == (False, True)
    assert slow.row() == ("a question", "ms", "300", "≤ 200", "no: arithmetic", "", "–")
    assert fast.row() == ("passages", "/s", "30.0", "≥ 20.0", "yes", "theirs: 10.0", "3.00")


def test_the_summary_has_the_figures_that_the_parts_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (harness, summary):
        monkeypatch.setattr(module, "RESULTS", tmp_path)
    figure = Figure("passages", "/s", Spread.of([30.0]), 20, "more", "theirs", Spread.of([10.0]), Spread.of([3.0]))
    harness.write("latency", "Latency", "", {}, [], [figure])
    assert summary.figures("latency") == [figure]
    assert summary.figures("growth") == []
    summary.main()
    text = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert "| passages | /s | 30.0 | ≥ 20.0 | yes | theirs: 10.0 | 3.00 |" in text


def test_a_part_that_fails_does_not_end_the_run() -> None:
    assert not _ran("no_such_part")
