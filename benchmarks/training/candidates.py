"""What is found for a question, kept to try rankers and thresholds on without asking again.

    python -m benchmarks.training.candidates OUT --library DIR --exam FILE [--held-out] [--language en ...]

`OUT` is a pickle of a list of `Found`. With `--held-out`, only the questions that the reader is not trained on.
"""

import argparse
import json
import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import say, work_offline
from benchmarks.training.examples import HELD, LANGUAGES, read_lines
from index import Filters, Library, open_encoder
from qa.reading.windows import sentences_in
from qa.retrieval.late_interaction import LateInteraction

SHOWN = 16


@dataclass(frozen=True)
class Hit:
    """One candidate passage: its place in the fused order, cosine and late-interaction score without any bonus.

    `heading` and `text[...]` are what the reader may be given; `sentences` are (start, end, late-interaction score) in
    characters of the article, for the first passages only.
    """

    article: str
    language: str
    title: str
    published: str
    start: int
    end: int
    fused: float
    cosine: float | None
    aligned: float
    text: str
    sentences: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True)
class Found:
    """One question in one wording, the exam's line, its encoded vector, and what was found, best aligned first."""

    line: Mapping[str, Any]
    language: str
    question: str
    vector: NDArray[np.float32]
    hits: tuple[Hit, ...]


def is_held_out(line: Mapping[str, Any]) -> bool:
    """Tell whether a line of the training data is held out from training."""
    return zlib.crc32(str(line.get("article") or line.get("near") or line["id"]).encode()) % HELD == 0


def find(
    library: Library, lines: Sequence[Mapping[str, Any]], languages: Sequence[str], rotate: bool
) -> Iterator[Found]:
    """Search for every line in each language, or in one of them in turn."""
    interaction = LateInteraction(library.encoder)
    for number, line in enumerate(lines):
        for language in [languages[number % len(languages)]] if rotate else languages:
            question = str(line.get(f"question_{language}") or "")
            if not question:
                continue
            if line.get("history"):
                question = f"{line['history'][-1][language]} {question}"
            with library.snapshot():
                candidates = library.search(question, filters=Filters(), limit=50)
            aligned = interaction.align(question, candidates)
            order = sorted(range(len(candidates)), key=lambda place: -aligned[place].score)
            hits = []
            for rank, place in enumerate(order):
                item, article = candidates[place], candidates[place].article
                spans = sentences_in(article, item.passage) if rank < SHOWN else []
                scores = interaction.sentence_scores(aligned[place], item, spans) if spans else []
                hits.append(
                    Hit(
                        article.id, article.language, article.title, str(article.published or ""), item.passage.start,
                        item.passage.end, item.score, item.similarity, aligned[place].score, article.text,
                        tuple((span.start, span.end, score) for span, score in zip(spans, scores, strict=True)),
                    )
                )  # fmt: skip
            yield Found(line, language, question, library.encoder.encode_query(question).vector, tuple(hits))
        if number % 50 == 0:
            say(f"{number} of {len(lines)}")


def main() -> None:
    """Search and keep what is found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--add", type=Path, help="articles to index into the library first")
    parser.add_argument("--exam", type=Path, required=True)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--language", nargs="*", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--rotate", action="store_true", help="ask each line in one language only, in turn")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    work_offline()
    lines = [line for line in read_lines(options.exam) if not options.held_out or is_held_out(line)][:: options.every]
    lines = [line for line in lines if line.get("expect") not in {"chat", "overview"}]
    with Library.open(options.library, encoder=open_encoder()) as library:
        if options.add:
            library.sync(options.add)
        found = list(find(library, lines, options.language, options.rotate))
    options.out.write_bytes(pickle.dumps(found))
    say(json.dumps({"questions": len(found)}))


if __name__ == "__main__":
    # What is pickled belongs to the module, not to the script.
    from benchmarks.training import candidates

    candidates.main()
