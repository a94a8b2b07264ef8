"""How much of a question's names and words a passage and a sentence have: the rarer among what is read, the more.

Names and numbers are compared by their sound, so across scripts; words by their stems, within one language.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index import Candidate
from index.analysis import name_keys, query_name_keys, question_language, terms


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares, 0 to 1, of a question's names and of its words that a text has, each weighted by its rarity."""

    names: float
    words: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """A question's name keys and terms, and what each weighs among the passages that are read for it."""

    language: str
    names: dict[str, float]
    words: dict[str, float]

    @classmethod
    def of(cls, question: str, passages: Sequence[tuple[str, str]]) -> "Overlap":
        """Weigh a question's names and words among passages, each a text with its language."""
        language = question_language(question)
        names = query_name_keys(question, language)
        words = list(dict.fromkeys(terms(question, language)))
        named = Counter(key for text, code in passages for key in names_in(text, code))
        told = Counter(term for text, code in passages if _alike(language, code) for term in _words(text, code))
        return cls(
            language,
            {key: _weight(named[key], len(passages)) for key in names},
            {word: _weight(told[word], len(passages)) for word in words},
        )

    def shares(self, text: str, language: str) -> Shares:
        """Return the shares that a text in a language has; of words, 0 in another language than the question's."""
        words = _words(text, language) if _alike(self.language, language) else frozenset()
        return Shares(_share(self.names, names_in(text, language)), _share(self.words, words))


def _alike(question: str, text: str) -> bool:
    """Tell whether words may be compared: a few words may be of any language."""
    return question in (text, "und")


def _weight(passages: int, of: int) -> float:
    """Return what something weighs that so many passages have: one that all have tells nothing."""
    return math.log((of + 1) / (passages + 1)) + 0.1


def _share(weights: dict[str, float], found: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for key, weight in weights.items() if key in found) / total if total else 0.0


def titled(candidate: Candidate) -> str:
    """Return a passage's text below its article's title."""
    return f"{candidate.article.title}\n{candidate.text}"


@lru_cache(maxsize=4096)
def names_in(text: str, language: str) -> frozenset[str]:
    """Return the keys of a text's likely names and numbers; what was read last is kept."""
    return frozenset(name_keys(text, language))


@lru_cache(maxsize=4096)
def _words(text: str, language: str) -> frozenset[str]:
    return frozenset(terms(text, language))
