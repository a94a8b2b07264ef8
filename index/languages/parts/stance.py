"""What a sentence does with a claim, given how a language's verbs are read and negated."""

import re
from collections.abc import Callable, Sequence

from index.languages.grammar import Form, Reporting, Stance, Token
from index.languages.parts.tokens import CLOSING, OPENING
from index.text.normalisation import fold

_CLAUSE_END = re.compile(r"[.,،;؛:!?؟]")
_WORD = re.compile(r"[^\W\d_]+")
# In words: what says only that another sentence is not so is short, and a verdict shorter still.
_LONGEST_CLAUSE, _VERDICT = 9, 2
_QUOTES = (OPENING | CLOSING) - {"'", "’"}


def expressed(
    tokens: Sequence[Token],
    stance_at: Callable[[Sequence[Token], int], Stance | None],
    negates: Callable[[Sequence[Token], int, bool], bool],
) -> frozenset[Stance]:
    """Return the stances of a sentence's reporting verbs, and `DENIED` when it negates a claim.

    `stance_at` reads the verb at a place; `negates` tells whether the token there negates a claim, given whether the
    sentence reports one.
    """
    places = range(len(tokens))
    found = {stance for i in places if (stance := stance_at(tokens, i)) is not None}
    reported = bool(found) or any(token.folded in _QUOTES for token in tokens)
    if any(negates(tokens, i, reported) for i in places):
        found.add(Stance.DENIED)
    return frozenset(found)


def takes_back(sentence: str, denies: Callable[[str], bool], pointing: re.Pattern[str]) -> bool:
    """Tell whether a sentence opens with a short clause that denies something and points at what: "That is false".

    A verdict alone ("False") points at what stands before it. `pointing` finds, in a folded clause, what stands for a
    claim. What is quoted is about its own matter.
    """
    clause = _CLAUSE_END.split(sentence.strip(), maxsplit=1)[0]
    folded = fold(clause)
    words = len(_WORD.findall(folded))
    if not 0 < words <= _LONGEST_CLAUSE or not _QUOTES.isdisjoint(clause) or not denies(clause):
        return False
    return words <= _VERDICT or pointing.search(folded) is not None


def all_refused(
    tokens: Sequence[Token],
    stance: Stance,
    verb_of: Callable[[str], Reporting | None],
    is_refused: Callable[[Sequence[Token], int], bool],
) -> bool:
    """Tell whether a sentence has verbs of a stance, and each is negated, as `is_refused` tells of the one at a place."""
    refused = False
    for i, token in enumerate(tokens):
        verb = verb_of(token.folded)
        if verb is None or verb.stance is not stance or verb.form is Form.NOUN:
            continue
        if not is_refused(tokens, i):
            return False
        refused = True
    return refused
