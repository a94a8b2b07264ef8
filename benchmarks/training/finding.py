"""What the questions that are trained on find in a library: passages of other articles, hard to tell from answers.

    python -m benchmarks.training.finding WORK --library DIR [--more MORE.jsonl ...]

Writes WORK/negatives-dense.json: for each question, the nearest passages that do not hold its answer.
"""

import argparse
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import say, work_offline
from benchmarks.training.examples import LANGUAGES, Articles, Asked, asked_in, holds_answer, load_articles
from index import open_encoder
from index.encoding.token_space import unit

_NEGATIVES = 16


@dataclass(frozen=True)
class Stored:
    """A library's passages: vectors (n, d), and of each its article's id and its place in it."""

    vectors: NDArray[np.float32]
    articles: tuple[str, ...]
    spans: NDArray[np.int64]

    @classmethod
    def of(cls, library: Path) -> "Stored":
        """Read them from a library's catalogue."""
        with sqlite3.connect(f"file:{library / 'catalog.sqlite3'}?mode=ro", uri=True) as database:
            rows = database.execute(
                "SELECT article.id, start, stop, value FROM passage JOIN article ON article.number = passage.article "
                "JOIN vector ON vector.key = passage.key ORDER BY passage.id"
            ).fetchall()
        vectors = np.frombuffer(b"".join(row[3] for row in rows), np.float16).reshape(len(rows), -1).astype(np.float32)
        return cls(unit(vectors), tuple(row[0] for row in rows), np.array([row[1:3] for row in rows]))

    def holding(self, asked: Asked) -> list[int]:
        """Return the passages that hold a question's answer."""
        found = []
        for place in asked.places:
            for number in self.of_article(place.article):
                start, stop = self.spans[number]
                if start <= place.answer.start < stop:
                    found.append(number)
        return found

    def of_article(self, article: str) -> list[int]:
        """Return an article's passages."""
        if not hasattr(self, "_places"):
            places: dict[str, list[int]] = {}
            for number, name in enumerate(self.articles):
                places.setdefault(name, []).append(number)
            object.__setattr__(self, "_places", places)
        return list(self._places.get(article, []))  # type: ignore[attr-defined]


def encode(work: Path, library: Path, data: Path, more: Sequence[Path] = ()) -> None:
    """Search for the training questions, each in one wording, and write the hard negatives."""
    articles = load_articles([data / "corpus" / "ant.jsonl.gz"])
    asked = [item for path in (data / "train" / "news.jsonl.gz", *more) for item in asked_in(path, articles)]
    encoder, stored = open_encoder(), Stored.of(library)
    negatives: dict[str, list[tuple[str, int, int]]] = {}
    for number, item in enumerate(asked):
        query = encoder.encode_query(item.wordings[LANGUAGES[number % len(LANGUAGES)]])
        scores = (query.vector if query.sought is None else query.sought) @ stored.vectors.T
        if number % 1000 == 0:
            say(f"{number} of {len(asked)}")
        negatives[item.id] = _negatives(item, np.argsort(-scores)[:48], stored, articles)
    (work / "negatives-dense.json").write_text(json.dumps(negatives), encoding="utf-8")


def _negatives(
    asked: Asked, order: NDArray[np.int64], stored: Stored, articles: Articles
) -> list[tuple[str, int, int]]:
    own = {place.article for place in asked.places} | set(asked.near)
    found: list[tuple[str, int, int]] = []
    for number in order:
        name, (start, stop) = stored.articles[number], stored.spans[number]
        if name in own or holds_answer(asked, articles.by_id[name].text[start:stop], articles):
            continue
        found.append((name, int(start), int(stop)))
        if len(found) == _NEGATIVES:
            break
    return found


def main() -> None:
    """Search and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="more files in the form of news.jsonl.gz")
    options = parser.parse_args()
    work_offline()
    encode(options.work, options.library, options.data, options.more)


if __name__ == "__main__":
    main()
