"""The alternatives that Khabar is measured against, each built as its own documentation does."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index import Article, Filters
from index.analysis import query_name_keys, sentences, terms
from index.store.catalog import Catalog
from qa.evaluation.gold import GoldQuestion, Retrieved, rank
from qa.evaluation.report import Item, Report
from qa.evaluation.run import DEPTH

if TYPE_CHECKING:
    from langchain_core.documents import Document

# What LangChain's own retrieval tutorial sets.
CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Retrieved passages, best first, and the score of the best one (higher is better, 0 for none)."""

    passages: tuple[Retrieved, ...]
    score: float


class Alternative(Protocol):
    """A system that retrieves, and perhaps quotes."""

    name: str

    def find(self, question: str) -> Found:
        """Retrieve the ten best passages."""
        ...

    def quote(self, question: str, passage: Retrieved) -> str | None:
        """Choose the sentence of a passage that answers, or None when the system has no way to."""
        ...


class LangChainRecipe:
    """HuggingFaceEmbeddings, RecursiveCharacterTextSplitter and Chroma.from_documents, all as in the tutorial.

    `prefixed` adds E5's own "query: " and "passage: ", which the plain recipe does not know of. The recipe
    has no reader: the quote is the first passage's sentence that is nearest to the question by its embeddings.
    """

    def __init__(self, name: str, model: Path, articles: Sequence[Article], *, prefixed: bool = False) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings

        self.name = name
        self._articles = {article.id: article for article in articles}
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(model),
            model_kwargs={"device": "cpu"},
            encode_kwargs={"prompt": "passage: "} if prefixed else {},
            query_encode_kwargs={"prompt": "query: "} if prefixed else {},
        )
        # In-memory collections of one name are shared within a process.
        self._store = Chroma.from_documents(split(articles), self._embeddings, collection_name=f"c{uuid.uuid4().hex}")

    def find(self, question: str) -> Found:
        """Retrieve the ten best passages; the score is the distance, negated."""
        hits = self._store.similarity_search_with_score(question, k=DEPTH)
        passages = [self._retrieved(document.metadata, document.page_content) for document, _ in hits]
        return Found(tuple(passages), -hits[0][1] if hits else 0.0)

    def quote(self, question: str, passage: Retrieved) -> str | None:
        """Choose the passage's sentence whose embedding is nearest to the question's."""
        spans = sentences(passage.text, passage.start, passage.end)
        texts = [passage.text[span.start : span.end] for span in spans]
        if not texts:
            return None
        vectors = np.asarray(self._embeddings.embed_documents(texts))
        scores = vectors @ np.asarray(self._embeddings.embed_query(question)) / np.linalg.norm(vectors, axis=1)
        return texts[int(scores.argmax())]

    def _retrieved(self, metadata: dict[str, object], content: str) -> Retrieved:
        article = self._articles[str(metadata["id"])]
        start = int(str(metadata["start_index"])) - len(_heading(article))
        return Retrieved(article.id, article.text, max(0, start), start + len(content))


class Lexical:
    """BM25 alone: the lexical index of a Khabar library, with or without its name keys across scripts."""

    def __init__(self, library: Path, *, names: bool) -> None:
        self.name = "BM25 and name keys alone" if names else "BM25 alone"
        self._names = names
        self._catalog = Catalog(library / "catalog.sqlite3")

    def find(self, question: str) -> Found:
        """Retrieve the ten best passages; the score is BM25's."""
        names = query_name_keys(question) if self._names else []
        scores = self._catalog.full_text.search(terms(question), names, Filters(), DEPTH)
        stored = self._catalog.passages(list(scores), Filters())
        passages = [
            Retrieved(p.article.id, p.article.text, p.passage.start, p.passage.end)
            for p in (stored[number] for number in scores if number in stored)
        ]
        return Found(tuple(passages), max(scores.values(), default=0.0))

    def quote(self, question: str, passage: Retrieved) -> str | None:
        """Choose nothing: it ranks passages and no more."""
        return None

    def close(self) -> None:
        """Release the catalog's file."""
        self._catalog.close()


def split(articles: Sequence[Article]) -> list["Document"]:
    """Cut articles, titles on top as in a text file, into the tutorial's chunks."""
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS, add_start_index=True
    )
    documents = [Document(_heading(article) + article.text, metadata={"id": article.id}) for article in articles]
    return splitter.split_documents(documents)


def evaluate(alternative: Alternative, questions: Sequence[GoldQuestion]) -> Report:
    """Ask the questions, and judge what is found and quoted as Khabar's answers are judged."""
    return Report.of([_ask(alternative, question) for question in questions])


def _ask(alternative: Alternative, question: GoldQuestion) -> Item:
    began = time.perf_counter()
    found = alternative.find(question.text)
    best = found.passages[0] if found.passages else None
    quote = alternative.quote(question.text, best) if best else None
    latency = (time.perf_counter() - began) * 1000
    ranks = rank(question, found.passages)
    return Item(
        id=question.id,
        question=question.text,
        kind=question.kind,
        answers=question.answers,
        article_rank=ranks.article,
        passage_rank=ranks.passage,
        abstained=best is None,
        score=found.score,
        cited=best.article_id if best else None,
        quote=quote,
        short=None,
        speaker=None,
        sentence_hit=best is not None and quote is not None and question.is_answered(quote, best.article_id, best.text),
        exact_match=False,
        f1=0.0,
        speaker_hit=None,
        latency_ms=latency,
    )


def _heading(article: Article) -> str:
    return f"{article.title}\n" if article.title else ""
