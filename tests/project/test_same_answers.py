"""The comparison of answers before and after a change: what is asked, what is kept, and what counts as a difference."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.same_answers import Asked, Cited, Row, answered, counts, differing, questions_of, rows_of
from qa import Assistant

CITED = Cited("used", "a", 3, 9, "Ann")
ROW = Row("exam", "q1", "en", False, None, "Ann: “yes” [1]", "yes", (CITED, Cited("also_found", "b", 0, 5, None)), True)


def test_what_visitors_should_read_stands_in_the_samples(samples: Assistant, tmp_path: Path) -> None:
    asked = list(questions_of("samples", tmp_path))
    assert [sum(a.wording == language for a in asked) for language in ("en", "ar", "fr")] == [19, 15, 14]
    texts = [article.text for article in samples.library.articles()]
    assert {a.id for a in asked for sentence in a.evidence if not any(sentence in text for text in texts)} == set()
    assert {a.question for a in asked if not a.evidence} == {
        "Who is the president of Norvia?", "hello, what can you do?", "من هو وزير النفط العراقي؟", "السلام عليكم",
        "Quel est l'âge du gouverneur d'Anbar ?", "bonjour",
    }  # fmt: skip


def test_an_exam_is_asked_in_each_of_its_languages_after_the_turns_before(tmp_path: Path) -> None:
    exam = {
        "id": "x1", "question_en": "and when?", "question_fr": "et quand ?", "sentence": "On Friday.",
        "also": [{"article": "b", "sentence": "Vendredi."}], "history": [{"en": "who?", "fr": "qui ?"}],
    }  # fmt: skip
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "stories-A.exam.jsonl").write_text(json.dumps(exam) + "\n", encoding="utf-8")
    assert list(questions_of("stories-A", tmp_path)) == [
        Asked("stories-A", "x1", "en", "and when?", ("who?",), ("On Friday.", "Vendredi.")),
        Asked("stories-A", "x1", "fr", "et quand ?", ("qui ?",), ("On Friday.", "Vendredi.")),
    ]


def test_a_follow_up_is_answered_and_reads_back(samples: Assistant, tmp_path: Path) -> None:
    asked = next(a for a in questions_of("samples", tmp_path) if a.question == "and how many did they arrest?")
    row = answered(samples, asked)
    assert (row.found, [cited.article for cited in row.used]) == (True, ["army-denies-warning.txt"])
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(asdict(row), ensure_ascii=False) + "\n", encoding="utf-8")
    assert rows_of(file) == [row]


def test_each_difference_is_named() -> None:
    assert differing(ROW, ROW) == []
    assert differing(ROW, replace(ROW, text="Ann : « yes » [1]")) == ["text"]
    assert differing(ROW, replace(ROW, citations=(CITED,))) == ["other citations"]
    assert differing(ROW, replace(ROW, citations=(replace(CITED, speaker="Bob"), ROW.citations[1]))) == ["speakers"]
    moved = replace(ROW, citations=(replace(CITED, start=4), ROW.citations[1]), short=None)
    assert differing(ROW, moved) == ["quotes", "short answer"]
    abstained = replace(ROW, abstained=True, reason="nothing_close", citations=(), short=None, text="?", found=False)
    assert differing(ROW, abstained) == ["abstention", "quotes", "short answer", "reason", "text"]
    assert counts([(ROW, ROW), (ROW, moved), (ROW, abstained)]) == {
        "questions": 3, "citations": 1, "places": 1, "quotes": 1, "text": 2, "short": 1, "abstention": 2,
        "found before": 3, "found after": 2,
    }  # fmt: skip
