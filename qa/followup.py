"""Make a follow-up question stand alone from the turns before it, by rules in English and Arabic; no model needed.

A question is left exactly as it is unless its own words show that it hangs on something said before: it is
bare ("and when?"), asks for the same of something else ("what about Egypt?"), or points back ("what did he say then?").
"""

import re
from collections.abc import Sequence
from typing import Protocol

from index.folding import fold
from index.text import question_language
from qa.answer import Answer, Turn
from qa.followup_arabic import arabic_follow_up, arabic_topic
from qa.followup_english import english_asked_for, english_follow_up, english_matter, english_topic
from qa.followup_parts import Earlier
from qa.speaker import asks_for_speaker
from qa.titles import arabic_noun, is_english_institution

# How far back somebody who was quoted is still "he" or "she".
_REMEMBERED = 3
_ARABIC_LETTER = re.compile("[\u0620-\u064a]")


class Rewriter(Protocol):
    """Makes a question stand alone."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str | None:
        """Return the stand-alone question, None where it stands alone already; `history` is oldest first."""
        ...


class RuleRewriter:
    """Rewrites by rules: names, people, place and time are carried over from the last turns."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str | None:
        """Return the stand-alone question, None where it stands alone already; `history` is oldest first."""
        if not history:
            return None
        asked = " ".join(question.split())
        earlier = _earlier(history)
        arabic = len(_ARABIC_LETTER.findall(asked)) * 2 > sum(letter.isalpha() for letter in asked)
        rewritten = arabic_follow_up(asked, earlier) if arabic else english_follow_up(asked, earlier)
        return rewritten if rewritten and rewritten != asked else None


def stood_alone(turn: Turn) -> str:
    """Return an earlier question as it was searched for."""
    return turn.answer.standalone if turn.answer and turn.answer.standalone else turn.question


def _earlier(history: Sequence[Turn]) -> Earlier:
    question = " ".join(stood_alone(history[-1]).split()).rstrip("?؟!. ")
    # What was appended to it before is said again without its brackets.
    bare = question.replace(" (", ", ").replace(")", "")
    arabic = question_language(question) == "ar"
    people = (_person(turn) for turn in reversed(history[-_REMEMBERED:]))
    person = next((person for person in people if person), None)
    return Earlier(
        question=question,
        arabic=arabic,
        topic=arabic_topic(bare) if arabic else english_topic(bare),
        matter=arabic_topic(bare) if arabic else english_matter(bare),
        person=person,
        asked_who=asks_for_speaker(question),
        is_body=person is not None and _is_body(person),
        asked_for=None if arabic else english_asked_for(question),
    )


def _person(turn: Turn) -> str | None:
    """Return who the answer of a turn quotes, who may be "he", "she" or "they" in the next."""
    answer: Answer | None = turn.answer
    if answer is None or answer.abstained or not answer.used:
        return None
    speaker = answer.used[0].speaker
    return " ".join(speaker.name.split()) if speaker else None


def _is_body(name: str) -> bool:
    """Tell whether who was quoted is an institution."""
    words = [fold(word) for word in name.split()]
    noun = arabic_noun(words[0])
    return (noun.institution and not noun.given_name) or is_english_institution(words[-1])
