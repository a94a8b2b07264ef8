"""The bundled encoder in torch: its upper layers are trained on, what lies below them stays as it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from index.encoding.precision.processor import has_bfloat16

# Frozen layers need no backward pass: with 4 of 12 frozen a step takes three quarters of the time. The embeddings carry
# the languages that no training data has.
_LOWEST = 4


def trainable_encoder() -> Any:
    """Load it without dropout, its embeddings and lowest four layers frozen."""
    from transformers import BertModel

    folder = bundled_model(default_cache())
    # On a CPU with bfloat16 the way back through "sdpa" takes twice as long as through what is written out.
    bert: Any = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    bert.embeddings.requires_grad_(False)
    for layer in bert.encoder.layer[:_LOWEST]:
        layer.requires_grad_(False)
    for module in bert.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return bert


def trained(model: nn.Module) -> dict[str, nn.Parameter]:
    """Return what training changes, by name."""
    return {name: value for name, value in model.named_parameters() if value.requires_grad}


def save(values: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write trained weights in float16."""
    save_file({name: value.detach().to(torch.float16).contiguous() for name, value in values.items()}, path)


def computing_type() -> torch.dtype:
    """Return bfloat16 where the CPU has instructions for it, else float32: without them bfloat16 is far slower."""
    return torch.bfloat16 if has_bfloat16() else torch.float32
