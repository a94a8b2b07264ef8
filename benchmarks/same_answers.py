"""Whether a change to the code leaves every answer as it was: the same questions asked before and after.

    python -m benchmarks.same_answers record --tree ../before --library ant=FOLDER … --out before.jsonl
    python -m benchmarks.same_answers record --library ant=FOLDER … --out after.jsonl
    python -m benchmarks.same_answers compare before.jsonl after.jsonl

`record` asks the questions of the exams whose library is given: `ant` (news.dev, news2.dev), `stories-A`, `stories-B`
and `samples` (data/visitors.jsonl, as visitors type them), each in every language that the exam has. It uses nothing
but `Assistant` and `Turn`, so that it runs under a source tree of any age, named with `--tree`. One JSON line a
question; a run that was broken off, or ended by `--limit`, goes on where it was. The libraries are copied first, since
opening one may repair it.

`compare` counts, over the questions that both have, how often citations, text and abstention are the same, for each
exam and language, and lists every question where one of them is not.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa import Assistant

ROOT = Path(__file__).resolve().parents[1]
VISITORS = Path(__file__).parent / "data" / "visitors.jsonl"
# Exam, the library it asks over, and its file in the data folder.
EXAMS = (
    ("news.dev", "ant", "eval/news.dev.jsonl"),
    ("news2.dev", "ant", "eval/news2.dev.jsonl"),
    ("stories-A", "stories-A", "eval/stories-A.exam.jsonl"),
    ("stories-B", "stories-B", "eval/stories-B.exam.jsonl"),
    ("visitors", "samples", ""),
)
LANGUAGES = ("en", "ar", "fr")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in one wording: the questions asked before it, and the sentences that would answer it, if any."""

    exam: str
    id: str
    wording: str
    question: str
    history: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """What one citation points at: the article's characters `start` to `end`, its role and who said it."""

    role: str
    article: str
    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One question's answer. `found`: a sentence that answers is quoted; None where no article answers."""

    exam: str
    id: str
    wording: str
    abstained: bool
    reason: str | None
    text: str
    short: str | None
    citations: tuple[Cited, ...]
    found: bool | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What the question is known by in both recordings."""
        return self.exam, self.id, self.wording

    @property
    def places(self) -> tuple[tuple[str, str, int, int], ...]:
        """What is cited, whoever said it."""
        return tuple((cited.role, cited.article, cited.start, cited.end) for cited in self.citations)

    @property
    def used(self) -> tuple[Cited, ...]:
        """The citations that carry the answer."""
        return tuple(cited for cited in self.citations if cited.role == "used")


def main() -> None:
    """Record answers, or compare two recordings."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = flags.add_subparsers(required=True)
    recording = commands.add_parser("record", help="ask the questions and keep the answers")
    recording.add_argument("--library", action="append", required=True, metavar="NAME=FOLDER")
    recording.add_argument("--out", type=Path, required=True, help="file of the answers, JSON Lines")
    recording.add_argument("--tree", type=Path, default=ROOT, help="source tree to ask with (default: this one)")
    recording.add_argument("--data", type=Path, default=ROOT.parent / "shared", help="folder of the evaluation data")
    recording.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth question (default: all)")
    recording.add_argument("--limit", type=int, help="at most this many questions in this run")
    recording.set_defaults(run=record)
    comparing = commands.add_parser("compare", help="count and list the differences")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--note", default="", help="what the report begins with: the causes that are known")
    comparing.set_defaults(run=compare)
    arguments = flags.parse_args()
    arguments.run(arguments)


def record(arguments: argparse.Namespace) -> None:
    """Ask what the file of answers does not have yet, and add it."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
    # Before anything of Khabar is imported: the tree asked with may not be the one this file belongs to.
    sys.path.insert(0, str(arguments.tree.resolve()))
    folders = dict(named.split("=", 1) for named in arguments.library)
    if unknown := set(folders) - {library for _, library, _ in EXAMS}:
        sys.exit(f"No exam asks over a library called {', '.join(sorted(unknown))}.")
    known = {row.key for row in rows_of(arguments.out)} if arguments.out.exists() else set()
    left = arguments.limit if arguments.limit is not None else sys.maxsize
    for library, folder in folders.items():
        spread = list(questions_of(library, arguments.data))[:: arguments.every]
        questions = [asked for asked in spread if _key(asked) not in known][:left]
        left -= len(questions)
        if questions:
            _record(questions, Path(folder), arguments.out)


def questions_of(library: str, data: Path) -> Iterator[Asked]:
    """Read the questions asked over a library, each wording of each."""
    for exam, over, file in EXAMS:
        if over != library:
            continue
        path = data / file if file else VISITORS
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _wordings(exam, json.loads(line))


def answered(assistant: "Assistant", asked: Asked) -> Row:
    """Ask a question after those that come before it."""
    from qa import Turn

    turns: list[Turn] = []
    for earlier in asked.history:
        turns.append(Turn(earlier, assistant.ask(earlier, history=turns)))
    answer = assistant.ask(asked.question, history=turns)
    quotes = [_plain(citation.quote) for citation in answer.citations if citation.role == "used"]
    wanted = [_plain(sentence) for sentence in asked.evidence]
    return Row(
        exam=asked.exam,
        id=asked.id,
        wording=asked.wording,
        abstained=answer.abstained,
        reason=str(answer.reason) if answer.reason else None,
        text=answer.text,
        short=answer.short.text if answer.short else None,
        citations=tuple(
            Cited(str(c.role), c.article.id, c.start, c.end, c.speaker.name if c.speaker else None)
            for c in answer.citations
        ),
        found=any(quote in one or one in quote for quote in quotes for one in wanted) if wanted else None,
    )


def rows_of(file: Path) -> list[Row]:
    """Read a recording."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Row(**{**row, "citations": tuple(Cited(**cited) for cited in row["citations"])}) for row in rows]


def compare(arguments: argparse.Namespace) -> None:
    """Write and print how two recordings differ."""
    # Here, since recording must not import the tree that this file belongs to.
    from benchmarks.harness import Table, write

    before, after = ({row.key: row for row in rows_of(file)} for file in (arguments.before, arguments.after))
    pairs = [(row, after[key]) for key, row in before.items() if key in after]
    alone = len(before.keys() ^ after.keys())
    groups = [*dict.fromkeys((row.exam, row.wording) for row, _ in pairs), None]
    rows, values = [], {}
    for group in groups:
        mine = [(old, new) for old, new in pairs if group in (None, (old.exam, old.wording))]
        name = ", ".join(group) if group else "all"
        values[name] = counts(mine)
        rows.append((name, *(str(count) for count in values[name].values())))
    different = [(old, new, parts) for old, new in pairs if (parts := differing(old, new))]
    worded = [old for old, _, parts in different if parts == ["text"]]
    others = [(old, new, parts) for old, new, parts in different if parts != ["text"]]
    named = [(name, [row.id for row in worded if f"{row.exam}, {row.wording}" == name]) for name in values]
    tables = [
        Table("The same before and after", _NOTE, ("exam, language", *values["all"]), tuple(rows)),
        Table(
            "Every difference but of the text alone",
            "Quotes: the article, and the first and last character.",
            ("question", "what differs", "quotes before", "quotes after"),
            tuple(_shown(*item) for item in others),
        ),
        Table(
            "Every difference of the text alone",
            "The same citations and short answer, in other words around them.",
            ("exam, language", "questions"),
            tuple((name, " ".join(ids)) for name, ids in named if ids),
        ),
    ]
    print(tables[0].markdown(), tables[1].markdown(), sep="\n")
    listed = [{"differs": parts, "before": asdict(old), "after": asdict(new)} for old, new, parts in others]
    notes = [arguments.note, f"{len(pairs)} questions were asked both times, {alone} once only and are left out."]
    results = {"counts": values, "differences": listed, "text_alone": {name: ids for name, ids in named if ids}}
    write("same_answers", "The same questions before and after a change", " ".join(notes), results, tables)


def differing(old: Row, new: Row) -> list[str]:
    """Name what differs between two answers to one question."""
    old_quotes, new_quotes = ([place for place in row.places if place[0] == "used"] for row in (old, new))
    parts = {
        "abstention": old.abstained != new.abstained,
        "quotes": old_quotes != new_quotes,
        "other citations": old_quotes == new_quotes and old.places != new.places,
        "speakers": old.places == new.places and old.citations != new.citations,
        "short answer": old.short != new.short,
        "reason": old.reason != new.reason,
        "text": old.text != new.text,
    }
    return [part for part, differs in parts.items() if differs]


def counts(pairs: Sequence[tuple[Row, Row]]) -> dict[str, int]:
    """Count the pairs of answers, before and after, that are the same in each respect."""
    return {
        "questions": len(pairs),
        "citations": sum(old.citations == new.citations for old, new in pairs),
        "places": sum(old.places == new.places for old, new in pairs),
        "quotes": sum("quotes" not in differing(old, new) for old, new in pairs),
        "text": sum(old.text == new.text for old, new in pairs),
        "short": sum(old.short == new.short for old, new in pairs),
        "abstention": sum((old.abstained, old.reason) == (new.abstained, new.reason) for old, new in pairs),
        "found before": sum(bool(old.found) for old, _ in pairs),
        "found after": sum(bool(new.found) for _, new in pairs),
    }


_NOTE = (
    "Questions, and how many of them have the same citations (articles, offsets, roles, speakers), the same places "
    "(citations but for who is named as the speaker), quotes (the places that carry the answer), text, short answer "
    "and abstention; then of how many a sentence that answers is quoted, before and after."
)


def _shown(old: Row, new: Row, parts: Sequence[str]) -> tuple[str, ...]:
    quotes = (
        "; ".join(f"{c.article} {c.start}–{c.end}" for c in row.used) if not row.abstained else "–"
        for row in (old, new)
    )
    return (" ".join(old.key), ", ".join(parts), *quotes)


def _key(asked: Asked) -> tuple[str, str, str]:
    return asked.exam, asked.id, asked.wording


def _wordings(exam: str, row: dict[str, object]) -> Iterator[Asked]:
    """Read a line of an exam: a wording a language under `question_en` and so on, or one under `question`."""
    also = row.get("also") or []
    assert isinstance(also, list)
    evidence = tuple(str(place["sentence"]) for place in [row, *also] if place.get("sentence"))
    history = row.get("history") or []
    assert isinstance(history, list)
    if "question" in row:
        yield Asked(exam, str(row["id"]), str(row["language"]), str(row["question"]), tuple(history), evidence)
    for language in LANGUAGES:
        if question := row.get(f"question_{language}"):
            earlier = tuple(turn[language] for turn in history)
            yield Asked(exam, str(row["id"]), language, str(question), earlier, evidence)


def _record(questions: Sequence[Asked], folder: Path, out: Path) -> None:
    from qa import Assistant

    print(f"{time.strftime('%H:%M:%S')} {len(questions)} questions over {folder.name}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as scratch, out.open("a", encoding="utf-8") as file:
        copy = shutil.copytree(folder, Path(scratch) / "library")
        with Assistant.open(copy) as assistant:
            for asked in questions:
                file.write(json.dumps(asdict(answered(assistant, asked)), ensure_ascii=False) + "\n")
                file.flush()


def _plain(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
