"""Fit which sentence answers, and how sure that is: writes `qa/choice.json` and `qa/confidence.json`.

    python -m benchmarks.choice --library DIR --held-out READER [--data ../shared]

`DIR` is a library over the news corpus. `READER` are reader weights trained without fold 0 of XQuAD's articles (see
benchmarks/train_reader.py): on those articles the questions are asked with it, so that no question is judged by a
reader that was trained on it; the news exam's are asked with the reader that is shipped, which saw no news.
Unanswerable: the exam's own, and every question over again with the articles that answer left out. Both wordings of
a question are in the same of ten folds; printed is what the folds give that were not fitted on.
"""

import argparse
import json
import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from benchmarks.harness import Table, write
from benchmarks.quality import title_of
from benchmarks.train_reader import held_out_articles
from index import Filters, Library
from index.encoder import open_encoder
from qa.choice import Choice, Signs
from qa.confidence import Confidence, Signals, signals
from qa.gold import Question, read_exam, read_squad, sample
from qa.late_interaction import LateInteraction
from qa.metrics import auroc, auroc_interval, mean, mean_interval
from qa.reader import Evidence, SentenceReader
from qa.retriever import LibraryRetriever, Ranked
from qa.spans import BundledSpanModel, SpanModel

QA = Path(__file__).resolve().parent.parent / "qa"
SIGNS = [field.name for field in fields(Signs)]
SIGNALS = [field.name for field in fields(Signals)]
FOLDS = 10
RIDGE = 0.02
# The share of answerable questions that should be answered; the rest of the errors follow from the AUROC.
ANSWERED = 0.85
ALL = "all"
# Set, not fitted: the dev questions ask for too few denials. A denial asked for and given is worth more than any
# likeness of words, and as much confidence as it takes to answer where half the words meet.
DENIES = 7.0
DENIES_CONFIDENCE = 6.0
# What is left out in turn, to see what it is worth.
LEFT: dict[str, tuple[str, ...]] = {
    ALL: (),
    "without the span model": ("marked", "best"),
    "without late interaction": ("sentence", "passage"),
    "without place and length": ("lead", "length"),
    "without kinds of answer": ("denies", "names"),
}
_NOTE = (
    "Ten-fold cross-validation over articles; XQuAD by a reader that was not trained on the articles asked about. "
    "Sentence right: the chosen one holds the answer, in a right article. Right one read: it is among the sentences "
    "that were scored. Answered: the confidence is above the threshold. Answer left out: the same questions without "
    "the articles that answer."
)
PAIRS = (("en", "ar"), ("ar", "ar"), ("ar", "en"), ("en", "en"))


@dataclass(frozen=True)
class Sentence:
    """One sentence that was read: its signs, whether it holds the answer, and the signals were it the best."""

    signs: Signs
    right: bool
    signals: Signals


@dataclass(frozen=True)
class Example:
    """One question with the sentences read for it; `answerable` tells whether the library holds an answer."""

    group: str
    kind: str
    sentences: tuple[Sentence, ...]
    answerable: bool


class Prober:
    """Asks one library, with or without the articles that answer."""

    def __init__(self, library: Library, spans: SpanModel) -> None:
        interaction = LateInteraction(library.encoder)
        self._retriever = LibraryRetriever(library, interaction)
        self._reader = SentenceReader(interaction, spans)

    def examples(self, questions: Sequence[Question], kind: str, group: str = "") -> Iterator[Example]:
        """Yield one example for each question, and one more for each that loses its articles."""
        for question in questions:
            found = self._retriever.retrieve(question.text, Filters(), 24)
            name = group or question.id
            yield self._example(question, found, name, kind, answerable=bool(question.answers))
            if question.answers:
                left = [item for item in found if not _answers(question, item)]
                yield self._example(question, left, name, f"{kind}, left out", answerable=False)

    def _example(
        self, question: Question, found: Sequence[Ranked], group: str, kind: str, *, answerable: bool
    ) -> Example:
        read = self._reader.evidence(question.text, found[:16])
        sentences = tuple(
            Sentence(item.signs, answerable and _is_right(question, item), _signals(question, item, found))
            for item in read
        )
        return Example(group, kind, sentences, answerable)


def fit_choice(examples: Sequence[Example]) -> Choice:
    """Fit the weights by which the right sentences get the largest share among all that were read (listwise)."""
    sets = [
        (np.array([astuple(s.signs) for s in example.sentences]), np.array([s.right for s in example.sentences]))
        for example in examples
        if example.answerable and any(s.right for s in example.sentences)
    ]
    spread = np.concatenate([matrix for matrix, _ in sets]).std(axis=0) + 1e-9
    designs = [(matrix / spread, right) for matrix, right in sets]

    def loss(beta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = RIDGE * float(beta @ beta) / 2, RIDGE * beta
        for design, right in designs:
            scores = design @ beta
            total += float(logsumexp(scores) - logsumexp(scores[right])) / len(designs)
            wanted = softmax(scores[right]) @ design[right]
            gradient = gradient + (softmax(scores) @ design - wanted) / len(designs)
        return total, gradient

    beta = minimize(loss, np.zeros(len(SIGNS)), jac=True, method="L-BFGS-B").x
    fitted = Signs(*(float(value) for value in beta / spread))
    return Choice(replace(fitted, denies=DENIES))


def fit_confidence(examples: Sequence[Example], chosen: Sequence[Sentence | None]) -> Confidence:
    """Fit the logistic model; every kind of question weighs the same, as do answerable and unanswerable."""
    rows = [(example, best) for example, best in zip(examples, chosen, strict=True) if best is not None]
    matrix = np.array([astuple(replace(best.signals, denies=0.0)) for _, best in rows])
    target = np.array([float(example.answerable) for example, _ in rows])
    kinds = [example.kind for example, _ in rows]
    weight = np.array([1.0 / kinds.count(kind) for kind in kinds])
    for side in (0.0, 1.0):
        weight[target == side] /= weight[target == side].sum()
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    design = np.hstack([(matrix - mean) / spread, np.ones((len(rows), 1))])
    ridge = RIDGE * np.eye(design.shape[1])
    ridge[-1, -1] = 0.0
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weight * (chance - target)) + ridge @ beta
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design + ridge
        beta -= np.linalg.solve(curvature, gradient)
    return Confidence(
        replace(Signals(*mean), denies=0.0),
        replace(Signals(*spread), denies=1.0),
        replace(Signals(*beta[:-1]), denies=DENIES_CONFIDENCE),
        float(beta[-1]),
        0.5,
    )


@dataclass(frozen=True)
class Validated:
    """For each example the sentence chosen, and the confidence, by models that saw none of its group."""

    chosen: list[Sentence | None]
    scores: NDArray[np.float64]


def cross_validate(examples: Sequence[Example]) -> Validated:
    """Return each example's sentence and confidence from models that saw none of its group."""
    groups = sorted({example.group for example in examples})
    fold = {group: place % FOLDS for place, group in enumerate(groups)}
    chosen: list[Sentence | None] = [None] * len(examples)
    scores = np.zeros(len(examples))
    for held_out in range(FOLDS):
        seen = [example for example in examples if fold[example.group] != held_out]
        choice = fit_choice(seen)
        confidence = fit_confidence(seen, [best_of(choice, example) for example in seen])
        for row, example in enumerate(examples):
            if fold[example.group] == held_out:
                chosen[row] = best = best_of(choice, example)
                scores[row] = confidence.of(best.signals) if best else 0.0
    return Validated(chosen, scores)


def best_of(choice: Choice, example: Example) -> Sentence | None:
    """Return the sentence that a choice puts first."""
    return max(example.sentences, key=lambda item: choice.of(item.signs), default=None)


def gather(data: Path, library_path: Path, reader: Path) -> list[Example]:
    """Ask everything."""
    encoder = open_encoder()
    examples: list[Example] = []
    exam = data / "eval" / "news.dev.jsonl"
    articles = held_out_articles(data / "eval", 0)
    spans = BundledSpanModel(weights=reader)
    for asked, read in PAIRS:
        squad = read_squad(data / "eval" / f"xquad.{asked}.dev.json", data / "eval" / f"xquad.{read}.dev.json")
        own = [question for question in squad.questions if title_of(question) in articles]
        with tempfile.TemporaryDirectory() as folder, Library.open(folder, encoder=encoder) as library:
            library.add(squad.articles)
            prober = Prober(library, spans)
            for question in sample(own, 150):
                examples += prober.examples([question], f"xquad {asked}-{read}", title_of(question))
        print(asked, read, len(examples), flush=True)
    with Library.open(library_path, encoder=encoder) as library:
        prober = Prober(library, BundledSpanModel())
        for language in ("en", "ar"):
            examples += prober.examples(read_exam(exam, language), f"news {language}")
            print(language, len(examples), flush=True)
    return examples


def main() -> None:
    """Gather, cross-validate, fit on everything, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--examples", type=Path, help="keep what was gathered here, and read it if it is there")
    options = parser.parse_args()
    if options.examples and options.examples.exists():
        examples = pickle.loads(options.examples.read_bytes())
    else:
        examples = gather(options.data, options.library, options.held_out)
        if options.examples:
            options.examples.write_bytes(pickle.dumps(examples))
    results = {name: cross_validate([_without(example, signs) for example in examples]) for name, signs in LEFT.items()}
    limit = round(threshold(examples, results[ALL].scores), 3)
    _report(examples, results, limit)
    choice = fit_choice(examples)
    model = fit_confidence(examples, [best_of(choice, example) for example in examples])
    _write(QA / "choice.json", {"weights": _named(SIGNS, choice.weights)})
    parts = {part: _named(SIGNALS, getattr(model, part)) for part in ("mean", "spread", "weights")}
    _write(QA / "confidence.json", {**parts, "bias": round(model.bias, 5), "threshold": limit})
    print(json.dumps(_named(SIGNS, choice.weights)), json.dumps(_named(SIGNALS, model.weights)), limit)


def threshold(examples: Sequence[Example], scores: NDArray[np.float64]) -> float:
    """Return the confidence that the wanted share of the answerable news questions reaches."""
    values = [
        score for example, score in zip(examples, scores, strict=True) if example.answerable and "news" in example.kind
    ]
    return float(np.quantile(values, 1 - ANSWERED))


def _without(example: Example, signs: Sequence[str]) -> Example:
    """Return the example with some signs, and the signals that are the same, left blank."""
    signals = [name for name in signs if name in SIGNALS]
    kept = tuple(
        replace(
            sentence,
            signs=replace(sentence.signs, **dict.fromkeys(signs, 0.0)),
            signals=replace(sentence.signals, **dict.fromkeys(signals, 0.0)),
        )
        for sentence in example.sentences
    )
    return replace(example, sentences=kept)


def _report(examples: Sequence[Example], results: dict[str, Validated], limit: float) -> None:
    kinds = [kind for kind in sorted({example.kind for example in examples}) if "left out" not in kind]
    measured = {
        name: {kind: _measured(examples, result, kind, limit) for kind in kinds} for name, result in results.items()
    }
    tables = []
    for kind in kinds:
        columns = list(measured[ALL][kind])
        rows = tuple(
            (name, *(f"{found[kind][column].value:.3f}" for column in columns)) for name, found in measured.items()
        )
        count = sum(example.kind == kind for example in examples)
        tables.append(Table(kind, f"{count} questions.", ("Signs", *columns), rows))
    plain = {
        name: {kind: {key: asdict(value) for key, value in part.items()} for kind, part in found.items()}
        for name, found in measured.items()
    }
    write("choice", "Choosing the sentence, and knowing when not to answer", _NOTE, {"held out": plain}, tables)


@dataclass(frozen=True)
class Measure:
    """A share or an AUROC, 0 to 1, with its 95 % interval over the questions."""

    value: float
    low: float
    high: float


def _measured(examples: Sequence[Example], result: Validated, kind: str, limit: float) -> dict[str, Measure]:
    rows = [row for row, example in enumerate(examples) if example.kind == kind]
    right = [row for row in rows if examples[row].answerable]
    others = {
        "unanswerable": [row for row in rows if not examples[row].answerable],
        "answer left out": [row for row, example in enumerate(examples) if example.kind == f"{kind}, left out"],
    }
    found = {
        "sentence right": _share([best is not None and best.right for best in (result.chosen[row] for row in right)]),
        "right one read": _share([any(s.right for s in examples[row].sentences) for row in right]),
        "answered": _share([float(score) >= limit for score in result.scores[right]]),
    }
    for name, wrong in others.items():
        if wrong:
            ours, theirs = [[float(result.scores[row]) for row in side] for side in (right, wrong)]
            interval = auroc_interval(ours, theirs)
            found[f"AUROC, {name}"] = Measure(auroc(ours, theirs), interval.low, interval.high)
            found[f"answered, {name}"] = _share([score >= limit for score in theirs])
    return found


def _share(values: Sequence[bool]) -> Measure:
    interval = mean_interval([float(value) for value in values])
    return Measure(mean([float(value) for value in values]), interval.low, interval.high)


def _answers(question: Question, item: Ranked) -> bool:
    article = item.candidate.article
    return article.id in question.article_ids or bool(question.evidence(article.id, article.text))


def _is_right(question: Question, item: Evidence) -> bool:
    article = item.ranked.candidate.article
    return question.is_answered(item.quote, article.id, article.text)


def _signals(question: Question, item: Evidence, found: Sequence[Ranked]) -> Signals:
    return signals(question.text, item.ranked, item.signs, found)


def _named(names: Sequence[str], values: Signs | Signals) -> dict[str, float]:
    return {name: round(value, 5) for name, value in zip(names, astuple(values), strict=True)}


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
