"""The reports of a story, sentence by sentence, and the quotes that are cited of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index import Article, Candidate
from index.analysis import sentence_spans
from index.analysis.days import days_in
from index.text.normalisation import Span
from qa.answer import ArticleRef, Citation, ResolvedDay, Role, Speaker
from qa.attribution.attribution import attribute


@dataclass(frozen=True)
class StoryReport:
    """One article of a story; `passages` tile its text, `copies` tell the same text from elsewhere."""

    article: Article
    revision: int
    passages: tuple[Candidate, ...]
    copies: tuple[Article, ...]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Where its sentences are, in order."""
        return tuple(sentence_spans(self.article.text, self.article.language))

    @cached_property
    def speakers(self) -> tuple[Speaker | None, ...]:
        """Who says each of its sentences."""
        article = self.article
        places = range(len(self.sentences))
        return tuple(attribute(article.text, self.sentences, place, article.language) for place in places)

    def passage_of(self, sentence: Span) -> Candidate:
        """Return the passage that a sentence begins in."""
        return next(item for item in self.passages if item.passage.start <= sentence.start < item.passage.end)


@dataclass(slots=True)
class CitationBook:
    """Numbers quotes from 1 in the order they are first cited."""

    _cited: dict[tuple[str, int], Citation] = field(default_factory=dict)

    def cite(self, report: StoryReport, place: int) -> int:
        """Return the number of a report's sentence."""
        span = report.sentences[place]
        key = (report.article.id, span.start)
        if key not in self._cited:
            self._cited[key] = _citation(report, place, len(self._cited) + 1)
        return self._cited[key].number

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All that were cited, by their numbers."""
        return tuple(self._cited.values())


def reports_of(
    articles: Sequence[Article], passages: Sequence[Candidate], copies: Mapping[str, tuple[Article, ...]]
) -> list[StoryReport]:
    """Return the reports of a story, the earliest first; of a text that several have, the earliest alone."""
    own: dict[str, list[Candidate]] = {}
    for item in passages:
        own.setdefault(item.article.id, []).append(item)
    found: list[StoryReport] = []
    told: set[str] = set()
    for article in articles:
        if article.id in told or article.id not in own:
            continue
        same = copies.get(article.id, ())
        told |= {article.id, *(copy.id for copy in same)}
        parts = tuple(sorted(own[article.id], key=lambda item: item.passage.start))
        found.append(StoryReport(article, parts[0].revision, parts, same))
    return found


def _citation(report: StoryReport, place: int, number: int) -> Citation:
    article, span = report.article, report.sentences[place]
    passage = report.passage_of(span).passage
    days = days_in(article.text, span, article.published, article.language)
    return Citation(
        number=number,
        role=Role.USED,
        article=ArticleRef.of(article),
        revision=report.revision,
        quote=span.slice(article.text),
        start=span.start,
        end=span.end,
        passage_start=passage.start,
        passage_end=passage.end,
        score=0.0,
        speaker=report.speakers[place],
        also_in=tuple(ArticleRef.of(copy) for copy in report.copies),
        days=tuple(ResolvedDay(day.start, day.end, day.date) for day in days),
        page=article.page_of(span.start),
        row=article.row,
    )
