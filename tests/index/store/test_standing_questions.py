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
