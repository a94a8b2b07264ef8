"""Passages as a library stores them, without a library: for tests of what is done with them."""

from collections.abc import Sequence

from index import Article, Candidate, Encoder, Passage
from index.analysis import sentences
from index.encoding.token_space import pack
from index.ingest.chunking import context_of
from index.ingest.indexer import encoder_input
from index.text.normalisation import Span
from qa.answer import Citation
from qa.evidence import Evidence, SentenceFeatures
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Ranked


def is_verbatim(citation: Citation, article: Article) -> bool:
    """Tell whether a citation's quote is the slice of the article's text that it says."""
    return 0 <= citation.start < citation.end and article.text[citation.start : citation.end] == citation.quote


def stored(encoder: Encoder, articles: Sequence[Article]) -> list[Candidate]:
    """Encode articles, each as one passage."""
    texts = [encoder_input(context_of(article), article.text) for article in articles]
    return [
        Candidate(Passage(article.id, 0, len(article.text)), article, 1, 1.0, tokens=pack(vectors.tokens.vectors))
        for article, vectors in zip(articles, encoder.encode_passages(texts), strict=True)
    ]


def evidence(encoder: Encoder, question: str, candidates: Sequence[Candidate]) -> list[Evidence]:
    """Take the first sentence of each passage as evidence."""
    alignments = LateInteraction(encoder).align(question, candidates)
    signs = SentenceFeatures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    found = []
    for candidate, alignment in zip(candidates, alignments, strict=True):
        first = sentences(candidate.article.text)[0]
        ranked = Ranked(candidate, alignment, alignment.score)
        found.append(Evidence(ranked, Span(first.start, first.end), 1.0, None, signs))
    return found
