"""Where a text tells of the dead, the injured and others, and what figures measure: the words that a pack knows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index.languages.grammar import Toll
from index.text.normalisation import Span, fold

# Vowel marks stand within words and are no letters.
WORD = re.compile(r"(?:[^\W_]|[\u064b-\u065f\u0670])+|[^\w\s]")
# Tells whom a figure beside a folded word counts, as a grammar does.
TollOf = Callable[[str], Toll | None]


@dataclass(frozen=True, slots=True)
class TollWord:
    """A word of a text that says whom a figure counts."""

    span: Span
    toll: Toll


def toll_words(text: str, toll: TollOf) -> list[TollWord]:
    """Return the words of a text that say whom a figure counts, in order; `toll` is a grammar's."""
    found = []
    for match in WORD.finditer(text):
        told = toll(fold(match.group()))
        if told is not None:
            found.append(TollWord(Span(*match.span()), told))
    return found


def only_toll(text: str, toll: TollOf) -> Toll | None:
    """Return the one toll that a text speaks of, None for none or several."""
    told = {word.toll for word in toll_words(text, toll)}
    return told.pop() if len(told) == 1 else None


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Patterns of folded words beside a figure.

    `tolls` match a word for whom it counts, `reached` the end of a stretch where a toll comes to it, `measures` words for
    what it measures, by their name.
    """

    tolls: Mapping[Toll, re.Pattern[str]]
    reached: re.Pattern[str]
    measures: Mapping[str, re.Pattern[str]]

    def toll(self, folded: str) -> Toll | None:
        """Return whom a figure beside a folded word counts, None for other words."""
        return next((toll for toll, words in self.tolls.items() if words.fullmatch(folded)), None)

    def reaches(self, folded: str) -> bool:
        """Tell whether a folded stretch of a sentence ends where a toll comes to a figure: "the toll rose to"."""
        return self.reached.search(folded) is not None

    def measure(self, folded: str) -> str:
        """Return what the figure beside folded words measures, "" where it counts."""
        return next((name for name, words in self.measures.items() if words.search(folded)), "")
