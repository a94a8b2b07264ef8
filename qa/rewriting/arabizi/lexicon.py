"""The words that typed ones may stand for: how frequent they are, how they are written, and which follow each other."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# What follows a word counts so much, beside how frequent it is.
_FOLLOWING = 0.5


@dataclass(slots=True)
class Node:
    """The words that begin alike: `words[low:high]` of a lexicon, by their first `depth` letters.

    `share` is the log probability of the word that ends here, None where none does.
    """

    low: int
    high: int
    depth: int
    share: float | None
    children: "dict[str, Node] | None" = None


@dataclass(frozen=True)
class Lexicon:
    """Folded words in their order, the log probability of each, and how each is written."""

    words: Sequence[str]
    shares: Sequence[float]
    written: Sequence[str]
    root: Node = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Node(0, len(self.words), 0, None))

    @classmethod
    def of(cls, counted: Mapping[str, tuple[float, str]]) -> "Lexicon":
        """Make it of folded words, each with its log probability and how it is written."""
        words = sorted(counted)
        return cls(words, [counted[word][0] for word in words], [counted[word][1] for word in words])

    def children(self, node: Node) -> dict[str, Node]:
        """Return what goes on from a node, by its next letter; found when it is first looked for."""
        if node.children is None:
            node.children = dict(self._found(node))
        return node.children

    def _found(self, node: Node) -> Iterable[tuple[str, Node]]:
        at, depth = node.low, node.depth
        while at < node.high:
            word = self.words[at]
            if len(word) <= depth:
                at += 1
                continue
            end = bisect_left(self.words, word[: depth + 1] + "\U0010ffff", at, node.high)
            share = self.shares[at] if len(word) == depth + 1 else None
            yield word[depth], Node(at, end, depth + 1, share)
            at = end


@dataclass(frozen=True)
class Neighbours:
    """Which words follow each other: `pairs` has the log probability of the second after the first."""

    pairs: Mapping[tuple[str, str], float]

    def share(self, before: str, word: str, alone: float) -> float:
        """Return the log probability of a word after another, of one that has `alone` wherever it stands."""
        after = self.pairs.get((before, word))
        if after is None:
            return alone + math.log(1 - _FOLLOWING)
        return math.log(_FOLLOWING * math.exp(after) + (1 - _FOLLOWING) * math.exp(alone))
