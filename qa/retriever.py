"""Question to passages: the library's candidates, reranked by late interaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index import Article, Candidate, Filters, Library
from qa.late_interaction import Alignment, LateInteraction, foreign_gain
from qa.one_story import one_of_each_story

# How many fused candidates are reranked: all that the search looks at, since their token vectors are stored.
_RERANKED = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in its final order: `score` is its late-interaction score, balanced between languages.

    `also_in` are the other articles that tell the same story.
    """

    candidate: Candidate
    alignment: Alignment
    score: float
    also_in: tuple[Article, ...] = ()


class Retriever(Protocol):
    """Finds the passages that may answer, best first."""

    def retrieve(self, question: str, filters: Filters, limit: int) -> list[Ranked]:
        """Return up to `limit` passages of articles that pass the filters, best first."""
        ...


class LibraryRetriever:
    """Finds by the library's fused search, then reranks by late interaction."""

    def __init__(
        self, library: Library, interaction: LateInteraction | None = None, *, reranked: int = _RERANKED
    ) -> None:
        self._library = library
        self._interaction = interaction or LateInteraction(library.encoder)
        self._reranked = reranked

    def retrieve(self, question: str, filters: Filters, limit: int) -> list[Ranked]:
        """Return up to `limit` passages of articles that pass the filters, best first."""
        with self._library.snapshot():
            candidates = self._library.search(question, filters=filters, limit=max(limit, self._reranked))
            told_by = self._library.same_story({candidate.article.id for candidate in candidates}, filters)
        ranked = self.rerank(question, candidates)
        by_passage = {item.candidate.passage: item for item in ranked}
        told = one_of_each_story(question, [item.candidate for item in ranked], told_by)
        found = [
            replace(by_passage[kept], score=by_passage[place].score, also_in=told_by.get(kept.article_id, ()))
            for kept, place in told.items()
        ]
        return found[:limit]

    def rerank(self, question: str, candidates: Sequence[Candidate]) -> list[Ranked]:
        """Order candidates by late interaction, best first; equals keep the order they came in."""
        if not candidates:
            return []
        alignments = self._interaction.align(question, candidates)
        ranked = [
            Ranked(candidate, alignment, alignment.score + foreign_gain(question, candidate.article))
            for candidate, alignment in zip(candidates, alignments, strict=True)
        ]
        return sorted(ranked, key=lambda item: -item.score)
