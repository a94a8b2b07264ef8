"""Tiny models with random weights on disk, each of a real architecture, as the libraries save large ones."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

# The length of a vector, and the window in tokens.
WIDTH, POSITIONS = 32, 160
ARCHITECTURES = ("bert", "xlm-roberta", "modernbert", "gemma3", "gte")
# Gemma 3 has no head that marks spans.
MARKING = ("bert", "xlm-roberta", "modernbert")
SCORING = ("bert", "xlm-roberta", "modernbert", "gte")


@dataclass(frozen=True)
class Kind:
    """An architecture's configuration for a size of vocabulary, and its tokenizer: algorithm and special tokens."""

    config: Callable[[int], Any]
    algorithm: str
    specials: tuple[str, str, str, str]
    padding_side: str = "right"


def build_encoder(folder: Path, architecture: str, *, seed: int = 0, **saved: Any) -> Path:
    """Write a sentence-transformers model; `saved` are what `SentenceTransformer` is made with, such as prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import AutoModel

    _write(folder / "transformer", architecture, AutoModel.from_config, seed)
    transformer = Transformer(str(folder / "transformer"))
    pooling = Pooling(WIDTH, pooling_mode=saved.pop("pooling", "mean"))
    model = SentenceTransformer(modules=[transformer, pooling, *saved.pop("more", ()), Normalize()], **saved)
    model.save(str(folder / "encoder"))
    return folder / "encoder"


def build_reranker(folder: Path, architecture: str, *, seed: int = 0, labels: int = 1) -> Path:
    """Write a cross-encoder that scores pairs."""
    from transformers import AutoModelForSequenceClassification

    return _write(folder, architecture, AutoModelForSequenceClassification.from_config, seed, num_labels=labels)


def build_reader(folder: Path, architecture: str, *, seed: int = 0) -> Path:
    """Write an extractive question-answering model."""
    from transformers import AutoModelForQuestionAnswering

    return _write(folder, architecture, AutoModelForQuestionAnswering.from_config, seed)


def build_bare(folder: Path, architecture: str) -> Path:
    """Write a transformer without a head."""
    from transformers import AutoModel

    return _write(folder, architecture, AutoModel.from_config, 0)


def _write(folder: Path, architecture: str, make: Callable[[Any], Any], seed: int, **config: Any) -> Path:
    import torch

    kind = _kinds()[architecture]
    tokenizer = _tokenizer(architecture)
    settings = kind.config(len(tokenizer))
    # Some configurations name tokens of the vocabulary that they come with.
    settings.pad_token_id, settings.bos_token_id = tokenizer.pad_token_id, tokenizer.cls_token_id
    settings.cls_token_id, settings.sep_token_id = tokenizer.cls_token_id, tokenizer.sep_token_id
    settings.eos_token_id = tokenizer.sep_token_id
    # Large weights, so that texts get scores that differ.
    settings.initializer_range = 0.5
    for name, value in config.items():
        setattr(settings, name, value)
    torch.manual_seed(seed)
    make(settings).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@cache
def _tokenizer(architecture: str) -> Any:
    """Train a tokenizer, once: training twice may break ties otherwise."""
    from tokenizers import processors
    from transformers import PreTrainedTokenizerFast

    kind = _kinds()[architecture]
    begin, end, pad, unknown = kind.specials
    tokenizer = _trained(kind)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} $B:1 {end}:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (begin, end)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, cls_token=begin, sep_token=end, pad_token=pad, unk_token=unknown,
        padding_side=kind.padding_side, model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip


def _trained(kind: Kind) -> Any:
    """Train a tokenizer of some hundred pieces on the samples."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").iterdir())]
    specials, unknown = list(kind.specials), kind.specials[3]
    common = {"vocab_size": 900, "special_tokens": specials, "show_progress": False}
    if kind.algorithm == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token=unknown))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer: Any = trainers.WordPieceTrainer(**common)
    elif kind.algorithm == "bytes":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), **common)
    else:
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(unk_token=unknown, **common)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _kinds() -> dict[str, Kind]:
    from transformers import BertConfig, Gemma3TextConfig, GteConfig, ModernBertConfig, XLMRobertaConfig

    shape = {
        "hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64,
        "max_position_embeddings": POSITIONS,
    }  # fmt: skip
    bert, roberta = ("[CLS]", "[SEP]", "[PAD]", "[UNK]"), ("<s>", "</s>", "<pad>", "<unk>")
    gemma = {"use_bidirectional_attention": True, "head_dim": 8, "num_key_value_heads": 1, "query_pre_attn_scalar": 8}
    beyond_padding = {**shape, "max_position_embeddings": POSITIONS + 3, "type_vocab_size": 1}
    return {
        "bert": Kind(lambda size: BertConfig(vocab_size=size, **shape), "wordpiece", bert),
        "xlm-roberta": Kind(lambda size: XLMRobertaConfig(vocab_size=size, **beyond_padding), "unigram", roberta),
        "modernbert": Kind(lambda size: ModernBertConfig(vocab_size=size, **shape), "bytes", bert),
        "gemma3": Kind(
            lambda size: Gemma3TextConfig(vocab_size=size, **gemma, **shape),
            "unigram", ("<bos>", "<eos>", "<pad>", "<unk>"), padding_side="left",
        ),
        "gte": Kind(lambda size: GteConfig(vocab_size=size, **shape), "unigram", roberta),
    }  # fmt: skip
