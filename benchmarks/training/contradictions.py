"""Fit when two sentences answer a question differently, so that both are quoted.

    python -m benchmarks.training.contradictions read OUT EXAM --articles FILE | --library DIR [--held-out] [--every N]
    python -m benchmarks.training.contradictions fit READ.jsonl ... [--write]

`read` asks an exam's questions and holds each sentence that was read against the best one, where that is right. `fit`
fits the model by question, in folds, tells precision and recall beside the rule of figures alone, and with `--write`
puts it where the product reads it.
"""

import argparse
import json
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.answers import Gold
from benchmarks.harness import Table, say, work_offline
from benchmarks.harness import write as write_results
from benchmarks.training.candidates import is_held_out
from benchmarks.training.examples import LANGUAGES, read_lines
from index import Library, open_encoder
from qa import Assistant
from qa.answering.contradictions import PairFeatures, features_of
from qa.evaluation.metrics import comparable
from qa.evidence import Evidence
from qa.logistic import LogisticModel
from qa.question import Asked, Question
from qa.tuning.fitting import fit_logistic

_COMPARED = 16
_FOLDS = 5
_STRENGTH = 0.3
# So many of the questions with one answer may be given a second quote that is no other answer: one in ten.
_FALSELY = 0.1
_NOTE = (
    "Questions of three story libraries and of news articles that the reader was not trained on, where the best "
    "sentence is right. The learned model is cross-validated by question; its threshold is chosen on these same "
    "questions."
)
_FILE = Path(__file__).resolve().parents[2] / "qa" / "answering" / "contradictions.json"


def read(assistant: Assistant, lines: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield one record a pair: the question's id, its language, the features, and whether the second differs."""
    stages = assistant.stages
    for number, line in enumerate(lines):
        for language in LANGUAGES:
            text = line.get(f"question_{language}")
            if not text or line.get("history"):
                continue
            question = stages.understand.invoke(Asked(text))
            if question.is_chat:
                continue
            for stage in (stages.retrieve, stages.rerank, stages.read):
                question = stage.invoke(question)
            yield from _pairs(question, Gold(line), str(line["id"]), language)
        if number % 20 == 0:
            say(f"{number} of {len(lines)}")


def _pairs(question: Question, gold: Gold, name: str, language: str) -> Iterator[dict[str, Any]]:
    evidence = question.reading.evidence[:_COMPARED]
    if not evidence or not (mine := _sides(gold, evidence[0])):
        return
    for item in evidence[1:]:
        sides = _sides(gold, item)
        yield {
            "id": name, "language": language, "expect": gold.expect, "differs": bool(sides) and not sides & mine,
            **asdict(features_of(question, evidence[0], item)),
        }  # fmt: skip


def _sides(gold: Gold, item: Evidence) -> set[str]:
    """Return which of the answers that differ a sentence gives; of what changed, what was so before is one."""
    article, quote = item.ranked.candidate.article.id, item.quote
    right = {comparable(place["answer"]) for place in gold.places if gold.is_quoted(article, quote, place)}
    if gold.expect == "both":
        return right
    told = comparable(quote)
    before = gold.expect == "newest" and any(comparable(wrong) in told for wrong in gold.line.get("wrong") or [])
    return {"now"} if right else {"before"} if before else set()


def fit(records: Sequence[Mapping[str, Any]], *, write: bool) -> None:
    """Fit in folds by question, choose the threshold, and tell what comes of it."""
    names = [field for field in PairFeatures.__dataclass_fields__]
    rows = np.array([[float(record[name]) for name in names] for record in records])
    labels = np.array([bool(record["differs"]) for record in records])
    folds = np.array([zlib.crc32(record["id"].encode()) % _FOLDS for record in records])
    held = np.zeros(len(records))
    for fold in range(_FOLDS):
        model = _model(rows[folds != fold], labels[folds != fold], names)
        held[folds == fold] = [model.probability(dict(zip(names, row, strict=True))) for row in rows[folds == fold]]
    limits = [float(limit) for limit in np.arange(0.1, 0.95, 0.01)]
    threshold = next(limit for limit in limits if _told(held >= limit, labels, records)["falsely"] <= _FALSELY)
    rule = (rows[:, names.index("same_count")] > 0) & (rows[:, names.index("relevance")] > -1)
    rule |= (rows[:, names.index("whether")] > 0) & (rows[:, names.index("relevance")] > -1)
    told = {
        f"learned, from {threshold:.2f} on": _told(held >= threshold, labels, records),
        "by the rule of figures and denials": _told(rule, labels, records),
    }
    body = tuple((name, *(f"{value:g}" for value in shares.values())) for name, shares in told.items())
    columns = ("", "two sides, both quoted", "of", "one answer, a second quoted", "of")
    table = Table(f"{len(records)} pairs, {labels.sum()} differ", "", columns, body)
    say(table.markdown())
    results = {"pairs": len(records), "differ": int(labels.sum()), "told": told}
    write_results("contradictions", "Two sides of a disagreement", _NOTE, results, [table])
    model = _model(rows, labels, names)
    say(json.dumps({name: round(feature.weight, 3) for name, feature in model.features.items()}))
    if write:
        content = model.to_dict() | {"shown": round(float(threshold), 2)}
        _FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _model(rows: NDArray[np.float64], labels: NDArray[np.bool_], names: Sequence[str]) -> LogisticModel:
    return fit_logistic(rows, labels, names, strength=_STRENGTH)


def _told(
    shown: NDArray[np.bool_], labels: NDArray[np.bool_], records: Sequence[Mapping[str, Any]]
) -> dict[str, float]:
    """Return, over questions: how many with two sides get both, and how many others get a second that is none."""
    asked: dict[tuple[str, str], list[int]] = {}
    for place, record in enumerate(records):
        asked.setdefault((record["id"], record["language"]), []).append(place)
    both = [own for own in asked.values() if labels[own].any()]
    plain = [own for own in asked.values() if not labels[own].any()]
    return {
        "both": round(float(np.mean([(shown[own] & labels[own]).any() for own in both])), 3),
        "of": len(both),
        "falsely": round(float(np.mean([shown[own].any() for own in plain])), 3),
        "of others": len(plain),
    }


def main() -> None:
    """Read, or fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("read")
    reading.add_argument("out", type=Path)
    reading.add_argument("exam", type=Path)
    reading.add_argument("--articles", type=Path, help="index these first, into a library that is gone afterwards")
    reading.add_argument("--library", type=Path)
    reading.add_argument("--held-out", action="store_true")
    reading.add_argument("--every", type=int, default=1)
    fitting = commands.add_parser("fit")
    fitting.add_argument("read", type=Path, nargs="+")
    fitting.add_argument("--write", action="store_true")
    options = parser.parse_args()
    work_offline()
    if options.command == "fit":
        records = [record for path in options.read for record in read_lines(path)]
        fit(records, write=options.write)
        return
    lines = [line for line in read_lines(options.exam) if not options.held_out or is_held_out(line)][:: options.every]
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(options.library or folder, encoder=open_encoder()) as found,
    ):
        if options.articles:
            found.sync(options.articles)
        records = list(read(Assistant(found), lines))
    options.out.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


if __name__ == "__main__":
    main()
