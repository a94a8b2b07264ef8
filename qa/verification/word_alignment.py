"""How the words and names of a written sentence are met in a passage, and those of the passage in the sentence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis import question_language
from index.analysis.entities import JOINS, Entity, EntityKind, entities_of, forms_in, word_forms
from index.analysis.terms import is_stopword
from index.encoding.encoder import Encoder
from index.languages.grammar import KnownName
from index.languages.parts.exonyms import known_in
from index.text.normalisation import Span
from qa.verification.support_model import WordModel
from qa.verification.word_similarity import WORD, CrossScriptWords, Nearest, is_caseless

# Below this information, in nats, a word says nothing that has to be found; from the second on it is likely a name
# where it stands first with a capital.
_TELLING, _LIKELY_NAME = 7.0, 10.0
_LEAST = 0.1
# What a name counts where its words are not read alone.
_UNWEIGHED = 1.0
# Capitals of one letter are initials, and "U.S." is cut into them.
_LETTERS = 2


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A telling word, and whether the other text has it, or what is nearest to it there.

    `near` is the mean of its tokens' best cosines in their sentences; `nearest` is None for a text in the same script.
    """

    text: str
    span: Span
    weight: float
    found: bool
    near: float
    nearest: Nearest | None = None

    def met(self, model: WordModel) -> float:
        """Return how surely the other text has it, 0 to 1."""
        if self.found:
            return 1.0
        if self.nearest is None:
            return max(self.near, 0.0)
        return model.of(self.nearest, self.near, caseless=is_caseless(self.text))


@dataclass(frozen=True, slots=True)
class WordAlignment:
    """A sentence's words, which of them make names together, and the names of the passage's best sentence."""

    words: tuple[AlignedWord, ...]
    names: tuple[tuple[int, ...], ...]
    theirs: tuple[tuple[AlignedWord, ...], ...]

    def least_name(self, model: WordModel) -> float:
        """Return how well the least met name is met, 1 without any."""
        return min((_mean([self.words[p] for p in name], model) for name in self.names), default=1.0)

    def worst(self, model: WordModel) -> float:
        """Return how well the two neighbours are met that are met least, 1 with fewer than two."""
        telling = [word for word in self.words if word.weight > 1.0 and not word.text[0].isdigit()]
        return min((_mean(pair, model) for pair in pairwise(telling)), default=1.0)

    def mean(self, model: WordModel) -> float:
        """Return how well the words are met together, 0 without any."""
        return _mean(self.words, model) if self.words else 0.0

    def swapped(self, model: WordModel) -> float:
        """Return how surely the best sentence has a name that the written one lacks, and it what the passage lacks.

        What only leaves a name out has nothing that the passage lacks.
        """
        unmet = 1 - min((_mean(name, model) for name in self.theirs), default=1.0)
        return unmet * (1 - self.worst(model))


class WordAlignments:
    """Looks at sentences beside passages; safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._counterparts = CrossScriptWords(encoder)

    def of(
        self, sentence: str, passage: str, forms: frozenset[str], quote: str, matrix: NDArray[np.float32]
    ) -> WordAlignment:
        """Look at a sentence beside a passage whose best sentence is `quote`.

        `forms` are what the passage has (`forms_in`); `matrix` is (q, t) cosines of their tokens.
        """
        words = self._beside(self._words(sentence, passage, forms, matrix), passage)
        facts = entities_of(sentence, question_language(sentence))
        groups = _grouped(sentence, [(p, word.span) for p, word in enumerate(words) if _is_name(word, facts)])
        return WordAlignment(tuple(words), groups, self._theirs(sentence, quote))

    def _words(
        self, sentence: str, passage: str, forms: frozenset[str], matrix: NDArray[np.float32]
    ) -> list[AlignedWord]:
        told = self._encoder.encode_query(sentence).tokens.weights
        (places,) = self._encoder.locate_tokens([sentence])
        count = min(len(places.starts), len(told))
        nearest = matrix.max(axis=1) if matrix.shape[1] else np.full(len(matrix), -1.0, np.float32)
        known, keys = known_in(sentence), {name.key for name in known_in(passage)}
        language = question_language(sentence)
        found: list[AlignedWord] = []
        for match in WORD.finditer(sentence):
            span = Span(*match.span())
            tokens = np.flatnonzero((places.starts[:count] < span.end) & (places.ends[:count] > span.start))
            if not len(tokens) or is_stopword(match.group(), language):
                continue
            has = not forms.isdisjoint(word_forms(match.group(), language)) or _is_known(span, known, keys)
            weight = max(float(told[tokens].sum()) - _TELLING, _LEAST)
            found.append(AlignedWord(match.group(), span, weight, has, float(nearest[tokens].mean())))
        return found

    def _beside(self, words: Sequence[AlignedWord], text: str) -> list[AlignedWord]:
        """Add what is nearest to each word, where the text is in another script."""
        caseless = _is_mostly_caseless(text)
        foreign = [word.text for word in words if is_caseless(word.text) != caseless]
        found = dict(zip(foreign, self._counterparts.of(foreign, text), strict=True))
        return [replace(word, nearest=found.get(word.text)) for word in words]

    def _theirs(self, sentence: str, quote: str) -> tuple[tuple[AlignedWord, ...], ...]:
        """Return the names of the passage's best sentence, and how the written one has them."""
        forms = forms_in(sentence, None, question_language(sentence))
        known, keys = known_in(quote), {name.key for name in known_in(sentence)}
        names = sorted(
            (fact for fact in entities_of(quote, question_language(quote)) if fact.kind is EntityKind.NAME),
            key=lambda fact: fact.start,
        )
        found = [
            AlignedWord(fact.text, span, _UNWEIGHED, fact.occurs(forms) or _is_known(span, known, keys), 0.0)
            for fact in names
            if len(fact.text) >= _LETTERS and (span := Span(fact.start, fact.end))
        ]
        beside = [
            replace(word, weight=max(word.nearest.information - _TELLING, _LEAST)) if word.nearest else word
            for word in self._beside(found, sentence)
        ]
        groups = _grouped(quote, [(place, word.span) for place, word in enumerate(beside)])
        return tuple(tuple(beside[place] for place in group) for group in groups)


def _is_known(span: Span, known: Sequence[KnownName], keys: Collection[str]) -> bool:
    """Tell whether a word is part of a known name that the other text has in some form."""
    return any(name.key in keys and name.span.start < span.end and span.start < name.span.end for name in known)


def _is_name(word: AlignedWord, facts: Sequence[Entity]) -> bool:
    """Tell whether a word is part of a name: it is written as one, or begins a sentence and is rare."""
    if len(word.text) < _LETTERS:
        return False
    if any(fact.kind is EntityKind.NAME and word.span.start <= fact.start < word.span.end for fact in facts):
        return True
    return word.text[0].isupper() and word.weight + _TELLING >= _LIKELY_NAME


def _grouped(text: str, spans: Sequence[tuple[int, Span]]) -> tuple[tuple[int, ...], ...]:
    """Put the words of one name together, "Bank of Samhar" too."""
    groups: list[list[int]] = []
    end = -1
    for place, span in spans:
        if groups and end <= span.start and JOINS.fullmatch(text, end, span.start):
            groups[-1].append(place)
        else:
            groups.append([place])
        end = span.end
    return tuple(tuple(group) for group in groups)


def _mean(words: Sequence[AlignedWord], model: WordModel) -> float:
    total = sum(word.weight for word in words)
    return sum(word.weight * word.met(model) for word in words) / max(total, 1e-9)


def _is_mostly_caseless(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(is_caseless(letter) for letter in letters) * 2 > len(letters)
