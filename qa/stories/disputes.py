"""What is disputed in a story: quotes that the learned model of two sides takes to answer one thing differently.

A headline is asked of two reports, as a question is of a library: of the one that holds a denial, or another figure
than its neighbours on the same day, and of what it stands against. Few pairs are looked at, since each has to be read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from index import Filters
from index.analysis import name_keys, terms
from index.languages.grammar import Stance
from qa.answering.contradictions import features_of, fitted
from qa.evidence import Evidence
from qa.question import Question
from qa.reading.reader import Reader
from qa.retrieval.retriever import Found, Reranker
from qa.stories.account import Dispute
from qa.stories.figures import ToldFigure
from qa.stories.reports import CitationBook, StoryReport

# So many pairs of sentences are read, the likeliest first; figures this many days apart have changed, and are not
# disputed.
_READ = 4
_SAME_TIME = 1
# So many denials are looked at, the earliest: each is held against all that is said before it.
_DENIALS = 40


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two sentences that may be two sides of one thing, and how much they share."""

    one: tuple[StoryReport, int]
    other: tuple[StoryReport, int]
    shared: float


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence that somebody says: the keys of whose name, and what it is found by."""

    report: StoryReport
    place: int
    names: frozenset[str]
    matter: frozenset[str]

    @classmethod
    def of(cls, report: StoryReport, place: int, name: str) -> "_Said":
        """Take it apart: the names in it are the same in every script."""
        written, code = report.sentences[place].slice(report.article.text), report.language_of(place)
        matter = frozenset({*name_keys(written, code), *terms(written, code)})
        return cls(report, place, frozenset(name_keys(name, code)), matter)


class DisputeFinder:
    """Finds two sides among the reports of one story."""

    def __init__(self, reranker: Reranker, reader: Reader) -> None:
        self._reranker = reranker
        self._reader = reader

    def find(
        self,
        reports: Sequence[StoryReport],
        figures: Sequence[ToldFigure],
        book: CitationBook,
        check: Callable[[], None],
    ) -> tuple[Dispute, ...]:
        """Return what is disputed, the surest first; `check` is called now and then, and may raise."""
        found = []
        told: set[tuple[str, int]] = set()
        for sides in sorted(_pairs(reports, figures, check), key=lambda pair: -pair.shared)[:_READ]:
            check()
            probability = self._probability(sides)
            places = {(report.article.id, place) for report, place in (sides.one, sides.other)}
            if probability >= fitted().shown and not places & told:
                told |= places
                found.append(Dispute((book.cite(*sides.one), book.cite(*sides.other)), round(probability, 4)))
        return tuple(sorted(found, key=lambda dispute: -dispute.probability))

    def _probability(self, sides: _Sides) -> float:
        """Return how likely two sentences answer differently what the headline of the later one is about."""
        (first, _), (later, _) = sides.one, sides.other
        asked = (later.article.title or first.article.title).strip()
        if not asked:
            return 0.0
        question = Question.of(asked, Filters())
        passages = {
            candidate.passage: candidate
            for report, place in (sides.one, sides.other)
            for candidate in (report.passage_of(report.sentences[place]),)
        }
        evidence = self._reader.read(asked, self._reranker.rerank(asked, Found(tuple(passages.values())))).evidence
        one, other = _read(evidence, *sides.one), _read(evidence, *sides.other)
        if one is None or other is None:
            return 0.0
        best, second = (one, other) if one.score >= other.score else (other, one)
        return fitted().probability(features_of(question, best, second))


def _pairs(
    reports: Sequence[StoryReport], figures: Sequence[ToldFigure], check: Callable[[], None]
) -> Iterator[_Sides]:
    yield from _figures_apart(figures)
    said: list[_Said] = []
    denials = 0
    for report in reports:
        own = len(said)
        for place, speaker in enumerate(report.speakers):
            if speaker is not None:
                said.append(_Said.of(report, place, speaker.name))
        for item in said[own:]:
            speaker = report.speakers[item.place]
            if speaker is not None and speaker.kind == Stance.DENIED and denials < _DENIALS:
                denials += 1
                check()
                yield from _nearest(said, item)


def _figures_apart(figures: Sequence[ToldFigure]) -> Iterator[_Sides]:
    """Yield figures of one kind that were told at one time, by different people or outlets, and differ."""
    for one, other in combinations(figures, 2):
        days = one.report.article.published, other.report.article.published
        same_time = days[0] and days[1] and abs((days[0] - days[1]).days) <= _SAME_TIME
        if one.kind == other.kind and one.value != other.value and same_time and one.report is not other.report:
            # Before any denial: that two figures differ is plain.
            yield _Sides((one.report, one.place), (other.report, other.place), 1.0)


def _nearest(said: Sequence[_Said], denial: _Said) -> Iterator[_Sides]:
    """Yield what a denial shares most with, said by somebody else in the same report or an earlier one."""
    others = [other for other in said if other is not denial and not other.names & denial.names]
    best = max(others, key=lambda other: len(denial.matter & other.matter), default=None)
    if best is not None and (shared := len(denial.matter & best.matter)):
        sides = (best.report, best.place), (denial.report, denial.place)
        yield _Sides(*sides, shared / len(denial.matter))


def _read(evidence: Sequence[Evidence], report: StoryReport, place: int) -> Evidence | None:
    start = report.sentences[place].start
    return next(
        (item for item in evidence if item.ranked.candidate.article.id == report.article.id
         and item.sentence.start <= start < item.sentence.end),
        None,
    )  # fmt: skip
