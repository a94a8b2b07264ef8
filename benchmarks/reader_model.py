"""The reader in torch: the bundled encoder with its upper layers trained on, and a head that marks a span.

The head gives each token a start and an end score (Devlin et al. 2019); the first token's are those of "no answer
here". The embeddings and the lowest layers stay as they are: they carry the languages that no training data has.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from benchmarks.training.encoder import trainable_encoder, trained


class SpanModel(nn.Module):
    """Token ids (b, t) with their mask to start and end logits (b, t, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = trainable_encoder()
        self.head = nn.Linear(self.bert.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Score every token as the answer's first and last."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: torch.Tensor = self.head(hidden)
        return logits

    def restore(self, path: Path) -> None:
        """Take up what `benchmarks.training.encoder.save` wrote."""
        own = trained(self)
        for name, value in load_file(path).items():
            own[name].data.copy_(value.float())


def span_loss(logits: torch.Tensor, allowed: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of starts and ends among the allowed tokens; spans are (b, 2) token places."""
    masked = logits.masked_fill(~allowed[..., None], -1e4)
    starts = nn.functional.cross_entropy(masked[..., 0], spans[:, 0])
    ends = nn.functional.cross_entropy(masked[..., 1], spans[:, 1])
    return (starts + ends) / 2
