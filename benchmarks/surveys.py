"""How well surveys cite what they should: "compare", "timeline of", "summarise what X said", without a model.

    python -m benchmarks.surveys

Asks the questions of `data/surveys.jsonl` of the samples, in English and Arabic. Each names the articles that a good
answer cites, those it may cite as well, and for what somebody said the beginnings of the sentences. Measured are the
share of the articles cited that should be (precision) and of those that should be that are (recall), the same of the
sentences, and whether the quotes stand in the order of their dates where that is what was asked for.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from benchmarks.harness import Table, parser, work_offline, write
from index import Library, open_encoder
from qa import Assistant, Citation, Role

FILE = Path(__file__).parent / "data" / "surveys.jsonl"
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
KINDS = ("timeline", "comparison", "statements")
_NOTE = (
    "Means over the questions of each kind. An abstention cites nothing: it counts 0 for recall, and is left out of "
    "precision and order. Sentences are asked for of what somebody said alone."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and how its answer fared; None where a figure does not apply."""

    id: str
    kind: str
    language: str
    question: str
    cited: tuple[str, ...]
    precision: float | None
    recall: float
    sentence_precision: float | None
    sentence_recall: float | None
    ordered: bool | None


def main() -> None:
    """Measure and write the results."""
    parser(__doc__).parse_args()
    work_offline()
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "samples", encoder=open_encoder()) as library,
    ):
        library.sync(SAMPLES)
        assistant = Assistant(library)
        found = [scored(line, assistant) for line in lines]
    report(found)


def scored(line: dict, assistant: Assistant) -> Asked:  # type: ignore[type-arg]
    """Ask one question and score its citations."""
    cited = [item for item in assistant.ask(line["question"]).citations if item.role is Role.USED]
    stems = [_stem(assistant, item) for item in cited]
    counted = set(stems) - set(line["also"])
    right = counted & set(line["articles"])
    sentences: list[str] = line["sentences"]
    held = [next((s for s in sentences if s in item.quote), None) for item in cited]
    return Asked(
        id=line["id"],
        kind=line["kind"],
        language=line["language"],
        question=line["question"],
        cited=tuple(stems),
        precision=len(right) / len(counted) if counted else None,
        recall=len(right) / len(line["articles"]),
        sentence_precision=sum(h is not None for h in held) / len(held) if sentences and held else None,
        sentence_recall=len(set(held) - {None}) / len(sentences) if sentences else None,
        ordered=_is_ordered(cited) if cited and line["kind"] != "comparison" else None,
    )


def _stem(assistant: Assistant, citation: Citation) -> str:
    """Return the name of the file an article was read from."""
    article = assistant.library.article(citation.article.id)
    return next(path.stem for path in SAMPLES.iterdir() if article.title[:30] in path.read_text(encoding="utf-8"))


def _is_ordered(cited: Sequence[Citation]) -> bool:
    places = [(item.article.published or date.max, item.start) for item in cited]
    return places == sorted(places)


def report(found: Sequence[Asked]) -> None:
    """Write the table and every question's figures."""
    rows, values = [], {}
    for group in [*((kind, language) for kind in KINDS for language in ("en", "ar")), ("all", "")]:
        mine = [item for item in found if group in ((item.kind, item.language), ("all", ""))]
        name = " ".join(part for part in group if part)
        figures = {
            "precision": _mean([item.precision for item in mine]),
            "recall": _mean([item.recall for item in mine]),
            "sentence precision": _mean([item.sentence_precision for item in mine]),
            "sentence recall": _mean([item.sentence_recall for item in mine]),
            "ordered": _mean([item.ordered for item in mine]),
        }
        values[name] = figures | {"questions": len(mine)}
        cells = ("–" if figure is None else f"{figure:.3f}" for figure in figures.values())
        rows.append((name, f"{len(mine)}", *cells))
    header = ("asked for", "questions", "precision", "recall", "sentence precision", "sentence recall", "ordered")
    table = Table("What the answers cite", "", header, tuple(rows))
    print(table.markdown())
    write("surveys", "Surveys", _NOTE, {"table": values, "items": [asdict(item) for item in found]}, [table])


def _mean(figures: Sequence[float | None]) -> float | None:
    counted = [float(figure) for figure in figures if figure is not None]
    return sum(counted) / len(counted) if counted else None


if __name__ == "__main__":
    main()
