"""Khabar's retrieval as LangChain retrievers. LangChain takes half a second to import: import this when it is used."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from index import Candidate, Filters, Library
from qa.retrieval.retriever import CANDIDATES, LibraryRetriever


class PassageDocument(Document):
    """A document that carries the candidate it stands for; only its text and metadata are serialised."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    candidate: Candidate = Field(exclude=True, repr=False)


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
        found = self._retriever.retrieve(query, self.filters, self.limit)
        return [document_of(ranked.candidate, ranked.shown_score) for ranked in found]


class CandidateRetriever(BaseRetriever):
    """The library's hybrid search as the chain's first stage: candidates as documents, not yet reranked."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    limit: int = CANDIDATES

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, filters: Filters | None = None
    ) -> list[Document]:
        found = self.library.search(query, filters=filters, limit=self.limit)
        return [document_of(candidate, candidate.score) for candidate in found]


def document_of(candidate: Candidate, score: float) -> PassageDocument:
    """Give a candidate as a LangChain document."""
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
        "language": candidate.language,
        "score": score,
    }
    return PassageDocument(
        id=f"{article.id}#{passage.start}-{passage.end}",
        page_content=candidate.text,
        metadata=metadata,
        candidate=candidate,
    )
