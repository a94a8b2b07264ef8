"""How a reader is trained: group after group, in float32, with a checkpoint to go on from."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from benchmarks.training.encoder import computing_type, save, trained
from benchmarks.training.examples import Group
from benchmarks.training.reader import Batch, Encoded, NewsReader, loss_of

RESULT = "reader.safetensors"
_CHECKPOINT = "checkpoint.pt"
_SORTED_TOGETHER = 192
_BATCH_TOKENS = 4800
_CHECKPOINT_SECONDS = 240
_WARM_UP = 40


class Training:
    """A reader that is trained; the folder `work` holds its checkpoint and, under `RESULT`, what came out.

    The model computes in bfloat16 where the CPU has it; the weights that are changed are kept in float32, since an
    update is often less than bfloat16 can tell. `begin` are those to start with, by name; `losses` is how much each
    counts, by the names of `loss_of`. Where `work` has a checkpoint, it goes on from there.
    """

    def __init__(
        self, work: Path, rate: float, begin: Mapping[str, torch.Tensor], losses: Mapping[str, float]
    ) -> None:  # fmt: skip
        work.mkdir(parents=True, exist_ok=True)
        self._work, self._rate, self._losses = work, rate, losses
        self._model = NewsReader(computing_type())
        self._own = trained(self._model)
        self._master = {name: value.detach().float().clone().requires_grad_() for name, value in begin.items()}
        self._optimiser = torch.optim.AdamW(
            list(self._master.values()), lr=rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )
        self.steps = self.seen = 0
        self._tokens = 0
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

    def go_through(self, groups: Iterator[Group], left: Callable[[], float]) -> None:
        """Learn from groups until there are none, or none of the time is left: `left` is its share, 1 to 0.

        The rate falls with it. `groups` are all of them: those that the checkpoint has seen are passed over.
        """
        for _ in islice(groups, self.seen):
            pass
        encoded, chance = Encoded(), random.Random(self.steps)
        began = written = time.time()
        while left() > 0 and (part := list(islice(groups, _SORTED_TOGETHER))):
            batches = encoded.batches(part, _BATCH_TOKENS)
            chance.shuffle(batches)
            for cut in batches:
                self._step(encoded.tensors(cut), max(0.0, left()))
                if self.steps % 25 == 0:
                    speed = {"tokens/s": round(self._tokens / (time.time() - began))}
                    print(datetime.now().strftime("%H:%M:%S"), json.dumps({**self._told(), **speed}), flush=True)
            self.seen += len(part)
            if time.time() - written > _CHECKPOINT_SECONDS:
                written = time.time()
                self._keep()
        self._write(self._work / RESULT)

    def _step(self, batch: Batch, left: float) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * min(1.0, (self.steps - self._first + 1) / _WARM_UP) * left
        found = loss_of(self._model(batch.ids, batch.mask), batch)
        losses = {name: value for name, value in found.items() if name in self._losses}
        total = torch.stack([self._losses[name] * value for name, value in losses.items()]).sum()
        self._model.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        for name, value in self._master.items():
            value.grad = self._own[name].grad.float()  # type: ignore[union-attr]
        torch.nn.utils.clip_grad_norm_(list(self._master.values()), 1.0)
        self._optimiser.step()
        self._load()
        self.steps += 1
        self._tokens += int(batch.mask.sum())
        for name, value in losses.items():
            self._recent.setdefault(name, []).append(value.item())

    def _told(self) -> dict[str, float]:
        """Return the mean losses since this was asked last."""
        means = {name: round(float(np.mean(values)), 3) for name, values in self._recent.items()}
        self._recent = {}
        return {"step": self.steps, "seen": self.seen, **means}

    def _keep(self) -> None:
        """Write what it takes to go on from here, and the weights as they are."""
        state = {"step": self.steps, "seen": self.seen, "optimiser": self._optimiser.state_dict()}
        torch.save({**state, "master": self._master}, self._work / "checkpoint.new")
        (self._work / "checkpoint.new").replace(self._work / _CHECKPOINT)
        self._write(self._work / f"at-{self.seen}.safetensors")
        self._write(self._work / RESULT)

    def _write(self, path: Path) -> None:
        save(self._master, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def _load(self) -> None:
        with torch.no_grad():
            for name, value in self._master.items():
                self._own[name].copy_(value)
