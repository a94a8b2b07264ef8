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


@dataclass(frozen=True, slots=True)
class Survey:
    """What a question wants of several articles: `about` is what to search for, `who` whose statements on `topic`."""

    kind: Kind
    about: str
    who: str | None = None
    topic: str = ""

    def pick(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Choose the sentences, each saying something else, in the order they are to be read in."""
        best = max((self._nearness(item) for item in evidence), default=0.0)
        wanted = set(name_keys(self.who)) if self.who else set()
        chosen: list[Evidence] = []
        for item in evidence:
            if self.who:
                speaker = _speaker(item)
                if speaker and wanted & _keys(speaker):
                    chosen.append(item)
            elif best - self._nearness(item) <= (_SECOND if len(chosen) < 2 else _MARGIN) and all(
                _source(item) != _source(other) for other in chosen
            ):
                chosen.append(item)
        return sorted(chosen[:_MOST], key=self._order)

    def is_surely_of_whom_it_names(self, picked: Sequence[Evidence]) -> bool:
        """Tell whether quotes are one person's whom the question names in full: they answer, whatever the topic.

        How sure the reader is says little here: what is asked for is no fact that a sentence gives.
        """
        words = [keys for word in (self.who or "").split() if (keys := set(name_keys(word)))]
        spoken = [_keys(speaker) for item in picked if (speaker := _speaker(item))]
        return len(words) > 1 and bool(spoken) and all(keys & own for own in spoken for keys in words)

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
        who = found.get("who")
        return Survey(kind, " ".join(part for part in (who, about) if part) or asked, who, about)
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
