"""The sample articles load as they are meant to, and the exam written on them quotes them exactly."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.article import Article
from index.sources.files import Loaded, find_files, load_file
from tests.support.paths import DATA, ROOT

SAMPLES = ROOT / "samples"
CORRECTED = DATA / "corrected"
EXAM: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "samples.exam.jsonl").read_text("utf-8").splitlines()
]
# The one that is plain text, which has no place for a source and a date.
PLAIN = "cup-final-arabic.txt"


def load(folder: Path) -> dict[str, Article]:
    files = find_files(folder)
    loaded = [item for file in files.files for item in load_file(file, files.root)]
    assert all(isinstance(item, Loaded) for item in loaded), loaded
    return {item.article.id: item.article for item in loaded if isinstance(item, Loaded)}


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return load(SAMPLES)


def test_the_samples_are_seven_arabic_and_six_english_articles(articles: dict[str, Article]) -> None:
    assert Counter(article.language for article in articles.values()) == {"ar": 7, "en": 6}
    assert Counter(path.suffix for path in SAMPLES.iterdir()) == {".txt": 5, ".md": 3, ".html": 3, ".json": 2}


def test_every_sample_states_what_a_citation_shows(articles: dict[str, Article]) -> None:
    for article in articles.values():
        assert article.title and article.byline and article.category
        assert 120 <= len(article.text.split()) <= 260
        assert article.title not in article.text
        if article.id != PLAIN:
            assert article.source and article.published and article.published.year == 2025


def test_the_fields_of_each_format_are_read(articles: dict[str, Article]) -> None:
    def shown(id: str) -> tuple[object, ...]:
        article = articles[id]
        return article.source, article.byline, article.category, article.published

    assert shown("army-denies-warning.txt") == ("وكالة الضفاف", "سلمى الربيعي", "أمن", date(2025, 10, 5))
    assert shown("port-director-suspended.md") == ("وكالة الضفاف", "سلمى الربيعي", "محليات", date(2025, 11, 13))
    assert shown("dam-operator-responds.html") == (
        *("Rafidain Wire", "Daniel Strand", "Environment"),
        date(2025, 10, 22),
    )
    assert shown("mina-2025-1001-17") == ("صحيفة الميناء", "كريم الساعدي", "سياسة", date(2025, 10, 1))
    assert shown(PLAIN) == (None, "حيدر عبود", "رياضة", None)


def test_html_samples_keep_every_paragraph_and_nothing_else(articles: dict[str, Article]) -> None:
    for path in SAMPLES.glob("*.html"):
        paragraphs = re.findall(r"<p>(.*?)</p>", path.read_text("utf-8"))
        assert articles[path.name].text == "\n".join(paragraphs)


def test_the_correction_is_a_new_text_of_the_same_article(articles: dict[str, Article]) -> None:
    for id, corrected in load(CORRECTED).items():
        before = articles[id]
        assert (corrected.source, corrected.published) == (before.source, before.published)
        assert corrected.content_hash != before.content_hash
        assert "2300 عائلة" in corrected.text and "2300" not in before.text


def test_the_exam_has_its_share_of_unanswerable_questions() -> None:
    assert len({item["id"] for item in EXAM}) == len(EXAM) >= 30
    assert sum(item["type"] == "unanswerable" for item in EXAM) == 6
    for item in EXAM:
        assert item["question_en"].isascii() and item["question_ar"].endswith("؟")
        assert (item["article"] is None) == (item["type"] == "unanswerable")


@pytest.mark.parametrize("item", [item for item in EXAM if item["article"]], ids=lambda item: item["id"])
def test_answer_and_evidence_stand_in_the_article_as_stored(item: dict[str, Any], articles: dict[str, Article]) -> None:
    assert item["sentence"] in articles[item["article"]].text
    assert item["answer"] in item["sentence"]


def test_every_sample_is_asked_about(articles: dict[str, Article]) -> None:
    assert {item["article"] for item in EXAM} - {None} == set(articles)
