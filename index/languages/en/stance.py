"""What an English sentence does with a claim."""

import re
from collections.abc import Sequence

from index.languages.en.reporting_verbs import PHRASES, verb_of
from index.languages.grammar import Stance, Token
from index.languages.parts import stance as shared
from index.languages.parts.stance import all_refused, expressed
from index.languages.parts.tokens import tokenise
from index.text.normalisation import Span, fold, word_set

_FALSE = word_set(
    "false untrue baseless unfounded groundless fabricated lies inaccurate incorrect nonsense bogus rubbish"
)
# Negation, and what makes it no denial: "not only", "no doubt".
_NOT = word_set("not never neither nor cannot")
_AFTER_NOT = word_set("only just least yet know comment elaborate sure")
_AFTER_NO = word_set("doubt less fewer more later sooner one comment")
_UNSAID = word_set("declined refused refuses declines failed unable yet")
_DETERMINERS = word_set(
    "the a an his her their its our my your this that these those of in on at by for with from no any some new to several many two three"
)
_NEGATIONS = word_set("not no never neither nor none nothing nobody cannot without")
# What stands for a claim that was told before.
_POINTING = re.compile(r"\b(?:this|that)(?:\s+\w+)?\s+(?:is|was|isn't|wasn't)\b|\b(?:this|that)\s*$|^that's\b")
_DENYING = re.compile(r"\b(?:den(?:y|ies|ied|ying)|refut\w+|reject\w+)\b")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def stances(sentence: str) -> frozenset[Stance]:
    """Return the stances a sentence expresses by its reporting verbs, and `DENIED` when it negates a claim."""
    return expressed(tokenise(sentence, Span(0, len(sentence))), _stance_at, _negates)


def reports(text: str) -> bool:
    """Tell whether a stretch of a sentence has a reporting verb."""
    return any(verb_of(token.folded) for token in tokenise(text, Span(0, len(text))))


def refuses(sentence: str, stance: Stance) -> bool:
    """Tell whether a sentence says only that somebody did not do what a stance's verbs mean: "has not condemned"."""
    return all_refused(tokenise(sentence, Span(0, len(sentence))), stance, verb_of, _follows_no)


def takes_back(sentence: str) -> bool:
    """Tell whether a sentence says of what stands before it that it is not so: "That is not the case"."""
    return shared.takes_back(sentence, _denies, _POINTING)


def _denies(clause: str) -> bool:
    return Stance.DENIED in stances(clause)


def is_negated(sentence: str) -> bool:
    """Tell whether a sentence denies or negates something: an odd number of negations."""
    words = [fold(match.group()) for match in _WORD.finditer(sentence)]
    count = sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words)
    return (count + len(_DENYING.findall(sentence))) % 2 == 1


def is_not(word: str) -> bool:
    """Tell whether a folded word negates a verb."""
    return word in _NOT or word.endswith("n't")


def _follows_no(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether an English verb is negated, by one of the three words before it."""
    return any(is_not(token.folded) for token in tokens[max(0, at - 3) : at])


def _stance_at(tokens: Sequence[Token], i: int) -> Stance | None:
    folded = tokens[i].folded
    if not tokens[i].is_word:
        return None
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    before = tokens[i - 1].folded if i else ""
    phrase = PHRASES.get((folded, following))
    verb = verb_of(folded)
    if phrase is None and (verb is None or (verb.doubtful and not _is_verb_here(before, following))):
        return None
    stance = phrase or (verb.stance if verb else None)
    earlier = {token.folded for token in tokens[max(0, i - 3) : i]}
    if earlier & _UNSAID and before == "to":
        return None
    if _follows_no(tokens, i):
        return None if stance in (Stance.SAID, Stance.DENIED) else Stance.SAID
    return stance


def _is_verb_here(before: str, following: str) -> bool:
    return bool(before) and before[0].isalnum() and before not in _DETERMINERS and following not in ("", "of", ".", ",")


def _negates(tokens: Sequence[Token], i: int, reported: bool) -> bool:
    """Tell whether a token negates a claim; a past negation counts only in reported speech."""
    folded = tokens[i].folded
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    before = tokens[i - 1].folded if i else ""
    if folded in _FALSE:
        return True
    if folded == "no":
        return bool(following) and following[0].isalpha() and following not in _AFTER_NO
    if is_not(folded):
        verb = verb_of(following)
        said = verb is not None and verb.stance in (Stance.SAID, Stance.DENIED)
        past = folded == "didn't" or before in ("did", "had", "has", "have")
        return not said and following not in _AFTER_NOT and before != "or" and (reported or not past)
    return False
