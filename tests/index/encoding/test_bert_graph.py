"""An encoder built from its weights computes what the reference implementation computes."""

import json

import numpy as np
import pytest

from index.encoding.bert_graph import bert_graph
from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.encoder import default_cache
from index.errors import EncoderError

pytestmark = pytest.mark.system

TOKENS, HEADS, WIDTH = 7, 4, 32


def small_bert() -> tuple[object, dict[str, np.ndarray]]:
    """Return a BERT of two layers in transformers, drawn by chance, and its weights by name."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=30, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=HEADS, intermediate_size=64,
        max_position_embeddings=16, type_vocab_size=2, layer_norm_eps=1e-12,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    weights = {f"bert.{name}": value.detach().numpy() for name, value in model.named_parameters()}
    del weights["bert.embeddings.word_embeddings.weight"]
    return model, weights


def computed(weights: dict[str, np.ndarray], words: np.ndarray, mask: np.ndarray) -> np.ndarray:
    import openvino

    options = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(bert_graph(weights, HEADS), "CPU", options)
    return compiled([words, mask])[0]


def texts() -> tuple[np.ndarray, np.ndarray]:
    """Return two texts of word vectors, the second with two tokens of padding."""
    words = np.random.default_rng(1).normal(size=(2, TOKENS, WIDTH)).astype(np.float32)
    mask = np.ones((2, TOKENS), np.int64)
    mask[1, -2:] = 0
    return words, mask


def test_it_computes_what_transformers_does() -> None:
    import torch

    model, weights = small_bert()
    words, mask = texts()
    with torch.no_grad():
        wanted = model(inputs_embeds=torch.from_numpy(words), attention_mask=torch.from_numpy(mask))  # type: ignore[operator]
    own = mask.astype(bool)
    assert np.allclose(computed(weights, words, mask)[own], wanted.last_hidden_state.numpy()[own], atol=1e-5)


def test_padding_changes_nothing() -> None:
    _, weights = small_bert()
    words, mask = texts()
    alone = computed(weights, words[1:, :-2], mask[1:, :-2])
    assert np.allclose(computed(weights, words, mask)[1, :-2], alone[0], atol=1e-5)


def test_a_head_gives_scores_of_each_token() -> None:
    _, weights = small_bert()
    words, mask = texts()
    head = {"head.weight": np.eye(3, WIDTH, dtype=np.float32), "head.bias": np.array([0, 1, 2], np.float32)}
    scores = computed({**weights, **head}, words, mask)
    assert scores.shape == (2, TOKENS, 3)
    assert np.allclose(scores, computed(weights, words, mask)[..., :3] + head["head.bias"], atol=1e-5)


def test_a_weight_without_a_place_is_an_error() -> None:
    _, weights = small_bert()
    with pytest.raises(EncoderError, match=r"does not have: bert\.pooler\.dense\.weight"):
        bert_graph({**weights, "bert.pooler.dense.weight": np.zeros((2, 2), np.float32)}, HEADS)


def test_the_bundled_model_has_a_place_for_each_of_its_weights() -> None:
    folder = bundled_model(default_cache())
    heads = json.loads((folder / "config.json").read_text(encoding="utf-8"))["num_attention_heads"]
    graph = bert_graph(layer_weights(folder), heads)
    assert [str(port.get_partial_shape()) for port in graph.inputs] == ["[?,?,384]", "[?,?]"]
    assert str(graph.outputs[0].get_partial_shape()) == "[?,?,384]"
