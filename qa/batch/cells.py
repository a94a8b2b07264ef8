"""One question asked of each column of a grid, and which of the answers contradict each other."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

from index import Filters, Library
from index.languages.messages import DEFAULT
from qa.answer import State
from qa.answering.contradictions import differing
from qa.assistant import Assistant
from qa.batch.answers import BatchAnswer
from qa.batch.columns import Across, GridColumn, GridColumns, columns_of
from qa.batch.questions import CheckedQuestion, arguments_of
from qa.chain import Stage
from qa.question import Asked, Question
from qa.retrieval.retriever import Found


@dataclass(frozen=True, slots=True)
class GridCell:
    """What a column says to a question; `answer` is None where the question's filters leave nothing of the column.

    `against` are the columns, from 0, that it contradicts, itself among them where its own articles differ; `side` is
    the number, from 0, of its side of the disagreement: two cells that contradict each other are of two.
    """

    answer: BatchAnswer | None = None
    against: tuple[int, ...] = ()
    side: int | None = None


class LibraryCells:
    """Asks an assistant's library, extractively: a chat model writes nothing here."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def columns(self, across: Across, filters: Filters) -> GridColumns:
        """Return what stands across; raises what `columns_of` raises."""
        return columns_of(self._assistant.library, across, filters)

    def cells(
        self,
        question: CheckedQuestion,
        columns: Sequence[GridColumn],
        *,
        interface: str = DEFAULT,
        progress: Callable[[], None] | None = None,
    ) -> tuple[GridCell, ...]:
        """Ask each column; `progress` is called after each. Raises what `ask` raises."""
        read: list[Question | None] = []
        for column in columns:
            read.append(self._read(question, column, interface))
            if progress:
                progress()
        pairs = _differing_pairs(read)
        decided = [self._decided(place, read, pairs) for place in range(len(read))]
        against = _against(decided, pairs)
        answers = [BatchAnswer.of(item.answer) if item and item.answer else None for item in decided]
        return tuple(GridCell(*parts) for parts in zip(answers, against, _sides(against), strict=True))

    def _read(self, question: CheckedQuestion, column: GridColumn, interface: str) -> Question | None:
        """Read what a column has for a question, as yet undecided; None where its filters leave nothing of it."""
        filters = column.within(question.filters)
        if filters is None:
            return None
        stages = self._assistant.stages
        retrieve: Any = stages.retrieve
        if column.article is not None:
            # Search finds the best of all articles: of one, every passage is looked at.
            retrieve = Stage("retrieve", partial(_whole, self._assistant.library, column.article.id))
        item: Any = Asked(question.text, filters=arguments_of(filters), interface=interface)
        for step in (stages.understand, retrieve, stages.rerank, stages.read):
            item = step.invoke(item)
        read: Question = item
        return read

    def _decided(self, place: int, read: Sequence[Question | None], pairs: Set[tuple[int, int]]) -> Question | None:
        """Decide what a column says, its confidence beside what the others have.

        How sure a sentence is hangs on how far it is ahead of other articles': alone, the best one of a day on which
        nobody speaks of the matter would pass. What answers otherwise is no rival.
        """
        own = read[place]
        if own is None or own.is_chat:
            return own
        reading = own.reading
        if reading.confidence:
            rivals = [
                other.reading.evidence[0]
                for at, other in enumerate(read)
                if at != place and other is not None and other.reading.evidence and _pair(at, place) not in pairs
            ]
            confidence = self._assistant.weights.confidence.of(own.matter, [*reading.evidence, *rivals])
            own = replace(own, reading=replace(reading, confidence=min(reading.confidence, confidence)))
        decided: Question = self._assistant.stages.decide.invoke(own)
        return decided


def _whole(library: Library, article: str, question: Question) -> Question:
    with library.snapshot() as generation:
        candidates = library.candidates(library.passages(article))
    return replace(question, found=Found(tuple(candidates)), generation=generation)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _differing_pairs(read: Sequence[Question | None]) -> frozenset[tuple[int, int]]:
    """Return the pairs of columns whose best sentences answer differently; of one with itself, where its own do."""
    told = [(place, item, item.reading.evidence) for place, item in enumerate(read) if item and not item.is_chat]
    told = [(place, item, evidence) for place, item, evidence in told if evidence and evidence[0].fits]
    found = {(place, place) for place, item, evidence in told if len(differing(item, evidence)) > 1}
    for (one, question, ours), (other, _, theirs) in combinations(told, 2):
        both = sorted((ours[0], theirs[0]), key=lambda item: -item.score)
        if len(differing(question, both)) > 1:
            found.add((one, other))
    return frozenset(found)


def _against(decided: Sequence[Question | None], pairs: Set[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return for each cell those that it contradicts: of two that quote a fact, one of them as the answer."""
    states = [_state(item) for item in decided]
    found: list[set[int]] = [set() for _ in decided]
    for one, other in pairs:
        both = (states[one], states[other])
        if State.NOT_FOUND not in both and State.ANSWERED in both:
            found[one].add(other)
            found[other].add(one)
    return [tuple(sorted(places)) for places in found]


def _state(decided: Question | None) -> State:
    """Return how a cell answers by one fact; an overview answers by many."""
    answer = decided.answer if decided else None
    return answer.state if decided and answer and answer.used and not decided.picked else State.NOT_FOUND


def _sides(against: Sequence[tuple[int, ...]]) -> list[int | None]:
    """Give each cell that contradicts another the first side that none of these is on."""
    sides: list[int | None] = []
    for place, others in enumerate(against):
        taken = {sides[other] for other in others if other < place}
        free = next(side for side in range(len(against) + 1) if side not in taken)
        sides.append(free if others else None)
    return sides
