"""Train the reader on news: `python -m benchmarks.training.train_on_news --work DIR --until HH:MM`, from the root.

Starts from the reader that ships. Every round asks each question once, in another wording and with other windows; the
rate falls to nothing by `--until`, whatever has been read by then. Broken off, it goes on from its last checkpoint.
The model computes in bfloat16 where the CPU has it; the weights that are changed are kept in float32.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import torch

from benchmarks.reader_data import Record, read_jsonl, read_squad_file, xquad
from benchmarks.training.encoder import computing_type, save, trained
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
from benchmarks.training.reader import Batch, Encoded, NewsReader, loss_of
from qa.reading.span_model import WEIGHTS

_QA = Path(__file__).resolve().parents[2] / "qa" / "reading"
_SEED = 28
_BATCH_TOKENS = 2400
_SORTED_TOGETHER = 96
_CHECKPOINT_SECONDS = 240
_WARM_UP = 40
_CHECKPOINT = "checkpoint.pt"
# How much each loss counts, and how often the old subjects are gone over, of a round's questions.
_WEIGHTS = {"span": 0.8, "relevance": 0.4, "rank": 0.4, "speaker": 0.4, "stance": 0.15}
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
    general = General.read(options.general, options.general_share)
    source = Source(news, told, more, drawer, options.data, options.seed, general, only_more=options.only_more)
    hour, _, minute = options.until.partition(":")
    until = datetime.now().replace(hour=int(hour), minute=int(minute), second=0).timestamp()
    train(source.groups(), options.work, until, options.rate, options.begin)


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
    """Rounds of groups: each question once in a wording drawn by chance, stories in all of theirs, old subjects."""

    def __init__(
        self, news: Sequence[Asked], told: Sequence[Asked], more: Sequence[Asked], drawer: Drawer, data: Path,
        seed: int, general: General, *, only_more: bool,
    ) -> None:  # fmt: skip
        self._news, self._told, self._more = list(news), list(told), list(more)
        self._drawer, self._data, self._random = drawer, data, random.Random(seed)
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
                found for item, code in asked if code in item.wordings and (found := self._drawer.draw(item, code))
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


class Run:
    """The model as `computing_type` tells, its weights in float32, and how far it has come; `work` holds the files."""

    def __init__(self, work: Path, rate: float, begin: Path | None) -> None:
        self._work, self._rate = work, rate
        self._model = NewsReader(computing_type())
        self._own = trained(self._model)
        self._master = _begun(begin)
        self._optimiser = torch.optim.AdamW(
            list(self._master.values()), lr=rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )
        self.steps = self.seen = self.tokens = 0
        self._recent: dict[str, list[float]] = {}
        if (work / _CHECKPOINT).exists():
            saved = torch.load(work / _CHECKPOINT, weights_only=True)
            self.steps, self.seen = saved["step"], saved["seen"]
            self._optimiser.load_state_dict(saved["optimiser"])
            for name, value in saved["master"].items():
                self._master[name].data.copy_(value)
        self._first = self.steps
        self._model.train()
        self._load()

    def step(self, batch: Batch, left: float) -> None:
        """Learn from one batch; `left` is the share of the time that is left, 0 to 1."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * min(1.0, (self.steps - self._first + 1) / _WARM_UP) * left
        losses = loss_of(self._model(batch.ids, batch.mask), batch)
        total = torch.stack([_WEIGHTS[name] * value for name, value in losses.items()]).sum()
        self._model.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        for name, value in self._master.items():
            value.grad = self._own[name].grad.float()  # type: ignore[union-attr]
        torch.nn.utils.clip_grad_norm_(list(self._master.values()), 1.0)
        self._optimiser.step()
        self._load()
        self.steps += 1
        self.tokens += int(batch.mask.sum())
        for name, value in losses.items():
            self._recent.setdefault(name, []).append(value.item())

    def told(self) -> dict[str, float]:
        """Return the mean losses since this was asked last."""
        means = {name: round(float(np.mean(values)), 3) for name, values in self._recent.items()}
        self._recent = {}
        return {"step": self.steps, "seen": self.seen, **means}

    def save(self, *, checkpoint: bool) -> None:
        """Write the weights, and what it takes to go on from here."""
        if checkpoint:
            state = {"step": self.steps, "seen": self.seen, "optimiser": self._optimiser.state_dict()}
            torch.save({**state, "master": self._master}, self._work / "checkpoint.new")
            (self._work / "checkpoint.new").replace(self._work / _CHECKPOINT)
            save(self._master, self._work / f"at-{self.seen}.safetensors")
        save(self._master, self._work / "reader.new")
        (self._work / "reader.new").replace(self._work / "reader.safetensors")

    def _load(self) -> None:
        with torch.no_grad():
            for name, value in self._master.items():
                self._own[name].copy_(value)


def train(groups: Iterator[Group], work: Path, until: float, rate: float, begin: Path | None) -> None:
    """Go through groups until a time; `work` holds the checkpoint and the result."""
    run = Run(work, rate, begin)
    for _ in range(run.seen):
        next(groups)
    encoded, chance = Encoded(), random.Random(run.steps)
    began = written = time.time()
    while time.time() < until:
        part = [next(groups) for _ in range(_SORTED_TOGETHER)]
        batches = encoded.batches(part, _BATCH_TOKENS)
        chance.shuffle(batches)
        for cut in batches:
            run.step(encoded.tensors(cut), max(0.0, (until - time.time()) / (until - began)))
            if run.steps % 25 == 0:
                speed = {"tokens/s": round(run.tokens / (time.time() - began))}
                print(datetime.now().strftime("%H:%M:%S"), json.dumps({**run.told(), **speed}), flush=True)
        run.seen += len(part)
        if time.time() - written > _CHECKPOINT_SECONDS:
            written = time.time()
            run.save(checkpoint=True)
    run.save(checkpoint=False)
    print("done", run.steps, run.seen, file=sys.stderr)


def _begun(begin: Path | None) -> dict[str, torch.Tensor]:
    """Return the weights to begin with, in float32: an update is often less than bfloat16 can tell."""
    start = NewsReader()
    if begin is None or begin.suffix == ".npz":
        start.take_packed(begin or _QA / WEIGHTS)
    else:
        start.restore(begin)
    return {name: value.detach().clone().requires_grad_() for name, value in trained(start).items()}


if __name__ == "__main__":
    main()
