"""How the ranker and the confidence are fitted, by article in folds, on sentences that a reader has scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from qa.evidence import SentenceFeatures
from qa.logistic import Feature, LogisticModel
from qa.reading.answerability import lead_over
from qa.reading.sentence_ranker import LinearRanker

FOLDS = 5
# What the order is made of: of all that is read, and of what is then read alone as well.
FIRST = (
    "span", "relevance", "below", "sentence", "passage", "foreign", "names", "words", "names_here", "words_here",
)  # fmt: skip
_ALONE = ("span_alone", "relevance_alone")
RANKED = (*FIRST, *_ALONE)
# What the confidence is made of.
SURE = ("span", "relevance", "below", "sentence", "foreign", "length", "lead", *_ALONE)
# The share of questions that may be answered wrongly.
_WRONG = 0.095
_RIDGE = 0.02


class ReadSentence(Protocol):
    """A sentence that was read: its article, its features by name, and whether it answers.

    `bonus` is added to its score whatever the weights are.
    """

    @property
    def article(self) -> str: ...  # noqa: D102

    @property
    def features(self) -> Mapping[str, float]: ...  # noqa: D102

    @property
    def right(self) -> bool: ...  # noqa: D102

    @property
    def bonus(self) -> float: ...  # noqa: D102


class ReadQuestion(Protocol):
    """A question with the sentences that were read for it.

    Questions of one `group` are never in two folds; `place` is the library that it was asked of, each of which weighs
    the same.
    """

    @property
    def group(self) -> str: ...  # noqa: D102

    @property
    def place(self) -> str: ...  # noqa: D102

    @property
    def sentences(self) -> Sequence[ReadSentence]: ...  # noqa: D102


Q = TypeVar("Q", bound=ReadQuestion)


@dataclass(frozen=True, slots=True)
class Best:
    """The sentence that comes first, its features with its lead over the best of another article."""

    sentence: ReadSentence
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Decided(Generic[Q]):
    """A question, the sentence chosen for it and its confidence, 0 to 1."""

    asked: Q
    best: Best | None
    confidence: float

    @property
    def right(self) -> bool:
        """Tell whether the chosen sentence answers."""
        return self.best is not None and self.best.sentence.right


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weight of each of `names`."""

    names: tuple[str, ...]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, linear: LinearRanker) -> "Ranker":
        """Make it of what questions are answered with."""
        return cls(RANKED, np.array([getattr(linear.weights, name) for name in RANKED]))

    @property
    def linear(self) -> LinearRanker:
        """What questions are answered with: a feature that is not among `names` counts nothing."""
        weights = dict(zip(self.names, map(float, self.weights), strict=True))
        return LinearRanker(SentenceFeatures(*(weights.get(field.name, 0.0) for field in fields(SentenceFeatures))))

    def best(self, asked: ReadQuestion) -> Best | None:
        """Return the sentence that comes first, None where none was read."""
        if not asked.sentences:
            return None
        scores = matrix(asked, self.names) @ self.weights + _bonus(asked)
        place = int(scores.argmax())
        found = asked.sentences[place]
        rivals = [
            float(score) for score, item in zip(scores, asked.sentences, strict=True) if item.article != found.article
        ]
        return Best(found, {**found.features, "lead": lead_over(float(scores[place]), rivals)})


def matrix(asked: ReadQuestion, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the features of a question's sentences, one row each."""
    return matrix_of(asked.sentences, names)


def matrix_of(sentences: Sequence[ReadSentence], names: Sequence[str]) -> NDArray[np.float64]:
    """Return the features of sentences, one row each."""
    return np.array([[item.features[name] for name in names] for item in sentences]).reshape(-1, len(names))


def fit_ranker(examples: Sequence[ReadQuestion], names: Sequence[str] = RANKED) -> Ranker:
    """Fit the weights by which the right sentences get the largest share among all that were read (listwise).

    At least one question must have a right sentence.
    """
    sets = [
        Choice(matrix(item, names), np.array([sentence.right for sentence in item.sentences]), _bonus(item))
        for item in examples
        if any(sentence.right for sentence in item.sentences)
    ]
    return Ranker(tuple(names), fit_listwise(sets, _RIDGE))


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates to choose from: features (n, d), which are right (n,), and what is added to each score (n,)."""

    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    bonus: NDArray[np.float64] | float = 0.0


def fit_listwise(choices: Sequence[Choice], ridge: float) -> NDArray[np.float64]:
    """Return the weights (d,) by which the right candidates get the largest share of each choice (listwise softmax).

    `ridge` holds the weights of standardised features back. Every choice must have a right candidate.
    """
    spread = np.concatenate([choice.rows for choice in choices]).std(axis=0)
    # What never differs tells nothing, and keeps no weight.
    spread = np.where(spread > 1e-9, spread, 1.0)

    def loss(beta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = ridge * float(beta @ beta) / 2, ridge * beta
        for choice in choices:
            rows, right = choice.rows / spread, choice.right
            scores = rows @ beta + choice.bonus
            total += float(logsumexp(scores) - logsumexp(scores[right])) / len(choices)
            gradient = gradient + (softmax(scores) - _share(scores, right)) @ rows / len(choices)
        return total, gradient

    beta: NDArray[np.float64] = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B").x
    return beta / spread


def fit_logistic(
    rows: NDArray[np.float64], right: NDArray[np.bool_], names: Sequence[str], *, strength: float = 1.0,
    weight: NDArray[np.float64] | None = None,
) -> LogisticModel:  # fmt: skip
    """Fit a logistic regression of standardised features (n, d) named `names`; `weight` (n,) counts the examples.

    `strength` is the inverse of the ridge. Some examples must be right, and some not.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler, model = StandardScaler(), LogisticRegression(C=strength, max_iter=1000)
    model.fit(scaler.fit_transform(rows), right, sample_weight=weight)
    features = {
        name: Feature(float(mean), float(spread), float(beta))
        for name, mean, spread, beta in zip(names, scaler.mean_, scaler.scale_, model.coef_[0], strict=True)
    }
    return LogisticModel(features, float(model.intercept_[0]))


def fit_confidence(examples: Sequence[ReadQuestion], ranker: Ranker, names: Sequence[str] = SURE) -> LogisticModel:
    """Fit a logistic regression of whether the chosen sentence answers; every place weighs the same.

    Some chosen sentences must answer, and some not.
    """
    chosen = [(item, best) for item in examples if (best := ranker.best(item)) is not None]
    places = [item.place for item, _ in chosen]
    weight = np.array([1 / places.count(place) for place in places]) * len(chosen) / len(set(places))
    rows = np.array([[best.features[name] for name in names] for _, best in chosen])
    return fit_logistic(rows, np.array([best.sentence.right for _, best in chosen]), names, weight=weight)


def decided_by(asked: Q, ranker: Ranker, confidence: LogisticModel) -> Decided[Q]:
    """Choose a question's sentence, and say how sure that is."""
    best = ranker.best(asked)
    return Decided(asked, best, confidence.probability(best.features) if best else 0.0)


def cross_validated(
    examples: Sequence[Q], ranked: Sequence[str] = RANKED, sure: Sequence[str] = SURE
) -> list[Decided[Q]]:
    """Decide each question by models that saw nothing of its group."""
    groups = {group: place % FOLDS for place, group in enumerate(sorted({item.group for item in examples}))}
    models: list[Any] = []
    for held in range(FOLDS):
        seen = [item for item in examples if groups[item.group] != held]
        ranker = fit_ranker(seen, ranked)
        models.append((ranker, fit_confidence(seen, ranker, sure)))
    return [decided_by(item, *models[groups[item.group]]) for item in examples]


def threshold(decided: Sequence[Decided[Q]], wrong: float = _WRONG) -> float:
    """Return the lowest confidence from which at most a share `wrong` of the questions is answered wrongly.

    Every place that questions were asked of counts the same.
    """
    places: dict[str, list[Decided[Q]]] = {}
    for item in decided:
        places.setdefault(item.asked.place, []).append(item)
    for limit in np.arange(0.2, 0.95, 0.01):
        shares = [np.mean([not d.right and d.confidence >= limit for d in rows]) for rows in places.values()]
        if np.mean(shares) <= wrong:
            return float(round(limit, 2))
    return 0.95


def _bonus(asked: ReadQuestion) -> NDArray[np.float64]:
    return np.array([item.bonus for item in asked.sentences], dtype=np.float64)


def _share(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    shares = np.zeros(len(scores))
    shares[right] = softmax(scores[right])
    return shares
