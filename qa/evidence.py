"""What reading makes of passages: sentences that may answer, each with what speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.article import Passage
from index.text.normalisation import Span
from qa.retrieval.retriever import Ranked

# More than the features make up for: whatever fits comes before what does not.
UNFIT = 20.0


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """What speaks for one sentence.

    `span` is the reader's score of the best answer in it, over "not here", and `below` how far that is under the best
    of its window (0 or less); `relevance` is the reader's log odds that the window answers at all; `sentence` and
    `passage` are late-interaction scores; `foreign` is 1 where its article is in another language than the question.
    `names` and `words` are the shares, 0 to 1, of the question's that its passage has, `names_here` and `words_here`
    those that it has itself. `span_alone` and `relevance_alone` are `span` and `relevance` where it is read alone, the
    least that `span` can be where it was not.
    """

    span: float
    relevance: float
    below: float
    sentence: float
    passage: float
    foreign: float
    names: float = 0.0
    words: float = 0.0
    names_here: float = 0.0
    words_here: float = 0.0
    span_alone: float = 0.0
    relevance_alone: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, and the passage it was read in.

    `score` is higher for better, comparable within one reading; `answer` is the likeliest short answer in it, in
    characters of the article, None where there is none; `signs` are what the score is made of. `speaker` is who the
    reader takes the answer to be said by, None where by nobody. `fits` is false where it tells of others than those
    asked about, or that what is asked about was not done, or asks itself.
    """

    ranked: Ranked
    sentence: Span
    score: float
    answer: Span | None
    signs: SentenceFeatures
    speaker: Span | None = None
    fits: bool = True

    @property
    def relevance(self) -> float:
        """The score, whether it fits or not: how near it is to the question."""
        return self.score if self.fits else self.score + UNFIT

    def unfit(self) -> "Evidence":
        """Return it as what does not fit, below all that does."""
        return replace(self, score=self.score - UNFIT, fits=False) if self.fits else self

    @property
    def quote(self) -> str:
        """The sentence, character for character."""
        return self.ranked.candidate.article.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of the passages: sentences, best first, and the confidence, 0 to 1, that they answer.

    `outdated` is one of them that the first, of a later article, holds in place of.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    outdated: Evidence | None = None


def best_of_each_article(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Keep each article's best sentence, in order; `evidence` is best first."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.ranked.candidate.article.id, item)
    return list(best.values())


def best_of_each_passage(reading: Reading) -> list[Evidence]:
    """Keep each passage's best sentence, in order."""
    best: dict[Passage, Evidence] = {}
    for item in reading.evidence:
        best.setdefault(item.ranked.candidate.passage, item)
    return list(best.values())
