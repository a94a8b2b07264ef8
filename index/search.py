"""Query to candidates: the dense and the lexical leg, fused by rank."""

from dataclasses import dataclass

from index.article import Article, Filters, Passage, storable
from index.catalog import Catalog
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import QueryError
from index.text import query_name_keys, terms

# How deep each leg looks.
_POOL = 50
# Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009); the lexical leg adds evidence and never outvotes.
_RRF = 60
_LEXICAL_WEIGHT = 0.5
_LONGEST_QUERY = 4000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A found passage with the article it is a slice of; `score` is higher for better.

    `similarity` is the dense leg's cosine, None where only the lexical leg found the passage.
    """

    passage: Passage
    article: Article
    revision: int
    score: float
    similarity: float | None = None

    @property
    def text(self) -> str:
        """The passage's own words."""
        return self.passage.slice(self.article.text)


class Searcher:
    """Finds candidates in one catalog; both legs look at the same state of it."""

    def __init__(self, catalog: Catalog, dense: DenseIndex, encoder: Encoder) -> None:
        self._catalog = catalog
        self._dense = dense
        self._encoder = encoder

    def search(self, query: str, filters: Filters, limit: int) -> list[Candidate]:
        """Return up to `limit` passages of articles that pass the filters, best first."""
        vector = self._encoder.encode_query(query)
        words = list(dict.fromkeys(terms(query)))
        names = list(dict.fromkeys(query_name_keys(query)))
        pool = max(limit, _POOL)
        with self._catalog.snapshot():
            dense = self._dense.search(vector, pool, filters)
            lexical = self._catalog.lexical(words, names, filters, pool)
            similarity = {found.number: found.score for found in dense}
            scores = fuse(list(similarity), list(lexical))
            stored = self._catalog.passages(list(scores), filters)
        ranked = sorted((item for item in scores.items() if item[0] in stored), key=lambda item: (-item[1], item[0]))
        found = [(stored[number], score, similarity.get(number)) for number, score in ranked[:limit]]
        return [Candidate(item.passage, item.article, item.revision, score, cosine) for item, score, cosine in found]


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
    if len(trimmed) > _LONGEST_QUERY:
        raise QueryError(f"The question has {len(trimmed)} characters; {_LONGEST_QUERY} are the most. Shorten it.")
    return trimmed
