"""Train the reader on news: `python -m benchmarks.training.train_on_news --work DIR --until HH:MM`, from the root.

Starts from the reader that ships. Every round asks each question once, in another wording and with other windows; the
rate falls to nothing by `--until`, whatever has been read by then. Broken off, it goes on from its last checkpoint.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import torch

from benchmarks.reader_data import Record, read_jsonl, read_squad_file, xquad
from benchmarks.training.digests import DigestDrawer
from benchmarks.training.encoder import trained
from benchmarks.training.examples import (
    LANGUAGES,
    Asked,
    Drawer,
    Group,
    asked_in,
    group_of,
    load_articles,
    story_libraries,
)
from benchmarks.training.loop import Training
from benchmarks.training.reader import NewsReader
from benchmarks.training.single_sentences import SentenceDrawer
from qa.reading.span_model import WEIGHTS

_QA = Path(__file__).resolve().parents[2] / "qa" / "reading"
_SEED = 28
# The share of questions that are asked of a digest, too.
_DIGESTS = 0.25
# How much each loss counts, and how often the old subjects are gone over, of a round's questions.
_LOSSES = {"span": 0.8, "relevance": 0.4, "rank": 0.4, "speaker": 0.4, "stance": 0.15}
_REHEARSED = {"xquad": 0.08, "arcd.ar.jsonl.gz": 0.02, "mlqa.ar.jsonl.gz": 0.03}


def main() -> None:
    """Train until the given time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--until", required=True, help="when to be done, HH:MM of today")
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="more files in the form of news.jsonl.gz")
    parser.add_argument("--stories", type=Path, nargs="*", default=[], help="story libraries beside the shared ones")
    parser.add_argument(
        "--negatives", type=Path, nargs="*", default=[], help="what benchmarks.training.negatives wrote"
    )
    parser.add_argument(
        "--general", type=Path, nargs="*", default=[], help="files in SQuAD's format, of any subject and language"
    )
    parser.add_argument(
        "--general-share", type=float, default=0.5, help="of a round's groups, drawn from the `general` files"
    )
    parser.add_argument("--begin", type=Path, help="weights to begin with (default: the reader that ships)")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--share", type=float, default=1.0, help="of the news lines, for a learning curve")
    parser.add_argument(
        "--only-more", action="store_true", help="a pass over the `more` files and a quarter of the rest"
    )
    parser.add_argument("--seed", type=int, default=_SEED)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_num_threads(2)
    corpora = [options.data / "corpus" / name for name in ("ant.jsonl.gz", "world.jsonl.gz")]
    stories = story_libraries(options.data, options.stories)
    articles = load_articles([*corpora, *(path.with_name(f"{path.name}.articles.jsonl") for path in stories)])
    negatives: dict[str, list[tuple[str, int, int]]] = {}
    for path in options.negatives:
        for name, places in json.loads(path.read_text(encoding="utf-8")).items():
            negatives[name] = [tuple(place) for place in places] + negatives.get(name, [])
    news = [item for item in asked_in(options.data / "train" / "news.jsonl.gz", articles) if not item.is_held_out]
    news = news[: round(len(news) * options.share)]
    told = [item for path in stories for item in asked_in(path.with_name(f"{path.name}.exam.jsonl"), articles)]
    more = [item for path in options.more for item in asked_in(path, articles) if not item.is_held_out]
    print(json.dumps({"news": len(news), "stories": len(told), "more": len(more)}), flush=True)
    drawer = Drawer(articles, negatives, options.seed)
    digests = DigestDrawer(articles, negatives, options.seed)
    general = General.read(options.general, options.general_share)
    single = SentenceDrawer(articles, negatives, options.seed)
    source = Source(
        news, told, more, (drawer, single, digests), options.data, options.seed, general, only_more=options.only_more
    )
    hour, _, minute = options.until.partition(":")
    until = datetime.now().replace(hour=int(hour), minute=int(minute), second=0).timestamp()
    began = time.time()
    training = Training(options.work, options.rate, _begun(options.begin), _LOSSES)
    training.go_through(source.groups(), lambda: (until - time.time()) / (until - began))


@dataclass(frozen=True, slots=True)
class General:
    """Questions over encyclopaedias: `share` (0 to 1, not 1) of a round's groups; `contexts` by article."""

    records: tuple[Record, ...]
    contexts: Mapping[str, Sequence[str]]
    share: float

    @classmethod
    def read(cls, paths: Sequence[Path], share: float) -> "General":
        """Read files in SQuAD's format; no files are no share."""
        records = tuple(record for path in paths for record in read_squad_file(path))
        contexts: dict[str, dict[str, None]] = {}
        for record in records:
            contexts.setdefault(record.group, {})[record.context] = None
        return cls(records, {group: tuple(texts) for group, texts in contexts.items()}, share if records else 0.0)

    def groups(self, beside: int, chance: random.Random) -> Iterator[Group]:
        """Draw the groups that go with `beside` others, each question at most once."""
        count = min(len(self.records), round(beside * self.share / (1 - self.share)))
        for record in chance.sample(self.records, count):
            yield group_of(record, chance, [text for text in self.contexts[record.group] if text != record.context])


class Source:
    """Rounds of groups: each question once in a wording drawn by chance, stories in all of theirs, old subjects.

    Each question is asked of windows, of single sentences, and one in four of a digest.
    """

    def __init__(
        self, news: Sequence[Asked], told: Sequence[Asked], more: Sequence[Asked],
        drawers: tuple[Drawer, SentenceDrawer, DigestDrawer], data: Path, seed: int, general: General, *,
        only_more: bool,
    ) -> None:  # fmt: skip
        self._news, self._told, self._more = list(news), list(told), list(more)
        self._drawer, self._single, self._digests = drawers
        self._data, self._random = data, random.Random(seed)
        self._general, self._only_more = general, only_more

    def groups(self) -> Iterator[Group]:
        """Yield groups without end."""
        shift = 0
        while True:
            part = 4 if self._only_more else 1
            asked = [
                (item, LANGUAGES[(n + shift) % 3])
                for n, item in enumerate(self._news)
                if self._random.random() < 1 / part
            ]
            asked += [(item, code) for item in self._told for code in item.wordings if self._random.random() < 1 / part]
            asked += [(item, LANGUAGES[(n + shift) % 3]) for n, item in enumerate(self._more)]
            if self._only_more:
                asked += [(item, LANGUAGES[(n + shift + 1) % 3]) for n, item in enumerate(self._more)]
            groups = [
                found
                for item, code in asked
                if code in item.wordings
                for draw in (self._drawer.draw, self._single.draw, self._digests.draw)
                if draw != self._digests.draw or self._random.random() < _DIGESTS
                if (found := draw(item, code))
            ]
            groups += [*self._rehearsed(len(groups)), *self._general.groups(len(groups), self._random)]
            self._random.shuffle(groups)
            print(
                json.dumps({"round": shift + 1, "groups": len(groups), "windows": sum(len(g.windows) for g in groups)}),
                flush=True,
            )
            yield from groups
            shift += 1

    def _rehearsed(self, size: int) -> Iterator[Group]:
        records = list(xquad(self._data / "eval", self._random.randrange(1000), 1))
        contexts: dict[tuple[str, str], list[str]] = {}
        for record in records:
            contexts.setdefault((record.group, record.language), []).append(record.context)
        for name, share in _REHEARSED.items():
            drawn = records if name == "xquad" else read_jsonl(self._data / "train" / name)
            for record in self._random.sample(drawn, min(len(drawn), round(size * share))):
                yield group_of(record, self._random, contexts.get((record.group, record.language), []))


def _begun(begin: Path | None) -> dict[str, torch.Tensor]:
    """Return the weights to begin with."""
    start = NewsReader()
    if begin is None or begin.suffix == ".npz":
        start.take_packed(begin or _QA / WEIGHTS)
    else:
        start.restore(begin)
    return {**trained(start)}


if __name__ == "__main__":
    main()
