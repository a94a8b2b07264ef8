"""Standing questions: added, asked again when the library has changed, and the changes of their answers.

What is read for a question is found anew after each commit: an article that says nothing of it can still change which
passages come first, since rare words count by how rare they are in the whole library. Only where other passages are to
be read than the last time, or in another order, are they read again: the same passages have the same answer.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Unpack

from index import Filters, QueryError, StandingQuestion
from index.languages.messages import DEFAULT
from index.search import checked_query
from index.store.standing.questions import LookedAt, StoredChange
from qa.answer import Answer
from qa.assistant import Assistant
from qa.errors import StandingQuestionError
from qa.question import Asked, FilterArguments, Question, arguments_of
from qa.standing.changes import Change, compare


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A change of the answer to a standing question, as it is kept: `at` is when it was found, in UTC."""

    id: str
    question: StandingQuestion
    at: datetime
    generation: int
    change: Change

    def to_dict(self) -> dict[str, object]:
        """Return the change with its question as plain JSON values."""
        return {
            "id": self.id,
            "question": {"id": self.question.id, "text": self.question.question},
            "at": self.at.isoformat(timespec="seconds"),
            "generation": self.generation,
            **self.change.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Unasked:
    """A standing question that could not be asked again, and why."""

    question: StandingQuestion
    reason: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check did: how many questions stand, how many were read again, what has changed, what was not asked."""

    questions: int
    read: int
    changes: tuple[KeptChange, ...]
    failed: tuple[Unasked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sought:
    """A question with the passages that are to be read for it on a day, and what tells these from others."""

    question: Question
    basis: str
    day: date


class StandingQuestions:
    """The standing questions of an assistant's library; safe to use from several threads, and beside other processes.

    They are answered by quotes, also where the assistant has a chat model.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._table = assistant.library.standing_questions
        self._today = today
        self._now = now

    def add(
        self,
        question: str,
        *,
        webhook: str | None = None,
        mail: str | None = None,
        interface: str = DEFAULT,
        **filters: Unpack[FilterArguments],
    ) -> StandingQuestion:
        """Let a question stand: it is answered now, and from then on asked again.

        Changes are sent to a `webhook` and to a `mail` address, where they are given. The same question with the same
        filters stands once, and is told where it was said last. Raises what `Assistant.ask` raises, `QueryError` for
        small talk and for an address that is none, `FetchError` for a webhook that may not be asked.
        """
        _check_addresses(webhook, mail)
        chosen = Filters.of(**filters)
        text = checked_query(question)
        looked = self._looked(self._seek(text, chosen, interface))
        added = self._table.add(text, chosen, interface, looked, webhook=webhook, mail=mail)
        # One that stands already may have another answer by now, which is a change.
        self._check(added)
        return self._table.get(added.id) or added

    def all(self) -> list[StandingQuestion]:
        """Return the standing questions, the first one that was added first."""
        return self._table.all()

    def find(self, id: str) -> StandingQuestion:
        """Return a question by its id or the beginning of it; raises `QueryError` where that names none, or several."""
        return self._table.find(id)

    def pause(self, id: str) -> StandingQuestion:
        """Ask a question no more until `resume`; its history stays. Raises what `find` raises."""
        return self._table.pause(id)

    def resume(self, id: str) -> StandingQuestion:
        """Ask a question again that was paused, at once and from then on; raises what `find` and `check` raise."""
        known = self._table.pause(id, is_paused=False)
        self._check(known)
        return self._table.get(known.id) or known

    def tell(self, id: str, *, webhook: str | None = None, mail: str | None = None) -> StandingQuestion:
        """Say anew where changes are sent (None: nowhere); raises what `find` and, for addresses, `add` raise."""
        _check_addresses(webhook, mail)
        return self._table.tell(id, webhook=webhook, mail=mail)

    def remove(self, id: str) -> None:
        """Let a question and the history of its answer go; raises what `find` raises."""
        self._table.remove(id)

    def changes(self, id: str) -> list[KeptChange]:
        """Return how the answer to a question has changed, newest first; raises what `find` raises."""
        question = self.find(id)
        return [kept_change(question, stored) for stored in self._table.changes(question.id)]

    def check(self) -> CheckReport:
        """Ask again what may have been answered otherwise since it was looked at, and keep what has changed.

        That is every question that is not paused, when there was a commit, on another day, since a question may name
        its time by today, or with other models. Raises what `Assistant.ask` raises; what was kept before stays.
        """
        questions = [question for question in self.all() if not question.paused]
        read, changes, failed = 0, list[KeptChange](), list[Unasked]()
        for question in questions:
            try:
                # As it is now: another process may have looked at it meanwhile.
                is_read, change = self._check(self._table.get(question.id))
            except (StandingQuestionError, QueryError) as error:
                # One that cannot be compared, or whose collection is gone: the others are asked all the same.
                failed.append(Unasked(question, str(error)))
                continue
            read += is_read
            changes += [change] if change else []
        return CheckReport(len(questions), read, tuple(changes), tuple(failed))

    def _check(self, known: StandingQuestion | None) -> tuple[bool, KeptChange | None]:
        """Look at one question until it is as of now; returns whether it was read again, and the change."""
        is_read = False
        while known is not None and not self._is_current(known):
            sought = self._seek(known.question, known.filters, known.interface)
            before = known.looked
            if (sought.basis, self._models) == (before.basis, before.models):
                looked = LookedAt(sought.question.generation, sought.day, before.models, before.basis, before.answer)
                change = None
            else:
                looked, is_read = self._looked(sought), True
                change = compare(last_answer(known), Answer.from_dict(looked.answer))
            done, stored = self._table.record(known, looked, change.to_dict() if change else None, self._now())
            if done:
                return is_read, kept_change(known, stored) if stored else None
            # Another process was faster, and may have looked at an earlier state than this one; or it was removed.
            known = self._table.get(known.id)
        return is_read, None

    def _is_current(self, question: StandingQuestion) -> bool:
        looked = question.looked
        now = (self._library.generation, self._today(), self._models)
        return (looked.generation, looked.day, looked.models) == now

    @property
    def _models(self) -> str:
        """What tells the models that answer from others, and what was fitted for them."""
        assistant = self._assistant
        made = [str(assistant.models.names), json.dumps(assistant.weights.to_dict(), sort_keys=True)]
        return hashlib.sha256("\n".join(made).encode()).hexdigest()

    def _seek(self, text: str, filters: Filters, interface: str) -> _Sought:
        """Find the passages that are to be read for a question; raises `QueryError` for small talk."""
        stages, day = self._assistant.stages, self._today()
        # What a question means hangs on the library too: its outlets, and its newest day.
        with self._library.snapshot():
            question: Question = stages.understand.invoke(
                Asked(text, filters=arguments_of(filters), interface=interface)
            )
            if question.is_chat:
                raise QueryError("This is no question to the articles. Ask who, what, when, where, why or how many.")
            question = stages.rerank.invoke(stages.retrieve.invoke(question))
        return _Sought(question, _basis(question), day)

    def _looked(self, sought: _Sought) -> LookedAt:
        """Read what was found, and answer from it."""
        stages = self._assistant.stages
        answer = stages.decide.invoke(stages.read.invoke(sought.question)).answer
        return LookedAt(sought.question.generation, sought.day, self._models, sought.basis, answer.to_dict())


def last_answer(question: StandingQuestion) -> Answer:
    """Return the answer that a question had when it was last read; raises `StandingQuestionError` for none."""
    try:
        return Answer.from_dict(question.looked.answer)
    except ValueError as error:
        # pydantic's: another version's answer, or no answer at all.
        raise StandingQuestionError(
            f"The last answer to the standing question {question.name} cannot be read. Remove it, and add it again."
        ) from error


def kept_change(question: StandingQuestion, stored: StoredChange) -> KeptChange:
    """Read a change from what the catalog keeps; raises `StandingQuestionError` where that is none."""
    try:
        change = Change.from_dict(stored.content)
    except (ValueError, KeyError) as error:
        # Another version's change, or no change at all.
        raise StandingQuestionError(
            f"A change of the answer to the standing question {question.name} cannot be read. Remove the question, and "
            "add it again."
        ) from error
    return KeptChange(stored.id, question, stored.at, stored.generation, change)


def _basis(question: Question) -> str:
    """Write down all that the answer is made of beside the models: how it is understood, and what is read, in order.

    The cosine of the nearest passage is what an overview is told to be about something by.
    """
    nearest = max((found.similarity or 0.0 for found in question.found.candidates), default=0.0)
    passages = [
        [
            item.candidate.passage.article_id, item.candidate.revision, item.candidate.passage.start,
            item.candidate.passage.end, [copy.id for copy in item.also_in],
        ]
        for item in question.passages
    ]  # fmt: skip
    return json.dumps([repr(question.meaning), question.kept, repr(nearest), passages])


def _check_addresses(webhook: str | None, mail: str | None) -> None:
    if webhook is not None:
        # The client that sends is loaded for this alone.
        from index.web.addresses import parsed

        parsed(webhook)
    try:
        if mail is not None and not Address(addr_spec=mail).domain:
            raise ValueError(mail)
    except (ValueError, IndexError, HeaderParseError) as error:
        # No name before the @, none after it, spaces, line ends.
        raise QueryError(f"{mail!r} is no mail address. Write it as layla@example.org.") from error
