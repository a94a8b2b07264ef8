"""Train the reader: `python -m benchmarks.train_reader STAGE`, from the repository's root.

Stages: `wide` learns reading from ARCD, CMRC 2018 and JaQuAD; `cross` goes on from it over XQuAD's pairs of
languages, on all of its articles; `cross --fold K` leaves every FOLDS-th article out, to measure on. Each can be
broken off and goes on from its last checkpoint. `pack` writes what came out to `qa/reading/reader.npz`, and with
`--fold` to the work folder; with `--also` it averages what came out in other work folders.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from platformdirs import user_cache_path

from benchmarks.reader_data import Pair, Pairs, read_jsonl, xquad, xquad_articles
from benchmarks.reader_model import SpanModel, span_loss
from benchmarks.training.encoder import save, trained
from benchmarks.training.pack import pack
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from qa.reading.span_model import WEIGHTS

QA = Path(__file__).resolve().parent.parent / "qa"
FOLDS = 2
LONGEST = 256
_BATCH_TOKENS = 2600
_SORTED_TOGETHER = 640
_CHECKPOINT_EVERY = 100
_WARM_UP = 60
_SEED = 20
# How often each file is gone through: ARCD is small and Arabic, JaQuAD large and neither.
_ROUNDS = {"arcd.ar.jsonl.gz": 5, "cmrc2018.zh.jsonl.gz": 1, "jaquad.ja.jsonl.gz": 1}


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded token ids and mask (b, t), the tokens that may be answers, and the answers' places (b, 2)."""

    ids: torch.Tensor
    mask: torch.Tensor
    allowed: torch.Tensor
    spans: torch.Tensor


class Batcher:
    """Pairs to batches of about the same number of tokens."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(bundled_model(default_cache()) / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")

    def batches(self, pairs: Sequence[Pair], seed: int) -> list[list[tuple[Any, Pair]]]:
        """Group pairs of like length, in an order drawn by chance."""
        chance = random.Random(seed)
        encodings = self._tokenizer.encode_batch(
            [(f"query: {pair.question}", f"passage: {_heading(pair)}{pair.passage}") for pair in pairs]
        )
        items = list(zip(encodings, pairs, strict=True))
        chance.shuffle(items)
        batches: list[list[tuple[Any, Pair]]] = []
        for start in range(0, len(items), _SORTED_TOGETHER):
            part = sorted(items[start : start + _SORTED_TOGETHER], key=lambda item: -len(item[0].ids))
            cut: list[list[tuple[Any, Pair]]] = []
            while part:
                size = max(1, _BATCH_TOKENS // len(part[0][0].ids))
                cut.append(part[:size])
                part = part[size:]
            chance.shuffle(cut)
            batches += cut
        return batches

    def tensors(self, batch: list[tuple[Any, Pair]]) -> Batch:
        """Pad one batch."""
        longest = max(len(encoding.ids) for encoding, _ in batch)
        shape = (len(batch), longest)
        ids, mask = np.ones(shape, np.int64), np.zeros(shape, np.int64)
        allowed, spans = np.zeros(shape, bool), np.zeros((len(batch), 2), np.int64)
        for row, (encoding, pair) in enumerate(batch):
            length = len(encoding.ids)
            ids[row, :length], mask[row, :length] = encoding.ids, 1
            offset = len("passage: ") + len(_heading(pair))
            offsets = np.array(encoding.offsets)
            own = np.array([sequence == 1 for sequence in encoding.sequence_ids])
            allowed[row, :length] = own & (offsets[:, 1] > offset)
            allowed[row, 0] = True
            if pair.answered:
                starts, ends = pair.start + offset, pair.end + offset
                held = np.flatnonzero(own & (offsets[:, 0] < ends) & (offsets[:, 1] > starts))
                if len(held):
                    spans[row] = held[0], held[-1]
        return Batch(*(torch.from_numpy(part) for part in (ids, mask, allowed, spans)))


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
    options.work.mkdir(parents=True, exist_ok=True)
    if options.stage == "pack":
        name = "cross" if options.fold is None else f"cross-{options.fold}"
        target = options.work / f"{name}.npz" if options.fold is not None else QA / WEIGHTS
        pack([options.work / f"{name}.safetensors", *(other / f"{name}.safetensors" for other in options.also)], target)
        return
    torch.manual_seed(_SEED)
    model = SpanModel()
    if options.stage == "wide":
        pairs = wide_pairs(options.data / "train")
    else:
        model.restore(options.work / "wide.safetensors")
        pairs = cross_pairs(options.data / "eval", options.rounds, options.fold)
    name = options.stage if options.fold is None else f"{options.stage}-{options.fold}"
    pairs = pairs[: options.pairs or None]
    train(model, pairs, options.work / name, options.rate, decay_to=0.25 if options.stage == "wide" else 0.0)


def wide_pairs(folder: Path) -> list[Pair]:
    """Draw the pairs of the first stage."""
    found: list[Pair] = []
    for name, rounds in _ROUNDS.items():
        records = read_jsonl(folder / name)
        drawn = Pairs(records, _SEED)
        found += [drawn.draw(record) for _ in range(rounds) for record in records]
    random.Random(_SEED).shuffle(found)
    return found


def held_out_articles(folder: Path, fold: int) -> frozenset[str]:
    """Return the titles of XQuAD's articles that a fold leaves out."""
    return frozenset(name for place, name in enumerate(xquad_articles(folder)) if place % FOLDS == fold)


def cross_pairs(folder: Path, rounds: int, fold: int | None) -> list[Pair]:
    """Draw the pairs of the second stage, without the articles of a fold."""
    left_out = held_out_articles(folder, fold) if fold is not None else frozenset()
    kept = frozenset(xquad_articles(folder)) - left_out
    records = list(xquad(folder, _SEED, rounds, kept))
    drawn = Pairs(records, _SEED)
    return [drawn.draw(record) for record in records]


def train(model: SpanModel, pairs: Sequence[Pair], work: Path, rate: float, *, decay_to: float) -> None:
    """Run through the pairs once; `work` names the checkpoint and the result."""
    batcher = Batcher()
    batches = batcher.batches(pairs, _SEED)
    tuned = trained(model)
    optimiser = torch.optim.AdamW(tuned.values(), lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    checkpoint = work.with_suffix(".checkpoint")
    done = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        done = saved["done"]
        optimiser.load_state_dict(saved["optimiser"])
        for name, value in saved["tuned"].items():
            tuned[name].data.copy_(value)
    recent: list[float] = []
    tokens, began = 0, time.perf_counter()
    model.train()
    for step, batch in enumerate(batches[done:], done):
        part = batcher.tensors(batch)
        progress = step / len(batches)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / _WARM_UP) * (1 - (1 - decay_to) * progress)
        loss = span_loss(model(part.ids, part.mask), part.allowed, part.spans)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tuned.values(), 1.0)
        optimiser.step()
        recent.append(loss.item())
        tokens += int(part.mask.sum())
        if (step + 1) % 25 == 0:
            speed = tokens / (time.perf_counter() - began)
            line = {
                "step": step + 1,
                "of": len(batches),
                "loss": round(float(np.mean(recent)), 4),
                "tokens/s": round(speed),
            }
            print(json.dumps(line), flush=True)
            recent = []
        if (step + 1) % _CHECKPOINT_EVERY == 0:
            torch.save({"done": step + 1, "optimiser": optimiser.state_dict(), "tuned": tuned}, f"{checkpoint}.new")
            Path(f"{checkpoint}.new").replace(checkpoint)
            save(tuned, work.with_suffix(".safetensors"))
    save(tuned, work.with_suffix(".safetensors"))
    checkpoint.unlink(missing_ok=True)


def _heading(pair: Pair) -> str:
    return f"{pair.title}\n" if pair.title else ""


if __name__ == "__main__":
    main()
