"""What changed: the figures that reports of one event give for one thing, over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import language_within
from index.analysis.entities import Entity, EntityKind, entities_of
from index.languages import language
from index.text.normalisation import Span, fold
from qa.reading.casualties import counts_in, rightly_counted
from qa.stories.account import FigureSeries, StoryFigure
from qa.stories.reports import CitationBook, StoryReport

# What figures measure that a story is told by; how long a thing took is seldom its figure.
MEASURED = ("share", "money", "weight", "length")
# A figure without a word beside it is a figure of what follows it.
_FOLLOWING = 24
_NUMBER = "number "


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A figure of a report: what it is of, where it stands in the text, its value, and in which sentence."""

    kind: str
    report: StoryReport
    place: int
    span: Span
    value: float


def told_figures(reports: Sequence[StoryReport]) -> list[ToldFigure]:
    """Return the first figure that each report gives of each kind, in the order of the reports.

    News says the main thing first: later figures are those of a part, or of another event.
    """
    found: list[ToldFigure] = []
    for report in reports:
        first: dict[str, ToldFigure] = {}
        for place in range(len(report.sentences)):
            for figure in _figures_in(report, place):
                first.setdefault(figure.kind, figure)
        found += first.values()
    return found


def series_of(figures: Sequence[ToldFigure], book: CitationBook) -> tuple[FigureSeries, ...]:
    """Return what changed: figures of one kind that have at least two values, each time that there was another."""
    kinds: dict[str, list[ToldFigure]] = {}
    for figure in figures:
        own = kinds.setdefault(figure.kind, [])
        if not own or own[-1].value != figure.value:
            own.append(figure)
    return tuple(
        FigureSeries(kind, tuple(_cited(figure, book) for figure in own)) for kind, own in kinds.items() if len(own) > 1
    )


def _cited(figure: ToldFigure, book: CitationBook) -> StoryFigure:
    number = book.cite(figure.report, figure.place)
    text = figure.span.slice(figure.report.article.text)
    return StoryFigure(text, figure.value, number, figure.span.start, figure.span.end)


def _figures_in(report: StoryReport, place: int) -> Iterator[ToldFigure]:
    """Yield whom a sentence counts; what its figures measure too where it is the first."""
    sentence = report.sentences[place]
    written, code = sentence.slice(report.article.text), report.language_of(place)
    pack = language_within(written, language(code))
    numbers = _counting(written, entities_of(written, pack.code), pack.grammar.dateline(written))
    counts = [count for count in counts_in(written, pack) if _at(numbers, count.figure) is not None]
    for count in counts:
        right = rightly_counted(written, count.figure, count.toll, code) or count.figure
        if (entity := _at(numbers, right)) is not None:
            yield ToldFigure(count.toll.value, report, place, _moved(entity, sentence), _value(entity))
    for entity in numbers if place == 0 else ():
        measure = pack.grammar.measure(fold(written[entity.start : entity.end + _FOLLOWING]))
        if measure in MEASURED:
            yield ToldFigure(measure, report, place, _moved(entity, sentence), _value(entity))


def _counting(written: str, entities: Sequence[Entity], dateline: int) -> list[Entity]:
    """Return a sentence's numbers without those of dates, which stand beside a month or in the dateline."""
    months = [entity for entity in entities if entity.kind is EntityKind.DATE]
    numbers = [entity for entity in entities if entity.kind is EntityKind.NUMBER and entity.start >= dateline]
    return [number for number in numbers if not any(_is_beside(written, number, month) for month in months)]


def _is_beside(written: str, number: Entity, month: Entity) -> bool:
    first, second = sorted((number, month), key=lambda entity: entity.start)
    return not written[first.end : second.start].strip(" ,.،")


def _at(numbers: Sequence[Entity], span: Span) -> Entity | None:
    return next((entity for entity in numbers if entity.start < span.end and span.start < entity.end), None)


def _moved(entity: Entity, sentence: Span) -> Span:
    return Span(sentence.start + entity.start, sentence.start + entity.end)


def _value(entity: Entity) -> float:
    """Return a number's value; of several readings ("30m") the greatest."""
    return max(float(form.removeprefix(_NUMBER)) for form in entity.forms)
