"""How often the language of a question is told: `python -m benchmarks.languages [--before FILE]`.

Asks `question_language` and `detect_language` about the questions of the news training set (the same ones in Arabic,
English and French; the French ones without their accents too, as they are typed), and about those of XQuAD's
development half in twelve languages. "und" counts as not told. `--before` is the `languages.json` of another revision,
whose figures stand beside.
"""

import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness import Data, Table, parser, write
from index.analysis import detect_language, question_language

_XQUAD = ("ar", "de", "el", "en", "es", "hi", "ro", "ru", "th", "tr", "vi", "zh")
_NOTE = "The share of questions whose language is told: as a question, and as a text without its question's rules."


@dataclass(frozen=True, slots=True)
class Told:
    """What share of a set's questions was told, what share is "und", and what the others are taken for."""

    questions: str
    count: int
    asked: float
    text: float
    unknown: float
    taken_for: str


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--before", type=Path, help="results of another revision, to stand beside")
    arguments = flags.parse_args()
    before = json.loads(arguments.before.read_text(encoding="utf-8"))["results"] if arguments.before else []
    earlier = {item["questions"]: item for item in before}
    found = [told(name, language, questions) for name, language, questions in sets(Data(arguments.data))]
    report(found, earlier)


def sets(data: Data) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each set of questions with its name and its language."""
    with gzip.open(data.file("train/news.jsonl.gz"), "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    for code in ("ar", "en", "fr"):
        yield f"news, {code}", code, [item[f"question_{code}"] for item in items]
    yield "news, fr, without accents", "fr", [_bare(item["question_fr"]) for item in items]
    for code in _XQUAD:
        content = json.loads(data.file(f"eval/xquad.{code}.dev.json").read_text(encoding="utf-8"))
        paragraphs = (paragraph for article in content["data"] for paragraph in article["paragraphs"])
        yield f"XQuAD, {code}", code, [item["question"] for paragraph in paragraphs for item in paragraph["qas"]]


def told(name: str, language: str, questions: list[str]) -> Told:
    """Ask about each question of a set."""
    answers = Counter(map(question_language, questions))
    others = Counter({code: count for code, count in answers.items() if code not in (language, "und")})
    return Told(
        name,
        len(questions),
        answers[language] / len(questions),
        sum(detect_language(question) == language for question in questions) / len(questions),
        answers["und"] / len(questions),
        ", ".join(f"{code} {count}" for code, count in others.most_common(3)),
    )


def report(found: list[Told], earlier: dict[str, dict[str, float]]) -> None:
    """Write the table, with the figures of an earlier revision where there are."""
    rows = tuple(
        (
            item.questions,
            f"{item.count}",
            _share(earlier.get(item.questions, {}).get("asked")),
            _share(item.asked),
            _share(earlier.get(item.questions, {}).get("text")),
            _share(item.text),
            _share(item.unknown),
            item.taken_for or "–",
        )
        for item in found
    )
    header = ("questions", "count", "asked, before", "asked", "text, before", "text", "und", "taken for")
    table = Table("Languages told", "", header, rows)
    print(table.markdown())
    write("languages", "Languages", _NOTE, [asdict(item) for item in found], [table])


def _bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _share(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.4f}"


if __name__ == "__main__":
    main()
