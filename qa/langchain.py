"""Khabar's retrieval as a LangChain retriever. LangChain takes half a second to import, so it is only imported here."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from index import Filters, Library
from qa.retriever import LibraryRetriever, Ranked


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
