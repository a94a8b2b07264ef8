"""Questions that ask for more than one passage: compare, a timeline, what somebody said about something."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.text import name_keys, question_language
from qa.answer import Answer, Citation, Role, Speaker
from qa.composing import cite, composed
from qa.question import Question
from qa.reader import Evidence, speaker_of
from qa.wording import line, words_for

_MOST = 6
# A passage this far below the best one, in late interaction, is about something else; a second one may be further. One
# in another language lies below its like by so much. Chosen on benchmarks/surveys.py, where they are measured.
_MARGIN = 0.06
_SECOND = 0.18
_FOREIGN = 0.16


class Kind(StrEnum):
    """What is asked for: quotes by date, side by side by speaker, or one speaker's own by date."""

    TIMELINE = "timeline"
    COMPARISON = "comparison"
    STATEMENTS = "statements"


_FORMS = (
    (
        Kind.TIMELINE,
        re.compile(
            r"^(?:(?:give|show|write|make|draw)(?:\s+me)?\s+)?(?:an?\s+|the\s+)?(?:timeline|chronology)\s+(?:of|for|on)\s+(?P<about>.+)"
            r"|^(?:(?:اعرض|اكتب|قدم|أعطني|هات)\s+)?(?:ال)?(?:تسلسل\s+(?:ال)?زمني|جدول\s+(?:ال)?زمني|خط\s+(?:ال)?زمني)"
            r"\s+(?:ل|لـ|عن|حول)\s*(?P<about_ar>.+)",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.COMPARISON,
        re.compile(
            r"^compare\s+(?P<about>.+)|^how\s+do(?:es)?\s+(?P<differ>.+?)\s+(?:differ|compare)\b.*"
            r"|^(?:قارن|قارني|قارنوا)\s+(?:بين\s+)?(?P<about_ar>.+)|^(?:ما\s+)?(?:الفرق|أوجه\s+الاختلاف)\s+بين\s+(?P<differ_ar>.+)",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.STATEMENTS,
        re.compile(
            r"^(?:summari[sz]e|list|collect|sum\s+up)\s+what\s+(?P<who>.+?)\s+(?:has\s+|have\s+)?(?:said|says|say|told)"
            r"(?:\s+(?:about|on|of)\s+(?P<about>.+))?$"
            r"|^(?:لخص|لخّص|لخصي|اجمع|اعرض)\s+(?:كل\s+)?ما\s+(?:قاله|قالته|صرح\s+به|صرحت\s+به)\s+(?P<who_ar>.+?)"
            r"(?:\s+(?:عن|حول|بشأن)\s+(?P<about_ar>.+))?$",
            re.IGNORECASE,
        ),
    ),
)


# What people are compared by: "compare what A and B said about T".
_SAYINGS = re.compile(
    r"^(?:what|how)\s+(?P<who>.+?)\s+(?:said|says|say|told|think|thinks)(?:\s+(?:about|on|of)\s+(?P<about>.+))?$"
    r"|^(?:ما\s+(?:قاله|قالته|يقوله)|أقوال|تصريحات)\s+(?P<who_ar>.+?)(?:\s+(?:عن|حول|بشأن)\s+(?P<about_ar>.+))?$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|،)\s*(?:and\s+|و)?|\s+and\s+|\s+و(?:بين\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a question wants of several articles: `about` is what to search for, `topic` what `people` say of."""

    kind: Kind
    about: str
    people: tuple[str, ...] = ()
    topic: str = ""

    def pick(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Choose the sentences, each saying something else, in the order they are to be read in."""
        best = max((self._nearness(item) for item in evidence), default=0.0)
        chosen = [item for item in evidence if self._of(item)]
        # Of people who are quoted nowhere, what is said about the same is compared.
        for item in [] if chosen or self.kind is Kind.STATEMENTS else evidence:
            if best - self._nearness(item) <= (_SECOND if len(chosen) < 2 else _MARGIN) and all(
                _source(item) != _source(other) for other in chosen
            ):
                chosen.append(item)
        return sorted(chosen[:_MOST], key=self._order)

    def is_surely_of_whom_it_names(self, picked: Sequence[Evidence]) -> bool:
        """Tell whether quotes are one person's whom the question names in full, or of all it compares.

        They answer then, whatever the topic. How sure the reader is says little here: what is asked for is no fact that
        a sentence gives.
        """
        if len(self.people) > 1:
            return {person for item in picked for person in self._of(item)} == set(self.people)
        words = [keys for person in self.people for word in person.split() if (keys := set(name_keys(word)))]
        spoken = [_keys(speaker) for item in picked if (speaker := _speaker(item))]
        return len(words) > 1 and bool(spoken) and all(keys & own for own in spoken for keys in words)

    def _of(self, item: Evidence) -> tuple[str, ...]:
        """Return which of the people an item quotes."""
        speaker = _speaker(item) if self.people else None
        own = _keys(speaker) if speaker else set()
        return tuple(person for person in self.people if own & set(name_keys(person)))

    def _nearness(self, item: Evidence) -> float:
        """Return how near an item is to what is asked about, as if all articles were in the question's language."""
        languages = {question_language(self.about), item.ranked.candidate.article.language}
        return item.ranked.score + (_FOREIGN if len(languages - {"und"}) > 1 else 0.0)

    def _order(self, item: Evidence) -> tuple[str, date, int]:
        speaker = _speaker(item)
        by = (speaker.name if speaker else "\uffff") if self.kind is Kind.COMPARISON else ""
        return by, item.ranked.candidate.article.published or date.max, item.sentence.start


def survey_of(question: str) -> Survey | None:
    """Return what a question wants of several articles, None where it asks for one answer."""
    asked = " ".join(question.split()).rstrip("?؟!. ")
    for kind, form in _FORMS:
        match = form.match(asked)
        if match is None:
            continue
        found = {name.removesuffix("_ar"): text.strip() for name, text in match.groupdict().items() if text}
        about = found.get("about") or found.get("differ") or ""
        people: tuple[str, ...] = (found["who"],) if "who" in found else ()
        said = _SAYINGS.match(about) if kind is Kind.COMPARISON else None
        if said:
            people = tuple(name for name in _AND.split(said["who"] or said["who_ar"]) if name)
            about = said["about"] or said["about_ar"] or ""
        return Survey(kind, " ".join(part for part in (*people, about) if part) or asked, people, about)
    return None


def surveyed(question: Question, picked: Sequence[Evidence]) -> Answer:
    """Answer with several quotes, at least one, each cited, in their order."""
    words = words_for(question.language)
    citations: list[Citation] = [cite(item, number, Role.USED) for number, item in enumerate(picked, 1)]
    text = "\n".join(line(words, citation) for citation in citations)
    return composed(question, text, citations)


def _keys(speaker: Speaker) -> set[str]:
    return set(name_keys(f"{speaker.name} {speaker.role or ''}"))


def _speaker(item: Evidence) -> Speaker | None:
    return speaker_of(item.ranked.candidate.article, item.sentence)


def _source(item: Evidence) -> str:
    return item.ranked.candidate.article.id
