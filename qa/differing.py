"""Where articles disagree: another figure for the same thing, or a claim beside its denial."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from index.folding import Span, fold
from index.text import name_keys, query_name_keys, terms
from qa.casualties import Toll, toll_of
from qa.facts import FactKind, facts_of
from qa.speaker import Stance, stance_of

if TYPE_CHECKING:
    from qa.reader import Evidence

# How far a sentence's score may be below the best one's in its language, and the share of the names asked about that
# the other passage has to have: looser, figures of other events are taken for a disagreement.
_NEAR, _NAMED = 3.0, 0.8
# The span model's score over "not here" from which a figure is taken for an answer.
_SURE = 3.0
_SHOWN = 3
# Only whether something is so can be denied: "Will the plant close?", "هل …؟".
_YES_OR_NO = re.compile(
    r"\W*(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|may)\b|هل\b)", re.IGNORECASE
)
# A figure without a word beside it is a figure of what follows it.
_FOLLOWING = 24
_YEAR = re.compile(r"number (?:19|20)\d\d")
_MEASURES = {
    "length": re.compile(
        r"\b(?:met(?:er|re)s?|kilomet(?:er|re)s?|km|miles?|feet|امتار|مترا?|كيلومترا?|كيلومترات|كم)\b"
    ),
    "share": re.compile(r"%|٪|\bper ?cent\b|\b(?:بالميه|بالمايه|في المايه)\b"),
    "time": re.compile(
        r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|دقايق|دقيقه|ساعات|ساعه|ايام|يوما|اسابيع|اشهر|شهرا|سنوات|سنه|اعوام|عاما)\b"
    ),
    "weight": re.compile(r"\b(?:tonn?es?|tons?|kilograms?|kg|barrels?|طنا?|اطنان|كيلوغراما?|برميلا?|براميل)\b"),
    "money": re.compile(
        r"[$€£]|\b(?:dollars?|euros?|pounds?|dinars?|lira|دولارا?|دولارات|يورو|دينارا?|دنانير|ريالا?|جنيها?|ليره)\b"
    ),
}


def asks_whether(question: str) -> bool:
    """Tell whether a question asks for yes or no."""
    return bool(_YES_OR_NO.match(question))


def may_differ(question: str, best: "Evidence") -> bool:
    """Tell whether another article could answer otherwise: with another figure, or with a denial."""
    return bool(_figures(best)) or asks_whether(question)


def differing(question: str, evidence: Sequence["Evidence"]) -> list["Evidence"]:
    """Return the sentences of different articles that answer differently, newest first; else only the best one.

    `evidence` is best first, one sentence an article. Two answer differently where both are about the names that
    are asked about and either their likeliest short answers hold other numbers of the same thing, or, where it is
    asked whether something is so, one denies and the other does not.
    """
    best = evidence[0]
    asked = set(query_name_keys(question)) & _names(best)
    told = [best]
    for item in evidence[1:]:
        # Scores do not compare between languages: words of the other one meet less closely.
        near = next(other for other in evidence if _language(other) == _language(item)).score - item.score
        if len(told) < _SHOWN and near <= _NEAR and _about_the_same(asked, best, item):
            told += [item] if all(_other_figure(one, item) for one in told) else []
    if len(told) == 1 and asks_whether(question):
        told += [item for item in evidence[1:] if _gainsays(asked, best, item)][:1]
    return sorted(told, key=_published, reverse=True)


def _about_the_same(asked: set[str], best: "Evidence", item: "Evidence") -> bool:
    """Tell whether the other passage has the names asked about, of those the best one has, or one across scripts.

    In Arabic every word may be a name; written otherwise, few of them are found again.
    """
    shared = len(asked & _names(item))
    return shared >= (_NAMED * len(asked) if _language(best) == _language(item) else min(1, len(asked)))


def _other_figure(one: "Evidence", other: "Evidence") -> bool:
    if min(one.signs.marked, other.signs.marked) < _SURE:
        return False
    ours, theirs = _figures(one), _figures(other)
    if not ours or not theirs or ours & theirs:
        return False
    if (toll := _toll(one)) and toll == _toll(other):
        return True
    if _language(one) != _language(other):
        # Words of two languages cannot be held against each other, but what is measured can; and years are told of
        # whatever happened.
        return _measure(one) == _measure(other) and not any(_YEAR.fullmatch(figure) for figure in ours | theirs)
    return bool(_counted(one) & _counted(other))


def _gainsays(asked: set[str], best: "Evidence", item: "Evidence") -> bool:
    near = best.score - item.score <= _NEAR
    return near and _about_the_same(asked, best, item) and _denies(best) != _denies(item)


def _figures(item: "Evidence") -> set[str]:
    return {form for fact in facts_of(_answer(item)) if fact.kind is FactKind.NUMBER for form in fact.forms}


def _measure(item: "Evidence") -> str:
    """Return what a figure is a measure of, "" where it counts: "22 vehicles" are no "four metres"."""
    text, answer = item.ranked.candidate.article.text, item.answer
    beside = fold(_answer(item) + (text[answer.end : answer.end + _FOLLOWING] if answer else ""))
    return next((name for name, words in _MEASURES.items() if words.search(beside)), "")


def _counted(item: "Evidence") -> set[str]:
    """Return the words beside a figure: what it counts or measures."""
    text, answer = item.ranked.candidate.article.text, item.answer
    beside = _answer(item) + (text[answer.end : answer.end + _FOLLOWING] if answer else "")
    return {term for term in terms(beside) if not term[0].isdigit()}


def _toll(item: "Evidence") -> Toll | None:
    start = item.sentence.start
    return toll_of(item.quote, Span(item.answer.start - start, item.answer.end - start)) if item.answer else None


def _answer(item: "Evidence") -> str:
    return item.answer.slice(item.ranked.candidate.article.text) if item.answer else ""


def _denies(item: "Evidence") -> bool:
    return Stance.DENIED in stance_of(item.quote)


def _names(item: "Evidence") -> set[str]:
    candidate = item.ranked.candidate
    return set(name_keys(candidate.text)) | set(name_keys(candidate.article.title))


def _language(item: "Evidence") -> str:
    return item.ranked.candidate.article.language


def _published(item: "Evidence") -> date:
    return item.ranked.candidate.article.published or date.min
