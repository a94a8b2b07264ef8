"""Fit which sentence answers, and how sure that is, on what a reader makes of kept candidates.

    python -m benchmarks.training.ranker read OUT READER.npz CANDIDATES.pkl [--passages 6]
    python -m benchmarks.training.ranker fit READ.pkl ... [--report READ.pkl ...] [--write]

`read` marks what is read for each question; `fit` fits the ranker and the calibration (qa/tuning/fitting.py) on
some exams, by article in folds, and reports on others that nothing is fitted on. `--write` puts them where the product
reads them.
"""

import argparse
import json
import math
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.answers import Gold
from benchmarks.harness import say, work_offline
from benchmarks.training.candidates import Found, Hit
from index import Article
from index.text.normalisation import Span
from qa.attribution.attribution import speaker_of
from qa.evaluation.metrics import auroc, calibration_error
from qa.reading.answerability import Confidence, length_of
from qa.reading.overlap import Overlap
from qa.reading.reader import READ_ALONE
from qa.reading.sentence_ranker import SentenceRanker, fitted, held
from qa.reading.span_model import BundledSpanModel, Text
from qa.retrieval.late_interaction import FOREIGN
from qa.retrieval.retriever import SEARCHED
from qa.tuning.fitting import (
    FIRST,
    RANKED,
    SURE,
    Decided,
    cross_validated,
    decided_by,
    fit_confidence,
    fit_ranker,
    matrix_of,
    threshold,
)

LONGEST = 720
# What the name of a library ends in that holds the right article alone.
ALONE = ", alone"
# Tried and left out: see benchmarks/ablation.py.
TRIED = ("first", "chars", "newer")
_PERHAPS = 0.15


@dataclass(frozen=True)
class Sentence:
    """One sentence that was read: what speaks for it, and whether it answers."""

    article: str
    quote: str
    answer: str
    features: dict[str, float]
    right: bool
    speaker: str
    speaker_score: float
    stance: str
    ruled: str = ""
    bonus: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One question with the sentences read for it; `place` tells in which library it was asked."""

    id: str
    group: str
    place: str
    language: str
    expect: str
    question: str
    gold_speaker: str
    wrong: tuple[str, ...]
    found_rank: int
    sentences: tuple[Sentence, ...]
    likeliest: tuple[Sentence, ...]

    @property
    def narrowed(self) -> "Asked":
        """The question with only the sentences that were read alone as well."""
        return replace(self, sentences=self.likeliest)

    @property
    def answerable(self) -> bool:
        """Tell whether a sentence is wanted."""
        return self.expect != "abstain"


def order(found: Found) -> list[Hit]:
    """Return the hits in the order in which qa/retrieval has them read."""
    return sorted(
        found.hits,
        key=lambda hit: -(hit.aligned + FOREIGN * (hit.language != found.language) + SEARCHED * hit.fused),
    )


def read(spans: BundledSpanModel, found: Found, passages: int, place: str, only: frozenset[str] | None = None) -> Asked:
    """Mark what is read for one question; `only` leaves the candidates of other articles out."""
    gold = Gold(found.line)
    hits = [hit for hit in order(found) if hit.sentences and (only is None or hit.article in only)][:passages]
    bounds = [(hit, start, end) for hit in hits for start, end in windows(hit)]
    texts = [Text(context(hit), hit.text[start:end]) for hit, start, end in bounds]
    sentences: dict[tuple[str, int], Sentence] = {}
    overlap = Overlap.of(found.question, [(passage_text(hit), hit.language) for hit in hits])
    dates = sorted({(hit.article, hit.published) for hit in hits if hit.published}, key=lambda pair: pair[1])
    for (hit, start, end), marks in zip(bounds, spans.mark(found.question, texts), strict=True):
        top = marks.best(0, end - start)
        said = marks.speaker()
        around = overlap.shares(passage_text(hit), hit.language)
        for first, last, aligned in hit.sentences:
            here = marks.best(first - start, last - start) if start <= first and last <= end else None
            if here is None or top is None or (hit.article, first) in sentences:
                continue
            features = {
                "span": held(here.score), "relevance": marks.relevance,
                "below": held(here.score - top.score), "sentence": aligned, "passage": hit.aligned,
                "foreign": float(hit.language != found.language), "length": length_of(found.question),
                "newer": _newer(hit.published, [day for _, day in dates]),
            }  # fmt: skip
            quote = hit.text[first:last]
            right = gold.expect != "abstain" and gold.is_quoted(hit.article, quote)
            within = overlap.shares(quote, hit.language)
            features |= {"names": around.names, "words": around.words}
            features |= {"names_here": within.names, "words_here": within.words}
            features |= {"first": float(not hit.text[:first].strip()), "chars": math.log(max(1, last - first))}
            sentences[hit.article, first] = Sentence(
                hit.article, quote, hit.text[start + here.start : start + here.end], features,
                right,
                hit.text[start + said.start : start + said.end] if said else "", said.score if said else 0.0,
                marks.stance, _ruled(hit, first, last) if right and found.line.get("speaker") else "",
            )  # fmt: skip
    contexts = {hit.article: context(hit) for hit in hits}
    ranks = [n for n, hit in enumerate(order(found)) if hit.article in gold.articles]
    group = str(found.line.get("article") or found.line.get("near") or found.line["id"])
    return Asked(
        str(found.line["id"]), group, place, found.language, gold.expect, found.question,
        str(found.line.get("speaker") or ""), tuple(found.line.get("wrong") or ()), ranks[0] if ranks else 99,
        tuple(sentences.values()), _read_alone(spans, found.question, list(sentences.values()), contexts),
    )  # fmt: skip


def _read_alone(
    spans: BundledSpanModel, question: str, sentences: Sequence[Sentence], contexts: Mapping[str, str]
) -> tuple[Sentence, ...]:
    """Read the likeliest sentences, by the weights that ship, each alone."""
    weights = asdict(fitted().first.weights)
    scores = matrix_of(sentences, FIRST) @ np.array([weights[name] for name in FIRST])
    likeliest = [sentences[place] for place in (-scores).argsort(kind="stable")[:READ_ALONE]]
    marks = spans.mark(question, [Text(contexts[item.article], item.quote) for item in likeliest])
    return tuple(
        replace(item, features=item.features | {"span_alone": held(best.score if best else None),
                                                "relevance_alone": own.relevance})
        for item, own in zip(likeliest, marks, strict=True)
        for best in [own.best(0, len(item.quote))]
    )  # fmt: skip


def _ruled(hit: Hit, first: int, last: int) -> str:
    """Return whom the language packs' rules give as the speaker of a sentence."""
    article = Article.create(hit.article, hit.text, title=hit.title, language=hit.language)
    speaker = speaker_of(article, Span(first, last))
    return speaker.name if speaker else ""


def _newer(published: str, days: Sequence[str]) -> float:
    """Return the share of the other articles read that are older, a half where a date is missing."""
    return sum(day < published for day in days) / max(1, len(days) - 1) if published else 0.5


def context(hit: Hit) -> str:
    """Return what is read above a window."""
    return f"{hit.title} ({hit.published})" if hit.published else hit.title


def passage_text(hit: Hit) -> str:
    """Return a passage's own text with its article's title."""
    return f"{hit.title}\n{hit.text[hit.start : hit.end]}"


def windows(hit: Hit) -> Iterator[tuple[int, int]]:
    """Yield what the product reads of a passage (qa/reading/reader.py): until each sentence stands in a window."""
    spans, left = hit.sentences, list(range(len(hit.sentences)))
    while left:
        first = last = max(left, key=lambda place: spans[place][2])
        while True:
            sides = [s for s in (last + 1, first - 1) if 0 <= s < len(spans)]
            grown = next((s for s in sides if spans[max(last, s)][1] - spans[min(first, s)][0] <= LONGEST), None)
            if grown is None:
                break
            first, last = min(first, grown), max(last, grown)
        yield spans[first][0], spans[last][1]
        left = [place for place in left if not first <= place <= last]


def report(name: str, decided: Sequence[Decided[Asked]], answer: float, perhaps: float) -> None:
    """Print one line of what came out for an exam's plain questions."""
    plain = [d for d in decided if d.asked.expect in {"answer", "newest"}]
    near = [d for d in decided if d.asked.expect == "abstain"]
    both = [*plain, *near]
    line = {
        "n": len(plain),
        "found@1": _share([d.asked.found_rank == 0 for d in plain]),
        "found@8": _share([d.asked.found_rank < 8 for d in plain]),
        "read": _share([any(s.right for s in d.asked.sentences) for d in plain]),
        "sentence": _share([d.right for d in plain]),
        "shown right": _share([d.right and d.confidence >= perhaps for d in plain]),
        "wrong": _share([not d.right and d.confidence >= answer for d in plain]),
        "withheld": _share([
            0.0 if d.confidence >= answer else 0.5 if d.right and d.confidence >= perhaps else 1.0 for d in plain
        ]),
        "near not": _share([d.confidence < answer for d in near]) if near else None,
        "AUROC": round(auroc([d.confidence for d in plain], [d.confidence for d in near]), 3),
        "AUROC right": round(
            auroc([d.confidence for d in both if d.right], [d.confidence for d in both if not d.right]), 3
        ),
        "ECE": round(calibration_error([d.confidence for d in both], [d.right for d in both]), 3),
    }  # fmt: skip
    print(f"{name:24}", json.dumps(line), flush=True)


def _share(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 3) if values else math.nan


def counted(decided: Sequence[Decided[Asked]]) -> list[Decided[Asked]]:
    """Return the plain questions that the threshold is chosen by; those of one article alone only calibrate."""
    return [d for d in decided if d.asked.expect in {"answer", "newest"} and not d.asked.place.endswith(ALONE)]


def main() -> None:
    """Read, or fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("read")
    reading.add_argument("out", type=Path)
    reading.add_argument("reader", type=Path)
    reading.add_argument("candidates", type=Path)
    reading.add_argument("--passages", type=int, default=6)
    reading.add_argument("--every", type=int, default=1)
    reading.add_argument("--alone", action="store_true", help="ask again with the right article alone in the library")
    fitting = commands.add_parser("fit")
    fitting.add_argument("read", type=Path, nargs="+")
    fitting.add_argument("--report", type=Path, nargs="*", default=[])
    fitting.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.command == "read":
        _read(options.out, options.reader, options.candidates, options.passages, options.every, alone=options.alone)
    else:
        _fit(options.read, options.report, write=options.write)


def _read(out: Path, reader: Path, candidates: Path, passages: int, every: int, *, alone: bool) -> None:
    work_offline()
    spans = BundledSpanModel(weights=reader)
    asked: list[Asked] = []
    import __main__

    __main__.Found, __main__.Hit = Found, Hit
    found: list[Found] = pickle.loads(candidates.read_bytes())[::every]
    for number, item in enumerate(found):
        asked.append(read(spans, item, passages, candidates.stem))
        if alone and (name := item.line.get("article") or item.line.get("near")):
            asked.append(read(spans, item, passages, f"{candidates.stem}{ALONE}", frozenset({name})))
        if number % 100 == 0:
            say(f"{number} of {len(found)}")
    out.write_bytes(pickle.dumps(asked))


def _fit(fitted_on: Sequence[Path], reported: Sequence[Path], *, write: bool) -> None:
    read = [item for path in fitted_on for item in pickle.loads(path.read_bytes())]
    first = fit_ranker(read, FIRST)
    examples = [item.narrowed for item in read]
    decided = cross_validated(examples, RANKED, SURE)
    ranker = fit_ranker(examples)
    model = fit_confidence(examples, ranker)
    limit = threshold(counted(decided))
    print("ranker", dict(zip(RANKED, ranker.weights.round(4).tolist(), strict=True)), "threshold", limit)
    print("sure", {name: round(part.weight, 3) for name, part in model.features.items()}, round(model.bias, 3))
    for place in sorted({item.place for item in examples}):
        report(f"{place} (folds)", [d for d in decided if d.asked.place == place], limit, _PERHAPS)
    for path in reported:
        asked = [item.narrowed for item in pickle.loads(path.read_bytes())]
        rows = [decided_by(item, ranker, model) for item in asked]
        for place in sorted({item.place for item in asked}):
            report(place, [d for d in rows if d.asked.place == place], limit, _PERHAPS)
    if write:
        weights = SentenceRanker(first.linear, ranker.linear)
        confidence = Confidence(model, limit, _PERHAPS)
        fitted = {"sentence_ranker": weights.to_dict(), "answerability": confidence.to_dict()}
        folder = Path(__file__).resolve().parents[2] / "qa" / "reading"
        for name, part in fitted.items():
            (folder / f"{name}.json").write_text(json.dumps(part, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    # What is pickled belongs to the module, not to the script.
    from benchmarks.training import ranker

    ranker.main()
