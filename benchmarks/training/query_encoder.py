"""Train the encoder's question side: where the passages that answer lie, of questions in other words and languages.

    python -m benchmarks.training.query_encoder WORK --library ANT WORLD [--until HH:MM]
    python -m benchmarks.training.pack WORK/query.safetensors --out index/encoding/query_encoder.npz

Passages' stored vectors stay as they are: the encoder's upper layers learn to put a question where they lie, as a whole
(cross-entropy over all passages of all libraries) and token by token (late interaction with hard negatives, found by
the model as it is). Questions in twelve languages are held where they were (distillation). Told is recall on articles
that are held out, by the corpus and the question's language.
"""

import argparse
import json
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn

from benchmarks.harness import Table, say, work_offline, write
from benchmarks.reader_data import xquad
from benchmarks.training.encoder import computing_type, save, trainable_encoder, trained
from benchmarks.training.examples import LANGUAGES, Asked, asked_in, load_articles
from benchmarks.training.finding import Stored
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache, own_tokens
from index.encoding.token_space import fitted as token_space
from index.encoding.token_space import unpack
from index.encoding.vocabulary import INFORMATION

_BATCH, _HARD, _NEAREST = 32, 11, 48
_HELD_BATCH = 12
_TEMPERATURE, _TOKEN_TEMPERATURE = 0.03, 0.02
_TOKENS_COUNT, _HELD_COUNT = 1.0, 4.0
_LONGEST_PASSAGE = 320
_COMMON, _FLOOR = 6.0, 0.1
_WARM_UP = 30
_PREFIX = "query: "
_NOTE = (
    "Recall of the passage that answers, on articles that are held out: by the question's whole vector alone among all "
    "passages of both corpora, and of the fifty nearest by late interaction. In Khabar the search by words adds to it."
)


@dataclass(frozen=True)
class Wording:
    """One question in one language: the passages (rows of the pool) that answer it, and those of the same articles."""

    text: str
    language: str
    corpus: str
    gold: tuple[int, ...]
    own: tuple[int, ...]


@dataclass(frozen=True)
class Placed:
    """Where questions are put: `whole` (n, d), and of each its token vectors (t, k) with the tokens' weights (t,)."""

    whole: NDArray[np.float32]
    tokens: tuple[tuple[torch.Tensor, torch.Tensor], ...]

    def towards(self, other: "Placed", share: float) -> "Placed":
        """Go a share of the way to where another model puts them."""
        whole = self.whole * (1 - share) + other.whole * share
        tokens = tuple(
            (nn.functional.normalize(ours * (1 - share) + theirs * share, dim=1), weights)
            for (ours, weights), (theirs, _) in zip(self.tokens, other.tokens, strict=True)
        )
        return Placed(whole / np.linalg.norm(whole, axis=1, keepdims=True), tokens)


@dataclass(frozen=True)
class Passages:
    """Every library's passages: pooled vectors (n, d), and their packed token vectors."""

    vectors: torch.Tensor
    tokens: tuple[bytes, ...]
    dimensions: int

    def token_vectors(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return token vectors (c, t, k), padded, with their mask (c, t)."""
        unpacked = [unpack(self.tokens[row], self.dimensions)[:_LONGEST_PASSAGE] for row in rows]
        longest = max(len(part) for part in unpacked)
        matrix = np.zeros((len(rows), longest, self.dimensions), np.float32)
        mask = np.zeros((len(rows), longest), bool)
        for place, part in enumerate(unpacked):
            matrix[place, : len(part)], mask[place, : len(part)] = part, True
        return torch.from_numpy(matrix), torch.from_numpy(mask)


class QueryEncoder(nn.Module):
    """Questions to unit vectors, as a whole and token by token."""

    def __init__(self) -> None:
        super().__init__()
        from tokenizers import Tokenizer

        folder = bundled_model(default_cache())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(96)
        self._information = torch.from_numpy(np.load(folder / INFORMATION))
        space = token_space()
        self._mean, self._basis = torch.from_numpy(space.mean), torch.from_numpy(space.basis)
        self.bert = trainable_encoder()
        self._type = computing_type()

    def forward(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return pooled vectors (b, d), token vectors (b, t, k) and the tokens' weights (b, t), 0 for padding."""
        encoded = self._tokenizer.encode_batch([_PREFIX + text for text in texts])
        longest = max(len(item.ids) for item in encoded)
        ids, mask = torch.ones(len(encoded), longest, dtype=torch.long), torch.zeros(len(encoded), longest)
        own = torch.zeros(len(encoded), longest, dtype=torch.bool)
        for row, item in enumerate(encoded):
            size = len(item.ids)
            ids[row, :size], mask[row, :size] = torch.tensor(item.ids), 1
            own[row, :size] = torch.from_numpy(own_tokens(item.offsets, item.special_tokens_mask, len(_PREFIX)))
        with torch.autocast("cpu", self._type, enabled=self._type is torch.bfloat16):
            hidden = self.bert(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        hidden = hidden.float()
        pooled = nn.functional.normalize((hidden * mask[..., None]).sum(dim=1), dim=1)
        centred = nn.functional.normalize(hidden, dim=2) - self._mean
        vectors = nn.functional.normalize(centred @ self._basis, dim=2)
        weights = (self._information[ids] - _COMMON).clamp_min(_FLOOR) * own
        return pooled, vectors, weights / weights.sum(dim=1, keepdim=True).clamp_min(1e-9)


def pool(libraries: Sequence[Path]) -> tuple[Passages, dict[str, list[int]], list[tuple[int, int]]]:
    """Read the libraries' passages; also the rows of each article, and each row's place in its article."""
    vectors: list[NDArray[np.float32]] = []
    tokens: list[bytes] = []
    rows: dict[str, list[int]] = {}
    spans: list[tuple[int, int]] = []
    for library in libraries:
        stored = Stored.of(library)
        for place, name in enumerate(stored.articles):
            rows.setdefault(name, []).append(len(spans) + place)
        spans += [(int(start), int(end)) for start, end in stored.spans]
        vectors.append(stored.vectors)
        with sqlite3.connect(f"file:{library / 'catalog.sqlite3'}?mode=ro", uri=True) as database:
            tokens += [row[0] for row in database.execute(
                "SELECT tokens.value FROM passage JOIN article ON article.number = passage.article "
                "JOIN vector ON vector.key = passage.key JOIN tokens ON tokens.key = passage.key ORDER BY passage.id"
            )]  # fmt: skip
    dimensions = token_space().basis.shape[1]
    return Passages(torch.from_numpy(np.concatenate(vectors)), tuple(tokens), dimensions), rows, spans


def wordings(
    asked: Sequence[Asked], corpus: str, rows: dict[str, list[int]], spans: list[tuple[int, int]]
) -> Iterator[tuple[Wording, bool]]:
    """Yield each question in each language, with whether its article is held out."""
    for item in asked:
        gold = [
            row
            for place in item.places
            for row in rows.get(place.article, [])
            if spans[row][0] <= place.answer.start < spans[row][1]
        ]
        own = [row for place in item.places for row in rows.get(place.article, [])]
        if gold and not item.history:
            for code in LANGUAGES:
                if text := item.wordings.get(code):
                    yield Wording(text, code, corpus, tuple(gold), tuple(own)), item.is_held_out


def aligned(question: torch.Tensor, weights: torch.Tensor, passages: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Score passages (c, t, k) for one question (q, k) by late interaction: (c,)."""
    best = (passages @ question.T).masked_fill(~mask[..., None], -1.0).amax(dim=1)
    return best @ weights


def step(model: QueryEncoder, batch: Sequence[Wording], passages: Passages, chance: random.Random) -> torch.Tensor:
    """Return the loss of finding a batch's passages."""
    pooled, vectors, weights = model([item.text for item in batch])
    scores = pooled @ passages.vectors.T / _TEMPERATURE
    gold = torch.zeros_like(scores, dtype=torch.bool)
    other = torch.zeros_like(gold)
    for place, item in enumerate(batch):
        gold[place, list(item.gold)] = True
        other[place, list(set(item.own) - set(item.gold))] = True
    scores = scores.masked_fill(other, -1e4)
    whole = torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~gold, -1e4), 1)
    losses = []
    for place, item in enumerate(batch):
        near = scores[place].detach().topk(_NEAREST).indices.tolist()
        rivals = [row for row in near if row not in item.own]
        # The nearest may say the same in another article: they are spared.
        hard = chance.sample(rivals[1:], min(_HARD, len(rivals) - 1))
        candidates, mask = passages.token_vectors([item.gold[0], *hard])
        found = aligned(vectors[place], weights[place], candidates, mask) / _TOKEN_TEMPERATURE
        losses.append(torch.logsumexp(found, 0) - found[0])
    return whole.mean() + _TOKENS_COUNT * torch.stack(losses).mean()


def train(
    model: QueryEncoder, learnt: list[Wording], held: list[str], passages: Passages, until: float, rate: float
) -> None:
    """Learn until a time."""
    base = QueryEncoder().eval()
    parameters = list(trained(model).values())
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0, betas=(0.9, 0.98), fused=True)
    chance, began, steps, told = random.Random(5), time.time(), 0, []
    while time.time() < until:
        chance.shuffle(learnt)
        for start in range(0, len(learnt), _BATCH):
            left = max(0.0, (until - time.time()) / (until - began))
            if not left:
                break
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (steps + 1) / _WARM_UP) * left
            loss = step(model, learnt[start : start + _BATCH], passages, chance)
            texts = chance.sample(held, _HELD_BATCH)
            with torch.no_grad():
                before, before_tokens, weights = base(texts)
            after, after_tokens, _ = model(texts)
            moved = (1 - (before * after).sum(dim=1)).mean()
            moved = moved + ((1 - (before_tokens * after_tokens).sum(dim=2)) * weights).sum(dim=1).mean()
            optimiser.zero_grad()
            (loss + _HELD_COUNT * moved).backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            steps += 1
            told.append((loss.item(), moved.item()))
            if steps % 50 == 0:
                say(f"{steps} steps, {steps * _BATCH} questions, loss {np.mean(told, axis=0).round(3).tolist()}")
                told = []


def measure(placed: Placed, held: Sequence[Wording], passages: Passages) -> dict[str, list[float]]:
    """Return recall at 1, 10 and 50 of the pooled vectors, and at 1, 6 and 8 of those 50 by late interaction."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, item in enumerate(held):
        scores = passages.vectors @ torch.from_numpy(placed.whole[place])
        rank = int((scores > scores[list(item.gold)].max()).sum())
        near = scores.topk(50).indices.tolist()
        by_tokens = 99
        if rank < 50:
            candidates, mask = passages.token_vectors(near)
            aligned_scores = aligned(*placed.tokens[place], candidates, mask)
            golden = torch.tensor([row in item.gold for row in near])
            by_tokens = int((aligned_scores > aligned_scores[golden].max()).sum()) if golden.any() else 99
        found.setdefault(f"{item.corpus} {item.language}", []).append((rank, by_tokens))
    return {
        name: [_share(own, 0, depth) for depth in (1, 10, 50)] + [_share(own, 1, depth) for depth in (1, 6, 8)]
        for name, own in found.items()
    }


def _share(ranks: Sequence[tuple[int, int]], way: int, depth: int) -> float:
    """Return the share of questions whose passage is among the first `depth`, found one way or the other."""
    return round(float(np.mean([rank[way] < depth for rank in ranks])), 3)


@torch.no_grad()
def put(model: QueryEncoder, held: Sequence[Wording]) -> Placed:
    """Tell where a model puts questions."""
    whole, tokens = [], []
    for start in range(0, len(held), 64):
        pooled, vectors, weights = model([item.text for item in held[start : start + 64]])
        whole.append(pooled.numpy())
        tokens += list(zip(vectors, weights, strict=True))
    return Placed(np.concatenate(whole), tuple(tokens))


def main() -> None:
    """Train, tell and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--library", type=Path, nargs=2, required=True, help="of the ANT and of the world corpus")
    parser.add_argument("--until", help="when to be done, HH:MM of today; without, WORK's weights are measured")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    options = parser.parse_args()
    work_offline()
    torch.manual_seed(5)
    torch.set_num_threads(2)
    options.work.mkdir(parents=True, exist_ok=True)
    passages, rows, spans = pool(options.library)
    learnt: list[Wording] = []
    held: list[Wording] = []
    reading = Path(__file__).resolve().parents[1] / "data" / "reading"
    sets = (
        ("ant", [options.data / "train" / "news.jsonl.gz"], 1),
        ("world", sorted(reading.glob("world-*.jsonl")), 2),
    )
    for corpus, paths, times in sets:
        articles = load_articles([options.data / "corpus" / f"{corpus}.jsonl.gz"])
        for path in paths:
            for wording, is_held in wordings(asked_in(path, articles), corpus, rows, spans):
                (held if is_held else learnt).extend([wording] * (1 if is_held else times))
    others = [record.question for record in xquad(options.data / "eval", 1, 1)]
    held = held[:: max(1, len(held) // 700)]
    say(json.dumps({"learnt": len(learnt), "held out": len(held), "passages": len(spans), "held still": len(others)}))
    model = QueryEncoder()
    before = put(model.eval(), held)
    say(f"before {measure(before, held, passages)}")
    saved = options.work / "query.safetensors"
    if options.until:
        hour, _, minute = options.until.partition(":")
        until = datetime.now().replace(hour=int(hour), minute=int(minute), second=0).timestamp()
        train(model.train(), learnt, others, passages, until, options.rate)
        save(trained(model), saved)
    else:
        model.load_state_dict({name: value.float() for name, value in load_file(saved).items()}, strict=False)
    after = put(model.eval(), held)
    ways = {"as bundled": before, **{f"{share} of the way": before.towards(after, share) for share in (0.5, 0.7, 1.0)}}
    results = {name: measure(placed, held, passages) for name, placed in ways.items()}
    body = tuple(
        (name, exam, *(f"{share:.3f}" for share in shares))
        for name, exams in results.items()
        for exam, shares in sorted(exams.items())
    )
    depths = ("whole, 1", "10", "50", "late interaction, 1", "6", "8")
    table = Table(f"{len(held)} questions, {len(spans)} passages", "", ("", "corpus, question", *depths), body)
    print(table.markdown())
    write("finding", "Finding the passage that answers", _NOTE, results, [table])


if __name__ == "__main__":
    main()
