"""The numbers of a short answer."""

from index.analysis.entities import EntityKind, entities_of
from qa.evidence import Evidence


def figures(item: Evidence) -> set[str]:
    """Return the numbers of the likeliest short answer, in every form they may be written in."""
    candidate = item.ranked.candidate
    answer = item.answer.slice(candidate.article.text) if item.answer else ""
    found = entities_of(answer, candidate.language)
    return {form for fact in found if fact.kind is EntityKind.NUMBER for form in fact.forms}
