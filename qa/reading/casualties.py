"""The dead, the injured and others: which of a sentence's figures counts those that a question asks about.

News gives them in one breath ("nine were killed and 31 injured"), and a span model takes one for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.analysis import language_of, language_within
from index.analysis.entities import EntityKind, entities_of
from index.languages import Grammar, Language, language
from index.languages.grammar import Toll
from index.languages.parts.casualties import WORD, toll_words
from index.text.normalisation import Span, fold


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of a sentence and whom it counts."""

    figure: Span
    toll: Toll


def rightly_counted(sentence: str, answer: Span, toll: Toll, code: str | None = None) -> Span | None:
    """Return the answer, or the figure that counts who is asked about where the answer counts others.

    None where it counts others and no figure of the sentence counts who is asked about. `code` is the article's
    language, here and below, found in the sentence where it is None.
    """
    pack = _pack(sentence, code)
    grammar = pack.grammar
    counts = counts_in(sentence, pack)
    # "Lowered the toll to 11, saying that three …": where a toll comes to a figure, that one is it.
    reached = [
        count.figure for count in counts if count.toll is toll and grammar.reaches(fold(sentence[: count.figure.start]))
    ]
    if len(reached) == 1:
        return reached[0]
    if set(_counted(counts, answer)) <= {toll}:
        return answer
    return next((count.figure for count in counts if count.toll is toll), None)


def tells_of(sentence: str, toll: Toll, code: str | None = None) -> bool:
    """Tell whether a sentence tells of such people at all."""
    return any(word.toll is toll for word in toll_words(sentence, _pack(sentence, code).grammar.toll))


def toll_of(sentence: str, answer: Span, code: str | None = None) -> Toll | None:
    """Return whom the answer's figure counts, None where it counts nobody."""
    return next(iter(_counted(counts_in(sentence, _pack(sentence, code)), answer)), None)


def _pack(sentence: str, code: str | None) -> Language:
    return language_within(sentence, language(code)) if code else language_of(sentence)


def _counted(counts: Sequence[Count], answer: Span) -> list[Toll]:
    """Return whom the figures of an answer count."""
    return [count.toll for count in counts if count.figure.start < answer.end and answer.start < count.figure.end]


def counts_in(sentence: str, pack: Language) -> list[Count]:
    """Return the figures that count people hit, in order, each with the nearest word that says how."""
    grammar = pack.grammar
    words = toll_words(sentence, grammar.toll)
    facts = entities_of(sentence, pack.code)
    figures = [Span(fact.start, fact.end) for fact in facts if fact.kind is EntityKind.NUMBER]
    counts = []
    for figure in figures:
        near = [(_between(sentence, figure, word.span, grammar), word.span.start, word.toll) for word in words]
        if near:
            counts.append(Count(figure, min(near)[2]))
    return counts


def _between(sentence: str, one: Span, other: Span, grammar: Grammar) -> int:
    """Count the words and marks between two spans; one that is written on to the later one is a word too."""
    first, last = sorted((one, other), key=lambda span: span.start)
    words = len(WORD.findall(sentence[first.end : last.start]))
    return words + fold(sentence[last.start : last.start + 2]).startswith(grammar.conjunctions)
