"""The reader in torch: the bundled encoder with its upper layers trained on, and a head that marks a span.

The head gives each token a start and an end score (Devlin et al. 2019); the first token's are those of "no answer
here". The embeddings and the lowest layers stay as they are: they carry the languages that no training data has.
"""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from index.bundled import bundled_model
from index.encoder import default_cache

# Frozen layers need no backward pass: with 4 of 12 frozen a step takes three quarters of the time.
LOWEST = 4


class SpanModel(nn.Module):
    """Token ids (b, t) with their mask to start and end logits (b, t, 2)."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import BertModel

        folder = bundled_model(default_cache())
        self.bert: Any = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
        self.bert.embeddings.requires_grad_(False)
        for layer in self.bert.encoder.layer[:LOWEST]:
            layer.requires_grad_(False)
        for module in self.bert.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        self.head = nn.Linear(self.bert.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Score every token as the answer's first and last."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: torch.Tensor = self.head(hidden)
        return logits

    def trained(self) -> dict[str, nn.Parameter]:
        """Return what training changes, by name."""
        return {name: value for name, value in self.named_parameters() if value.requires_grad}

    def save(self, path: Path) -> None:
        """Write what training changed, in float16."""
        save_file({name: value.detach().to(torch.float16).contiguous() for name, value in self.trained().items()}, path)

    def restore(self, path: Path) -> None:
        """Take up what `save` wrote."""
        own = self.trained()
        for name, value in load_file(path).items():
            own[name].data.copy_(value.float())


def span_loss(logits: torch.Tensor, allowed: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of starts and ends among the allowed tokens; spans are (b, 2) token places."""
    masked = logits.masked_fill(~allowed[..., None], -1e4)
    starts = nn.functional.cross_entropy(masked[..., 0], spans[:, 0])
    ends = nn.functional.cross_entropy(masked[..., 1], spans[:, 1])
    return (starts + ends) / 2
