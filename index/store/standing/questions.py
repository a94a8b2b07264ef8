"""Questions that are asked again when a library changes, and how their answers changed, kept beside the articles."""

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from index.article import Filters
from index.errors import QueryError
from index.store.engines.protocol import Database

_COLUMNS = (
    "id, question, filters, interface, added, webhook, mail, secret, turn, generation, day, models, basis, answer"
)
# What failed is told again after a minute, two, four, and so on, at least once a day.
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(days=1)
# Where the library's properties name the questions that are paused.
_PAUSED = "standing_paused"
# Letters that an id is shown by, and named by at least.
_SHOWN = 8


class Channel(StrEnum):
    """A way of telling somebody that an answer has changed."""

    WEBHOOK = "webhook"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a question was last answered from: `answer` is its JSON.

    `basis` is what was read for it, `models` by which models, on which `day`, at which `generation` of the library.
    """

    generation: int
    day: date
    models: str
    basis: str
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """A question that is asked again when the library changes, and where a change of its answer is sent.

    `interface` is the language of Khabar's own words where it does not speak the question's; `secret` signs what is
    sent to the `webhook`; `turn` counts the looks at it; one that is `paused` is not asked.
    """

    id: str
    question: str
    filters: Filters
    interface: str
    added: datetime
    looked: LookedAt
    webhook: str | None = None
    mail: str | None = None
    secret: str = ""
    turn: int = 0
    paused: bool = False

    @property
    def name(self) -> str:
        """The beginning of its id, by which it is shown and named."""
        return self.id[:_SHOWN]

    def address(self, channel: Channel) -> str | None:
        """Return where changes are sent by a channel, None where they are not."""
        return self.webhook if channel is Channel.WEBHOOK else self.mail


@dataclass(frozen=True, slots=True)
class StoredChange:
    """One change of an answer, as plain JSON values: found `at` a time (UTC), in a `generation` of the library."""

    id: str
    question: str
    at: datetime
    generation: int
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A change that is to be told by a channel, or was `told` at a time (UTC).

    `attempts` is how often it was tried, the next time when it is `due`; `problem` is why the last try failed.
    """

    change: str
    channel: Channel
    due: datetime
    attempts: int = 0
    problem: str = ""
    told: datetime | None = None


class StandingTable:
    """The standing questions of one library; the tables are made when the first one is added."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def library(self) -> str:
        """The name of the library that no other has."""
        row = self._db.one("SELECT value FROM meta WHERE key = 'id'")
        return str(row[0]) if row else ""

    def all(self) -> list[StandingQuestion]:
        """Return every standing question, the first one that was added first."""
        if not self._db.has("standing"):
            return []
        rows, paused = self._db.all(f"SELECT {_COLUMNS} FROM standing ORDER BY added, id"), self._paused()
        return [_question(row, paused) for row in rows]

    def get(self, id: str) -> StandingQuestion | None:
        """Return a question by its whole id, None for one that stands no more."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM standing WHERE id = ?", id) if self._db.has("standing") else None
        return _question(row, self._paused()) if row else None

    def find(self, id: str) -> StandingQuestion:
        """Return a question by its id or the beginning of it; raises `QueryError` where that names none, or several."""
        found = [question for question in self.all() if id and question.id.startswith(id.strip().lower())]
        if len(found) != 1:
            raise self.not_found(id, len(found))
        return found[0]

    def not_found(self, id: str, found: int = 0) -> QueryError:
        """Return the error that an id names none of the questions, or several."""
        return QueryError(
            f"{found or 'No'} standing questions have the id {id!r}. `khabar standing list` shows the ids."
        )

    def add(
        self,
        question: str,
        filters: Filters,
        interface: str,
        looked: LookedAt,
        *,
        webhook: str | None = None,
        mail: str | None = None,
    ) -> StandingQuestion:
        """Keep a question; one that stands already with the same filters keeps its history, and is told anew where.

        One that was paused is asked again.
        """
        with self._db.commit():
            self._db.ensure("standing")
            standing = self.all()
            for known in standing:
                if (known.question, known.filters) == (question, filters):
                    self._db.run("UPDATE standing SET webhook = ?, mail = ? WHERE id = ?", webhook, mail, known.id)
                    self._pause(known.id, is_paused=False)
                    return replace(known, webhook=webhook, mail=mail, paused=False)
            made = StandingQuestion(
                uuid.uuid4().hex, question, filters, interface, _after(standing), looked, webhook, mail,
                secrets.token_hex(32),
            )  # fmt: skip
            self._db.run(f"INSERT INTO standing ({_COLUMNS}) VALUES ({', '.join('?' * 14)})", *_row(made))
        return made

    def pause(self, id: str, *, is_paused: bool = True) -> StandingQuestion:
        """Ask a question no more, or again; its history stays. Raises `QueryError` for an id that names none."""
        found = self.find(id)
        with self._db.commit():
            self._pause(found.id, is_paused=is_paused)
        return replace(found, paused=is_paused)

    def tell(self, id: str, *, webhook: str | None, mail: str | None) -> StandingQuestion:
        """Say anew where changes of a question's answer are sent; raises `QueryError` for an id that names none."""
        found = self.find(id)
        with self._db.commit():
            self._db.run("UPDATE standing SET webhook = ?, mail = ? WHERE id = ?", webhook, mail, found.id)
        return replace(found, webhook=webhook, mail=mail)

    def remove(self, id: str) -> None:
        """Let a question and its history go; raises `QueryError` for an id that names none."""
        id = self.find(id).id
        with self._db.commit():
            self._db.run("DELETE FROM telling WHERE change IN (SELECT id FROM standing_change WHERE question = ?)", id)
            self._db.run("DELETE FROM standing_change WHERE question = ?", id)
            self._db.run("DELETE FROM standing WHERE id = ?", id)
            self._pause(id, is_paused=False)

    def record(
        self, question: StandingQuestion, looked: LookedAt, content: Mapping[str, object] | None, now: datetime
    ) -> tuple[bool, StoredChange | None]:
        """Record a look at a question and, in the same commit, the change that it found, to be told by its channels.

        Of several threads and processes that look at once the first is recorded. Returns whether this one was, and the
        change.
        """
        with self._db.commit():
            done = self._db.run(
                "UPDATE standing SET turn = turn + 1, generation = ?, day = ?, models = ?, basis = ?, answer = ? "
                "WHERE id = ? AND turn = ?",
                looked.generation, looked.day.isoformat(), looked.models, looked.basis, _json(looked.answer),
                question.id, question.turn,
            )  # fmt: skip
            if done != 1 or content is None:
                return done == 1, None
            change = StoredChange(uuid.uuid4().hex, question.id, now, looked.generation, content)
            self._db.run(
                "INSERT INTO standing_change (id, question, at, generation, content) VALUES (?, ?, ?, ?, ?)",
                change.id, change.question, _written(now), change.generation, _json(content),
            )  # fmt: skip
            # As it is now: where it is told may have changed since the look began.
            now_known = self.get(question.id) or question
            for channel in Channel:
                if now_known.address(channel):
                    self._db.run(
                        "INSERT INTO telling (change, channel, due, attempts, problem, told) "
                        "VALUES (?, ?, ?, 0, '', NULL)",
                        change.id, channel.value, _written(now),
                    )  # fmt: skip
        return True, change

    def changes(self, question: str | None = None, limit: int | None = None) -> list[StoredChange]:
        """Return the changes of one question's answer, or of all, newest first."""
        if not self._db.has("standing"):
            return []
        where, values = ("WHERE question = ?", [question]) if question else ("", [])
        rows = self._db.all(
            f"SELECT id, question, at, generation, content FROM standing_change {where} ORDER BY at DESC, id LIMIT ?",
            *values,
            2**62 if limit is None else limit,
        )
        return [_change(row) for row in rows]

    def change(self, id: str) -> StoredChange | None:
        """Return one change, None for one that is there no more."""
        row = self._db.one("SELECT id, question, at, generation, content FROM standing_change WHERE id = ?", id)
        return _change(row) if row else None

    def _paused(self) -> frozenset[str]:
        row = self._db.one("SELECT value FROM meta WHERE key = ?", _PAUSED)
        return frozenset(json.loads(str(row[0]))) if row else frozenset()

    def _pause(self, id: str, *, is_paused: bool) -> None:
        before = self._paused()
        after = before | {id} if is_paused else before - {id}
        if after != before:
            self._db.run(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                _PAUSED, json.dumps(sorted(after)),
            )  # fmt: skip

    # Telling.

    def deliveries(self, question: str | None = None) -> list[Delivery]:
        """Return what is still to be told, the oldest first; of one question, what was told as well."""
        if not self._db.has("standing"):
            return []
        where, values = ("question = ?", [question]) if question else ("told IS NULL", [])
        rows = self._db.all(
            "SELECT change, channel, due, attempts, problem, told FROM telling "
            f"JOIN standing_change ON standing_change.id = change WHERE {where} ORDER BY at, change, channel",
            *values,
        )
        return [_delivery(row) for row in rows]

    def claim(self, delivery: Delivery, now: datetime) -> bool:
        """Take on a delivery that is due, for this caller alone; one that does not come back is due again later."""
        wait = min(_FIRST_WAIT * 2 ** min(delivery.attempts, 16), _LONGEST_WAIT)
        taken = self._db.run(
            "UPDATE telling SET attempts = attempts + 1, due = ? "
            "WHERE change = ? AND channel = ? AND told IS NULL AND attempts = ? AND due <= ?",
            _written(now + wait), delivery.change, delivery.channel.value, delivery.attempts, _written(now),
        )  # fmt: skip
        return taken == 1

    def succeed(self, delivery: Delivery, now: datetime) -> None:
        """Record that a change was told."""
        self._db.run(
            "UPDATE telling SET told = ?, problem = '' WHERE change = ? AND channel = ?",
            _written(now), delivery.change, delivery.channel.value,
        )  # fmt: skip

    def fail(self, delivery: Delivery, problem: str) -> None:
        """Record why a change could not be told: it stays to be told, later each time."""
        self._db.run(
            "UPDATE telling SET problem = ? WHERE change = ? AND channel = ?",
            problem, delivery.change, delivery.channel.value,
        )  # fmt: skip

    def drop(self, delivery: Delivery) -> None:
        """Give up a delivery whose question is told that way no more."""
        self._db.run("DELETE FROM telling WHERE change = ? AND channel = ?", delivery.change, delivery.channel.value)

    def silence(self) -> None:
        """Let nobody be told by this library any more: its questions stay, and their changes are kept."""
        if self._db.has("standing"):
            self._db.run("UPDATE standing SET webhook = NULL, mail = NULL")
            self._db.run("DELETE FROM telling WHERE told IS NULL")


def _after(standing: Sequence[StandingQuestion]) -> datetime:
    """Return the time now in whole milliseconds, later than every question that stands, whatever the clock says."""
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return max([now, *(question.added + timedelta(milliseconds=1) for question in standing[-1:])])


def _row(made: StandingQuestion) -> tuple[object, ...]:
    looked = made.looked
    return (
        made.id, made.question, _json(_set(made.filters)), made.interface, _written(made.added), made.webhook,
        made.mail, made.secret, made.turn, looked.generation, looked.day.isoformat(), looked.models, looked.basis,
        _json(looked.answer),
    )  # fmt: skip


def _question(row: tuple[object, ...], paused: Set[str]) -> StandingQuestion:
    id, question, filters, interface, added, webhook, mail, secret, turn, generation, day, models, basis, answer = row
    looked = LookedAt(
        int(str(generation)), date.fromisoformat(str(day)), str(models), str(basis), json.loads(str(answer))
    )
    return StandingQuestion(
        str(id), str(question), Filters.of(**json.loads(str(filters))), str(interface),
        datetime.fromisoformat(str(added)), looked, None if webhook is None else str(webhook),
        None if mail is None else str(mail), str(secret), int(str(turn)), str(id) in paused,
    )  # fmt: skip


def _change(row: tuple[object, ...]) -> StoredChange:
    id, question, at, generation, content = map(str, row)
    return StoredChange(id, question, datetime.fromisoformat(at), int(generation), json.loads(content))


def _delivery(row: tuple[object, ...]) -> Delivery:
    change, channel, due, attempts, problem, told = row
    return Delivery(
        str(change), Channel(str(channel)), datetime.fromisoformat(str(due)), int(str(attempts)), str(problem),
        datetime.fromisoformat(str(told)) if told else None,
    )  # fmt: skip


def _set(filters: Filters) -> dict[str, object]:
    """Return what filters are set to, without what lets everything through: an earlier version knows fewer."""
    return {name: value for name, value in asdict(filters).items() if value}


def _json(value: object) -> str:
    # ASCII alone: whatever a question holds can be written.
    return json.dumps(value, default=date.isoformat)


def _written(time: datetime) -> str:
    """Write a time so that times compare as their texts do."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
