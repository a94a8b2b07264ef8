"""A news library that changes while it is asked: a copy of the corpus's, and what each of its states says.

Two articles of two outlets always change together, to one number. An answer that gives another number than the state
does that it names, or two numbers, or quotes what does not stand in the article, mixes states.
"""

import re
import shutil
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import EXAM, indexed, whole
from benchmarks.harness import Data, say
from index import Article, ArticleNotFoundError, Library
from index.store.backups import CATALOG
from qa.evaluation.gold import read_exam, sample

QUESTION = "How many boats lay in the harbour of Zarqun on Sunday?"
_IDS = ("zarqun-count", "zarqun-port")
_NUMBER = re.compile(r"(\d+) boats")


def copied(data: Data, cache: Path, folder: Path) -> Path:
    """Copy the library of the whole news corpus into a folder, so that the one in the cache stays as it is."""
    ready = cache / "library-ant"
    if not (ready / CATALOG).exists():
        indexed(whole(data, cache), cache)
    say("copying the library")
    shutil.copytree(ready, folder)
    return folder


def questions(data: Data, count: int) -> list[str]:
    """Return so many questions of the news exam, in English and in Arabic by turns."""
    both = [sample(read_exam(data.file(EXAM), language), (count + 1) // 2) for language in ("en", "ar")]
    return [question.text for pair in zip(*both, strict=True) for question in pair][:count]


@dataclass(frozen=True, slots=True)
class _Said:
    """What an answer that was asked for when the library was at `since` says of its state."""

    since: int
    generation: int
    numbers: frozenset[int]


class Changing:
    """Changes a library, and holds the answers of a server to what it was at the time."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.number = 0
        self.wrong: list[str] = []
        self._generations: list[int] = []
        self._numbers: list[int] = []
        self._said: list[_Said] = []

    def change(self) -> None:
        """Give both articles the next number, in one commit."""
        self.number += 1
        before = self.library.generation
        self.library.add(
            [
                Article.create(
                    _IDS[0], f"The harbour master counted {self.number} boats in the harbour of Zarqun on Sunday.",
                    title="Boats of Zarqun", source="Harbour Gazette",
                ),
                Article.create(
                    _IDS[1], f"The port authority says that {self.number} boats lay in the harbour on Sunday, fewer "
                    "than in spring.", title="The port of Zarqun", source="Coast Radio",
                ),
            ]
        )  # fmt: skip
        if self.library.generation != before + 1:
            raise RuntimeError("the two articles did not come in one commit")
        self._generations.append(self.library.generation)
        self._numbers.append(self.number)

    def take(self, answer: dict[str, Any], since: int) -> None:
        """Hold an answer to its articles; `since` is the library's generation before the question was asked.

        The numbers are looked at by `check`: this commit may be seen before whoever makes it has noted it.
        """
        for citation in answer["citations"]:
            self._verbatim(citation)
        quoted = [citation["quote"] for citation in answer["citations"] if citation["article"]["id"] in _IDS]
        numbers = frozenset(int(number) for quote in quoted for number in _NUMBER.findall(quote))
        self._said.append(_Said(since, answer["generation"], numbers))

    def check(self) -> None:
        """Compare what was answered so far with the states; what is wrong is added to `wrong`."""
        said, self._said = self._said, []
        for item in said:
            place = bisect_right(self._generations, item.generation)
            stated = {self._numbers[place - 1]} if place else set()
            if not item.numbers <= stated:
                self.wrong.append(f"generation {item.generation} says {stated}, its answer {set(item.numbers)}")
            if item.generation < item.since:
                self.wrong.append(f"asked at generation {item.since}, answered from {item.generation}")

    def _verbatim(self, citation: dict[str, Any]) -> None:
        try:
            article = self.library.article(citation["article"]["id"], citation["revision"])
        except ArticleNotFoundError:
            # Withdrawn since it was answered, with all its revisions.
            return
        if article.text[citation["start"] : citation["end"]] != citation["quote"]:
            self.wrong.append(f"not in {article.id}: {citation['quote']}")


def wire(batch: int, size: int) -> Sequence[Article]:
    """Return a batch of short articles as an agency sends them, to be added and withdrawn again."""
    return [
        Article.create(
            f"wire-{batch}-{number}",
            f"Flight {batch}{number} to Qarfa was delayed for {number + 2} hours, the airline said on Monday. "
            f"Gate {batch % 40 + number} was closed, and {batch + 90} passengers had to wait in the hall.",
            title=f"Flight {batch}{number}", source="Agency",
        )
        for number in range(size)
    ]  # fmt: skip
