"""Train what finds names: `python -m benchmarks.training.names [--write] [--folds N]`.

An averaged perceptron (Collins 2002) learns a linear chain over hashed traits from articles whose names were marked by
reading: `data/names/training.jsonl`. Folds are of whole stories; `--write` trains on all and puts the model where the
product reads it.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import say
from benchmarks.training.examples import read_lines
from index import Article
from index.names.tagger import BUCKETS, LABELS, NameTagger, Tagged, bucket_of, buckets_of_word, tagged
from index.names.traits import SLOTS, TraitedWord, sentences_of

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = _ROOT.parent / "shared"
_FILE = _ROOT / "index" / "names" / "tagger.npz"
MARKED = _ROOT / "benchmarks" / "data" / "names"
_EPOCHS = 8
# A trait that is seen once tells nothing.
_SEEN = 2
_LABELS = len(LABELS)


@dataclass(frozen=True, slots=True)
class MarkedName:
    """A name that was marked by reading: `text[start:end]`, its kind, and who or what bears it."""

    start: int
    end: int
    kind: str
    bearer: str


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article and its names; articles of one group are in one fold."""

    article: Article
    group: str
    names: tuple[MarkedName, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    buckets: tuple[NDArray[np.int64], ...]
    labels: tuple[int, ...]


def marked(name: str, shared: Path = _SHARED) -> list[MarkedArticle]:
    """Read the articles of `training` or `evaluation` with their names."""
    texts = dict(_texts(shared))
    found = []
    for line in read_lines(MARKED / f"{name}.jsonl"):
        fields = texts[line["article"]]
        article = Article.create(line["article"], fields["text"], language=line["language"])
        names = tuple(MarkedName(*item) for item in line["names"])
        found.append(MarkedArticle(article, line["group"], names))
    return found


def _texts(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    import gzip

    own = MARKED.parent / "reading"
    libraries = [
        shared / f"{name}" for name in ("train/stories-D", "train/stories-E", "eval/stories-A", "eval/stories-B")
    ]
    for prefix in (*libraries, *(own / f"stories-{name}" for name in "GHIJLMNOPQRSTVW")):
        yield from ((str(line["id"]), line) for line in read_lines(prefix.with_name(f"{prefix.name}.articles.jsonl")))
    for name in ("ant", "world"):
        with gzip.open(shared / "corpus" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            yield from ((fields["id"], fields) for line in lines if (fields := json.loads(line)).get("text"))


def labelled(item: MarkedArticle) -> Iterator[tuple[tuple[TraitedWord, ...], tuple[int, ...]]]:
    """Yield the sentences of an article with the label of each word."""
    for words in sentences_of(item.article):
        labels = [0] * len(words)
        for name in item.names:
            inside = [
                at for at, word in enumerate(words) if word.token.start < name.end and word.token.end > name.start
            ]
            for turn, at in enumerate(inside):
                labels[at] = LABELS.index(("-" if turn else "+") + name.kind)
        if words:
            yield words, tuple(labels)


def train(items: Sequence[MarkedArticle], epochs: int = _EPOCHS) -> NameTagger:
    """Train on articles; the order of the sentences is that of a fixed seed."""
    sentences = _read(items)
    weights, summed = np.zeros((BUCKETS, _LABELS)), np.zeros((BUCKETS, _LABELS))
    moves, summed_moves = np.zeros((_LABELS, _LABELS)), np.zeros((_LABELS, _LABELS))
    order, turn = random.Random(0), 1
    for epoch in range(epochs):
        wrong = 0
        for place in order.sample(range(len(sentences)), len(sentences)):
            sentence = sentences[place]
            scores = np.stack([weights[own].sum(axis=0) for own in sentence.buckets]).astype(np.float32)
            guessed = NameTagger(weights, moves).decode(scores)
            wrong += tuple(guessed) != sentence.labels
            for at, (guess, label) in enumerate(zip(guessed, sentence.labels, strict=True)):
                if guess != label:
                    for table, step in ((weights, 1), (summed, turn)):
                        np.add.at(table, (sentence.buckets[at], label), step)
                        np.add.at(table, (sentence.buckets[at], guess), -step)
                before = at and (guessed[at - 1], guess), at and (sentence.labels[at - 1], label)
                if at and before[0] != before[1]:
                    for moved, step in ((moves, 1), (summed_moves, turn)):
                        moved[before[0]] -= step
                        moved[before[1]] += step
            turn += 1
        say(f"epoch {epoch + 1}: {wrong} of {len(sentences)} sentences wrong")
    return NameTagger((weights - summed / turn).astype(np.float32), (moves - summed_moves / turn).astype(np.float32))


def _read(items: Sequence[MarkedArticle]) -> list[_Sentence]:
    found: list[_Sentence] = []
    for item in items:
        for words, labels in labelled(item):
            rows = []
            for at, word in enumerate(words):
                own = [bucket_of(trait) for trait in word.traits]
                for slot in SLOTS:
                    if 0 <= at + slot < len(words):
                        own += buckets_of_word(words[at + slot].token.folded, slot)
                rows.append(np.array(own, dtype=np.int64))
            found.append(_Sentence(tuple(rows), labels))
    seen = np.zeros(BUCKETS, dtype=np.int64)
    for sentence in found:
        for row in sentence.buckets:
            seen[row] += 1
    return [
        _Sentence(tuple(row[seen[row] >= _SEEN] for row in sentence.buckets), sentence.labels) for sentence in found
    ]


def main() -> None:
    """Cross-validate and, with `--write`, train on all and write the model."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--write", action="store_true")
    flags.add_argument("--folds", type=int, default=0)
    options = flags.parse_args()
    items = marked("training")
    counts: Counter[str] = Counter()
    groups = random.Random(1).sample(sorted({item.group for item in items}), len({item.group for item in items}))
    for fold in range(options.folds):
        held = set(groups[fold :: options.folds])
        model = train([item for item in items if item.group not in held])
        for item in items:
            if item.group in held:
                for words, labels in labelled(item):
                    counts += _compared(model.tag(words), tagged(labels))
    if options.folds:
        right, told, there = counts["right"], counts["told"], counts["there"]
        say(f"precision {right / told:.3f}, recall {right / there:.3f}, of {there} names")
    if options.write:
        train(items).save(_FILE)


def _compared(told: Sequence[Tagged], there: Sequence[Tagged]) -> Counter[str]:
    return Counter(right=len(set(told) & set(there)), told=len(told), there=len(there))


if __name__ == "__main__":
    main()
