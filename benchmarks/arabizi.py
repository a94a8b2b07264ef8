"""Is Arabic in Latin letters told, read right, and answered as the Arabic question is?

    python -m benchmarks.arabizi [--without-answers]

Told: the questions of `data/arabizi/questions.exam.jsonl`, which nothing was learned from, against the English and
French exams of `../shared/eval`, XQuAD's questions in Latin-script languages and the visitors' questions. Words right:
the exam's words in Arabic, folded, by the shipped lexicon alone. Answered: sixty questions of the stories K and U,
typed by hand in several habits (`data/arabizi/stories.jsonl`), beside the Arabic ones that they were made of.
"""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.answers import Row, _asked
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from benchmarks.training.examples import read_lines
from index import Encoder, Library, open_encoder
from index.text.normalisation import fold
from index.text.scripts import ARABIC
from qa import Assistant
from qa.evaluation.metrics import mean
from qa.rewriting.arabizi.reader import ArabiziReader
from qa.rewriting.arabizi.telling import fitted

_DATA = Path(__file__).parent / "data"
_WORD = re.compile(f"(?:{ARABIC.letters.pattern})+|[^\\W\\d_]+")
_LATIN = ("de", "en", "es", "ro", "tr", "vi")
_STORIES = ("K", "U")
_NOTE = (
    "Nothing was learned from the exam's questions, nor from the words of stories K and U; when a library is asked, "
    "the names in it count as words. Words right: of the Arabic question's words, those that are read, however alef "
    "and hamza are written, with the shipped lexicon alone, so that most names of the exam are not known. False alarms "
    "are told as Arabizi; those of which too few words are known are asked as they stand, and not `read`."
)


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--without-answers", action="store_true", help="tell and read only, and write no results")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    told = told_table(data)
    read = read_table()
    say(told.markdown())
    say(read.markdown())
    if options.without_answers:
        return
    rows = list(answered(open_encoder()))
    shown = answers_table(rows)
    say(shown.markdown())
    found = {
        "told": [dict(zip(told.header, row, strict=True)) for row in told.rows],
        "read": [dict(zip(read.header, row, strict=True)) for row in read.rows],
        "answered": [dict(zip(shown.header, row, strict=True)) for row in shown.rows],
        "questions": [
            {"id": row.id, "typed": row.language == "typed", "question": row.question, "quote right": row.quote_right}
            for row in rows
        ],
    }
    write("arabizi", "Arabic in Latin letters", _NOTE, found, [told, read, shown])


def exam() -> list[Mapping[str, Any]]:
    """Return the questions that nothing was learned from."""
    return list(read_lines(_DATA / "arabizi" / "questions.exam.jsonl"))


def others(data: Data) -> Iterator[tuple[str, str]]:
    """Yield questions in other languages, each with where it is from."""
    for name in ("news.dev", "news2.dev", "world.dev", "stories-A.exam", "stories-B.exam"):
        for line in read_lines(data.file(f"eval/{name}.jsonl")):
            yield from (("exams, en and fr", line[key]) for key in ("question_en", "question_fr") if line.get(key))
    for code in _LATIN:
        squad = json.loads(data.file(f"eval/xquad.{code}.dev.json").read_text(encoding="utf-8"))
        for article in squad["data"]:
            for paragraph in article["paragraphs"]:
                yield from ((f"xquad, {code}", question["question"]) for question in paragraph["qas"])
    for line in read_lines(_DATA / "visitors.jsonl"):
        if not ARABIC.holds(line["question"]):
            yield "visitors", line["question"]


def told_table(data: Data) -> Table:
    """Count what is told as Arabizi, and what is read as such: of which most words are known."""
    reader, teller = ArabiziReader(), fitted()
    groups: dict[str, list[str]] = {}
    for row in exam():
        groups.setdefault(f"exam, {row['habit']}", []).append(row["typed"])
    for name, text in others(data):
        groups.setdefault(name, []).append(text)
    groups["all others"] = [text for name, texts in groups.items() if not name.startswith("exam,") for text in texts]
    groups["exam, all"] = [row["typed"] for row in exam()]
    rows = []
    for name, texts in groups.items():
        told = [text for text in texts if teller.tells(text)]
        read = [text for text in told if reader.read(text)]
        wrong = "" if name.startswith(("exam,", "all")) else " | ".join(told)
        rows.append((name, str(len(texts)), f"{len(told) / len(texts):.4f}", f"{len(read) / len(texts):.4f}", wrong))
    return Table("Told", "", ("questions", "of", "told", "read", "false alarms"), tuple(rows))


def read_table() -> Table:
    """Count the words of the exam that are read right, by habit."""
    reader = ArabiziReader()
    shares: dict[str, list[tuple[int, int]]] = {}
    for row in exam():
        wanted, got = (
            Counter(map(fold, _WORD.findall(text))) for text in (row["arabic"], reader.read(row["typed"]) or "")
        )
        shares.setdefault(row["habit"], []).append(((wanted & got).total(), wanted.total()))
    shares["all"] = [pair for own in list(shares.values()) for pair in own]
    rows = tuple(
        (
            name, str(len(own)), f"{sum(right for right, _ in own) / sum(words for _, words in own):.3f}",
            f"{mean([right == words for right, words in own]):.3f}",
        )
        for name, own in shares.items()
    )  # fmt: skip
    return Table("Read", "", ("habit", "questions", "words right", "whole question right"), rows)


def answered(encoder: Encoder) -> Iterator[Row]:
    """Ask the stories' questions in Arabic letters and in Latin ones."""
    typed = {row["id"]: row["typed"] for row in read_lines(_DATA / "arabizi" / "stories.jsonl")}
    for name in _STORIES:
        path = _DATA / "reading" / f"stories-{name}.articles.jsonl"
        lines = [line for line in read_lines(path.with_name(f"stories-{name}.exam.jsonl")) if line["id"] in typed]
        with tempfile.TemporaryDirectory() as folder, Library.open(folder, encoder=encoder) as library:
            library.sync(path)
            assistant = Assistant(library)
            for line in lines:
                yield _asked(assistant, line, name, "ar", line["question_ar"])
                yield _asked(assistant, line, name, "typed", typed[line["id"]])


def answers_table(rows: Sequence[Row]) -> Table:
    """Sum up the answers by how the question was written."""
    cells = []
    for language, title in (("ar", "in Arabic letters"), ("typed", "in Latin letters")):
        own = [row for row in rows if row.language == language]
        cells.append(
            (
                title, str(len(own)), f"{mean([row.article_right for row in own]):.3f}",
                f"{mean([row.quote_right for row in own]):.3f}", f"{mean([row.right for row in own]):.3f}",
                f"{mean([row.state == 'answered' and not row.quote_right for row in own]):.3f}",
            )
        )  # fmt: skip
    header = ("asked", "questions", "first article right", "right quote first", "right and shown", "wrong and answered")
    return Table("Answered", "", header, tuple(cells))


if __name__ == "__main__":
    main()
