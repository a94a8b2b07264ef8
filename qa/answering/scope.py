"""The time and the outlets that a question names, as its answer keeps to them, and tells so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index import Filters
from qa.answering.overviews import overview_of
from qa.evidence import Evidence
from qa.question import Question
from qa.understanding.kinds import Kind
from qa.understanding.time import Period

# How far the best sentence of the time or outlet asked for, or a newer one, may score below the best of all.
_NEAR = 1.5


def scoped(question: Question) -> Question:
    """Return the question with its evidence in the order that its time, its outlets and "latest" ask for.

    Evidence of another time or outlet is left out where some of those asked for is as near.
    """
    evidence = _of_scope(question)
    if question.meaning.kind is Kind.LATEST:
        survey = overview_of(question)
        # The newest of what is asked about: a newer article of another matter is often about as near.
        own = survey.of_matter(evidence) if survey else evidence
        evidence = [*newest_first(own), *(item for item in evidence if all(item is not other for other in own))]
    return replace(question, reading=replace(question.reading, evidence=tuple(evidence)))


def newest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Put what is about as near as the best in the order of days, the newest first; `evidence` is best first."""
    near = [item for item in evidence if evidence[0].score - item.score <= _NEAR]
    by_day = sorted(near, key=_published, reverse=True)
    return [*by_day, *evidence[len(near) :]]


def scope_notes(question: Question, *, found: bool = True) -> tuple[str, ...]:
    """Say what became of the time and the outlets that the question names; nothing where it names none.

    `found` tells whether there is an answer at all.
    """
    meaning, words = question.meaning, question.words
    if not meaning.is_scoped:
        return ()
    named = [outlet.source for outlet in meaning.outlets]
    named += [_written(question, meaning.period)] if meaning.period else []
    if question.kept:
        key = "answer.kept_to"
    else:
        first = question.reading.evidence[:1]
        key = "answer.put_first" if found and first and _is_inside(question, first[0]) else "answer.none_from"
    return (words.say(key, scope=words.listed(named)),)


def _of_scope(question: Question) -> list[Evidence]:
    evidence = list(question.reading.evidence)
    if question.kept or not question.meaning.is_scoped:
        return evidence
    inside = [item for item in evidence if _is_inside(question, item)]
    return inside if inside and evidence[0].score - inside[0].score <= _NEAR else evidence


def _is_inside(question: Question, item: Evidence) -> bool:
    scope = question.meaning.within(Filters())
    return scope is not None and scope.match(item.ranked.candidate.article)


def _published(item: Evidence) -> date:
    return item.ranked.candidate.article.published or date.min


def _written(question: Question, period: Period) -> str:
    words = question.words
    if period.start and period.end:
        if period.start == period.end:
            return words.day(period.start)
        return words.say("period.between", first=period.start, last=period.end)
    if period.start:
        return words.say("period.since", first=period.start)
    return words.say("period.until", last=period.end)
