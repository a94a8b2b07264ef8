"""Where articles disagree: sentences that answer the same question otherwise than the best one.

One logistic model tells, over what the reader says of both sentences. Fitted by benchmarks/training/contradictions.py.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache

from index.analysis import name_keys, query_name_keys, question_language, terms
from index.languages import language
from index.languages.grammar import Stance, Toll
from index.text.normalisation import Span, fold
from qa.answering.figures import figures
from qa.evidence import Evidence
from qa.logistic import LogisticModel, parameters
from qa.question import Question
from qa.reading.casualties import toll_of
from qa.reading.overlap import names_in, titled

_SHOWN = 3
# So many sentences, best first, are held against the best one.
_COMPARED = 16
# The share of the names asked about that the other passage has to have, the reader's log odds that it answers, and its
# score over "not here", from which another figure for the same thing is quoted where the model holds it for likely.
_NAMED, _RELEVANT, _SURE, _LIKELY = 0.8, -1.0, -4.0, 0.05
# A figure without a word beside it is a figure of what follows it.
_FOLLOWING = 24
_YEAR = re.compile(r"number (?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """What tells whether a sentence answers otherwise than the best one.

    `gap` is how far it scores below the best; `relevance`, `span` and `below` are the reader's of it. The others are 1
    or 0, but for shares: `other_figure`, the answers hold numbers, and no one number; `same_count`, and these are of
    the same thing; `same_figure`, they have a number in common; `names`, the share of the names asked about that its
    passage has of those that the best one's has; `same_words`, of the answers' words; `denial`, one denies and the
    other does not; `whether`, so, and it is asked whether something is so; `same_article`; `other_speaker`, each is
    said by somebody, and not by the same; `adjacent`, they stand side by side. `span_alone` and `relevance_alone` are
    the reader's of the sentence read alone.
    """

    gap: float
    relevance: float
    span: float
    below: float
    other_figure: float
    same_count: float
    same_figure: float
    names: float
    same_words: float
    denial: float
    whether: float
    same_article: float
    other_speaker: float
    adjacent: float
    span_alone: float
    relevance_alone: float


@dataclass(frozen=True, slots=True)
class Differences:
    """Tells how likely a sentence answers otherwise, and from which probability on it is quoted beside the best."""

    model: LogisticModel
    shown: float

    def probability(self, features: PairFeatures) -> float:
        """Return the probability, 0 to 1, that the second sentence answers the question, and otherwise."""
        return self.model.probability(asdict(features))


def differing(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that answer differently; else only the best one.

    `evidence`, of at least one, is best first.
    """
    best, model = evidence[0], fitted()
    told = [best]
    pairs = [(features_of(question, best, item), item) for item in evidence[1:_COMPARED] if item.fits]
    likely = [(model.probability(features), features, item) for features, item in pairs]
    for probability, features, item in sorted(likely, key=lambda triple: -triple[0]):
        is_figure = probability >= _LIKELY and _revises(features, is_foreign=_language(best) != _language(item))
        is_told = is_figure or probability >= model.shown
        if is_told and len(told) < _SHOWN and all(_is_other(one, item) for one in told):
            told.append(item)
    return told


def features_of(question: Question, best: Evidence, item: Evidence) -> PairFeatures:
    """Hold a sentence against the best one."""
    ours, theirs = figures(best), figures(item)
    differ = _other_figure(best, item)
    asked = set(query_name_keys(question.text, question.language)) & _names(best)
    denial = _denies(best) != _denies(item)
    speakers = _speaker(best), _speaker(item)
    return PairFeatures(
        gap=best.score - item.score,
        relevance=item.signs.relevance,
        span=item.signs.span,
        below=item.signs.below,
        other_figure=differ,
        same_count=differ and _same_count(best, item),
        same_figure=bool(ours & theirs),
        names=len(asked & _names(item)) / len(asked) if asked else 0.5,
        same_words=_shared(_answer(best), _answer(item)),
        denial=denial,
        whether=denial and question.request.asks_whether,
        same_article=_article(best) == _article(item),
        other_speaker=bool(speakers[0] and speakers[1]) and not speakers[0] & speakers[1],
        adjacent=_are_adjacent(best, item),
        span_alone=item.signs.span_alone,
        relevance_alone=item.signs.relevance_alone,
    )


@cache
def fitted() -> Differences:
    """Read the checked-in model."""
    data = parameters("qa.answering", "contradictions.json")
    return Differences(LogisticModel.of(data), data["shown"])


def _revises(features: PairFeatures, *, is_foreign: bool) -> bool:
    """Tell whether a sentence surely gives another figure for the same thing, which the model alone is too shy of.

    Its passage has the names asked about, or one of them across scripts.
    """
    named = features.names > 0 if is_foreign else features.names >= _NAMED
    is_read = features.relevance >= _RELEVANT and features.span >= _SURE
    return features.same_count > 0 and not features.same_article and named and is_read


def _is_other(one: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences that are to be quoted side by side say not just the same."""
    ours, theirs = figures(one), figures(other)
    return not ours or not theirs or ours != theirs or _denies(one) != _denies(other)


def _other_figure(one: Evidence, other: Evidence) -> bool:
    ours, theirs = figures(one), figures(other)
    return bool(ours and theirs) and not ours & theirs


def _same_count(one: Evidence, other: Evidence) -> bool:
    if (toll := _toll(one)) and toll == _toll(other):
        return True
    if _language(one) != _language(other):
        # Words of two languages cannot be held against each other, but what is measured can; and years are told of
        # whatever happened.
        is_year = any(_YEAR.fullmatch(figure) for figure in figures(one) | figures(other))
        return _measure(one) == _measure(other) and not is_year
    return bool(_counted(one) & _counted(other))


def _measure(item: Evidence) -> str:
    """Return what a figure is a measure of, "" where it counts: "22 vehicles" are no "four metres"."""
    return language(_language(item)).grammar.measure(fold(_beside(item)))


def _counted(item: Evidence) -> set[str]:
    """Return the words beside a figure: what it counts or measures."""
    return {term for term in terms(_beside(item), _language(item)) if not term[0].isdigit()}


def _beside(item: Evidence) -> str:
    text, answer = item.ranked.candidate.article.text, item.answer
    return text[answer.start : answer.end + _FOLLOWING] if answer else ""


def _toll(item: Evidence) -> Toll | None:
    start = item.sentence.start
    answer = Span(item.answer.start - start, item.answer.end - start) if item.answer else None
    return toll_of(item.quote, answer, _language(item)) if answer else None


def _answer(item: Evidence) -> set[str]:
    text = item.answer.slice(item.ranked.candidate.article.text) if item.answer else ""
    return set(terms(text, _language(item))) | set(name_keys(text, _language(item)))


def _shared(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _denies(item: Evidence) -> bool:
    return Stance.DENIED in language(_language(item)).grammar.stances(item.quote)


def _speaker(item: Evidence) -> set[str]:
    name = item.speaker.slice(item.ranked.candidate.article.text) if item.speaker else ""
    return set(name_keys(name, question_language(name))) if name else set()


def _are_adjacent(one: Evidence, other: Evidence) -> bool:
    """Tell whether nothing stands between two sentences of one article."""
    if _article(one) != _article(other):
        return False
    first, second = sorted((one.sentence, other.sentence), key=lambda span: span.start)
    return not one.ranked.candidate.article.text[first.end : second.start].strip()


def _names(item: Evidence) -> frozenset[str]:
    candidate = item.ranked.candidate
    return names_in(titled(candidate), candidate.language)


def _language(item: Evidence) -> str:
    return item.ranked.candidate.language


def _article(item: Evidence) -> str:
    return item.ranked.candidate.article.id
