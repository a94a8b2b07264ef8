"""Question to passages: the library's candidates, reranked by late interaction; also as a LangChain retriever."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

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


class PassageRetriever(BaseRetriever):
    """Khabar's retrieval for any LangChain chain: a `Document` a passage, offsets and article in its metadata.

    `document.page_content` is `article.text[start:end]` for the `start`, `end` and `id` in its metadata.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    filters: Filters = Filters()
    limit: int = 10
    _retriever: LibraryRetriever = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        """Keep one retriever, so that the token vectors of one question serve the next."""
        self._retriever = LibraryRetriever(self.library)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [document_of(ranked) for ranked in self._retriever.retrieve(query, self.filters, self.limit)]


def document_of(ranked: Ranked) -> Document:
    """Give a ranked passage as a LangChain document."""
    candidate = ranked.candidate
    article, passage = candidate.article, candidate.passage
    metadata: dict[str, Any] = {
        "id": article.id,
        "revision": candidate.revision,
        "start": passage.start,
        "end": passage.end,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "category": article.category,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "score": ranked.score,
    }
    return Document(id=f"{article.id}#{passage.start}-{passage.end}", page_content=candidate.text, metadata=metadata)
