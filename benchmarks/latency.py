"""How long a question takes, stage by stage in a warm process and from cold at the command line.

Times on other computers differ; the ratios to the encoder's own time for the same question carry over better.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.corpus import EXAM, indexed, part, whole
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Library
from qa import Answer, Assistant
from qa.gold import Question, read_exam, sample
from qa.metrics import percentile

_NOTE = "Milliseconds are this machine's; the ratios to the encoder's own time carry over better."
_ENCODER_ALONE = "import sys; from index.encoder import open_encoder; open_encoder().encode_query(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a question in milliseconds, and its median as a multiple of the encoder's."""

    name: str
    p50_ms: float
    p95_ms: float
    ratio: float

    @classmethod
    def of(cls, name: str, milliseconds: Sequence[float], encoder_ms: float) -> "Stage":
        """Sum up one stage's times; `encoder_ms` is the encoder's median."""
        median = percentile(milliseconds, 50)
        return cls(name, median, percentile(milliseconds, 95), median / encoder_ms)

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        return (self.name, f"{self.p50_ms:.0f}", f"{self.p95_ms:.0f}", f"{self.ratio:.1f}")


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=100, help="questions of the exam (default: 100)")
    flags.add_argument("--articles", type=int, help="articles of the library (default: the whole corpus)")
    flags.add_argument("--repeats", type=int, default=5, help="cold runs of the command line (default: 5)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    source = part(data, options.cache, options.articles) if options.articles else whole(data, options.cache)
    library = indexed(source, options.cache)
    questions = _questions(data.file(EXAM), options.limit)
    warm = _warm(library, questions)
    cold = _cold(library, questions[0].text, options.repeats)
    with Library.open(library) as opened:
        _write(len(questions), opened.stats().articles, warm, cold)


def _questions(exam: Path, limit: int) -> list[Question]:
    """Take English and Arabic wordings in turn, never both of one question: the second finds its passages read."""
    wordings = [sample(read_exam(exam, language), limit) for language in ("en", "ar")]
    return [pair[number % 2] for number, pair in enumerate(zip(*wordings, strict=True))]


def _warm(library: Path, questions: Sequence[Question]) -> list[Stage]:
    say(f"{len(questions)} questions in one process")
    with Assistant.open(library) as assistant:
        # Loads what is loaded at the first use.
        assistant.ask("Which ferry leaves at six in the morning?")
        encoder = [_timed(assistant.library.encoder.encode_query, question.text) for question in questions]
        median = percentile(encoder, 50)
        firsts, answers = _asked(assistant, questions)
        again, _ = _asked(assistant, questions)
    stages: dict[str, list[float]] = {}
    for answer in answers:
        for timing in answer.timings:
            stages.setdefault(timing.stage, []).append(timing.milliseconds)
    return [
        Stage.of("the encoder alone, one question", encoder, median),
        *(Stage.of(f"stage: {name}", times, median) for name, times in stages.items()),
        Stage.of("a question, asked the first time", firsts, median),
        Stage.of("a question, asked again", again, median),
    ]


def _asked(assistant: Assistant, questions: Sequence[Question]) -> tuple[list[float], list[Answer]]:
    times: list[float] = []
    answers: list[Answer] = []
    for question in questions:
        began = time.perf_counter()
        answers.append(assistant.ask(question.text))
        times.append((time.perf_counter() - began) * 1000)
    return times, answers


def _cold(library: Path, question: str, repeats: int) -> list[Stage]:
    command = shutil.which("khabar", path=str(Path(sys.executable).parent)) or shutil.which("khabar")
    if command is None:
        sys.exit("There is no command `khabar` beside this Python. Install the project first: pip install -e .")
    environment = {**os.environ, "KHABAR_LIBRARY": str(library)}
    runs = {
        "the encoder alone, from cold": [sys.executable, "-c", _ENCODER_ALONE, question],
        "`khabar ask`, from cold": [command, "ask", question],
    }
    times: dict[str, list[float]] = {}
    for name, arguments in runs.items():
        say(f"{name}, {repeats} times")
        times[name] = [_timed(_run, arguments, environment) for _ in range(repeats)]
    encoder = percentile(times["the encoder alone, from cold"], 50)
    return [Stage.of(name, milliseconds, encoder) for name, milliseconds in times.items()]


def _run(arguments: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    # 3 is the exit status of an abstention, which takes as long as an answer.
    if done.returncode not in (0, 3):
        sys.exit(f"{Path(arguments[0]).name} failed:\n{done.stderr}")


def _timed(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - began) * 1000


def _write(questions: int, articles: int, warm: Sequence[Stage], cold: Sequence[Stage]) -> None:
    tables = [
        Table(
            "In a warm process",
            f"{questions} questions of the news exam over {articles} articles, English and Arabic in turn, each asked "
            "twice; the stages are of the first time. The ratio is to the encoder's median for one question.",
            ("", "Median ms", "95th percentile ms", "× encoder"),
            tuple(stage.row() for stage in warm),
        ),
        Table(
            "From cold",
            "Wall time of whole processes, the disk cache warm. The ratio is to a Python process that loads the "
            "encoder and encodes the question.",
            ("", "Median ms", "95th percentile ms", "× encoder"),
            tuple(stage.row() for stage in cold),
        ),
    ]
    values = {"warm": [asdict(stage) for stage in warm], "cold": [asdict(stage) for stage in cold]}
    write("latency", "Latency", _NOTE, {"questions": questions, "articles": articles, **values}, tables)


if __name__ == "__main__":
    main()
