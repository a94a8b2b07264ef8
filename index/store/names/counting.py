"""How many articles name whom: read once, and added up for whatever filters let through."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.names import NameKind
from index.store.names.entries import NameEntry
from index.store.rows import to_date

# A name in an article: the article's number, the name, its kind there, how often it stands there, the article's day.
MentionRow = tuple[int, str, str, int, str | None]
_NO_DAY = 99_999_999


@dataclass(frozen=True, slots=True)
class NameBearer:
    """Who or what bears names: its kind, and all its names, the most used first."""

    kind: NameKind
    names: tuple[str, ...]


class NameCounts:
    """Who is named in which articles. `of` has the place of each name's bearer, by the name and its kind there."""

    def __init__(
        self, rows: Sequence[MentionRow], bearers: Sequence[NameBearer], of: Mapping[tuple[str, str], int]
    ) -> None:
        self.bearers = bearers
        own = sorted((of[name, kind], number, name, often, day) for number, name, kind, often, day in rows)
        self.names = [name for _, _, name, _, _ in own]
        self.at = np.array([at for at, *_ in own], np.int64)
        self.article = np.array([number for _, number, *_ in own], np.int64)
        self.often = np.array([often for *_, often, _ in own], np.int64)
        self.day = np.array([int(day.replace("-", "")) if day else _NO_DAY for *_, day in own], np.int64)
        self.start = np.searchsorted(self.at, np.arange(len(bearers) + 1))
        # Of what an article calls somebody by several names the first is counted.
        self.is_first = np.ones(len(own), bool)
        self.is_first[1:] = (self.at[1:] != self.at[:-1]) | (self.article[1:] != self.article[:-1])

    @cached_property
    def all(self) -> "CountedNames":
        """Count in every article."""
        return CountedNames(self, np.ones(len(self.at), bool))

    def among(self, articles: Collection[int]) -> "CountedNames":
        """Count in some articles, by their numbers."""
        return CountedNames(self, np.isin(self.article, np.fromiter(articles, np.int64, len(articles))))

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The place of each bearer among all, by its name."""
        by_name = sorted(range(len(self.bearers)), key=lambda at: (self.bearers[at].names[0], at))
        place = np.empty(len(by_name), np.int64)
        place[by_name] = np.arange(len(by_name))
        return place


class CountedNames:
    """The names of some articles, counted."""

    def __init__(self, counts: NameCounts, passes: NDArray[np.bool_]) -> None:
        self._counts = counts
        self._passes = passes
        most = len(counts.bearers)
        self.articles = np.bincount(counts.at[passes & counts.is_first], minlength=most)
        self._mentions = np.bincount(counts.at, counts.often * passes, minlength=most).astype(np.int64)

    def ranked(self) -> list[int]:
        """Return the places of those who are named, those in most articles first, then by mentions and by name."""
        keys = (self._counts.order, -self._mentions, -self.articles)
        return [int(at) for at in np.lexsort(keys)[: np.count_nonzero(self.articles)]]

    def entry(self, at: int) -> NameEntry | None:
        """Return what is told of a bearer; None where no article names it."""
        if not self.articles[at]:
            return None
        counts, first = self._counts, self._counts.start[at]
        own = first + np.flatnonzero(self._passes[first : counts.start[at + 1]])
        spelt = Counter(counts.names[row] for row in own)
        days = counts.day[own]
        days = days[days < _NO_DAY]
        return NameEntry(
            (names := sorted(spelt, key=lambda name: (" " not in name, -spelt[name], name)))[0],
            counts.bearers[at].kind, int(self.articles[at]), int(self._mentions[at]), tuple(names),
            _day(int(days.min())) if len(days) else None, _day(int(days.max())) if len(days) else None,
        )  # fmt: skip


def _day(number: int) -> date | None:
    return to_date(f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}")
