"""The reports of a story, sentence by sentence, and the quotes that are cited of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index import Article, Candidate
from index.text.normalisation import Span
from qa.answer import Citation, Role, Speaker
from qa.attribution.attribution import attribute


@dataclass(frozen=True)
class StoryReport:
    """One article of a story; `passages` tile its text, `copies` tell the same text from elsewhere."""

    article: Article
    passages: tuple[Candidate, ...]
    copies: tuple[Article, ...]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Where its sentences are, in order."""
        return self.article.sentences

    def language_of(self, place: int) -> str:
        """Return the language of a sentence."""
        return self.article.language_of(self.sentences[place].start)

    @cached_property
    def speakers(self) -> tuple[Speaker | None, ...]:
        """Who says each of its sentences."""
        article = self.article
        places = range(len(self.sentences))
        return tuple(attribute(article.text, self.sentences, place, self.language_of(place)) for place in places)

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
            self._cited[key] = Citation.of(
                report.passage_of(span),
                span,
                number=len(self._cited) + 1,
                role=Role.USED,
                speaker=report.speakers[place],
                also_in=report.copies,
            )
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
        found.append(StoryReport(article, parts, same))
    return found
