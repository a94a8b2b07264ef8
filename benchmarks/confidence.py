"""Fit the confidence model of `qa/confidence.py` and write `qa/confidence.json`.

    python -m benchmarks.confidence --library DIR [--data ../shared]

`DIR` is a library over the news corpus. Answerable: the exam's questions, and XQuAD's over its paragraphs.
Unanswerable: the exam's own, its answerable ones with the article that answers left out (near misses), and
XQuAD's likewise. Both wordings of a question are in the same of ten folds; printed is what the held-out folds give.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Filters, Library
from index.encoder import open_encoder
from qa.confidence import Confidence, Signals, signals
from qa.gold import Question, read_exam, read_squad, sample
from qa.late_interaction import LateInteraction
from qa.metrics import auroc
from qa.reader import SentenceReader
from qa.retriever import LibraryRetriever, Ranked

OUTPUT = Path(__file__).resolve().parent.parent / "qa" / "confidence.json"
NAMES = [field.name for field in fields(Signals)]
FOLDS = 10
RIDGE = 0.02
# The share of answerable questions that should be answered; the rest of the errors follow from the AUROC.
ANSWERED = 0.85


@dataclass(frozen=True)
class Example:
    """One question with what was found for it: its signals, and whether the articles answer it."""

    group: str
    kind: str
    signals: Signals
    answerable: bool


class Prober:
    """Asks one library and measures the signals, with or without the articles that answer."""

    def __init__(self, library: Library) -> None:
        interaction = LateInteraction(library.encoder)
        self._retriever = LibraryRetriever(library, interaction)
        self._reader = SentenceReader(interaction)

    def examples(self, questions: Sequence[Question], kind: str, group: str = "") -> Iterator[Example]:
        """Yield one example for each question, and one more for each that loses its article."""
        for question in questions:
            found = self._retriever.retrieve(question.text, Filters(), 24)
            name = group or "-".join(question.id.split("-")[:1])
            if not question.answers:
                yield self._example(question, found, name, f"{kind} unanswerable", answerable=False)
                continue
            yield self._example(question, found, name, f"{kind} answerable", answerable=True)
            without = [item for item in found if not _answers(question, item)]
            if without:
                yield self._example(question, without, name, f"{kind} left out", answerable=False)

    def _example(
        self, question: Question, found: Sequence[Ranked], group: str, kind: str, *, answerable: bool
    ) -> Example:
        best = self._reader.evidence(question.text, found[:16])[0]
        return Example(group, kind, signals(question.text, best.ranked, best.alone, found[:16]), answerable)


def _answers(question: Question, item: Ranked) -> bool:
    article = item.candidate.article
    return bool(question.evidence(article.id, article.text))


def threshold(examples: Sequence[Example], scores: NDArray[np.float64]) -> float:
    """Return the confidence that `ANSWERED` of the answerable examples reach, each kind counting alike."""
    kinds = sorted({example.kind for example in examples if example.answerable})
    lowest = [
        float(np.quantile([scores[row] for row, example in enumerate(examples) if example.kind == kind], 1 - ANSWERED))
        for kind in kinds
    ]
    return float(np.mean(lowest))


def fit(examples: Sequence[Example]) -> Confidence:
    """Fit the logistic model: each kind of example counts alike, a ridge keeps the weights small."""
    matrix = np.array([astuple(example.signals) for example in examples])
    target = np.array([example.answerable for example in examples], dtype=float)
    kinds = [example.kind for example in examples]
    weight = np.array([1.0 / kinds.count(kind) for kind in kinds])
    for side in (0.0, 1.0):
        weight[target == side] /= weight[target == side].sum()
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    design = np.hstack([(matrix - mean) / spread, np.ones((len(examples), 1))])
    ridge = RIDGE * np.eye(design.shape[1])
    ridge[-1, -1] = 0.0
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weight * (chance - target)) + ridge @ beta
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design + ridge
        beta -= np.linalg.solve(curvature, gradient)
    return Confidence(Signals(*mean), Signals(*spread), Signals(*beta[:-1]), float(beta[-1]), 0.5)


def cross_validate(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return each example's confidence from a model that saw none of its group."""
    groups = sorted({example.group for example in examples})
    fold = {group: place % FOLDS for place, group in enumerate(groups)}
    scores = np.zeros(len(examples))
    for held_out in range(FOLDS):
        model = fit([example for example in examples if fold[example.group] != held_out])
        for row, example in enumerate(examples):
            if fold[example.group] == held_out:
                scores[row] = model.of(example.signals)
    return scores


def gather(data: Path, library_path: Path) -> list[Example]:
    """Ask everything."""
    encoder = open_encoder()
    examples: list[Example] = []
    with Library.open(library_path, encoder=encoder) as library:
        prober = Prober(library)
        for language in ("en", "ar"):
            examples += prober.examples(read_exam(data / "eval" / "news.dev.jsonl", language), f"news {language}")
    for asked, read in (("en", "ar"), ("ar", "ar"), ("ar", "en"), ("en", "en")):
        squad = read_squad(data / "eval" / f"xquad.{asked}.dev.json", data / "eval" / f"xquad.{read}.dev.json")
        with tempfile.TemporaryDirectory() as folder, Library.open(folder, encoder=encoder) as library:
            library.add(squad.articles)
            prober = Prober(library)
            for question in sample(squad.questions, 120):
                group = next(iter(question.article_ids)).rsplit("/", 1)[0].rsplit("#", 1)[0]
                examples += prober.examples([question], f"xquad {asked}-{read}", group)
    return examples


def kept(path: Path | None) -> list[Example]:
    """Read examples gathered before."""
    if path is None or not path.exists():
        return []
    return [Example(**{**item, "signals": Signals(**item["signals"])}) for item in json.loads(path.read_text("utf-8"))]


def main() -> None:
    """Gather, cross-validate, fit on everything, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--examples", type=Path, help="keep what was gathered here, and read it if it is there")
    options = parser.parse_args()
    examples = kept(options.examples) or gather(options.data, options.library)
    if options.examples:
        options.examples.write_text(json.dumps([asdict(example) for example in examples]), encoding="utf-8")
    scores = cross_validate(examples)
    limit = round(threshold(examples, scores), 3)
    held_out: dict[str, dict[str, float]] = {}
    for kind in sorted({example.kind.rsplit(" ", 1)[0].removesuffix(" left") for example in examples}):
        rows = [row for row, example in enumerate(examples) if example.kind.startswith(kind)]
        sides = {
            side: [float(scores[row]) for row in rows if examples[row].kind.endswith(side)]
            for side in ("answerable", "unanswerable", "left out")
        }
        sides["answerable"] = [float(scores[row]) for row in rows if examples[row].answerable]
        held_out[kind] = {
            f"auroc against {side}": round(auroc(sides["answerable"], sides[side]), 3)
            for side in ("unanswerable", "left out")
            if sides[side]
        }
        for side, values in sides.items():
            if values:
                held_out[kind][f"{side}: answered"] = round(float(np.mean(np.array(values) >= limit)), 3)
    model = fit(examples)
    fitted = {
        part: {name: round(value, 5) for name, value in zip(NAMES, astuple(getattr(model, part)), strict=True)}
        for part in ("mean", "spread", "weights")
    }
    result: dict[str, object] = {**fitted, "bias": round(model.bias, 5), "threshold": limit}
    result |= {"examples": len(examples), "held_out": held_out}
    OUTPUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
