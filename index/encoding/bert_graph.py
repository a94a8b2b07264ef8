"""A BERT encoder as an OpenVINO graph, built from its weights: no torch, no transformers, no tracing.

The architecture is that of Devlin et al. 2019 (post-norm, GELU by the error function), from the word vectors on.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.precision.scales import Int8Scales
from index.errors import EncoderError

_LAYER = "bert.encoder.layer.{}."
_VALUES, _GATHERED = "attention.self.value", "attention.output.dense"
_EPSILON = 1e-12
# What a score of a token that is only padding is lowered by: its share is then nothing, in bfloat16 too.
_HIDDEN = -1e4


def bert_graph(weights: Mapping[str, NDArray[np.float32]], heads: int, scales: Int8Scales | None = None) -> Any:
    """Return the `openvino.Model` of an encoder's layers, by torch's names with `bert.` in front.

    It takes (batch, tokens, d) float32 word vectors and the (batch, tokens) int64 mask, and gives (batch, tokens, d)
    float32 last-layer vectors, or, where `weights` have a `head.`, its (batch, tokens, n) scores. The linear maps that
    `scales` name are computed in int8. Raises `EncoderError` for a weight that the architecture has no place for.
    """
    import openvino
    from openvino import opset13 as ops

    types = openvino.Type
    words = ops.parameter([-1, -1, weights["bert.embeddings.LayerNorm.weight"].size], types.f32, name="words")
    mask = ops.parameter([-1, -1], types.i64, name="mask")
    graph = _Graph(ops, weights, heads) if scales is None else _Int8Graph(ops, weights, heads, scales)
    bias = graph.mask_bias(mask)
    hidden = graph.embedded(words, mask)
    layer = 0
    while f"{_LAYER.format(layer)}output.dense.weight" in weights:
        hidden = graph.layer(hidden, bias, _LAYER.format(layer))
        layer += 1
    if "head.weight" in weights:
        hidden = graph.linear(hidden, "head")
    if unknown := sorted(set(weights) - graph.used):
        raise EncoderError(f"The weights name what the model does not have: {unknown[0]}.")
    return openvino.Model([hidden], [words, mask], "bert")


class _Graph:
    """Adds an encoder's parts to a graph; `ops` is OpenVINO's set of operations."""

    def __init__(self, ops: Any, weights: Mapping[str, NDArray[np.float32]], heads: int) -> None:
        self._ops, self._weights, self._heads = ops, weights, heads
        self.used: set[str] = set()

    def embedded(self, words: Any, mask: Any) -> Any:
        """Add the vectors of the places, and of the one kind of text that there is, to the word vectors."""
        ops = self._ops
        places = self._take("bert.embeddings.position_embeddings.weight")
        kind = self._take("bert.embeddings.token_type_embeddings.weight")[0]
        length = ops.gather(ops.shape_of(mask), ops.constant([1]), ops.constant(0))
        first = ops.slice(ops.constant(places + kind), ops.constant([0]), length, ops.constant([1]), ops.constant([0]))
        return self.normalised(ops.add(words, first), "bert.embeddings.LayerNorm")

    def mask_bias(self, mask: Any) -> Any:
        """Return what is added to the scores of each token that is attended to: (batch, 1, 1, tokens)."""
        ops = self._ops
        padding = ops.subtract(ops.constant(np.float32(1)), ops.convert(mask, "f32"))
        bias = ops.multiply(padding, ops.constant(np.float32(_HIDDEN)))
        return ops.unsqueeze(bias, ops.constant([1, 2]))

    def layer(self, hidden: Any, bias: Any, name: str) -> Any:
        """Attend, then the two linear maps, each added to what came in and normalised."""
        ops = self._ops
        attended = self.linear(self.attention(hidden, bias, f"{name}attention.self."), f"{name}attention.output.dense")
        hidden = self.normalised(ops.add(attended, hidden), f"{name}attention.output.LayerNorm")
        inner = ops.gelu(self.linear(hidden, f"{name}intermediate.dense"), "erf")
        return self.normalised(ops.add(self.linear(inner, f"{name}output.dense"), hidden), f"{name}output.LayerNorm")

    def attention(self, hidden: Any, bias: Any, name: str) -> Any:
        """Let each token gather from all that are not padding, head by head."""
        ops = self._ops
        queries, keys, values = (self._by_head(self.linear(hidden, name + part)) for part in ("query", "key", "value"))
        gathered = ops.scaled_dot_product_attention(queries, keys, values, bias)
        joined = ops.transpose(gathered, ops.constant([0, 2, 1, 3]))
        return ops.reshape(joined, ops.constant([0, 0, -1]), special_zero=True)

    def linear(self, hidden: Any, name: str) -> Any:
        """Multiply by a matrix (out, in) and add its bias; the product has the map's name in the graph."""
        ops = self._ops
        product = ops.matmul(hidden, ops.constant(self._take(f"{name}.weight")), False, True, name=name)
        return ops.add(product, ops.constant(self._take(f"{name}.bias")))

    def normalised(self, hidden: Any, name: str) -> Any:
        """Normalise each token's vector to mean and spread of its own, then scale and shift it (layer norm)."""
        ops = self._ops
        plain = ops.mvn(hidden, ops.constant([-1]), True, _EPSILON, "INSIDE_SQRT")
        scaled = ops.multiply(plain, ops.constant(self._take(f"{name}.weight")))
        return ops.add(scaled, ops.constant(self._take(f"{name}.bias")))

    def _take(self, name: str) -> NDArray[np.float32]:
        self.used.add(name)
        return self._weights[name]

    def _by_head(self, projected: Any) -> Any:
        ops = self._ops
        parts = ops.reshape(projected, ops.constant([0, 0, self._heads, -1]), special_zero=True)
        return ops.transpose(parts, ops.constant([0, 2, 1, 3]))


class _Int8Graph(_Graph):
    """Computes linear maps in int8: inputs in 256 levels of one range, the rows of a matrix in 255 of their own."""

    def __init__(self, ops: Any, weights: Mapping[str, NDArray[np.float32]], heads: int, scales: Int8Scales) -> None:
        super().__init__(ops, weights, heads)
        self._scales = scales
        # The inputs in levels, by the node that they come from: queries, keys and values share one.
        self._levels: dict[str, Any] = {}

    def linear(self, hidden: Any, name: str) -> Any:
        """Multiply by a matrix (out, in) and add its bias."""
        if name not in self._scales.smoothing:
            return super().linear(hidden, name)
        ops, smoothing = self._ops, self._scales.smoothing
        matrix = self._take(f"{name}.weight") * smoothing[name]
        bias = self._take(f"{name}.bias") + self._scales.corrections[name]
        if self._is_smoothed_before(gathered := name.replace(_VALUES, _GATHERED)) and gathered != name:
            # The values are smoothed here for the map that they are gathered for, which so costs nothing.
            matrix, bias = matrix / smoothing[gathered][:, None], bias / smoothing[gathered]
        steps = np.abs(matrix).max(axis=1, keepdims=True) / np.float32(127)
        levels = ops.constant(np.rint(matrix / steps).astype(np.int8))
        stored = ops.multiply(ops.convert(levels, "f32"), ops.constant(steps))
        product = ops.matmul(self._in_levels(hidden, name), stored, False, True, name=name)
        return ops.add(product, ops.constant(bias))

    def _in_levels(self, hidden: Any, name: str) -> Any:
        source = hidden.get_friendly_name()
        if source not in self._levels:
            ops, (least, most) = self._ops, self._scales.ranges[name]
            smooth = 1 / self._scales.smoothing[name]
            smoothed = hidden if self._is_smoothed_before(name) else ops.multiply(hidden, ops.constant(smooth))
            ends = [ops.constant(np.float32(end)) for end in (least, most, least, most)]
            self._levels[source] = ops.fake_quantize(smoothed, *ends, 256)
        return self._levels[source]

    def _is_smoothed_before(self, name: str) -> bool:
        """Tell whether a map's input comes smoothed: what is gathered of values that are in int8, too."""
        smoothed = self._scales.smoothing
        return name.endswith(_GATHERED) and name in smoothed and name.replace(_GATHERED, _VALUES) in smoothed
