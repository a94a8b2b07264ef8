"""Standing questions over a stream of news: how many are read again after a commit, and how long a check takes.

    python -m benchmarks.standing [--articles 2000] [--questions 100] [--commits 20] [--batch 5] [--anew]

The oldest articles of a part of the news corpus are the library, and the rest come by the day, so many a commit; now
and then one of the library is withdrawn or revised. With `--anew` every question is also asked anew after each commit,
and what a check has missed, or told without reason, is counted.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from benchmarks.changing_library import questions
from benchmarks.corpus import articles, part
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Article, Library
from qa import Answer, Assistant
from qa.standing import StandingQuestions, compare

_NOTE = (
    "A check finds for each question what is to be read for it, and reads where that is not what was read before. "
    "Seconds of a check are of all questions together, in the process that commits, its models warm."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One commit and the check after it: seconds, questions read again, changes told, and what asking anew shows."""

    commit: float
    check: float
    read: int
    told: int
    anew: float = 0.0
    missed: int = 0
    needless: int = 0


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--articles", type=int, default=2000)
    flags.add_argument("--questions", type=int, default=100)
    flags.add_argument("--commits", type=int, default=20)
    flags.add_argument("--batch", type=int, default=5)
    flags.add_argument("--anew", action="store_true")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    source = part(data, options.cache, options.articles + options.commits * options.batch)
    news = sorted(articles(source), key=lambda article: article.published or date.min)
    asked = questions(data, options.questions)
    stream = list(_batches(news[options.articles :], options.batch))[: options.commits]
    with tempfile.TemporaryDirectory() as folder:
        steps = measure(Path(folder) / "library", news[: options.articles], stream, asked, anew=options.anew)
    values = {"articles": options.articles, "questions": len(asked), "steps": [asdict(step) for step in steps]}
    write("standing", "Standing questions", _NOTE, values, [table(steps, len(asked), anew=options.anew)])


def measure(
    folder: Path, base: Sequence[Article], stream: Sequence[Sequence[Article]], asked: Sequence[str], *, anew: bool
) -> list[Step]:
    """Let the questions stand over the base, then commit the stream piece by piece, with a check after each."""
    chance, steps = random.Random(0), list[Step]()
    with Library.open(folder) as library:
        say(f"indexing {len(base)} articles")
        library.add(base)
        assistant = Assistant(library)
        standing = StandingQuestions(assistant)
        say(f"adding {len(asked)} questions")
        known = {standing.add(question).question: assistant.ask(question) for question in asked}
        for number, batch in enumerate(stream, 1):
            started = time.perf_counter()
            _commit(library, batch, chance)
            committed = time.perf_counter()
            report = standing.check()
            seconds = round(committed - started, 3), round(time.perf_counter() - committed, 3)
            step = Step(*seconds, report.read, len(report.changes))
            told = {kept.question.question for kept in report.changes}
            steps.append(_held_to(step, assistant, known, told) if anew else step)
            say(f"commit {number} of {len(stream)}: {steps[-1]}")
    return steps


def table(steps: Sequence[Step], questions: int, *, anew: bool) -> Table:
    """Sum the steps up."""
    read = statistics.mean(step.read for step in steps)
    rows = [
        ("read again after a commit, of all questions", f"{read / questions:.1%}"),
        ("changes told, in all", str(sum(step.told for step in steps))),
        ("a check, median, s", f"{statistics.median(step.check for step in steps):.2f}"),
        ("a check, longest, s", f"{max(step.check for step in steps):.2f}"),
        ("the commit itself, median, s", f"{statistics.median(step.commit for step in steps):.2f}"),
    ]
    if anew:
        rows += [
            ("asking all anew, median, s", f"{statistics.median(step.anew for step in steps):.2f}"),
            ("changes that a check missed", str(sum(step.missed for step in steps))),
            ("changes told that asking anew does not show", str(sum(step.needless for step in steps))),
        ]
    note = f"{questions} questions, {len(steps)} commits."
    return Table("A stream of commits", note, ("", "measured"), tuple(rows))


def _commit(library: Library, batch: Sequence[Article], chance: random.Random) -> None:
    """Add a batch; now and then withdraw an article of the library, or give it a sentence more."""
    present = library.articles(limit=200)
    library.add(batch)
    one = chance.choice(present)
    if chance.random() < 0.2:
        library.remove([one.id])
    elif chance.random() < 0.4:
        library.add([replace(one, text=f"{one.text}\nThe article was corrected.")])


def _held_to(step: Step, assistant: Assistant, known: dict[str, Answer], told: set[str]) -> Step:
    """Ask every question anew, and count what the check missed and what it told without reason."""
    started = time.perf_counter()
    fresh = {question: assistant.ask(question) for question in known}
    seconds = round(time.perf_counter() - started, 3)
    changed = {question for question, answer in fresh.items() if compare(known[question], answer)}
    known.update(fresh)
    return replace(step, anew=seconds, missed=len(changed - told), needless=len(told - changed))


def _batches(news: Sequence[Article], size: int) -> Iterator[Sequence[Article]]:
    for start in range(0, len(news), size):
        yield news[start : start + size]


if __name__ == "__main__":
    main()
