"""Scales for int8, which ship beside the weights: `python -m benchmarks.training.int8 [encoder question reader]`.

Each model runs in float32 over some hundred texts that it is not measured on: news, an encyclopaedia and questions for
the encoder, questions for the question's side, questions with windows for the reader. What goes into each linear map
is looked at.
"""

import argparse
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import say, work_offline
from benchmarks.reader_data import read_jsonl
from benchmarks.training.examples import HELD, LANGUAGES, read_lines
from index.encoding.batches import batches
from index.encoding.bert_graph import bert_graph
from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.encoder import default_cache
from index.encoding.openvino_runtime import encoder_scales, scales_beside
from index.encoding.precision.scales import Int8Scales, Weights, weights_digest
from index.encoding.tuned_weights import TunedWeights
from index.encoding.vocabulary import Input, Vocabulary
from index.encoding.word_vectors import word_vectors

_ROOT = Path(__file__).resolve().parents[2]
_QUESTION = _ROOT / "index" / "encoding" / "query_encoder.npz"
_READER = _ROOT / "qa" / "reading" / "reader.npz"
_HEADS = 12
_BATCH_TOKENS = 1024
# Tokens of which the whole vectors are kept, for the corrections; the ranges are those of all tokens.
_KEPT = 3000
_LONGEST, _WINDOW = 900, 640


@dataclass(slots=True)
class Seen:
    """What went into a linear map: the least and the most of each channel, and the vectors of some tokens."""

    least: NDArray[np.float32]
    most: NDArray[np.float32]
    kept: list[NDArray[np.float32]]

    def add(self, vectors: NDArray[np.float32], kept: NDArray[np.bool_]) -> None:
        """Take in (tokens, in) vectors."""
        self.least = np.minimum(self.least, vectors.min(axis=0))
        self.most = np.maximum(self.most, vectors.max(axis=0))
        self.kept.append(vectors[kept])


class Texts:
    """The texts that scales are measured on: no exam's questions, and no article or question that is held out."""

    def __init__(self, data: Path, count: int) -> None:
        self._data, self._count, self._random = data, count, random.Random(8)
        self._news = {str(line["id"]): line for line in read_lines(data / "corpus" / "ant.jsonl.gz") if line["text"]}
        asked = [line for line in read_lines(data / "train" / "news.jsonl.gz") if not _is_held_out(line)]
        self._asked = self._random.sample(asked, count)

    def of(self, model: str) -> list[Input]:
        """Return those of a model: `encoder`, `question` or `reader`."""
        wordings = (line.get(f"question_{language}") for line in self._asked for language in LANGUAGES)
        questions = [f"query: {text}" for text in wordings if text]
        if model == "question":
            return list(questions)
        return list(self._windows()) if model == "reader" else [*self._passages(), *questions[::5]]

    def _passages(self) -> Iterator[str]:
        world = list(read_lines(self._data / "corpus" / "world.jsonl.gz"))
        lines = [*self._random.sample(list(self._news.values()), self._count // 2)]
        lines += self._random.sample(world, self._count // 4)
        yield from (f"passage: {str(line['text'])[:_LONGEST]}" for line in lines)
        for name in ("arcd.ar", "cmrc2018.zh", "jaquad.ja"):
            records = read_jsonl(self._data / "train" / f"{name}.jsonl.gz")
            yield from (
                f"passage: {record.context[:_LONGEST]}" for record in self._random.sample(records, self._count // 12)
            )

    def _windows(self) -> Iterator[tuple[str, str]]:
        """Yield questions, each with what stands around the answer, or what only seems to answer."""
        for number, line in enumerate(self._asked):
            article = self._news.get(str(line.get("article") or line.get("near")))
            question = line.get(f"question_{LANGUAGES[number % len(LANGUAGES)]}")
            if article and question:
                title, place = str(article.get("title") or ""), int(str(line.get("answer_start") or 0))
                text = str(article["text"])[max(0, place - self._random.randrange(_WINDOW)) :][:_WINDOW]
                yield f"query: {question}", f"passage: {title}\n{text}"


def _is_held_out(line: Mapping[str, object]) -> bool:
    name = str(line.get("article") or line.get("near") or line["id"])
    return zlib.crc32(name.encode()) % HELD == 0


def watch(weights: Weights, texts: Sequence[Input], longest: int | None = None) -> dict[str, Seen]:
    """Run a model in float32, and return what went into each linear map but the head, by its name."""
    import openvino

    folder = bundled_model(default_cache())
    graph = bert_graph(weights, _HEADS)
    # Queries, keys and values have one input.
    inputs: dict[str, Any] = {}
    for node in graph.get_ops():
        name = node.get_friendly_name()
        if node.get_type_name() == "MatMul" and name != "head" and not name.endswith((".key", ".value")):
            inputs[name] = node.input_value(0)
    watched = openvino.Model(list(inputs.values()), graph.get_parameters(), "watched")
    request = openvino.Core().compile_model(watched, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    encodings, words = Vocabulary(folder, longest=longest).encode(texts), word_vectors(folder)
    chance = np.random.default_rng(8)
    share = _KEPT / sum(len(encoding.ids) for encoding in encodings)
    seen: dict[str, Seen] = {}
    for batch in batches(encodings, _BATCH_TOKENS):
        found = request.infer([words.of(batch.ids), batch.mask])
        own = batch.mask.astype(bool)
        kept = chance.random(int(own.sum())) < share
        for place, name in enumerate(inputs):
            vectors = found[place][own]
            if name not in seen:
                seen[name] = Seen(vectors.min(axis=0), vectors.max(axis=0), [])
            seen[name].add(vectors, kept)
    return seen


def scales_of(weights: Weights, seen: Mapping[str, Seen], alpha: float) -> Int8Scales:
    """Choose the scales; `alpha`, 0 to 1, is how much of the input's spread goes over into the matrix."""
    smoothing: dict[str, NDArray[np.float32]] = {}
    ranges: dict[str, NDArray[np.float32]] = {}
    corrections: dict[str, NDArray[np.float32]] = {}
    for name, one in seen.items():
        stem = name.removesuffix("query")
        names = [stem + part for part in ("query", "key", "value")] if stem != name else [name]
        matrix = np.concatenate([weights[f"{own}.weight"] for own in names])
        smooth = _smoothing(np.maximum(abs(one.least), abs(one.most)), np.abs(matrix).max(axis=0), alpha)
        ends = _ends(float((one.least / smooth).min()), float((one.most / smooth).max()))
        vectors = np.concatenate(one.kept)
        wanted = vectors @ matrix.T
        lost = (wanted - _inputs(vectors / smooth, ends) @ _rows(matrix * smooth).T).mean(axis=0)
        for own, part in zip(names, np.split(lost, len(names)), strict=True):
            smoothing[own], ranges[own], corrections[own] = smooth, ends, part
    return Int8Scales(weights_digest(weights), smoothing, ranges, corrections)


def _smoothing(inputs: NDArray[np.float32], rows: NDArray[np.float32], alpha: float) -> NDArray[np.float32]:
    smooth = np.maximum(inputs, 1e-5) ** alpha / np.maximum(rows, 1e-5) ** (1 - alpha)
    # About 1 on average, rounded to what is stored.
    return (smooth / np.exp(np.log(smooth).mean())).astype(np.float16).astype(np.float32)


def _ends(least: float, most: float) -> NDArray[np.float32]:
    """Return the ends of a range in which nought is one of the 256 levels."""
    least, most = min(least, 0.0), max(most, 0.0)
    step = (most - least) / 255
    nought = round(-least / step)
    return np.array([-nought * step, (255 - nought) * step], np.float32)


def _inputs(vectors: NDArray[np.float32], ends: NDArray[np.float32]) -> NDArray[np.float32]:
    step = (ends[1] - ends[0]) / 255
    return np.asarray(np.clip(np.rint((vectors - ends[0]) / step), 0, 255) * step + ends[0], np.float32)


def _rows(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    steps = np.abs(matrix).max(axis=1, keepdims=True) / 127
    return np.asarray(np.rint(matrix / steps) * steps, np.float32)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=["encoder", "question", "reader"])
    parser.add_argument("--alpha", type=float, default=0.85)
    parser.add_argument(
        "--texts", type=int, default=120, help="passages, windows, or lines of questions (default: 120)"
    )
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared")
    options = parser.parse_args()
    work_offline()
    texts = Texts(options.data, options.texts)
    base = layer_weights(bundled_model(default_cache()))
    files = {"encoder": None, "question": _QUESTION, "reader": _READER}
    for model in options.models:
        file, own = files[model], texts.of(model)
        weights = {**base, **TunedWeights.load(file).restore(base)} if file else base
        say(f"{model}: {len(own)} texts")
        seen = watch(weights, own, 320 if model == "reader" else None)
        target = scales_beside(file) if file else encoder_scales()
        scales_of(weights, seen, options.alpha).save(target)
        say(f"wrote {target.name}, {target.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
