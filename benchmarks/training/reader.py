"""The reader in torch: the bundled encoder, its upper layers trained on, and one linear head for everything it says.

Of each token the head gives `SPAN` (start and end of the answer) and `SPEAKER` (start and end of the speaker); of the
first token alone, whose span scores mean "none here", also `RELEVANCE` (does this window answer?) and `STANCE`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from benchmarks.training.encoder import trainable_encoder, trained
from benchmarks.training.examples import UNKNOWN, Group, Window
from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.encoder import default_cache
from index.encoding.tuned_weights import TunedWeights
from qa.reading.span_model import STANCES

SPAN, SPEAKER, RELEVANCE = slice(0, 2), slice(2, 4), 4
STANCE = slice(5, 5 + len(STANCES))
OUTPUTS = STANCE.stop
LONGEST = 448
_ABSENT = -1e4
# Windows of about the same length are read together, in so many parts of a batch: half of it would be padding.
_PARTS = 4


class NewsReader(nn.Module):
    """Token ids (b, t) with their mask to `OUTPUTS` numbers for each token."""

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.bert = trainable_encoder()
        self.head = nn.Linear(self.bert.config.hidden_size, OUTPUTS)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.to(dtype)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Score every token; what the padding scores means nothing."""
        lengths = mask.sum(dim=1)
        parts = [rows for rows in lengths.argsort().tensor_split(_PARTS) if len(rows)]
        scores = []
        for rows in parts:
            longest = int(lengths[rows].max())
            hidden = self.bert(input_ids=ids[rows, :longest], attention_mask=mask[rows, :longest]).last_hidden_state
            scores.append(nn.functional.pad(self.head(hidden).float(), (0, 0, 0, ids.shape[1] - longest)))
        return torch.cat(scores)[torch.cat(parts).argsort()]

    def take(self, values: dict[str, torch.Tensor]) -> None:
        """Take over weights by name; a head with fewer outputs gives the first ones."""
        own = trained(self)
        for name, value in values.items():
            target = own[name].data
            if name.startswith("head.") and len(value) < len(target):
                target = target[: len(value)]
            target.copy_(value)

    def take_packed(self, path: Path) -> None:
        """Take over a reader as it is shipped."""
        base = layer_weights(bundled_model(default_cache()))
        self.take({name: torch.from_numpy(value) for name, value in TunedWeights.load(path).restore(base).items()})

    def restore(self, path: Path) -> None:
        """Take up what `benchmarks.training.encoder.save` wrote."""
        self.take(load_file(path))


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded windows of whole groups: ids and mask (b, t), tokens that may be marked, and what is right of each.

    `spans` and `speakers` are (b, 2) token places, 0 for none, `speakers` UNKNOWN where not known; `groups` is (b,).
    """

    ids: torch.Tensor
    mask: torch.Tensor
    allowed: torch.Tensor
    spans: torch.Tensor
    speakers: torch.Tensor
    stances: torch.Tensor
    groups: torch.Tensor


class Encoded:
    """Tokenises groups and pads them."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(bundled_model(default_cache()) / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")

    def batches(self, groups: Sequence[Group], tokens: int) -> list[list[tuple[Group, list[Any]]]]:
        """Cut groups, given in order of length, into batches of about `tokens` padded tokens."""
        encoded = [(group, self.encode(group)) for group in groups]
        encoded.sort(key=lambda pair: -max(len(item.ids) for item in pair[1]))
        batches: list[list[tuple[Group, list[Any]]]] = []
        room, longest = 0, 0
        for group, items in encoded:
            cost = len(items)
            if not batches or (room + cost) * longest > tokens:
                batches.append([])
                room, longest = 0, max(len(item.ids) for item in items)
            batches[-1].append((group, items))
            room += cost
        return batches

    def encode(self, group: Group) -> list[Any]:
        """Tokenise a group's windows."""
        return list(
            self._tokenizer.encode_batch(
                [(f"query: {group.question}", f"passage: {heading(w)}{w.text}") for w in group.windows]
            )
        )

    def tensors(self, batch: Sequence[tuple[Group, list[Any]]]) -> Batch:
        """Pad one batch."""
        rows = [
            (place, w, e)
            for place, (group, items) in enumerate(batch)
            for w, e in zip(group.windows, items, strict=True)
        ]
        longest = max(len(encoding.ids) for _, _, encoding in rows)
        shape = (len(rows), longest)
        ids, mask = np.ones(shape, np.int64), np.zeros(shape, np.int64)
        allowed = np.zeros(shape, bool)
        spans, speakers = np.zeros((len(rows), 2), np.int64), np.full((len(rows), 2), UNKNOWN, np.int64)
        for row, (_, window, encoding) in enumerate(rows):
            length = len(encoding.ids)
            ids[row, :length], mask[row, :length] = encoding.ids, 1
            offset = len("passage: ") + len(heading(window))
            offsets = np.array(encoding.offsets)
            own = np.array([sequence == 1 for sequence in encoding.sequence_ids])
            allowed[row, :length] = own & (offsets[:, 1] > offset)
            allowed[row, 0] = True
            if window.answers:
                spans[row] = _tokens(own, offsets, window.start + offset, window.end + offset)
            if window.speaker is not None:
                start, end = window.speaker
                speakers[row] = _tokens(own, offsets, start + offset, end + offset) if start >= 0 else (0, 0)
        stances = np.array([window.stance for _, window, _ in rows])
        groups = np.array([place for place, _, _ in rows])
        return Batch(*(torch.from_numpy(part) for part in (ids, mask, allowed, spans, speakers, stances, groups)))


def _tokens(own: Any, offsets: Any, start: int, end: int) -> tuple[int, int]:
    held = np.flatnonzero(own & (offsets[:, 0] < end) & (offsets[:, 1] > start))
    return (int(held[0]), int(held[-1])) if len(held) else (0, 0)


def heading(window: Window) -> str:
    """Return what is read above a window's text."""
    return f"{window.heading}\n" if window.heading else ""


def loss_of(logits: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
    """Return the losses: of spans and relevance (each alone, and within its group), speakers and stances."""
    masked = logits.masked_fill(~batch.allowed[..., None], _ABSENT)
    losses = {"span": _ends(masked[..., SPAN], batch.spans)}
    answers = (batch.spans[:, 0] > 0).float()
    relevance = logits[:, 0, RELEVANCE]
    losses["relevance"] = nn.functional.binary_cross_entropy_with_logits(relevance, answers)
    same = batch.groups[:, None] == batch.groups[None, :]
    ranked = answers.bool() & (same.sum(dim=1) > 1)
    if ranked.any():
        rivals = same & ~(answers.bool()[None, :] & ~torch.eye(len(answers), dtype=torch.bool))
        scores = relevance[None, :].expand(len(answers), -1).masked_fill(~rivals, _ABSENT)
        places = torch.arange(len(answers))
        losses["rank"] = nn.functional.cross_entropy(scores[ranked], places[ranked])
    known = batch.speakers[:, 0] != UNKNOWN
    if known.any():
        losses["speaker"] = _ends(masked[known][..., SPEAKER], batch.speakers[known])
    told = batch.stances != UNKNOWN
    if told.any():
        losses["stance"] = nn.functional.cross_entropy(logits[told, 0, STANCE], batch.stances[told])
    return losses


def _ends(scores: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
    starts = nn.functional.cross_entropy(scores[..., 0], spans[:, 0])
    ends = nn.functional.cross_entropy(scores[..., 1], spans[:, 1])
    return (starts + ends) / 2
