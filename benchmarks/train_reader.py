"""Train the reader: `python -m benchmarks.train_reader STAGE`, from the repository's root.

Stages: `wide` learns reading from ARCD, CMRC 2018 and JaQuAD; `cross` goes on from it over XQuAD's pairs of
languages, on all of its articles; `cross --fold K` leaves every FOLDS-th article out, to measure on. Each can be
broken off and goes on from its last checkpoint. `pack` writes what came out to `qa/reading/reader.npz`, and with
`--fold` to the work folder; with `--also` it averages what came out in other work folders.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import torch
from platformdirs import user_cache_path

from benchmarks.reader_data import Record, read_jsonl, xquad, xquad_articles
from benchmarks.training.encoder import trained
from benchmarks.training.examples import Group, Window
from benchmarks.training.loop import RESULT, Training
from benchmarks.training.pack import pack
from benchmarks.training.reader import NewsReader
from index.analysis import sentences
from qa.reading.span_model import WEIGHTS

QA = Path(__file__).resolve().parent.parent / "qa" / "reading"
FOLDS = 2
_SEED = 20
# How often each file is gone through: ARCD is small and Arabic, JaQuAD large and neither.
_ROUNDS = {"arcd.ar.jsonl.gz": 5, "cmrc2018.zh.jsonl.gz": 1, "jaquad.ja.jsonl.gz": 1}
# What of the rate is left when a stage ends.
_LEFT = {"wide": 0.25, "cross": 0.0}
# How a pair comes about: its passage answers, has lost the sentence that answers, or is another of its article.
_ANSWERS, _CUT_OUT = 0.62, 0.22
_TITLED = 0.5
# A window's length in characters, by script: about 40 to 170 of the model's tokens.
_SHORTEST, _LONGEST = 160, 700
_DENSE_SCRIPT = 0.45
_DENSE = {"ja", "zh", "th"}


def main() -> None:
    """Train one stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("wide", "cross", "pack"))
    parser.add_argument("--fold", type=int, help=f"leave out each {FOLDS}-th article, from this one (0 to {FOLDS - 1})")
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--work", type=Path, default=user_cache_path("khabar") / "reader")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--pairs", type=int, default=0, help="stop after so many pairs (default: all)")
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="work folders to average with in `pack`")
    parser.add_argument("--rounds", type=int, default=12, help="how often `cross` asks each question")
    options = parser.parse_args()
    if options.stage == "pack":
        name = "cross" if options.fold is None else f"cross-{options.fold}"
        target = options.work / f"{name}.npz" if options.fold is not None else QA / WEIGHTS
        pack([folder / name / RESULT for folder in (options.work, *options.also)], target)
        return
    torch.manual_seed(_SEED)
    start = NewsReader()
    if options.stage == "wide":
        pairs = wide_pairs(options.data / "train")
    else:
        start.restore(options.work / "wide" / RESULT)
        pairs = cross_pairs(options.data / "eval", options.rounds, options.fold)
    name = options.stage if options.fold is None else f"{options.stage}-{options.fold}"
    pairs = pairs[: options.pairs or None]
    training = Training(options.work / name, options.rate, trained(start), {"span": 1.0})
    fallen = 1 - _LEFT[options.stage]
    training.go_through(iter(pairs), lambda: 1 - fallen * training.seen / len(pairs))


class Pairs:
    """Draws pairs from records; the same seed gives the same pairs."""

    def __init__(self, records: Sequence[Record], seed: int) -> None:
        self._random = random.Random(seed)
        self._contexts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for record in records:
            known = self._contexts[record.group, record.language]
            if record.context not in known:
                known.append(record.context)

    def draw(self, record: Record) -> Group:
        """Make one pair of a record, a question with one window, of a kind drawn by chance."""
        chance = self._random.random()
        if chance > _ANSWERS:
            found = self._cut_out(record) if chance < _ANSWERS + _CUT_OUT else self._other(record)
            if found is not None:
                return found
        return self._answering(record)

    def _answering(self, record: Record) -> Group:
        start, end = self._window(record.context, record.language, record.start, record.end)
        return self._pair(record, record.context[start:end], record.start - start, record.end - start)

    def _cut_out(self, record: Record) -> Group | None:
        """Leave out every sentence that holds the answer: the right subject, and the fact not given."""
        answer = record.context[record.start : record.end]
        left = [
            record.context[span.start : span.end]
            for span in sentences(record.context)
            if answer not in record.context[span.start : span.end]
            and not (span.start < record.end and record.start < span.end)
        ]
        text = " ".join(left)
        if len(left) < 2 or answer in text:
            return None
        start, end = self._window(text, record.language, 0, 1)
        return self._pair(record, text[start:end], -1, -1)

    def _other(self, record: Record) -> Group | None:
        answer = record.context[record.start : record.end]
        others = [text for text in self._contexts[record.group, record.language] if answer not in text]
        if not others:
            return None
        text = self._random.choice(others)
        place = self._random.randrange(len(text))
        start, end = self._window(text, record.language, place, place + 1)
        return self._pair(record, text[start:end], -1, -1)

    def _pair(self, record: Record, passage: str, start: int, end: int) -> Group:
        title = record.title if self._random.random() < _TITLED else ""
        return Group(record.question, (Window(title, passage, start, end),))

    def _window(self, text: str, language: str, start: int, end: int) -> tuple[int, int]:
        """Choose whole sentences around a place, more of them on either side by chance."""
        room = self._random.uniform(_SHORTEST, _LONGEST) * (_DENSE_SCRIPT if language in _DENSE else 1.0)
        spans = sentences(text)
        held = [place for place, span in enumerate(spans) if span.start < end and start < span.end] or [0]
        first, last = held[0], held[-1]
        while True:
            sides = [side for side in (first - 1, last + 1) if 0 <= side < len(spans)]
            self._random.shuffle(sides)
            grown = next(
                (
                    s
                    for s in sides
                    if max(spans[last].end, spans[s].end) - min(spans[first].start, spans[s].start) < room
                ),
                None,
            )
            if grown is None:
                return min(spans[first].start, start), max(spans[last].end, end)
            first, last = min(first, grown), max(last, grown)


def wide_pairs(folder: Path) -> list[Group]:
    """Draw the pairs of the first stage."""
    found: list[Group] = []
    for name, rounds in _ROUNDS.items():
        records = read_jsonl(folder / name)
        drawn = Pairs(records, _SEED)
        found += [drawn.draw(record) for _ in range(rounds) for record in records]
    random.Random(_SEED).shuffle(found)
    return found


def held_out_articles(folder: Path, fold: int) -> frozenset[str]:
    """Return the titles of XQuAD's articles that a fold leaves out."""
    return frozenset(name for place, name in enumerate(xquad_articles(folder)) if place % FOLDS == fold)


def cross_pairs(folder: Path, rounds: int, fold: int | None) -> list[Group]:
    """Draw the pairs of the second stage, without the articles of a fold."""
    left_out = held_out_articles(folder, fold) if fold is not None else frozenset()
    kept = frozenset(xquad_articles(folder)) - left_out
    records = list(xquad(folder, _SEED, rounds, kept))
    drawn = Pairs(records, _SEED)
    return [drawn.draw(record) for record in records]


if __name__ == "__main__":
    main()
