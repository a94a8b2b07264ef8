"""Question to passages: the library's candidates, reranked by late interaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from index import Article, Candidate, Filters, Library
from qa.retrieval.deduplication import one_of_each_story
from qa.retrieval.late_interaction import Alignment, LateInteraction, language_bias

# How many fused candidates are reranked: all that the search looks at, since their token vectors are stored.
CANDIDATES = 50
# What a candidate's place in the search, by vectors and by words, counts beside its late-interaction score. Fitted
# beside the pull of the own language by benchmarks/training/passages.py; words find names that vectors miss.
SEARCHED = 5.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in its final order: `score` is its late-interaction score, balanced between languages.

    `also_in` are the other articles that tell the same story; `cross_score` is what a cross-encoder ordered it by, None
    where none did.
    """

    candidate: Candidate
    alignment: Alignment
    score: float
    also_in: tuple[Article, ...] = ()
    cross_score: float | None = None

    @property
    def shown_score(self) -> float:
        """The score that goes with the order, at most 1: the cross-encoder's where there is one."""
        return self.score if self.cross_score is None else self.cross_score


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, best first, and by article id the other articles that tell the same story."""

    candidates: tuple[Candidate, ...] = ()
    copies: Mapping[str, tuple[Article, ...]] = field(default_factory=dict)


class Reranker(Protocol):
    """Puts candidates in their final order."""

    def rerank(self, question: str, found: Found) -> list[Ranked]:
        """Return the passages to read, best first; of copies one speaks for all."""
        ...


class NamedReranker(Reranker, Protocol):
    """A reranker whose order can be referred to: `name` identifies what it orders by."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        ...


class LateInteractionReranker:
    """Orders candidates by late interaction; of the articles that tell one story the fullest speaks."""

    name = "late-interaction"
    runtime = "with the encoder's token vectors"

    def __init__(self, interaction: LateInteraction) -> None:
        self._interaction = interaction

    def rerank(self, question: str, found: Found) -> list[Ranked]:
        """Return the passages to read, best first; equals keep the order they came in."""
        ranked = aligned(self._interaction, question, found)
        ranked.sort(key=lambda item: -(item.score + SEARCHED * item.candidate.score))
        return one_a_story(question, ranked, found.copies)


def aligned(interaction: LateInteraction, question: str, found: Found) -> list[Ranked]:
    """Return the candidates in the order they came in, each with its late-interaction score."""
    if not found.candidates:
        return []
    alignments = interaction.align(question, found.candidates)
    return [
        Ranked(candidate, alignment, alignment.score + language_bias(question, candidate))
        for candidate, alignment in zip(found.candidates, alignments, strict=True)
    ]


def one_a_story(question: str, ranked: Sequence[Ranked], copies: Mapping[str, tuple[Article, ...]]) -> list[Ranked]:
    """Return passages in their order, best first; of the articles that tell one story the fullest speaks."""
    by_passage = {item.candidate.passage: item for item in ranked}
    told = one_of_each_story(question, [item.candidate for item in ranked], copies)
    return [
        replace(
            by_passage[kept],
            score=by_passage[place].score,
            cross_score=by_passage[place].cross_score,
            also_in=copies.get(kept.article_id, ()),
        )
        for kept, place in told.items()
    ]


class LibraryRetriever:
    """Finds by the library's fused search, then reranks."""

    def __init__(self, library: Library, reranker: Reranker | None = None) -> None:
        self._library = library
        self._reranker = reranker or LateInteractionReranker(LateInteraction(library.encoder))

    def retrieve(self, question: str, filters: Filters, limit: int) -> list[Ranked]:
        """Return up to `limit` passages of articles that pass the filters, best first."""
        with self._library.snapshot():
            candidates = tuple(self._library.search(question, filters=filters, limit=max(limit, CANDIDATES)))
            copies = self._library.same_story({candidate.article.id for candidate in candidates}, filters)
        return self._reranker.rerank(question, Found(candidates, copies))[:limit]
