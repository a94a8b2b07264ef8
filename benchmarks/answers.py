"""Are the answers right? The whole chain, asked what nothing in it was fitted on.

    python -m benchmarks.answers [--news DIR] [--world DIR] [--only news world stories-A stories-B] [--rows FILE]

News: `news2.dev` over the ANT corpus; world: `world.dev` over BBC articles; stories: two invented libraries of 48
articles. Every question is asked in English, Arabic and French, through `Assistant.ask`, with its history.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Encoder, Library, open_encoder
from qa import Answer, Assistant, Turn
from qa.evaluation.metrics import (
    auroc,
    calibration_error,
    comparable,
    holds,
    mean,
    percentile,
    same_speaker,
    token_overlap,
)

LANGUAGES = ("en", "ar", "fr")
EXAMS = ("news", "world", "stories-A", "stories-B")
_BINS = 10
_NEAR_COPY = 0.35
_NOTE = (
    "Asked through the whole chain; nothing in it was fitted on these questions. Sentence right: the first quote holds "
    "the answer, in a right article or in another that tells the same (also where the state is `perhaps`). Wrong and "
    "answered: the state is `answered` and the first quote does not answer. Withheld: `not_found`, or `perhaps` with "
    "a wrong quote; `perhaps` with the right one counts half. AUROC: the confidence of answerable questions against "
    "near misses. ECE: the confidence against whether the first quote answers, in ten bins."
)


@dataclass(frozen=True)
class Row:
    """What became of one question in one language."""

    exam: str
    language: str
    id: str
    kind: str
    expect: str
    state: str
    confidence: float
    article_right: bool
    quote_right: bool
    right: bool
    short: str
    speaker: str | None
    gold_speaker: str | None
    milliseconds: float
    question: str
    quote: str
    gold: str


class Gold:
    """What is right for one line of an exam."""

    def __init__(self, line: Mapping[str, Any]) -> None:
        self.line = line
        self.expect = line.get("expect") or ("answer" if line.get("article") else "abstain")
        places = [line, *(other for other in line.get("also") or [] if isinstance(other, dict))]
        self.places = [place for place in places if place.get("article") and place.get("sentence")]
        self.articles = {place["article"] for place in self.places} | set(line.get("other_articles") or [])

    def is_quoted(self, article: str, quote: str, place: Mapping[str, Any] | None = None) -> bool:
        """Tell whether a quote holds an answer (that of `place`, where given)."""
        return any(self._is_at(article, quote, one) for one in ([place] if place else self.places))

    def _is_at(self, article: str, quote: str, place: Mapping[str, Any]) -> bool:
        if place["article"] == article and holds(quote, place["sentence"]):
            return True
        if not holds(quote, place["answer"]):
            return False
        same = article == place["article"] or article in (self.line.get("other_articles") or [])
        alike = token_overlap(quote, place["sentence"]) >= _NEAR_COPY
        telling = len(comparable(place["answer"])) >= 6
        return same or alike or telling

    def is_met(self, answer: Answer, state: str) -> bool:
        """Tell whether an answer is what is expected of this kind of question."""
        used = [(item.article.id, item.quote) for item in answer.used]
        first = bool(used) and self.is_quoted(*used[0])
        short = answer.short.text if answer.short else ""
        fooled = (
            any(comparable(short) == comparable(wrong) for wrong in self.line.get("wrong") or []) if short else False
        )
        if self.expect == "abstain":
            return state != "answered"
        if self.expect == "chat":
            return not used and state != "not_found"
        if self.expect == "false_premise":
            return not fooled and (first or state != "answered")
        if self.expect == "both":
            sides = [place for place in self.places if any(self.is_quoted(*one, place) for one in used)]
            return len({comparable(place["answer"]) for place in sides}) >= min(2, len(self.places))
        if self.expect == "overview":
            return len({article for article, _ in used} & self.articles) >= min(2, len(self.articles))
        return first and not fooled and state != "not_found"


def state_of(answer: Answer) -> str:
    """Return the state of an answer, also of a chain that has but two."""
    state = getattr(answer, "state", None)
    return str(state) if state is not None else ("not_found" if answer.abstained else "answered")


def ask(assistant: Assistant, lines: Sequence[Mapping[str, Any]], exam: str) -> Iterator[Row]:
    """Ask every line in each language that it is worded in."""
    for language in LANGUAGES:
        for line in lines:
            if text := line.get(f"question_{language}"):
                yield _asked(assistant, line, exam, language, text)
        say(f"{exam} {language}")


def _asked(assistant: Assistant, line: Mapping[str, Any], exam: str, language: str, text: str) -> Row:
    history: list[Turn] = []
    for turn in line.get("history") or []:
        history.append(Turn(turn[language], assistant.ask(turn[language], history=history)))
    began = time.perf_counter()
    answer = assistant.ask(text, history=history)
    spent = (time.perf_counter() - began) * 1000
    gold, state = Gold(line), state_of(answer)
    shown = answer.used or answer.citations
    first = shown[0] if shown else None
    quoted = first is not None and gold.is_quoted(first.article.id, first.quote)
    return Row(
        exam=exam, language=language, id=line["id"], kind=line["type"], expect=gold.expect, state=state,
        confidence=float(getattr(answer, "confidence", answer.score)),
        article_right=first is not None and (first.article.id in gold.articles or quoted),
        quote_right=quoted, right=gold.is_met(answer, state), short=answer.short.text if answer.short else "",
        speaker=first.speaker.name if first and first.speaker else None, gold_speaker=line.get("speaker"),
        milliseconds=spent, question=text, quote=first.quote if first else "", gold=line.get("answer") or "",
    )  # fmt: skip


def summary(rows: Sequence[Row]) -> dict[str, float]:
    """Sum up plain questions of one exam and language: everything but stories' special kinds."""
    asked = [row for row in rows if row.expect in {"answer", "newest"}]
    near = [row for row in rows if row.expect == "abstain"]
    shown = [row.quote_right and row.state != "not_found" for row in asked]
    half = [0.5 if row.state == "perhaps" and row.quote_right else float(row.state != "answered") for row in asked]
    told = [row for row in asked if row.gold_speaker]
    hit = [row for row in told if row.quote_right]
    both = [*asked, *near]
    return {
        "questions": len(rows),
        "first article right": mean([row.article_right for row in asked]),
        "sentence right": mean(shown),
        "sentence right, whatever the state": mean([row.quote_right for row in asked]),
        "wrong and answered": mean([row.state == "answered" and not row.quote_right for row in asked]),
        "withheld although there": mean(half),
        "near misses not answered": mean([row.state != "answered" for row in near]),
        "AUROC": auroc([row.confidence for row in asked], [row.confidence for row in near]),
        "AUROC, right quote": auroc(
            [row.confidence for row in both if row.quote_right], [row.confidence for row in both if not row.quote_right]
        ),
        "speaker right": mean([_names(row) for row in told]),
        "speaker right, given the sentence": mean([_names(row) for row in hit]),
        "ECE": calibration_error([row.confidence for row in both], [row.quote_right for row in both]),
        "p50 ms": percentile([row.milliseconds for row in rows], 50),
    }


def kinds(rows: Sequence[Row]) -> dict[str, float]:
    """Sum up a story exam: the share that is right by what is expected, all, and wrong and answered."""
    found = {"all": mean([row.right for row in rows])}
    for expect in dict.fromkeys(row.expect for row in rows):
        found[expect] = mean([row.right for row in rows if row.expect == expect])
    found["followup"] = mean([row.right for row in rows if row.kind == "followup"])
    found["wrong and answered"] = mean([row.state == "answered" and not row.right for row in rows])
    return found


def calibration(rows: Sequence[Row]) -> list[dict[str, float]]:
    """Return the filled ones of ten bins of confidence: how many questions, their mean, and the share that is right."""
    asked = [row for row in rows if row.expect in {"answer", "newest", "abstain"}]
    bins: dict[int, list[Row]] = {}
    for row in asked:
        bins.setdefault(min(int(row.confidence * _BINS), _BINS - 1), []).append(row)
    return [
        {
            "questions": len(own),
            "confidence": mean([row.confidence for row in own]),
            "right": mean([row.quote_right for row in own]),
        }
        for _, own in sorted(bins.items())
    ]


def _names(row: Row) -> bool:
    return bool(row.speaker and row.gold_speaker and same_speaker(row.speaker, row.gold_speaker))


def libraries(
    data: Data, exams: Sequence[str], news: Path, world: Path, encoder: Encoder
) -> Iterator[tuple[str, Assistant]]:
    """Open each exam's library; a story library is made for it, and gone afterwards."""
    for exam in exams:
        if exam in {"news", "world"}:
            with Library.open(news if exam == "news" else world, encoder=encoder) as library:
                yield exam, Assistant(library)
        else:
            with tempfile.TemporaryDirectory() as folder, Library.open(folder, encoder=encoder) as library:
                library.sync(data.file(f"eval/{exam}.articles.jsonl"))
                yield exam, Assistant(library)


def lines_of(data: Data, exam: str) -> list[dict[str, Any]]:
    """Read an exam's lines."""
    names = {"news": "news2.dev.jsonl", "world": "world.dev.jsonl"}
    path = data.file(f"eval/{names.get(exam, f'{exam}.exam.jsonl')}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def tables(rows: Sequence[Row]) -> list[Table]:
    """Lay out one table of plain questions and one of the stories' kinds, a column for each exam and language."""
    made = []
    for title, part, names in (
        ("News and world", summary, ("news", "world")),
        ("Stories, plain questions", summary, ("stories-A", "stories-B")),
        ("Stories, by what is expected", kinds, ("stories-A", "stories-B")),
    ):
        columns = {
            f"{name} {code}": part([row for row in rows if row.exam == name and row.language == code])
            for name in names
            for code in LANGUAGES
            if any(row.exam == name and row.language == code for row in rows)
        }
        keys = list(dict.fromkeys(key for column in columns.values() for key in column))
        body = tuple((key, *(_cell(column.get(key)) for column in columns.values())) for key in keys)
        if columns:
            made.append(Table(title, "", ("", *columns), body))
    return made


def _known(values: Mapping[str, float]) -> dict[str, float | None]:
    """Leave out what an exam has no questions for."""
    return {name: None if value != value else value for name, value in values.items()}


def _cell(value: float | None) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:.0f}" if value > 1 else f"{value:.3f}"


def main() -> None:
    """Ask, print and write."""
    flags = parser(__doc__)
    flags.add_argument("--news", type=Path, help="a library over the ANT corpus (default: the cache's)")
    flags.add_argument("--world", type=Path, help="a library over the world corpus (default: the cache's)")
    flags.add_argument("--only", nargs="*", choices=EXAMS, default=list(EXAMS))
    flags.add_argument("--rows", type=Path, help="keep every question's row here, and write no results")
    flags.add_argument("--every", type=int, default=1, help="ask only each so-manieth line")
    options = flags.parse_args()
    work_offline()
    data, encoder = Data(options.data), open_encoder()
    news, world = options.news or options.cache / "library-ant", options.world or options.cache / "library-world"
    rows: list[Row] = []
    for exam, assistant in libraries(data, options.only, news, world, encoder):
        rows += ask(assistant, lines_of(data, exam)[:: options.every], exam)
    for table in tables(rows):
        print(table.markdown())
    if options.rows:
        text = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
        options.rows.write_text(text, encoding="utf-8")
    else:
        exams = {
            name: {
                code: _known(summary([r for r in rows if r.exam == name and r.language == code])) for code in LANGUAGES
            }
            for name in options.only
        }
        bins = {name: calibration([row for row in rows if row.exam == name]) for name in options.only}
        write("answers", "Are the answers right?", _NOTE, {**exams, "calibration": bins}, tables(rows))


if __name__ == "__main__":
    main()
