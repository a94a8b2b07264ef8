"""Make a follow-up question stand alone from the turns before it, by the rules of its language; no model needed.

A question is left exactly as it is unless its own words show that it hangs on something said before: it is
bare ("and when?"), asks for the same of something else ("what about Egypt?"), or points back ("what did he say then?").
"""

from collections.abc import Sequence
from typing import Protocol

from index.analysis import language_within, question_language
from index.analysis.requests import request_of
from index.languages import language
from index.languages.grammar import Context
from qa.answer import Answer, Citation, Turn

# How far back somebody who was quoted is still "he" or "she".
_REMEMBERED = 3


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
        earlier = _context(history)
        code = question_language(asked)
        # A few words may be of any language: they are in the one before.
        pack = language(earlier.language if code == "und" else code)
        rewritten = pack.grammar.follow_up(asked, earlier)
        return rewritten if rewritten and rewritten != asked else None


def stood_alone(turn: Turn) -> str:
    """Return an earlier question as it was searched for: of several in one message, the last one."""
    if turn.answer and turn.answer.parts:
        return turn.answer.parts[-1].standalone or turn.answer.parts[-1].question
    return turn.answer.standalone if turn.answer and turn.answer.standalone else turn.question


def _context(history: Sequence[Turn]) -> Context:
    question = " ".join(stood_alone(history[-1]).split()).rstrip("?؟!. ")
    # What was appended to it before is said again without its brackets.
    bare = question.replace(" (", ", ").replace(")", "")
    code = question_language(question)
    grammar = language(code).grammar
    citations = (_speaking(turn) for turn in reversed(history[-_REMEMBERED:]))
    quoted = next((citation for citation in citations if citation), None)
    person = " ".join(quoted.speaker.name.split()) if quoted and quoted.speaker else None
    return Context(
        question=question,
        language=code,
        topic=grammar.topic(bare),
        matter=grammar.matter(bare),
        person=person,
        asked_who=request_of(question).asks_for_speaker,
        is_body=person is not None and quoted is not None and _is_body(person, quoted),
        asked_for=grammar.asked_for(question),
    )


def _speaking(turn: Turn) -> Citation | None:
    """Return what the answer of a turn quotes of somebody, who may be "he", "she" or "they" in the next."""
    answer: Answer | None = turn.answer
    if answer is None or answer.abstained or not answer.used or answer.used[0].speaker is None:
        return None
    return answer.used[0]


def _is_body(person: str, quoted: Citation) -> bool:
    """Tell whether who was quoted is an institution, in the language of the article."""
    return language_within(person, language(quoted.language)).grammar.is_body(person)
