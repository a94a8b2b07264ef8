"""The report on answers made by hand, whose every measure is known, and on the real engine."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Encoder
from index.article import Article, Filters, Passage
from index.errors import ArticleNotFoundError
from index.search import Candidate
from qa.answer import Answer, ArticleRef, Citation, Reason, Role, ShortAnswer, Speaker
from qa.errors import EvaluationError
from qa.evaluation.run import EvaluationState, evaluate_exam, evaluate_squad

BRIDGE = Article.create("bridge", "قال المهندس سامر حداد إن الجسر سيفتح يوم 14 ماي. وشكر العمال.", language="ar")
COPY = Article.create("copy", "وقال المهندس سامر حداد اليوم إن الجسر سيفتح يوم 14 ماي.", language="ar")
DATES = Article.create("dates", "ارتفعت أسعار التمور إلى 14 دينارا للكيلوغرام.", language="ar")
QUOTE = "قال المهندس سامر حداد إن الجسر سيفتح يوم 14 ماي."

EXAM = [
    {
        "id": "when",
        "article": "bridge",
        "type": "when",
        "question_en": "When does the bridge open?",
        "question_ar": "متى يفتح الجسر؟",
        "answer": "14 ماي",
        "sentence": QUOTE,
    },
    {
        "id": "who",
        "article": "bridge",
        "type": "speaker",
        "question_en": "Who said when the bridge opens?",
        "question_ar": "من قال متى يفتح الجسر؟",
        "answer": "حداد",
        "sentence": QUOTE,
    },
    {
        "id": "price",
        "article": "dates",
        "type": "number",
        "question_en": "What does a kilo of dates cost?",
        "question_ar": "كم ثمن كيلوغرام التمور؟",
        "answer": "14 دينارا",
        "sentence": DATES.text,
    },
    {
        "id": "none",
        "article": None,
        "type": "unanswerable",
        "question_en": "Who won the regatta?",
        "question_ar": "من فاز بالسباق؟",
        "answer": None,
        "sentence": None,
    },
]
MEASURES = [
    "passage_recall@1",
    "passage_recall@5",
    "passage_recall@10",
    "mrr",
    "article_recall@1",
    "sentence_accuracy",
    "exact_match",
    "f1",
    "speaker_accuracy",
    "abstention_auroc",
    "abstention_precision",
    "abstention_recall",
    "latency_p50_ms",
    "latency_p95_ms",
]


class ScriptedAssistant:
    """Answers each question as it was told to, from a fixed set of articles."""

    def __init__(self, answers: dict[str, Answer], found: dict[str, list[Article]], articles: list[Article]) -> None:
        self.library = self
        self._answers = answers
        self._found = found
        self._articles = {article.id: article for article in articles}

    def ask(self, question: str) -> Answer:
        return self._answers[question]

    def search(self, question: str, *, limit: int) -> list[Candidate]:
        articles = self._found[question][:limit]
        return [Candidate(Passage(a.id, 0, len(a.text)), a, 1, 1.0) for a in articles]

    def article(self, id: str, revision: int | None = None) -> Article:
        if id not in self._articles:
            raise ArticleNotFoundError(id)
        return self._articles[id]


def answer(article: Article | None, quote: str, *, score: float, speaker: str = "", short: str = "") -> Answer:
    """Quote an article, or abstain without one."""
    made = Answer("", "en", "", article is None, None, (), None, score, 1, Filters())
    if article is None:
        return replace(made, reason=Reason.NOTHING_CLOSE)
    start = article.text.index(quote)
    named = Speaker(speaker, 0, len(speaker)) if speaker else None
    citation = Citation(
        1, Role.USED, ArticleRef.of(article), 1, quote, start, start + len(quote), 0, len(article.text), 1.0, named
    )
    brief = ShortAnswer(short, 1, article.text.index(short), article.text.index(short) + len(short)) if short else None
    return replace(made, citations=(citation,), short=brief)


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    path = tmp_path / "exam.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in EXAM), encoding="utf-8")
    return path


@pytest.fixture
def assistant() -> Any:
    when, who, price, none = (str(line["question_en"]) for line in EXAM)
    return ScriptedAssistant(
        {
            when: answer(COPY, COPY.text, score=0.9, short="يوم 14 ماي"),
            who: answer(BRIDGE, "وشكر العمال.", score=0.8, speaker="سامر حداد"),
            price: answer(None, "", score=0.2),
            none: answer(DATES, DATES.text, score=0.5),
        },
        {when: [DATES, DATES, COPY], who: [BRIDGE], price: [BRIDGE, COPY], none: [DATES]},
        [BRIDGE, COPY, DATES],
    )


def test_the_report_of_known_answers(exam: Path, assistant: Any) -> None:
    report = evaluate_exam(exam, assistant)
    measures = report.to_dict()
    expected = {
        "passage_recall@1": 1 / 3,
        "passage_recall@5": 2 / 3,
        "passage_recall@10": 2 / 3,
        "mrr": (1 / 3 + 1) / 3,
        "article_recall@1": 1 / 3,
        "sentence_accuracy": 1 / 3,
        "exact_match": 0.0,
        "f1": 0.8 / 3,
        "speaker_accuracy": 1.0,
        "abstention_auroc": 2 / 3,
        "abstention_precision": 0.0,
        "abstention_recall": 0.0,
        "questions": 4,
    }
    assert {key: measures[key] for key in expected} == pytest.approx(expected)
    assert [*MEASURES, "coverage_accuracy", "confidence_intervals", "questions"] == list(measures)
    assert [(i.id, i.article_rank, i.passage_rank, i.sentence_hit, i.speaker_hit) for i in report.items] == [
        ("when", 2, 3, True, None),
        ("who", 1, 1, False, True),
        ("price", None, None, False, None),
        ("none", None, None, False, None),
    ]


def test_the_curve_and_the_intervals_are_plain_json(exam: Path, assistant: Any) -> None:
    measures: Any = json.loads(json.dumps(evaluate_exam(exam, assistant).to_dict(items=True), allow_nan=False))
    assert measures["coverage_accuracy"] == [
        {"coverage": 0.25, "accuracy": 1.0, "score": 0.9},
        {"coverage": 0.5, "accuracy": 0.5, "score": 0.8},
        {"coverage": 0.75, "accuracy": pytest.approx(1 / 3), "score": 0.5},
        {"coverage": 1.0, "accuracy": 0.25, "score": 0.2},
    ]
    assert set(measures["confidence_intervals"]) == {
        "passage_recall@1",
        "mrr",
        "article_recall@1",
        "sentence_accuracy",
        "exact_match",
        "f1",
        "speaker_accuracy",
        "abstention_auroc",
    }
    for name, (low, high) in measures["confidence_intervals"].items():
        assert low <= measures[name] <= high
    assert [item["quote"] for item in measures["items"]] == [COPY.text, "وشكر العمال.", None, DATES.text]


def test_rows_name_every_measure(exam: Path, assistant: Any) -> None:
    rows = {row.label: row.value for row in evaluate_exam(exam, assistant).rows()}
    assert rows["Questions"] == "4"
    assert rows["Passage recall@5"] == "0.667"
    assert rows["Article recall@5"] == "0.667"
    assert rows["Speaker accuracy"] == "1.000 [1.000, 1.000]"
    assert rows["Abstention F1"] == "0.000"
    assert rows["Latency, median"].endswith(" ms")


def test_measures_a_file_cannot_give_are_absent(exam: Path, assistant: Any) -> None:
    lines = exam.read_text(encoding="utf-8").splitlines()
    exam.write_text(lines[0], encoding="utf-8")
    absent = {"speaker_accuracy", "abstention_auroc", "abstention_precision", "abstention_recall"}
    assert absent.isdisjoint(evaluate_exam(exam, assistant).to_dict())
    exam.write_text(lines[3], encoding="utf-8")
    assert [key for key in MEASURES if key in evaluate_exam(exam, assistant).to_dict()] == MEASURES[-2:]


def test_articles_that_are_not_in_the_library_are_counted_or_refused(exam: Path, assistant: Any) -> None:
    exam.write_text(exam.read_text(encoding="utf-8").replace('"bridge"', '"lost"'), encoding="utf-8")
    report = evaluate_exam(exam, assistant)
    assert report.to_dict()["missing_articles"] == 2
    assert report.rows()[1].value == "2"
    assert report.items[0].sentence_hit, "the near copy is in the library"
    exam.write_text(exam.read_text(encoding="utf-8").replace('"dates"', '"lost too"'), encoding="utf-8")
    with pytest.raises(EvaluationError, match="None of the 2 articles"):
        evaluate_exam(exam, assistant)


def test_progress_and_limit(exam: Path, assistant: Any) -> None:
    states: list[EvaluationState] = []
    assert [item.id for item in evaluate_exam(exam, assistant, limit=2, progress=states.append).items] == [
        "when",
        "price",
    ]
    assert states == [EvaluationState("asking", 1, 2), EvaluationState("asking", 2, 2)]


def test_squad_runs_on_the_real_engine_across_languages(tmp_path: Path, encoder: Encoder) -> None:
    english = [
        ("The ferry to the northern island leaves at six in the morning.", "When does the ferry leave?", "six"),
        ("The museum shows forty old maps of the coast.", "How many maps does the museum show?", "forty"),
    ]
    arabic = [
        ("تغادر العبارة نحو الجزيرة الشمالية في السادسة صباحا.", "متى تغادر العبارة؟", "السادسة"),
        ("يعرض المتحف أربعين خريطة قديمة للساحل.", "كم خريطة يعرض المتحف؟", "أربعين"),
    ]
    for name, entries in (("en", english), ("ar", arabic)):
        paragraphs = [
            {
                "context": text,
                "qas": [{"id": str(n), "question": question, "answers": [{"text": a, "answer_start": text.index(a)}]}],
            }
            for n, (text, question, a) in enumerate(entries)
        ]
        content = {"version": "1.1", "data": [{"title": "Coast", "paragraphs": paragraphs}]}
        (tmp_path / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    states: list[EvaluationState] = []
    report = evaluate_squad(tmp_path / "en.json", tmp_path / "ar.json", encoder=encoder, progress=states.append)
    assert report.to_dict()["passage_recall@1"] == 1.0
    assert report.to_dict()["article_recall@1"] == 1.0
    assert "abstention_auroc" not in report.to_dict()
    assert states[0] == EvaluationState("indexing", 0, 2)
    assert states[-1] == EvaluationState("asking", 2, 2)
