"""What int8 and bfloat16 gain and cost beside float32: the bundled models, each computed in all three.

Passages the encoder takes in a second of processor time, in alternating rounds, so that others who compute beside it
disturb little; how far its vectors lie from those of float32; what is found on XQuAD, development half, over the Arabic
paragraphs; and what the reader reads in XQuAD's paragraphs and in held-out news, the right article given.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.harness import Data, Figure, Spread, Table, parser, ratios, say, work_offline, write
from benchmarks.training.curve import measure
from benchmarks.training.examples import Articles, Asked, Place, asked_in, load_articles, read_lines
from index import Article, Filters, Library, open_encoder
from index.analysis import Span, sentences
from index.encoding.encoder import Encoder
from index.encoding.precision.choice import Precision
from index.encoding.precision.processor import has_bfloat16
from qa.evaluation.gold import GoldQuestion, Retrieved, rank, read_squad, sample
from qa.evaluation.metrics import mean_reciprocal_rank, recall_at
from qa.reading.span_model import BundledSpanModel
from qa.retrieval.retriever import LibraryRetriever

_ASKED = ("en", "ar")
_READ = "ar"
_NOTE = (
    "The bundled models in each precision, over XQuAD's Arabic paragraphs and held-out news; the scales of int8 were "
    "measured on other texts. Speed is counted in processor time, medians of alternating rounds with the least and the "
    "most. Sentence: the best span lies in the sentence that answers, the right article given."
)


@dataclass(frozen=True, slots=True)
class Computed:
    """One precision: cosines to float32, recall@1 and MRR by the question's language, what the reader reads by exam."""

    precision: str
    cosine: float
    least: float
    recall: Mapping[str, float]
    mrr: Mapping[str, float]
    sentence: Mapping[str, float]
    f1: Mapping[str, float]


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=240, help="questions of XQuAD in each language (default: 240)")
    flags.add_argument("--every", type=int, default=4, help="every so many held-out questions over news (default: 4)")
    flags.add_argument("--rounds", type=int, default=5, help="times each takes the paragraphs in (default: 5)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    files = {code: data.file(f"eval/xquad.{code}.dev.json") for code in _ASKED}
    squads = {code: read_squad(file, files[_READ]) for code, file in files.items()}
    articles = squads[_READ].articles
    questions = {code: sample(squad.questions, options.limit) for code, squad in squads.items()}
    exams = {code: _xquad(asked, articles, code) for code, asked in questions.items()}
    exams["news"] = _held_out(data, options.every)
    kinds: list[Precision] = ["float32", "int8", *(["bfloat16"] if has_bfloat16() else [])]  # type: ignore[list-item]
    encoders = {kind: open_encoder(precision=kind) for kind in kinds}
    vectors = {kind: _vectors(encoder, [article.text for article in articles]) for kind, encoder in encoders.items()}
    rates = _speeds(encoders, articles, options.rounds)
    say(str(rates))
    computed: list[Computed] = []
    for kind, encoder in encoders.items():
        cosines = (vectors[kind] * vectors["float32"]).sum(axis=1)
        say(f"{kind}: finding, then reading")
        found = {code: _found(options.cache, encoder, articles, questions[code]) for code in _ASKED}
        reader = BundledSpanModel(precision=kind)
        read = {name: measure(reader, asked, held, 0) for name, (asked, held) in exams.items()}
        computed.append(
            Computed(
                kind, float(cosines.mean()), float(cosines.min()),
                {code: recall_at(ranks, 1) for code, ranks in found.items()},
                {code: mean_reciprocal_rank(ranks) for code, ranks in found.items()},
                {name: point.sentence for name, point in read.items()},
                {name: point.f1 for name, point in read.items()},
            )
        )  # fmt: skip
        say(str(computed[-1]))
        if len(computed) > 1:
            _write(computed, rates, {name: len(exam[0]) for name, exam in exams.items()})


def _vectors(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    return np.stack([item.vector for item in encoder.encode_passages(texts)])


def _speeds(encoders: Mapping[Precision, Encoder], articles: Sequence[Article], rounds: int) -> dict[str, list[float]]:
    """Return passages in a second of processor time, round by round."""
    texts = [article.text for article in articles[::4]]
    rates: dict[str, list[float]] = {kind: [] for kind in encoders}
    for _ in range(rounds):
        for kind, encoder in encoders.items():
            began = time.process_time()
            encoder.encode_passages(texts)
            rates[kind].append(len(texts) / (time.process_time() - began))
    return rates


def _found(
    cache: Path, encoder: Encoder, articles: Sequence[Article], questions: Sequence[GoldQuestion]
) -> list[int | None]:
    """Return the rank of the first right passage for each question, through all of retrieval."""
    folder = cache / "precisions"
    shutil.rmtree(folder, ignore_errors=True)
    ranks = []
    with Library.open(folder, encoder=encoder) as library:
        library.add(articles)
        retriever = LibraryRetriever(library)
        for question in questions:
            hits = [
                (hit.candidate.article, hit.candidate.passage)
                for hit in retriever.retrieve(question.text, Filters(), 10)
            ]
            ranks.append(rank(question, [Retrieved(a.id, a.text, p.start, p.end) for a, p in hits]).passage)
    return ranks


def _xquad(
    questions: Sequence[GoldQuestion], articles: Sequence[Article], language: str
) -> tuple[list[Asked], Articles]:
    """Put XQuAD's questions as those over news are put: each with the sentence and the place that answers it."""
    by_id = {article.id: article for article in articles}
    asked = []
    for question in questions:
        name = min(question.article_ids)
        answer = question.spans[0]
        held = next(span for span in sentences(by_id[name].text) if span.start <= answer.start < span.end)
        place = Place(name, Span(held.start, max(held.end, answer.end)), answer)
        asked.append(Asked(question.id, dict.fromkeys(("en", "ar", "fr"), question.text), (place,)))
    return asked, Articles(by_id)


def _held_out(data: Data, every: int) -> tuple[list[Asked], Articles]:
    """Read the questions over news that the reader was not trained on, with their articles alone."""
    lines = data.file("train/news.jsonl.gz")
    names = {str(line.get("article") or line.get("near")) for line in read_lines(lines)}
    held = {name for name in names if Asked("", {}, near=(name,)).is_held_out}
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "held-out.jsonl"
        corpus = (line for line in read_lines(data.file("corpus/ant.jsonl.gz")) if line["id"] in held)
        own.write_text("".join(f"{json.dumps(line)}\n" for line in corpus), encoding="utf-8")
        articles = load_articles([own])
    return [item for item in asked_in(lines, articles) if item.is_held_out][::every], articles


def _write(computed: Sequence[Computed], rates: Mapping[str, Sequence[float]], counts: Mapping[str, int]) -> None:
    exact, int8 = computed[0], computed[1]
    faster = ratios(rates["int8"], rates["float32"], "more")
    lost = max(exact.recall[code] - int8.recall[code] for code in _ASKED)
    lost_mrr = max(exact.mrr[code] - int8.mrr[code] for code in _ASKED)
    misread = max(exact.sentence[name] - int8.sentence[name] for name in counts)
    figures = [
        Figure("int8: times as many passages a second", "×", faster, 2, "more", "float32"),
        Figure("int8: mean cosine to float32", "", Spread.of([int8.cosine]), 0.999, "more", "float32"),
        Figure("int8: R@1 lost, the most", "", Spread.of([lost]), 0.005, "less", "float32"),
        Figure("int8: MRR lost, the most", "", Spread.of([lost_mrr]), 0.005, "less", "float32"),
        Figure("int8: sentence accuracy lost, the most", "", Spread.of([misread]), 0.01, "less", "float32"),
    ]
    tables = [
        Table(
            "The encoder",
            "Questions are asked of all of retrieval: the dense and the lexical search, then late interaction.",
            (
                "", "passages/s", "× float32", "cosine, mean", "least",
                *(f"{shown}, {code} → {_READ}" for code in _ASKED for shown in ("R@1", "MRR")),
            ),
            tuple(
                (
                    one.precision, str(Spread.of(rates[one.precision])),
                    str(ratios(rates[one.precision], rates["float32"], "more")),
                    f"{one.cosine:.5f}", f"{one.least:.5f}",
                    *(f"{value[code]:.3f}" for code in _ASKED for value in (one.recall, one.mrr)),
                )
                for one in computed
            ),
        ),
        Table(
            "The reader",
            "; ".join(f"{name}: {count} questions" for name, count in counts.items()) + ". XQuAD's by language.",
            ("", *(f"{m}, {name}" for name in counts for m in ("sentence", "F1"))),
            tuple(
                (one.precision, *(f"{value[name]:.3f}" for name in counts for value in (one.sentence, one.f1)))
                for one in computed
            ),
        ),
    ]  # fmt: skip
    values = {"precisions": [asdict(one) for one in computed], "rates": rates, "questions": counts}
    write("precisions", "What the precisions gain and cost", _NOTE, values, tables, figures)


if __name__ == "__main__":
    main()
