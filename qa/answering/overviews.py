"""Questions that ask for more than one passage: compare, a timeline, what somebody said about something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.analysis import name_keys, question_language, terms
from index.languages.grammar import Shape
from qa.answer import Answer, Citation, Role, Speaker
from qa.answering.extractive import cite, composed
from qa.answering.phrasing import joined, line
from qa.answering.stories import leads, of_one_story, share_of
from qa.attribution.attribution import speaker_of
from qa.evidence import Evidence
from qa.question import Question
from qa.understanding.kinds import Kind, fitted

_MOST = 6
# A passage this far below the best one, in late interaction, is about something else; a second one may be further. One
# in another language lies below its like by so much. Chosen on benchmarks/surveys.py, where they are measured.
_MARGIN = 0.06
_SECOND = 0.18
_FOREIGN = 0.16
# Of what a learned kind asks for, any article of the same story is wanted. On three story libraries these cite 81 % of
# a story's articles, and 33 % of what they cite is another's; by nearness alone 69 % and 36 %.
_AROUND = 0.2
_SHARED = 3.0
_ANY = 1.0
# What tells that articles are about what is asked: 96 % of those that are, 6 % of those that are not.
_NEAREST, _SHARE, _LEAST = 112.2, 5.15, 98.06
_FIRST = 4
_SHAPES = {
    Kind.OVERVIEW: Shape.TIMELINE,
    Kind.TIMELINE: Shape.TIMELINE,
    Kind.COMPARISON: Shape.COMPARISON,
    Kind.LATEST: Shape.TIMELINE,
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What a question wants of several articles, in a timeline, a comparison, or as somebody's statements.

    `about` is what to search for, `topic` what `people` say of; `margin` is how far below the nearest passage one may
    be. With `is_story` all articles of the story that has most of the terms `matter` are wanted, each with its first
    sentence; the newest comes first where `is_latest`.
    """

    shape: Shape
    about: str
    people: tuple[str, ...] = ()
    topic: str = ""
    margin: float = _MARGIN
    is_story: bool = False
    matter: frozenset[str] = frozenset()
    is_latest: bool = False

    def pick(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Choose the sentences, each saying something else, in the order they are to be read in."""
        if self.is_story:
            return self._story(evidence)
        best = max((self._nearness(item) for item in evidence), default=0.0)
        chosen = [item for item in evidence if self._of(item)]
        # Of people who are quoted nowhere, what is said about the same is compared.
        for item in [] if chosen or self.shape is Shape.STATEMENTS else evidence:
            if best - self._nearness(item) <= (_SECOND if len(chosen) < 2 else self.margin) and all(
                _source(item) != _source(other) for other in chosen
            ):
                chosen.append(item)
        return sorted(chosen[:_MOST], key=self._order)

    def _story(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Choose the articles of the story that has most of the matter, or all of a time or an outlet."""
        first = leads(evidence)
        best = max((self._nearness(item) for item in first), default=0.0)
        near = [item for item in first if best - self._nearness(item) <= self.margin or self._has_all(item)]
        near.sort(key=lambda item: (share_of(self.matter, item.ranked.candidate.article), self._nearness(item)))
        near.reverse()
        near = self.of_matter(near)
        told = near if self.margin == _ANY else of_one_story(near, _SHARED)
        return sorted(told[:_MOST], key=self._order, reverse=self.is_latest)

    def _has_all(self, item: Evidence) -> bool:
        return share_of(self.matter, item.ranked.candidate.article) == 1.0

    def of_matter(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Leave out what is of another matter than what is asked about.

        That is an article in the question's own language with none of its words, where another has some, however many
        common words the two share. In another language the words say nothing.
        """
        own = question_language(self.about)
        shares = [share_of(self.matter, item.ranked.candidate.article) for item in evidence]
        if not any(shares):
            return list(evidence)
        return [
            item
            for item, share in zip(evidence, shares, strict=True)
            if share or item.ranked.candidate.article.language != own
        ]

    def is_surely_of_whom_it_names(self, picked: Sequence[Evidence]) -> bool:
        """Tell whether quotes are one person's whom the question names in full, or of all it compares.

        They answer then, whatever the topic. How sure the reader is says little here: what is asked for is no fact that
        a sentence gives.
        """
        if len(self.people) > 1:
            return {person for item in picked for person in self._of(item)} == set(self.people)
        words = [
            keys
            for person in self.people
            for word in person.split()
            if (keys := set(name_keys(word, question_language(person))))
        ]
        spoken = [_keys(speaker) for item in picked if (speaker := _speaker(item))]
        return len(words) > 1 and bool(spoken) and all(keys & own for own in spoken for keys in words)

    def _of(self, item: Evidence) -> tuple[str, ...]:
        """Return which of the people an item quotes."""
        speaker = _speaker(item) if self.people else None
        own = _keys(speaker) if speaker else set()
        return tuple(person for person in self.people if own & set(name_keys(person, question_language(person))))

    def _nearness(self, item: Evidence) -> float:
        """Return how near an item is to what is asked about, as if all articles were in the question's language."""
        languages = {question_language(self.about), item.ranked.candidate.language}
        return item.ranked.score + (_FOREIGN if len(languages - {"und"}) > 1 else 0.0)

    def _order(self, item: Evidence) -> tuple[str, date, int]:
        speaker = _speaker(item)
        by = (speaker.name if speaker else "\uffff") if self.shape is Shape.COMPARISON else ""
        undated = date.min if self.is_latest else date.max
        return by, item.ranked.candidate.article.published or undated, item.sentence.start


def overview_of(question: Question) -> Survey | None:
    """Return what a question wants of several articles, None where it asks for one answer."""
    request, kind = question.request, question.meaning.kind
    if request.is_overview:
        return Survey(request.shape, request.about, request.people, request.topic)
    if kind not in _SHAPES:
        return None
    matter = matter_of(question)
    margin = _ANY if question.kept and not matter else _AROUND
    return Survey(
        _SHAPES[kind], question.text, margin=margin, is_story=True, matter=matter, is_latest=kind is Kind.LATEST
    )


def is_about(question: Question) -> bool:
    """Tell whether the articles found are about what a question for several of them names.

    No sentence answers "summarise the strike", so that the reader cannot tell. They are where one article has every
    term of the question's matter. Else a logistic model of two figures tells: the cosine of the nearest passage, and
    the share of those terms that one of the first articles has.
    """
    matter = matter_of(question)
    if question.kept and not matter:
        return True
    nearest = max((candidate.similarity or 0.0 for candidate in question.found.candidates), default=0.0)
    first = (item.candidate.article for item in question.passages[:_FIRST])
    share = max((share_of(matter, article) for article in first), default=0.0)
    return share == 1.0 or _NEAREST * nearest + _SHARE * share >= _LEAST


def matter_of(question: Question) -> frozenset[str]:
    """Return the terms of what a question for several articles is about, without how it asks, its time and outlet."""
    period = question.meaning.period
    asking = fitted().frame_terms | set(terms(period.words if period else ""))
    return frozenset(terms(question.matter)) - asking


def surveyed(question: Question, picked: Sequence[Evidence]) -> Answer:
    """Answer with several quotes, at least one, each cited, in their order."""
    citations: list[Citation] = [cite(item, number, Role.USED) for number, item in enumerate(picked, 1)]
    said = joined(line(question.words, citation) for citation in citations)
    return composed(question, said, citations)


def _keys(speaker: Speaker) -> set[str]:
    said = f"{speaker.name} {speaker.role or ''}"
    return set(name_keys(said, question_language(said)))


def _speaker(item: Evidence) -> Speaker | None:
    return speaker_of(item.ranked.candidate.article, item.sentence)


def _source(item: Evidence) -> str:
    return item.ranked.candidate.article.id
