"""What a French sentence does with a claim."""

import re
from collections.abc import Sequence

from index.languages.fr.mentions import tokens_in
from index.languages.fr.quotation import group_at
from index.languages.grammar import Form, Stance, Token
from index.languages.parts import stance as shared
from index.languages.parts.stance import expressed
from index.text.normalisation import Span, fold, word_set

_FALSE = word_set(
    "faux fausse fausses infondé infondée infondés infondées mensonger mensongère mensongères mensonge mensonges erroné erronée erronés "
    "erronées inexact inexacte inexactes inventé inventée fantaisiste fantaisistes calomnie calomnies"
)
# The second word of a negation, and what makes it no denial: "pas seulement", "pas encore", "ne … que".
_NOT = word_set("pas jamais plus aucun aucune rien personne nullement guère point ni")
_AFTER_NOT = word_set("seulement uniquement encore moins que sûr savoir")
_BETWEEN = 7
_NEGATIONS = word_set("ne n sans aucun aucune ni")
_WITH_NE = word_set("aucun aucune ni")
# What stands for a claim that was told before.
_POINTING = re.compile(r"\b(?:ce|cela|ca|ceci)\b|\bc'")
_DENYING = re.compile(r"\b(?:dement\w*|nie|nient|niait|nie[es]*|refut\w+|rejet\w+|recus\w+)\b")
_ONLY = re.compile(r"\bn(?:e\s+|')(?:[^\W_]+\s+){1,3}(?:que\b|qu')")
_WORD = re.compile(r"[^\W_]+")


def stances(sentence: str) -> frozenset[Stance]:
    """Return the stances a sentence expresses by its reporting verbs, and `DENIED` when it negates a claim."""
    return expressed(tokens_in(sentence, Span(0, len(sentence))), _stance_at, _negates)


def reports(text: str) -> bool:
    """Tell whether a stretch of a sentence has a reporting verb."""
    tokens = tokens_in(text, Span(0, len(text)))
    return any(token.is_word and group_at(tokens, i) is not None for i, token in enumerate(tokens))


def refuses(sentence: str, stance: Stance) -> bool:
    """Tell whether a sentence says only that somebody did not do what a stance's verbs mean: "n'a pas condamné"."""
    tokens = tokens_in(sentence, Span(0, len(sentence)))
    groups = [group for i, token in enumerate(tokens) if token.is_word and (group := group_at(tokens, i))]
    meant = [group for group in groups if group.verb.stance is stance and group.verb.form is Form.FINITE]
    return bool(meant) and all(group.is_negated for group in meant)


def takes_back(sentence: str) -> bool:
    """Tell whether a sentence says of what stands before it that it is not so: "Ce n'est pas le cas"."""
    return shared.takes_back(sentence, _denies, _POINTING)


def _denies(clause: str) -> bool:
    return Stance.DENIED in stances(clause)


def is_negated(sentence: str) -> bool:
    """Tell whether a sentence denies or negates something: an odd number of negations."""
    folded = fold(sentence)
    words = _WORD.findall(folded)
    count = sum(word in ("ne", "n", "sans") for word in words)
    if not count:
        count = sum(word in _WITH_NE for word in words[:1])
    return (count + len(_DENYING.findall(folded)) - len(_ONLY.findall(folded))) % 2 == 1


def _stance_at(tokens: Sequence[Token], i: int) -> Stance | None:
    group = group_at(tokens, i) if tokens[i].is_word else None
    if group is None or (group.verb.doubtful and not _is_verb_here(tokens, group.first, group.last)):
        return None
    if group.is_negated:
        return None if group.verb.stance in (Stance.SAID, Stance.DENIED) else Stance.SAID
    return group.verb.stance


def _is_verb_here(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Tell a doubtful verb from the noun: something stands before it, and what is said after it."""
    following = tokens[last].folded if last < len(tokens) else ""
    return first > 0 and following not in ("", ".", ",")


def _negates(tokens: Sequence[Token], i: int, reported: bool) -> bool:
    """Tell whether a token negates a claim; the negation of something past counts only in reported speech."""
    folded = tokens[i].folded
    if folded in _FALSE:
        return True
    if folded not in ("ne", "n'"):
        return False
    after = [token.folded for token in tokens[i + 1 : i + 1 + _BETWEEN]]
    place = next((place for place, word in enumerate(after) if word in _NOT), None)
    if place is None or (place + 1 < len(after) and after[place + 1] in _AFTER_NOT):
        return False
    groups = (group_at(tokens, j) for j in range(i + 1, min(i + 2 + place + 2, len(tokens))) if tokens[j].is_word)
    if any(group is not None and group.first <= i for group in groups):
        return False
    past = (
        after[0] in ("a", "ont", "avait", "avaient", "est", "sont")
        and place + 1 < len(after)
        and _ends_past(after[place + 1])
    )
    return reported or not past


def _ends_past(word: str) -> bool:
    return word.endswith(("é", "ée", "és", "ées", "i", "is", "it", "u", "us", "ue"))
