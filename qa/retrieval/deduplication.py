"""Of the articles that tell one story the fullest speaks for it, as far as the others say nothing else."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from index import Article, Candidate, Passage
from index.analysis import name_keys, terms
from index.languages import reading

# So many words, or this share of a passage's, may differ where no name and no number does: a turn of phrase.
_OTHER_WORDS, _OTHER_WORDS_SHARE = 2, 0.1
# "SFAX (Rafidain Wire) - ": whose report it is, which is not what it reports.
_CREDIT = re.compile(r"\s*[^\d.!?\n]{0,60}[)\]–—-]\s")


def one_of_each_story(
    question: str, candidates: Sequence[Candidate], told_by: Mapping[str, tuple[Article, ...]]
) -> dict[Passage, Passage]:
    """Return the passages to keep, best first, each with the one whose place it takes, which may be its own.

    `told_by` has the other articles of each article's story. A passage gives its place to the one that says the same
    in a fuller article of the story, if that is among the candidates too; one that says more, such as another number
    or name, keeps it. So nothing that was found is lost, whichever article speaks.
    """
    found: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        found.setdefault(candidate.article.id, []).append(candidate)
    # The fullest first; of the equally full the one that was found first. A passage looks only at those before its own.
    order = sorted(found, key=lambda id_: -len(found[id_][0].article.text))
    place = {id_: number for number, id_ in enumerate(order)}
    kept: dict[Passage, Passage] = {}
    for candidate in candidates:
        best, mine = candidate, candidate.article.id
        story = {other.id for other in told_by.get(mine, ())}
        fuller = [item for id_ in order[: place[mine]] if id_ in story for item in found[id_]]
        if fuller and _adds_nothing(question, candidate, fuller):
            best = max(fuller, key=lambda other: _common(candidate, other))
        kept.setdefault(best.passage, candidate.passage)
    return kept


def _common(one: Candidate, other: Candidate) -> int:
    return len(set(terms(one.text, one.language)) & set(terms(other.text, other.language)))


def _adds_nothing(question: str, candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Tell whether the others have all its names and numbers, every word that is asked for, and nearly all the rest."""
    text = candidate.text if candidate.passage.start else _CREDIT.sub("", candidate.text, count=1)
    said = " ".join([*(other.text for other in others), candidate.article.source or ""])
    language = candidate.language
    mine = set(terms(text, language))
    more = mine - set(terms(said, language))
    asked = _number_words(language) | set(terms(question, language))
    if not (set(name_keys(text, language)) <= set(name_keys(said, language)) and more.isdisjoint(asked)):
        return False
    return len(more) <= max(_OTHER_WORDS, _OTHER_WORDS_SHARE * len(mine))


@cache
def _number_words(language: str) -> frozenset[str]:
    """Return the terms of numbers in words, as a text in a language writes them."""
    words = (word for own in reading(language) for word in (*own.numbers.cardinals, *own.numbers.scales))
    return frozenset(term for word in words for term in terms(word, language))
