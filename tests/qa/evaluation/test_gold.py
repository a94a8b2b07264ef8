"""What counts as gold evidence, and what is said of files that are not evaluation files."""

import json
from pathlib import Path

import pytest

from index.analysis import Span
from qa.errors import EvaluationError
from qa.evaluation.gold import GoldQuestion, Ranks, Retrieved, rank, read_exam, read_squad, sample
from tests.support.paths import SHARED

SENTENCE = "أعلنت بلدية الميناء أن الجسر الجديد سيفتح أمام السيارات يوم 14 ماي."
QUESTION = GoldQuestion("q1", "When does the bridge open?", "when", ("14 ماي",), frozenset({"a"}), "ar", (), SENTENCE)
OTHER_NEWS = "ارتفعت أسعار التمور هذا الموسم. وقال التجار إن الطلب كبير."


SHARED = SHARED / "eval"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the evaluation data in ../shared/eval")


def squad(*paragraphs: tuple[str, list[dict[str, object]]], title: str = "Harbour") -> dict[str, object]:
    return {
        "version": "1.1",
        "data": [{"title": title, "paragraphs": [{"context": text, "qas": qas} for text, qas in paragraphs]}],
    }


def qa(id: str, question: str, text: str, start: int) -> dict[str, object]:
    return {"id": id, "question": question, "answers": [{"text": text, "answer_start": start}]}


def save(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_an_article_with_the_gold_sentence_is_right_wherever_it_stands() -> None:
    text = f"{OTHER_NEWS}\n{SENTENCE}"
    assert QUESTION.evidence("b", text) == (Span(len(OTHER_NEWS) + 1, len(text)),)


def test_a_near_copy_is_right_and_the_answer_alone_is_not() -> None:
    copy = "وأعلنت بلدية الميناء اليوم أن الجسر الجديد سيفتح أمام السيارات يوم 14 ماي القادم."
    assert QUESTION.evidence("b", f"{copy}\n{OTHER_NEWS}") == (Span(0, len(copy)),)
    assert QUESTION.evidence("b", "يبدأ المعرض يوم 14 ماي. وتشارك فيه عشر دول.") == ()
    assert QUESTION.evidence("b", copy.replace("14", "15")) == ()


def test_a_quote_answers_when_it_holds_the_answer_in_a_right_article() -> None:
    other = "يبدأ المعرض يوم 14 ماي."
    assert QUESTION.is_answered(other, "a", other)
    assert not QUESTION.is_answered(other, "b", other)
    assert not QUESTION.is_answered("أعلنت بلدية الميناء", "a", SENTENCE)
    assert QUESTION.is_answered(SENTENCE, "b", SENTENCE)


def test_ranks_count_passages_and_distinct_articles() -> None:
    text = f"{OTHER_NEWS}\n{SENTENCE}"
    cut = len(OTHER_NEWS) + 1
    wrong = Retrieved("c", OTHER_NEWS, 0, len(OTHER_NEWS))
    early, late = Retrieved("a", text, 0, cut), Retrieved("a", text, cut, len(text))
    assert rank(QUESTION, [wrong, wrong, early, late]) == Ranks(passage=4, article=2)
    assert rank(QUESTION, [early]) == Ranks(passage=None, article=1)
    assert rank(QUESTION, []) == Ranks(None, None)


def test_squad_questions_meet_the_paragraphs_of_another_language(tmp_path: Path) -> None:
    english = squad(("The bridge opens in May.", [qa("1", "When?", "May", 20), qa("2", "What?", "bridge", 4)]))
    arabic = squad((" يفتح الجسر في ماي.", [qa("1", "متى؟", "ماي", 15)]), (OTHER_NEWS, []), (" يفتح الجسر في ماي.", []))
    read = read_squad(save(tmp_path / "en.json", english), save(tmp_path / "ar.json", arabic))
    assert [(article.id, article.title) for article in read.articles] == [
        ("Harbour-1", ""),
        ("Harbour-2", ""),
        ("Harbour-3", ""),
    ]
    assert read.articles[0].text == " يفتح الجسر في ماي."
    (question,) = read.questions
    assert (question.text, question.answers, question.language) == ("When?", ("ماي",), "ar")
    assert question.article_ids == {"Harbour-1", "Harbour-3"}
    assert question.evidence("Harbour-3", read.articles[2].text) == (Span(15, 18),)
    assert question.evidence("Harbour-2", OTHER_NEWS) == ()


def test_an_impossible_squad_question_is_unanswerable(tmp_path: Path) -> None:
    path = save(
        tmp_path / "v2.json",
        squad(("A quay.", [{"id": "1", "question": "Why?", "answers": [], "is_impossible": True}])),
    )
    (question,) = read_squad(path).questions
    assert (question.kind, question.answers, question.article_ids) == ("unanswerable", (), frozenset())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data.0.paragraphs.0.context: Field required"),
        ([], "SQuAD v1.1"),
        (squad(("A quay.", [qa("1", "What?", "quay", 3)])), "question 1: its paragraph does not hold 'quay'"),
        (squad(("A quay.", [{"id": "1", "question": "What?"}])), "question 1 has no answer"),
        (squad(("!", [])), "has no text"),
        (squad(("A quay.", [])), "share no question"),
    ],
)
def test_a_bad_squad_file_is_told(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(EvaluationError, match=r"bad\.json") as caught:
        read_squad(save(tmp_path / "bad.json", content))
    assert said in str(caught.value)


def test_a_missing_or_binary_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_squad(tmp_path / "none.json")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_exam(tmp_path / "binary.jsonl")


ANSWERABLE = {
    "id": "1",
    "article": "a",
    "type": "when",
    "question_en": "When does the bridge open?",
    "question_ar": "متى يفتح الجسر؟",
    "answer": "14 ماي",
    "sentence": SENTENCE,
}
UNANSWERABLE = {**ANSWERABLE, "id": "2", "type": "unanswerable", "article": None, "answer": None, "sentence": None}


def save_lines(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n", encoding="utf-8")
    return path


def test_an_exam_is_read_in_any_wording(tmp_path: Path) -> None:
    path = save_lines(tmp_path / "exam.jsonl", ANSWERABLE, UNANSWERABLE)
    first, second = read_exam(path)
    assert (first.text, first.kind, first.language, first.sentence) == (
        ANSWERABLE["question_en"],
        "when",
        "ar",
        SENTENCE,
    )
    assert (second.kind, second.answers, second.article_ids) == ("unanswerable", (), frozenset())
    assert read_exam(path, "ar")[0].text == ANSWERABLE["question_ar"]
    french = {"question_fr": "Quand ouvre le pont ?"}
    both = save_lines(tmp_path / "both.jsonl", ANSWERABLE | french)
    assert read_exam(both, "fr")[0].text == french["question_fr"]
    only = {name: value for name, value in ANSWERABLE.items() if not name.startswith("question_")} | french
    assert read_exam(save_lines(tmp_path / "only.jsonl", only))[0].text == french["question_fr"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": "1"}, "exam.jsonl:2: article: Field required"),
        ({**ANSWERABLE, "answer": None}, "exam.jsonl:2: 1 has some of article, answer and sentence, not all"),
        ({**ANSWERABLE, "question_en": " ", "question_ar": None}, "exam.jsonl:2: 1 has no question_en"),
        ("text", "exam.jsonl:2"),
    ],
)
def test_a_bad_exam_line_is_named(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(EvaluationError, match="one JSON object a line") as caught:
        read_exam(save_lines(tmp_path / "exam.jsonl", ANSWERABLE, line))
    assert said in str(caught.value)


def test_an_exam_without_a_wording_or_without_questions_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no question_fr\. It is worded in en, ar"):
        read_exam(save_lines(tmp_path / "exam.jsonl", ANSWERABLE), "fr")
    with pytest.raises(EvaluationError, match="holds no question"):
        read_exam(save_lines(tmp_path / "empty.jsonl"))


def test_a_sample_is_spread_over_the_file() -> None:
    questions = [GoldQuestion(str(n), "?", "what", ("a",), frozenset(), "en") for n in range(10)]
    assert [question.id for question in sample(questions, 3)] == ["0", "3", "6"]
    assert len(sample(questions, None)) == len(sample(questions, 99)) == 10
    with pytest.raises(EvaluationError, match="limit of 0"):
        sample(questions, 0)


@needs_shared
def test_xquad_pairs_are_read_whole() -> None:
    read = read_squad(SHARED / "xquad.en.dev.json", SHARED / "xquad.ar.dev.json")
    texts = {article.id: article.text for article in read.articles}
    assert (len(read.questions), len(texts)) == (632, 120)
    assert {question.language for question in read.questions} == {"ar"}
    for question in read.questions:
        (id,) = question.article_ids
        assert all(question.is_held(span.slice(texts[id])) for span in question.evidence(id, texts[id]))


@needs_shared
def test_every_gold_sentence_of_the_news_exam_is_evidence_of_its_answer() -> None:
    questions = read_exam(SHARED / "news.dev.jsonl", "ar")
    assert (len(questions), sum(not question.answers for question in questions)) == (120, 25)
    for question in questions:
        if question.sentence:
            assert question.evidence("any", question.sentence) == (Span(0, len(question.sentence)),)
            assert question.is_near_copy(question.sentence)
