"""Many questions to a table of answers, one after another; a run that was broken off goes on where it was."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, Unpack

from index import Filters
from index.errors import QueryError
from index.languages.messages import DEFAULT, messages_for
from qa.answer import Answer, State
from qa.batch.answers import COLUMNS, AnswerRow, BatchAnswer
from qa.batch.journal import Journal, key_of
from qa.batch.questions import QUESTION, BatchQuestion, QuestionList, read_questions, unlike
from qa.batch.tables import AnswerTable, checked_place, write_table
from qa.errors import BatchError
from qa.question import FilterArguments, arguments_of

_TEXTS = ("quote", "answer", "title", "other_quotes", "written", "notes", "error")
_GIVEN = "given_"


class Answerer(Protocol):
    """Answers one question; `Assistant` does."""

    @property
    def generation(self) -> int:
        """The state of the library that the next question is answered from, or a later one."""
        ...

    @property
    def signature(self) -> str:
        """What an answer hangs on beside the library and the question: the same where the same is answered."""
        ...

    def ask(self, question: str, *, interface: str = DEFAULT, **filters: Unpack[FilterArguments]) -> Answer:
        """Answer a question; raises `QueryError` for one that cannot be asked."""
        ...


@dataclass(frozen=True, slots=True)
class BatchState:
    """How far a run is: so many questions of all are done; `question` is the last of these."""

    done: int
    total: int
    question: str


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of the questions of a run; `resumed` are those that a run before it had answered."""

    questions: int
    answered: int
    perhaps: int
    not_found: int
    failed: int
    resumed: int


Reporter = Callable[[BatchState], None]


class BatchRunner:
    """Asks many questions of one answerer.

    `interface` is the language of Khabar's own words where it does not speak a question's; `filters` hold for each
    question that has none of its own for the same field. Raises `QueryError` for filters that no question can have.
    """

    def __init__(self, answerer: Answerer, *, interface: str = DEFAULT, filters: FilterArguments | None = None) -> None:
        self._answerer = answerer
        self._interface = interface
        self._filters = filters or FilterArguments()
        Filters.of(**self._filters)

    def run(self, questions: Path, out: Path, *, progress: Reporter | None = None) -> BatchReport:
        """Answer the questions of a file in a table, which takes the place of one that is there when it is whole.

        Answers are kept beside it as they come, until then. Raises `BatchError` for a file that cannot be read as
        questions or written as a table, before anything is asked; and what `ask` raises of the models and the library.
        A question that cannot be asked is a row with its error.
        """
        asked = questions_for(questions, out)
        rows: list[AnswerRow] = []
        resumed = 0
        with Journal.beside(out) as journal:
            for question in asked.questions:
                answered = self._answered(question, journal)
                rows.append(answered.row)
                resumed += answered.is_kept
                if progress:
                    progress(BatchState(len(rows), len(asked.questions), question.text))
        write_table(out, table_of(asked.columns, rows, self._interface))
        journal.remove()
        states = Counter(row.answer.state if row.answer else None for row in rows)
        return BatchReport(
            questions=len(rows),
            answered=states[State.ANSWERED],
            perhaps=states[State.PERHAPS],
            not_found=states[State.NOT_FOUND],
            failed=states[None],
            resumed=resumed,
        )

    def answers(self, questions: Iterable[BatchQuestion]) -> Iterator[AnswerRow]:
        """Answer questions as they come, and keep nothing; raises what `run` raises of the models and the library."""
        for question in questions:
            yield self._answered(question, None).row

    def _answered(self, question: BatchQuestion, journal: Journal | None) -> "_Answered":
        try:
            asked = question.checked(self._filters)
            # Looked at before it is asked: an answer of a later state is then at worst asked for again.
            state = (self._answerer.generation, self._answerer.signature)
            key = key_of(asked.text, asdict(asked.filters), self._interface, *state)
            found = journal.known.get(key) if journal else None
            if journal and found:
                return _Answered(AnswerRow(question, found), key in journal.kept)
            answer = self._answerer.ask(asked.text, interface=self._interface, **arguments_of(asked.filters))
        except QueryError as error:
            # One bad question of many: the others are asked.
            return _Answered(AnswerRow(question, error=question.complaint(error, self._interface)))
        said = BatchAnswer.of(answer)
        if journal:
            journal.add(key, said)
        return _Answered(AnswerRow(question, said))


@dataclass(frozen=True, slots=True)
class _Answered:
    """A row, and whether a run before this one had answered it."""

    row: AnswerRow
    is_kept: bool = False


def questions_for(questions: Path, out: Path) -> QuestionList:
    """Read the questions that are to be answered in a table; raises `BatchError` where either file is none for that."""
    place, found = checked_place(out), read_questions(questions)
    if place.exists() and place.samefile(questions):
        raise BatchError(f"{out} holds the questions. Name another file for the answers.")
    return found


def table_of(given: Sequence[str], rows: Iterable[AnswerRow], interface: str = DEFAULT) -> AnswerTable:
    """Make the table of answers: the question, the `given` columns that are passed through, and what was answered.

    One that is given and called as a column of the answer is called "given_…".
    """
    own = {QUESTION, *COLUMNS}
    beside = unlike([QUESTION, *COLUMNS, *(f"{_GIVEN}{name}" if name in own else name for name in given)])
    headings = [QUESTION, *beside[len(own) :], *COLUMNS]
    values = []
    for row in rows:
        told = row.values()
        values.append((row.question.text, *row.question.given, *(told[name] for name in COLUMNS)))
    wide = frozenset(headings.index(name) for name in _TEXTS)
    return AnswerTable(tuple(headings), tuple(values), messages_for(interface).direction, wide=wide)
