"""The learning curve: `python -m benchmarks.training.curve READER-1000.npz ... [--every 4]`.

Each reader, a run's checkpoint or one that was packed, named by how many groups it has read, reads the right article of
questions that are held out from training, and the near one of near misses. Readers that shipped before are in git's
history of `qa/reading/reader.npz`. Written to `benchmarks/results/learning.json` and `.md`.
"""

import argparse
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from benchmarks.harness import Table, say, work_offline, write
from benchmarks.training.examples import LANGUAGES, Articles, Asked, asked_in, load_articles
from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.encoder import default_cache
from index.encoding.tuned_weights import TunedWeights
from index.ingest.chunking import context_of
from qa.evaluation.metrics import auroc, mean, same_speaker, token_f1
from qa.reading.span_model import WEIGHTS, BundledSpanModel, Text

_SHIPPED = Path(__file__).resolve().parents[2] / "qa" / "reading" / WEIGHTS
_NOTE = (
    "Held-out news lines, the right article given (for near misses, the near one), each line in one of the three "
    "wordings in turn. Sentence: the best span lies in the sentence that answers. AUROC: the relevance of the best "
    "window, of questions that are answered against near misses."
)


@dataclass(frozen=True)
class Point:
    """What a reader reads right, after so many groups of a question with its windows."""

    groups: int
    sentence: float
    f1: float
    auroc: float
    speaker: float


def measure(spans: BundledSpanModel, asked: Sequence[Asked], articles: Articles, groups: int) -> Point:
    """Read each question's own article."""
    right, f1, speakers = [], [], []
    relevance: dict[bool, list[float]] = {True: [], False: []}
    for number, item in enumerate(asked):
        name = item.places[0].article if item.places else item.near[0]
        article = articles.by_id[name]
        windows = articles.windows(name)
        texts = [Text(context_of(article), article.text[span.start : span.end]) for span in windows]
        marks = spans.mark(item.wordings[LANGUAGES[number % 3]], texts)
        relevance[bool(item.places)].append(max(found.relevance for found in marks))
        read = zip(marks, texts, windows, strict=True)
        best = max(
            ((found.best(0, len(text.text)), span, found) for found, text, span in read),
            key=lambda part: part[0].score if part[0] else -99.0,
        )  # fmt: skip
        if not item.places or best[0] is None:
            continue
        place, start = item.places[0], best[1].start
        right.append(place.sentence.start <= start + best[0].start < place.sentence.end)
        answer = article.text[start + best[0].start : start + best[0].end]
        f1.append(token_f1(answer, [place.answer.slice(article.text)], "ar"))
        said = best[2].speaker()
        if item.speaker and right[-1]:
            text = article.text[start + said.start : start + said.end] if said else ""
            speakers.append(bool(text) and same_speaker(text, item.speaker))
    return Point(groups, mean(right), mean(f1), auroc(relevance[True], relevance[False]), mean(speakers))


def main() -> None:
    """Measure every checkpoint and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--shipped", action="store_true", help="also what ships, as the last point")
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    options = parser.parse_args()
    work_offline()
    articles = load_articles([options.data / "corpus" / "ant.jsonl.gz"])
    asked = [item for item in asked_in(options.data / "train" / "news.jsonl.gz", articles) if item.is_held_out]
    asked = asked[:: options.every]
    base = layer_weights(bundled_model(default_cache()))
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for path in options.checkpoints:
            packed = path
            if path.suffix != ".npz":
                packed = Path(folder) / f"{path.stem}.npz"
                TunedWeights.of({k: v.astype(np.float32) for k, v in load_file(path).items()}, base).save(packed)
            seen = re.search(r"\d+", path.stem)
            points.append(measure(BundledSpanModel(weights=packed), asked, articles, int(seen[0]) if seen else 0))
            say(str(points[-1]))
    if options.shipped:
        points.append(measure(BundledSpanModel(weights=_SHIPPED), asked, articles, -1))
    rows = tuple(
        (str(p.groups) if p.groups >= 0 else "ships", *(f"{v:.3f}" for v in list(asdict(p).values())[1:]))
        for p in points
    )  # fmt: skip
    table = Table(f"{len(asked)} questions", "", ("groups read", "sentence", "F1", "AUROC", "speaker"), rows)
    print(table.markdown())
    write("learning", "The reader's learning curve", _NOTE, [asdict(point) for point in points], [table])


if __name__ == "__main__":
    main()
