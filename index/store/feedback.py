"""What readers thought of answers, kept in the catalog beside the articles."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from index.store.engines.protocol import Database


class ReaderVerdict(StrEnum):
    """What a reader thought of an answer."""

    GOOD = "good"
    WRONG_SOURCE = "wrong_source"
    WRONG_SENTENCE = "wrong_sentence"
    SHOULD_ABSTAIN = "should_abstain"
    SHOULD_ANSWER = "should_answer"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's verdict on one answer.

    `id` is the answer's: a later verdict on it takes the place of an earlier one. `answer` is its JSON as it was
    shown, `versions` what it was made with, `given` the time in UTC.
    """

    id: str
    verdict: ReaderVerdict
    question: str
    answer: Mapping[str, object]
    versions: Mapping[str, str]
    given: datetime = field(default_factory=lambda: datetime.now(UTC))


class FeedbackTable:
    """The verdicts in one library's catalog; the table is made when the first one is given."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(self, feedback: Feedback) -> None:
        """Keep a verdict; raises `LibraryError` where the catalog cannot be written."""
        with self._db.commit():
            self._db.ensure("feedback")
            self._db.run(
                "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET given = excluded.given, "
                "verdict = excluded.verdict, question = excluded.question, answer = excluded.answer, "
                "versions = excluded.versions",
                feedback.id,
                feedback.given.isoformat(timespec="seconds"),
                feedback.verdict.value,
                feedback.question,
                json.dumps(feedback.answer, ensure_ascii=False),
                json.dumps(feedback.versions, ensure_ascii=False),
            )

    def all(self) -> list[Feedback]:
        """Return every verdict, oldest first."""
        if not self._db.has("feedback"):
            return []
        rows = self._db.all("SELECT id, given, verdict, question, answer, versions FROM feedback ORDER BY given, id")
        return [
            Feedback(row[0], ReaderVerdict(row[2]), row[3], json.loads(row[4]), json.loads(row[5]), _time(row[1]))
            for row in rows
        ]


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)
