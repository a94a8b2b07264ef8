"""One question asked of each column of a grid, and which of the answers contradict each other."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

from index import Filters, Library
from index.languages.messages import DEFAULT
from index.text.normalisation import fold
from qa.answer import State
from qa.answering.contradictions import differing
from qa.answering.figures import figures
from qa.assistant import Assistant
from qa.batch.answers import BatchAnswer
from qa.batch.columns import Across, GridColumn, GridColumns, columns_of
from qa.batch.questions import CheckedQuestion
from qa.chain import Stage
from qa.evidence import Evidence
from qa.question import Asked, Question, arguments_of
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
        bests = [item.reading.evidence[0] if item and item.reading.evidence else None for item in read]
        stories = self._stories(filter(None, bests))
        pairs = _differing_pairs(read, stories)
        decided = []
        for place, item in enumerate(read):
            # What answers otherwise is no rival either.
            same = [at for at in range(len(read)) if at != place and _pair(at, place) not in pairs]
            decided.append(self._decided(item, [best for at in same if (best := bests[at])], stories))
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

    def _stories(self, bests: Iterable[Evidence]) -> Mapping[str, frozenset[str]]:
        """Return by the article of each sentence the others that tell its story, word for word or nearly."""
        found = self._assistant.library.same_story({_article(item) for item in bests})
        return {id: frozenset(article.id for article in others) for id, others in found.items()}

    def _decided(
        self, own: Question | None, others: Sequence[Evidence], stories: Mapping[str, frozenset[str]]
    ) -> Question | None:
        """Decide what a column says, its confidence beside the best sentences of the others.

        How sure a sentence is hangs on how far it is ahead of other articles': alone, the best one of a day on which
        nobody speaks of the matter would pass. What answers the same is no rival.
        """
        if own is None or own.is_chat:
            return own
        reading = own.reading
        if reading.confidence:
            best = reading.evidence[0]
            rivals = [item for item in others if not _agree(best, item) and not _is_copy(best, item, stories)]
            confidence = self._assistant.weights.confidence.of(own.matter, [*reading.evidence, *rivals])
            own = replace(own, reading=replace(reading, confidence=min(reading.confidence, confidence)))
        decided: Question = self._assistant.stages.decide.invoke(own)
        return decided


def _whole(library: Library, article: str, question: Question) -> Question:
    with library.snapshot() as generation:
        candidates = library.candidates(library.passages(article))
    return replace(question, found=Found(tuple(candidates)), generation=generation)


def _article(item: Evidence) -> str:
    return item.ranked.candidate.article.id


def _agree(one: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences surely answer the same: by a figure, or in the same words."""
    words = [item.answer.slice(item.ranked.candidate.article.text) if item.answer else "" for item in (one, other)]
    return bool(figures(one) & figures(other)) or (bool(words[0]) and fold(words[0]) == fold(words[1]))


def _is_copy(one: Evidence, other: Evidence, stories: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether a sentence stands in both articles, or both tell one story: it is said once."""
    return fold(one.quote) == fold(other.quote) or _article(other) in stories.get(_article(one), ())


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _differing_pairs(
    read: Sequence[Question | None], stories: Mapping[str, frozenset[str]]
) -> frozenset[tuple[int, int]]:
    """Return the pairs of columns whose best sentences answer differently; of one with itself, where its own do."""
    told = [(place, item, item.reading.evidence) for place, item in enumerate(read) if item and not item.is_chat]
    told = [(place, item, evidence) for place, item, evidence in told if evidence and evidence[0].fits]
    found = {(place, place) for place, item, evidence in told if len(differing(item, evidence)) > 1}
    for (one, question, ours), (other, _, theirs) in combinations(told, 2):
        if _is_copy(ours[0], theirs[0], stories):
            continue
        if len(differing(question, sorted((ours[0], theirs[0]), key=lambda item: -item.score))) > 1:
            found.add((one, other))
    return frozenset(found)


def _against(decided: Sequence[Question | None], pairs: Set[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return for each cell those that it contradicts, both with a fact for the answer: what is uncertain does not."""
    found: list[set[int]] = [set() for _ in decided]
    for one, other in pairs:
        if _is_fact(decided[one]) and _is_fact(decided[other]):
            found[one].add(other)
            found[other].add(one)
    return [tuple(sorted(places)) for places in found]


def _is_fact(decided: Question | None) -> bool:
    """Tell whether a column answers, and by one fact: an overview has several."""
    if decided is None or decided.answer is None or decided.picked:
        return False
    return decided.answer.state is State.ANSWERED and bool(decided.answer.used)


def _sides(against: Sequence[tuple[int, ...]]) -> list[int | None]:
    """Give each cell that contradicts another the first side that none of these is on."""
    sides: list[int | None] = []
    for place, others in enumerate(against):
        taken = {sides[other] for other in others if other < place}
        free = next(side for side in range(len(against) + 1) if side not in taken)
        sides.append(free if others else None)
    return sides
