"""Hard negatives by words: for each question, windows of other articles of its corpus that share its words.

python -m benchmarks.training.negatives OUT [--data ../shared] [--more MORE.jsonl ...] [--stories PREFIX ...]

News questions meet the articles of their own corpus, a story library's the other articles of that library: those of the
same story first, since there the same people say other things.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.training.examples import (
    LANGUAGES,
    Articles,
    Asked,
    asked_in,
    load_articles,
    near_articles,
    story_libraries,
)
from index import Article
from index.text.normalisation import Span

_KEPT = 24
# From this likeness on, two articles tell the same, and either may answer.
_SAME = 0.6
# What a window of the same story is ahead by.
_OWN_STORY = 1.0

Windows = dict[str, list[tuple[str, int, int]]]


def main() -> None:
    """Write {question id: [[article, start, end], ...]}, the likest first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--stories", type=Path, nargs="*", default=[], help="story libraries beside the shared ones")
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    options = parser.parse_args()
    found: Windows = {}
    ant = load_articles([options.data / "corpus" / "ant.jsonl.gz"])
    # A file may be over either corpus: a line whose article is in the other one is left out here and taken there.
    asked = [item for path in (options.data / "train" / "news.jsonl.gz", *options.more) for item in asked_in(path, ant)]
    found |= alike(asked, ant, sorted(near_articles(asked)))
    world = load_articles([options.data / "corpus" / "world.jsonl.gz"])
    more = [item for path in options.more for item in asked_in(path, world)]
    if more:
        found |= alike(more, world, sorted(world.by_id))
    for prefix in story_libraries(options.data, options.stories):
        library = load_articles([prefix.with_name(f"{prefix.name}.articles.jsonl")])
        told = asked_in(prefix.with_name(f"{prefix.name}.exam.jsonl"), library)
        found |= alike(told, library, sorted(library.by_id), same=1.1)
    options.out.write_text(json.dumps(found), encoding="utf-8")
    print(len(found))


def alike(asked: Sequence[Asked], articles: Articles, names: Sequence[str], same: float = _SAME) -> Windows:
    """Return, of each question, the windows of other articles that are likest to it and to its own article."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=1 if len(names) < 500 else 2, max_df=0.2)
    matrix = words.fit_transform([_text(articles.by_id[name]) for name in names])
    rows = {name: row for row, name in enumerate(names)}
    found: Windows = {}
    for item in asked:
        mine = [rows[name] for name in sorted(near_articles([item])) if name in rows]
        if not mine:
            continue
        likeness = _likeness(matrix, vstack([matrix[row] for row in mine]))
        scores = _likeness(matrix, words.transform(list(item.wordings.values()))) + 0.3 * likeness
        story = _story(names[mine[0]], articles)
        scores[[row for row, name in enumerate(names) if story and _story(name, articles) == story]] += _OWN_STORY
        scores[likeness > same] = -1
        scores[mine] = -1
        best = [row for row in np.argsort(-scores)[:12] if scores[row] > 0]
        found[item.id] = _windows(item.wordings, [names[row] for row in best], articles)
    return found


def _likeness(matrix: csr_matrix, others: csr_matrix) -> NDArray[np.float64]:
    values: NDArray[np.float64] = (matrix @ others.T).toarray().max(axis=1)
    return values


def _windows(wordings: Mapping[str, str], names: Sequence[str], articles: Articles) -> list[tuple[str, int, int]]:
    asked = {word for code in LANGUAGES for word in wordings.get(code, "").split()}
    found = []
    for name in names:
        text = articles.by_id[name].text

        def shared(span: Span, text: str = text) -> int:
            return -len(asked & set(text[span.start : span.end].split()))

        found += [(name, span.start, span.end) for span in sorted(articles.windows(name), key=shared)[:2]]
    return found[:_KEPT]


def _text(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _story(name: str, articles: Articles) -> str:
    """Return the story an invented article is part of: its id is LIBRARY-STORY-NUMBER; real ones are on their own."""
    return name.rpartition("-")[0] if len(articles.by_id) < 500 else ""


if __name__ == "__main__":
    main()
