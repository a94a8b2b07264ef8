"""Question to passages: the library's candidates, reranked by late interaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Candidate, Filters, Library
from qa.late_interaction import Alignment, LateInteraction, foreign_gain

# How many fused candidates are reranked: all that the search looks at, since their token vectors are stored.
_RERANKED = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in its final order: `score` is its late-interaction score, balanced between languages."""

    candidate: Candidate
    alignment: Alignment
    score: float


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
        candidates = self._library.search(question, filters=filters, limit=max(limit, self._reranked))
        return self.rerank(question, candidates)[:limit]

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
