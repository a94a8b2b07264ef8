"""A message that asks two questions, cut in two so that each can be asked."""

from dataclasses import dataclass

from index.analysis import question_language
from index.analysis.requests import request_of
from index.languages import language
from index.languages.grammar import Shape
from index.search import LONGEST_QUERY
from qa.understanding.double import fitted

_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class TwoQuestions:
    """Two questions of one message, as they were asked and without what joins them.

    `asking_on` is the one that may lack what both are about, put as a follow-up of the other; `is_first_short` tells
    whether that is the first: "how many died and how many were hurt in the blast?".
    """

    first: str
    second: str
    asking_on: str
    is_first_short: bool


def separated(text: str) -> TwoQuestions | None:
    """Return the two questions that a message asks, None where it asks but one, or to compare."""
    asked = " ".join(text.split())
    # It is refused for its length: reading each of its words for that would take seconds.
    if len(asked) > LONGEST_QUERY:
        return None
    place = fitted().second(asked)
    if place is None or request_of(asked).shape is Shape.COMPARISON:
        return None
    grammar = language(question_language(asked)).grammar
    first, second = asked[:place].rstrip(" ,،;؛"), grammar.without_joint(asked[place:])
    if not first or not second:
        return None
    is_first_short = len(first.split()) <= min(_MOST_WORDS, len(second.split()) - 1)
    hanging = grammar.asking_on(first if is_first_short else second)
    return TwoQuestions(_capital(first), _capital(second), hanging, is_first_short)


def _capital(question: str) -> str:
    return question[:1].upper() + question[1:]
