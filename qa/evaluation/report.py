"""What an evaluation found: every question's result, and the measures over all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from qa.evaluation import metrics
from qa.evaluation.metrics import CoveragePoint, Interval


@dataclass(frozen=True, slots=True)
class Recall:
    """The share (0 to 1) of questions whose right item is among the first 1, 5 and 10."""

    at_1: float
    at_5: float
    at_10: float

    @classmethod
    def of(cls, ranks: Sequence[int | None]) -> "Recall":
        """Count ranks from 1; None is not found."""
        return cls(*(metrics.recall_at(ranks, depth) for depth in (1, 5, 10)))


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well unanswerable questions are told apart, each 0 to 1.

    `precision` is the share of the abstentions that were right, `recall` the share of the unanswerable
    questions that were abstained from; `auroc` is that of `Answer.score`, whatever the threshold.
    """

    auroc: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The 95 % confidence interval of the measure that `Report.to_dict` calls `name`."""

    name: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report as a table."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """How one question went.

    The ranks are from 1 within the first ten passages, None when not found; `quote`, `cited` (its article's
    id) and `speaker` are those of the first used citation, None when it abstained; `speaker_hit` is None
    unless the question asks for a speaker; for an unanswerable question every hit is False and `answers` is
    empty. `score` is `Answer.score`; `latency_ms` times `Assistant.ask`.
    """

    id: str
    question: str
    kind: str
    answers: tuple[str, ...]
    article_rank: int | None
    passage_rank: int | None
    abstained: bool
    score: float
    cited: str | None
    quote: str | None
    short: str | None
    speaker: str | None
    sentence_hit: bool
    exact_match: bool
    f1: float
    speaker_hit: bool | None
    latency_ms: float

    @property
    def answerable(self) -> bool:
        """Tell whether the question has a gold answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of one evaluation; shares are 0 to 1, a measure the file cannot give is None.

    Retrieval, sentence and short-answer measures are means over the answerable questions. `missing` counts
    the questions whose gold article is not in the library; they are asked all the same.
    """

    passages: Recall | None
    articles: Recall | None
    mrr: float | None
    sentence_accuracy: float | None
    exact_match: float | None
    f1: float | None
    speaker_accuracy: float | None
    abstention: Abstention | None
    coverage: tuple[CoveragePoint, ...]
    latency_p50_ms: float
    latency_p95_ms: float
    intervals: tuple[Measured, ...]
    items: tuple[Item, ...]
    missing: int = 0

    @classmethod
    def of(cls, items: Sequence[Item], missing: int = 0) -> "Report":
        """Sum up the questions' results; there must be at least one.

        The first question pays for what is loaded when first used, so that its latency counts only alone.
        """
        answerable = [item for item in items if item.answerable]
        passages, articles = [i.passage_rank for i in answerable], [i.article_rank for i in answerable]
        speakers = [item.speaker_hit for item in items if item.speaker_hit is not None]
        latencies = [item.latency_ms for item in items[1:] or items]
        some = bool(answerable)
        return cls(
            passages=Recall.of(passages) if some else None,
            articles=Recall.of(articles) if some else None,
            mrr=metrics.mean_reciprocal_rank(passages) if some else None,
            sentence_accuracy=metrics.mean([i.sentence_hit for i in answerable]) if some else None,
            exact_match=metrics.mean([i.exact_match for i in answerable]) if some else None,
            f1=metrics.mean([i.f1 for i in answerable]) if some else None,
            speaker_accuracy=metrics.mean(speakers) if speakers else None,
            abstention=_abstention(items),
            coverage=metrics.coverage_accuracy([i.score for i in items], [i.sentence_hit for i in items]),
            latency_p50_ms=metrics.percentile(latencies, 50),
            latency_p95_ms=metrics.percentile(latencies, 95),
            intervals=tuple(_intervals(items)),
            items=tuple(items),
            missing=missing,
        )

    def to_dict(self, *, items: bool = False) -> dict[str, object]:
        """Return plain JSON values; measures that are None are left out; `items` adds every question.

        `coverage_accuracy` is a list of {coverage, accuracy, score}; `confidence_intervals` maps measures to
        [low, high]; `missing_articles` is there when it is not 0.
        """
        values: dict[str, object] = dict(self._values())
        values["coverage_accuracy"] = [asdict(point) for point in self.coverage]
        values["confidence_intervals"] = {m.name: [m.interval.low, m.interval.high] for m in self.intervals}
        values["questions"] = len(self.items)
        if self.missing:
            values["missing_articles"] = self.missing
        if items:
            values["items"] = [asdict(item) for item in self.items]
        return values

    def rows(self) -> tuple[Row, ...]:
        """Return the report as a table's lines: questions, measures with their intervals, latencies."""
        intervals = {measured.name: measured.interval for measured in self.intervals}
        rows = [Row("Questions", str(len(self.items)))]
        if self.missing:
            rows.append(Row("Gold articles not in the library", str(self.missing)))
        values = self._values()
        if self.articles:
            values |= {"article_recall@5": self.articles.at_5, "article_recall@10": self.articles.at_10}
        if self.abstention:
            values["abstention_f1"] = self.abstention.f1
        for key, label in _LABELS.items():
            if key in values:
                interval = intervals.get(key)
                spread = f" [{interval.low:.3f}, {interval.high:.3f}]" if interval else ""
                rows.append(
                    Row(label, f"{values[key]:.0f} ms" if key.endswith("_ms") else f"{values[key]:.3f}{spread}")
                )
        return tuple(rows)

    def _values(self) -> dict[str, float]:
        passages, articles, abstention = self.passages, self.articles, self.abstention
        values = {
            "passage_recall@1": passages.at_1 if passages else None,
            "passage_recall@5": passages.at_5 if passages else None,
            "passage_recall@10": passages.at_10 if passages else None,
            "mrr": self.mrr,
            "article_recall@1": articles.at_1 if articles else None,
            "sentence_accuracy": self.sentence_accuracy,
            "exact_match": self.exact_match,
            "f1": self.f1,
            "speaker_accuracy": self.speaker_accuracy,
            "abstention_auroc": abstention.auroc if abstention else None,
            "abstention_precision": abstention.precision if abstention else None,
            "abstention_recall": abstention.recall if abstention else None,
            "latency_p50_ms": self.latency_p50_ms,
            "latency_p95_ms": self.latency_p95_ms,
        }
        return {key: value for key, value in values.items() if value is not None}


_LABELS = {
    "passage_recall@1": "Passage recall@1",
    "passage_recall@5": "Passage recall@5",
    "passage_recall@10": "Passage recall@10",
    "mrr": "MRR@10",
    "article_recall@1": "Article recall@1",
    "article_recall@5": "Article recall@5",
    "article_recall@10": "Article recall@10",
    "sentence_accuracy": "Answer-sentence accuracy",
    "exact_match": "Short answer, exact match",
    "f1": "Short answer, F1",
    "speaker_accuracy": "Speaker accuracy",
    "abstention_auroc": "Abstention AUROC",
    "abstention_precision": "Abstention precision",
    "abstention_recall": "Abstention recall",
    "abstention_f1": "Abstention F1",
    "latency_p50_ms": "Latency, median",
    "latency_p95_ms": "Latency, 95th percentile",
}


def _abstention(items: Sequence[Item]) -> Abstention | None:
    answerable = [item for item in items if item.answerable]
    unanswerable = [item for item in items if not item.answerable]
    if not answerable or not unanswerable:
        return None
    right = sum(item.abstained for item in unanswerable)
    made = sum(item.abstained for item in items)
    return Abstention(
        auroc=metrics.auroc([i.score for i in answerable], [i.score for i in unanswerable]),
        precision=right / made if made else 0.0,
        recall=right / len(unanswerable),
    )


def _intervals(items: Sequence[Item]) -> Iterator[Measured]:
    answerable = [item for item in items if item.answerable]
    series = {
        "passage_recall@1": [float(i.passage_rank == 1) for i in answerable],
        "mrr": [metrics.reciprocal(i.passage_rank) for i in answerable],
        "article_recall@1": [float(i.article_rank == 1) for i in answerable],
        "sentence_accuracy": [float(i.sentence_hit) for i in answerable],
        "exact_match": [float(i.exact_match) for i in answerable],
        "f1": [i.f1 for i in answerable],
        "speaker_accuracy": [float(i.speaker_hit) for i in items if i.speaker_hit is not None],
    }
    for name, values in series.items():
        if values:
            yield Measured(name, metrics.mean_interval(values))
    unanswerable = [item.score for item in items if not item.answerable]
    if answerable and unanswerable:
        yield Measured("abstention_auroc", metrics.auroc_interval([i.score for i in answerable], unanswerable))
