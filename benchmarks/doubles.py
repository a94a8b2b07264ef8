"""Two questions in one message: are they told, and are both answered?

    python -m benchmarks.doubles [--only told answered] [--rows FILE]

`data/doubles.exam.jsonl` holds doubles over the articles of the two story exams, each of two questions of the exam put
in words of its own, and singles with an "and" in them. Every question of the exams counts as a single too. No weight
was fitted on any of them. The doubles are asked twice: as they are, by the chain of one question, and cut in two.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.answers import Gold, libraries, lines_of
from benchmarks.harness import Data, Table, parser, say, timed, work_offline, write
from index import open_encoder
from qa import Assistant
from qa.evaluation.metrics import mean
from qa.rewriting.separation import separated
from qa.understanding.double import fitted

LANGUAGES = ("en", "ar", "fr")
_EXAM = Path(__file__).parent / "data" / "doubles.exam.jsonl"
_JOINTS = ("", "and", "et", "و")
_UNSEEN = "No weight was fitted on these; the probability from which a message is cut was chosen after a look at them. "
_TOLD = (
    f"{_UNSEEN}Told: the message is cut, and where its second question begins. The exams are news2, world and both "
    "story exams in three languages, every question of them single."
)
_ANSWERED = (
    f"{_UNSEEN}A part is right where a quote that carries it, as answered or as the closest, holds its answer; asked "
    "as one, any quote may."
)


@dataclass(frozen=True)
class Row:
    """One double asked: which of its two answers were quoted when it was asked as one, and when it was cut in two."""

    language: str
    text: str
    told: bool
    before: tuple[bool, bool]
    after: tuple[bool, bool]
    states: tuple[str, ...]
    milliseconds: tuple[float, float]


def is_told(line: dict[str, Any]) -> bool:
    """Tell whether a message is cut where its second question begins; the joint may be on either side."""
    found = fitted().second(line["text"])
    place = len(line["text"]) - len(line["second"])
    return found is not None and line["text"][found:place].strip(" ,،").lower() in _JOINTS


def singles(data: Data) -> Iterator[dict[str, str]]:
    """Yield every wording of the exams' questions."""
    for exam in ("news", "world", "stories-A", "stories-B"):
        for line in lines_of(data, exam):
            for language in LANGUAGES:
                if text := line.get(f"question_{language}"):
                    yield {"exam": exam, "language": language, "text": text}


def told(doubles: Sequence[dict[str, Any]], written: Sequence[dict[str, Any]], data: Data) -> Table:
    """Measure what is cut."""
    asked = list(singles(data))
    rows = []
    for language in LANGUAGES:
        own = [is_told(line) for line in doubles if line["language"] == language]
        hard = [separated(line["text"]) is not None for line in written if line["language"] == language]
        plain = [separated(line["text"]) is not None for line in asked if line["language"] == language]
        rows.append(
            (
                language, str(len(own)), f"{mean(own):.3f}", str(len(hard)), f"{mean(hard):.3f}", str(len(plain)),
                f"{mean(plain):.4f}",
            )
        )  # fmt: skip
    seconds = timed(lambda: [fitted().second(line["text"]) for line in asked])
    columns = ("", "doubles", "told", "singles with “and”", "cut wrongly", "exams' questions", "these cut wrongly")
    spent = f"Telling takes {1000 * seconds / len(asked):.2f} ms a question."
    return Table("What is told", spent, columns, tuple(rows))


def ask(assistant: Assistant, doubles: Sequence[dict[str, Any]], exam: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """Ask each double as one question and as two."""
    as_one = assistant.stages.compose()
    for line in doubles:
        golds = [Gold(exam[name]) for name in line["ids"]]
        began = time.perf_counter()
        one = as_one.invoke(line["text"])
        between = time.perf_counter()
        two = assistant.ask(line["text"])
        spent = (between - began, time.perf_counter() - between)
        shown = [(item.article.id, item.quote) for item in one.used if one.state != "not_found"]
        before = [any(gold.is_quoted(*quote) for quote in shown) for gold in golds]
        after = [
            any(gold.is_quoted(item.article.id, item.quote) for item in two.used if item.number in part.citations)
            for gold, part in zip(golds, two.parts, strict=True)
        ] if two.parts else before  # fmt: skip
        yield Row(
            line["language"], line["text"], is_told(line), (before[0], before[1]), (after[0], after[1]),
            tuple(str(part.state) for part in two.parts), (1000 * spent[0], 1000 * spent[1]),
        )  # fmt: skip


def answered(rows: Sequence[Row]) -> Table:
    """Lay out how many parts are answered right, asked as one and as two."""
    made = []
    for name in (*LANGUAGES, "all"):
        own = [row for row in rows if name in (row.language, "all")]
        ways = ([row.before for row in own], [row.after for row in own])
        both = [f"{mean([all(parts) for parts in way]):.3f}" for way in ways]
        each = [f"{mean([sum(parts) / 2 for parts in way]):.3f}" for way in ways]
        made.append((name, str(len(own)), *both, *each))
    columns = ("", "doubles", "both right, as one", "both right, cut", "parts right, as one", "parts right, cut")
    return Table("What is answered", "", columns, tuple(made))


def main() -> None:
    """Measure, print and write."""
    flags = parser(__doc__)
    flags.add_argument("--only", nargs="*", choices=("told", "answered"), default=["told", "answered"])
    flags.add_argument("--rows", type=Path, help="keep every double's row here")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    lines = [json.loads(line) for line in _EXAM.read_text(encoding="utf-8").splitlines()]
    doubles, written = [line for line in lines if "ids" in line], [line for line in lines if "ids" not in line]
    if "told" in options.only:
        kept("doubles", _TOLD, told(doubles, written, data))
    if "answered" in options.only:
        rows: list[Row] = []
        for exam, assistant in libraries(data, ("stories-A", "stories-B"), Path(), Path(), open_encoder()):
            known = {line["id"]: line for line in lines_of(data, exam)}
            rows += ask(assistant, [line for line in doubles if line["exam"] == exam], known)
            say(exam)
        if options.rows:
            text = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
            options.rows.write_text(text, encoding="utf-8")
        kept("doubles_answered", _ANSWERED, answered(rows))


def kept(name: str, note: str, table: Table) -> None:
    """Print and write a table."""
    print(table.markdown())
    values = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    write(name, "Two questions in one message", note, values, [table])


if __name__ == "__main__":
    main()
