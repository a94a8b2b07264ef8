"""What each rule is worth: the whole chain without one rule at a time, on exams that no rule was written for.

    python -m benchmarks.rules [--news DIR] [--world DIR] [--only news world stories-A stories-B] [--every N]

A rule is a decision of `qa/` that was written, not learned; two learned ones stand beside them. Every question is asked
by the chain as it ships, and once more with each rule taken out. What the reader marked is kept between the runs, so
that only the rule differs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.answers import EXAMS, Row, ask, libraries, lines_of
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import open_encoder
from qa import Assistant
from qa.answering import corrections, decision, scope
from qa.answering.overviews import Survey
from qa.reading import eligibility
from qa.reading.constraints import Constraints
from qa.reading.reader import SentenceReader
from qa.reading.span_model import SpanModel, SpanScores, Text
from qa.retrieval.late_interaction import LateInteraction
from qa.understanding.understanding import Understood

_RESAMPLES = 2000
_NOTE = (
    "The chain as it ships against the chain without one rule, on the same questions in three languages. Right: what "
    "is expected of the question is met (its first quote answers, a near miss is not answered, both sides are quoted, "
    "an overview has two of its articles). Points of right that the rule wins, with the 95 % interval of the paired "
    "bootstrap over questions, and points of wrong and answered that it costs. Changed: the state, the first quote, "
    "its short answer or whether that is right."
)

Without = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Difference:
    """What a rule changes over all questions: their number, and points won with their 95 % interval."""

    rule: str
    changed: int
    right: float
    low: float
    high: float
    wrong: float
    helped: int
    hurt: int


class RememberedSpans:
    """A reader that reads each text once for each question."""

    def __init__(self, spans: SpanModel) -> None:
        self.name, self.runtime = spans.name, spans.runtime
        self._spans = spans
        self._marked: dict[tuple[str, Text], SpanScores] = {}

    def mark(self, question: str, texts: Sequence[Text]) -> list[SpanScores]:
        """Mark the texts that have not been marked for this question, all at once."""
        new = [text for text in dict.fromkeys(texts) if (question, text) not in self._marked]
        if new:
            for text, scores in zip(new, self._spans.mark(question, new), strict=True):
                self._marked[question, text] = scores
        return [self._marked[question, text] for text in texts]


def _set(owner: Any, name: str, value: Any) -> Without:
    return lambda: patch.object(owner, name, value)


def _no_stance(asked: Constraints, article: Any, sentence: Any) -> float:
    return 0.0


# Each by the one place in the product that it can be taken out at.
RULES: Mapping[str, Without] = {
    "a denial is asked for: who denies comes first": _set(Constraints, "denial", _no_stance),
    "what was refused is not what was done": _set(Constraints, "is_refused", lambda *_: False),
    "whom a figure counts: dead, injured, others": _set(Constraints, "toll", None),
    "an article without the names asked about": _set(Constraints, "is_named_in", lambda *_: True),
    "what asks states nothing": _set(eligibility, "_replied", lambda evidence: iter(evidence)),
    "two people of one name": _set(eligibility, "_is_anothers", lambda *_: False),
    "an article with none of the words asked about": _set(Survey, "of_matter", lambda _, evidence: list(evidence)),
    "an article with all of the words asked about": _set(Survey, "_has_all", lambda *_: False),
    "rows of a table": _set(eligibility, "_is_of_another_row", lambda *_: False),
    "what takes a claim back is quoted with it": _set(corrections, "_takes_back", lambda *_: False),
    "a time or an outlet in the question": _set(Understood, "is_scoped", False),
    'the newest of what is near, for "latest"': _set(scope, "newest_first", list),
    "the other side is no rival": _set(decision.Decision, "_without_rivals", lambda _, question, sides: question),
    "learned: what a later article says comes first": _set(decision, "revised", lambda *_: None),
    "learned: the other side is quoted": _set(decision, "differing", lambda question, evidence: list(evidence[:1])),
    "learned: the second look": _set(SentenceReader, "second_look", lambda _, question, evidence: list(evidence)),
}


def without_each(assistant: Assistant, lines: Sequence[Mapping[str, Any]], exam: str) -> dict[str, list[Row]]:
    """Ask an exam's questions as the chain ships, under the name "", and without each rule."""
    asked = {"": list(ask(assistant, lines, exam))}
    for rule, without in RULES.items():
        say(f"{exam}: without: {rule}")
        with without():
            asked[rule] = list(ask(assistant, lines, exam))
    return asked


def differences(asked: Mapping[str, Sequence[Row]]) -> Iterator[Difference]:
    """Hold the chain as it ships against the chain without each rule."""
    whole, draws = asked[""], np.random.default_rng(7)
    places = draws.integers(0, len(whole), (_RESAMPLES, len(whole)))
    for rule in RULES:
        pairs = list(zip(whole, asked[rule], strict=True))
        right = np.array([float(one.right) - float(other.right) for one, other in pairs])
        wrong = np.array([_misleads(one) - _misleads(other) for one, other in pairs])
        low, high = np.percentile(right[places].mean(axis=1), [2.5, 97.5])
        yield Difference(
            rule, sum(_shown(one) != _shown(other) for one, other in pairs), 100 * float(right.mean()),
            100 * float(low), 100 * float(high), 100 * float(wrong.mean()),
            int((right > 0).sum()), int((right < 0).sum()),
        )  # fmt: skip


def _misleads(row: Row) -> float:
    return float(row.state == "answered" and not row.right)


def _shown(row: Row) -> tuple[str, str, str, bool]:
    return row.state, row.quote, row.short, row.right


def table_of(found: Sequence[Difference], questions: int) -> Table:
    """Lay out one row a rule."""
    body = tuple(
        (
            item.rule, str(item.changed), str(item.helped), str(item.hurt), f"{item.right:+.2f}",
            f"{item.low:+.2f} to {item.high:+.2f}", f"{item.wrong:+.2f}",
        )
        for item in found
    )  # fmt: skip
    head = ("with the rule", "answers changed", "right by it", "not right by it", "right", "95 % interval", "wrong")
    return Table(f"{questions} questions", "", head, body)


def main() -> None:
    """Ask, print and write."""
    flags = parser(__doc__)
    flags.add_argument("--news", type=Path, help="a library over the ANT corpus (default: the cache's)")
    flags.add_argument("--world", type=Path, help="a library over the world corpus (default: the cache's)")
    flags.add_argument("--only", nargs="*", choices=EXAMS, default=list(EXAMS))
    flags.add_argument("--every", type=int, default=1, help="ask only each so-manieth line")
    options = flags.parse_args()
    work_offline()
    data, encoder = Data(options.data), open_encoder()
    news, world = options.news or options.cache / "library-ant", options.world or options.cache / "library-world"
    asked: dict[str, list[Row]] = {}
    for exam, opened in libraries(data, options.only, news, world, encoder):
        spans = RememberedSpans(opened.models.spans)
        reader = SentenceReader(LateInteraction(encoder), spans, weights=opened.weights)
        assistant = Assistant(opened.library, reader=reader)
        lines = lines_of(data, exam)[:: options.every]
        for rule, rows in without_each(assistant, lines, exam).items():
            asked.setdefault(rule, []).extend(rows)
    found = list(differences(asked))
    table = table_of(found, len(asked[""]))
    print(table.markdown())
    write("rules", "What each rule is worth", _NOTE, {"rules": [asdict(item) for item in found]}, [table])


if __name__ == "__main__":
    main()
