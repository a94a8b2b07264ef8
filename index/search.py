"""Query to candidates: the dense and the lexical leg, fused by rank."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.analysis import query_name_keys, query_terms, question_language
from index.article import Article, Filters, Passage, storable
from index.encoding.encoder import Encoder
from index.errors import QueryError
from index.store.catalog import Catalog
from index.vectors.chroma import Neighbour, nearest
from index.vectors.dense import DenseIndex

# How deep each leg looks.
_POOL = 50
# How many languages are searched apart as well, and how deep.
_LANGUAGES = 4
_APART = 8
# Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009); the lexical leg adds evidence and never outvotes.
_RRF = 60
_LEXICAL_WEIGHT = 0.5
LONGEST_QUERY = 4000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A found passage with the article it is a slice of; `score` is higher for better.

    `similarity` is the cosine of question and passage, None where only the lexical leg found it; `tokens` are the
    packed vectors of the passage's tokens, its context's first.
    """

    passage: Passage
    article: Article
    revision: int
    score: float
    similarity: float | None = None
    tokens: bytes = b""

    @property
    def text(self) -> str:
        """The passage's own words."""
        return self.passage.slice(self.article.text)

    @property
    def language(self) -> str:
        """The passage's own language, which is another than its article's where that has blocks in several."""
        return self.article.language_of(self.passage.start)


class Searcher:
    """Finds candidates in one catalog; both legs look at the same state of it."""

    def __init__(self, catalog: Catalog, dense: DenseIndex, encoder: Encoder) -> None:
        self._catalog = catalog
        self._dense = dense
        self._encoder = encoder
        self._counted: tuple[int, tuple[str, ...]] | None = None

    def search(self, query: str, filters: Filters, limit: int) -> list[Candidate]:
        """Return up to `limit` passages of articles that pass the filters, best first."""
        meant = self._encoder.encode_query(query)
        sought = meant.vector if meant.sought is None else meant.sought
        asked = question_language(query)
        names = query_name_keys(query, asked)
        pool = max(limit, _POOL)
        with self._catalog.snapshot():
            self._catalog.check_encoder(self._encoder.name)
            dense = self._balanced(sought, filters, pool)
            words = query_terms(query, asked, filters.language or self._languages())
            lexical = self._catalog.full_text.search(words, names, filters, pool)
            near = [found.number for found in dense]
            scores = fuse(near, list(lexical))
            stored = self._catalog.passages(list(scores), filters)
        ranked = sorted((item for item in scores.items() if item[0] in stored), key=lambda item: (-item[1], item[0]))
        similarity = {number: _cosine(meant.vector, stored[number].vector) for number in near if number in stored}
        found = [(stored[number], score, similarity.get(number)) for number, score in ranked[:limit]]
        return [
            Candidate(item.passage, item.article, item.revision, score, cosine, item.tokens)
            for item, score, cosine in found
        ]

    def candidates(self, passages: Sequence[Passage], filters: Filters) -> list[Candidate]:
        """Return those of the passages that are stored just so and pass the filters, with score 0."""
        with self._catalog.snapshot():
            known = [self._catalog.passages_of(id_) for id_ in dict.fromkeys(item.article_id for item in passages)]
            numbers = {passage: number for each in known for passage, number in each.items()}
            stored = self._catalog.passages(list(numbers.values()), filters)
        found = [stored[number] for passage in passages if (number := numbers.get(passage)) in stored]
        return [Candidate(item.passage, item.article, item.revision, 0.0, None, item.tokens) for item in found]

    def _balanced(self, vector: NDArray[np.float32], filters: Filters, pool: int) -> list[Neighbour]:
        """Search all languages together and the largest ones apart, so that none is crowded out by the others.

        Passages in the question's own language score higher whatever they say; the best of each language take
        places near the top all the same, and the reranker decides.
        """
        if filters.named is not None or filters.story:
            # Whom articles name and what they tell, no vector index knows: of those that pass each one is compared.
            parts = self._catalog.vectors(filters=filters)
            near = [found for part in parts for found in nearest(part, vector, pool)]
            return sorted(near, key=lambda found: (-found.score, found.number))[:pool]
        together = self._dense.search(vector, pool, filters)
        languages = () if filters.language else self._languages()[:_LANGUAGES]
        places: dict[int, float] = {found.number: rank for rank, found in enumerate(together, 1)}
        neighbours = {found.number: found for found in together}
        for language in languages if len(languages) > 1 else ():
            for rank, found in enumerate(self._dense.search(vector, _APART, replace(filters, language=(language,))), 1):
                neighbours.setdefault(found.number, found)
                places[found.number] = min(places.get(found.number, pool + rank), len(languages) * rank)
        return sorted(neighbours.values(), key=lambda found: (places[found.number], -found.score, found.number))

    def _languages(self) -> tuple[str, ...]:
        """Return the languages of the articles, the one with most articles first."""
        generation = self._catalog.generation
        if self._counted is None or self._counted[0] != generation:
            counts = self._catalog.facets.counts("language", Filters())
            self._counted = (generation, tuple(count.name for count in counts))
        return self._counted[1]


def _cosine(question: NDArray[np.float32], stored: bytes) -> float:
    passage = np.frombuffer(stored, np.float16).astype(np.float32)
    return float(question @ passage / max(float(np.linalg.norm(passage)), 1e-12))


def fuse(dense: list[int], lexical: list[int]) -> dict[int, float]:
    """Score passage numbers by their ranks in the two legs, each given best first."""
    scores = {number: 1 / (_RRF + rank) for rank, number in enumerate(dense, 1)}
    for rank, number in enumerate(lexical, 1):
        scores[number] = scores.get(number, 0.0) + _LEXICAL_WEIGHT / (_RRF + rank)
    return scores


def checked_query(query: str) -> str:
    """Return the query trimmed; raises `QueryError` when it is blank or too long to be a question."""
    trimmed = storable(query).strip()
    if not any(character.isalnum() for character in trimmed):
        raise QueryError("The question is empty. Ask about something in the articles.")
    if len(trimmed) > LONGEST_QUERY:
        raise QueryError(f"The question has {len(trimmed)} characters; {LONGEST_QUERY} are the most. Shorten it.")
    return trimmed
