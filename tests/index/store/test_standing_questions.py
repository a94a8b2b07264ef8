"""Standing questions as they are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from index import Library
from index.store.standing import questions
from tests.support.standing import NOTHING, stand


def test_questions_stand_in_the_order_they_were_added_whatever_the_clock_says(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        """A clock that stands still, and then goes back by an hour."""

        times = iter([datetime(2025, 11, 4, 9, 30, 0, 123_456, tzinfo=UTC)] * 9)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return next(cls.times) - timedelta(hours=len(asked) > 5)

    asked: list[str] = []
    monkeypatch.setattr(questions, "datetime", Clock)
    for number in range(9):
        asked.append(f"What of {number}?")
        stand(library, asked[-1], NOTHING)
    monkeypatch.undo()
    standing = library.standing_questions.all()
    assert [question.question for question in standing] == asked
    first = datetime(2025, 11, 4, 9, 30, 0, 123_000, tzinfo=UTC)
    assert [question.added - first for question in standing] == [timedelta(milliseconds=n) for n in range(9)]


def test_a_pause_outlives_the_library_and_ends_with_the_question(library: Library) -> None:
    table = library.standing_questions
    kept, other = stand(library, "What of it?", NOTHING), stand(library, "Who was it?", NOTHING)
    assert table.pause(kept.name).paused
    assert [question.paused for question in table.all()] == [True, False]
    # Whoever adds it again wants to be told.
    assert not stand(library, "What of it?", NOTHING).paused
    table.pause(other.id)
    table.remove(other.id)
    assert [question.paused for question in table.all()] == [False] and not stand(
        library, "Who was it?", NOTHING
    ).paused
