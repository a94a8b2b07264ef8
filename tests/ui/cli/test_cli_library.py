"""The commands that look after a library: articles, doctor, eval."""

import json
import re
import shutil
from pathlib import Path

import pytest

from index import Library
from tests.support.command import Run

pytestmark = pytest.mark.system


def test_articles_are_listed_newest_first(khabar: Run, shelf: Path) -> None:
    rows = [line.split("\t") for line in khabar("articles", "list", "--library", shelf).out.splitlines()]
    with Library.open(shelf) as library:
        stored = library.articles()
    assert [row[0] for row in rows] == [article.id for article in stored]
    dates = [row[1] for row in rows]
    assert dates == sorted(dates, reverse=True)
    two = khabar("articles", "list", "--language", "en", "--limit", "2", "--library", shelf).out.splitlines()
    assert [line.split("\t")[2] for line in two] == ["en", "en"]
    source = khabar("articles", "list", "--source", "Tigris Herald", "--library", shelf).out.splitlines()
    assert source and all(line.split("\t")[3] == "Tigris Herald" for line in source)


def test_an_article_is_shown_whole_with_its_revisions(khabar: Run, shelf: Path) -> None:
    done = khabar("articles", "show", "army-denies-warning.txt", "--library", shelf)
    with Library.open(shelf) as library:
        article = library.article("army-denies-warning.txt")
    assert done.status == 0
    assert article.text in done.out
    assert re.search(r"^revision 1: added \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, current$", done.out, re.MULTILINE)


def test_removed_articles_are_gone(khabar: Run, tmp_path: Path, samples_folder: Path) -> None:
    library = tmp_path / "library"
    khabar("index", samples_folder / "embassy-warning.md", "--library", library)
    assert khabar("articles", "remove", "embassy-warning.md", "--library", library).out == "1 removed\n"
    assert khabar("articles", "list", "--library", library).out == ""


# The doctor.


def test_a_sound_library_passes(khabar: Run, shelf: Path) -> None:
    done = khabar("doctor", "--library", shelf)
    assert done.status == 0
    assert [line.split("\t")[0] for line in done.out.splitlines()] == ["ok"] * 7
    assert "OpenVINO" in done.out
    assert re.search(r"^ok\tengine: SQLite [\d.]+, format 4, generation 1$", done.out, re.MULTILINE)


def test_a_lost_vector_index_is_repaired(khabar: Run, tmp_path: Path, samples_folder: Path) -> None:
    library = tmp_path / "library"
    khabar("index", samples_folder / "embassy-warning.md", "--library", library)
    for folder in [path for path in library.iterdir() if path.is_dir()]:
        shutil.rmtree(folder)
    assert khabar("doctor", "--library", library).status == 0
    with Library.open(library) as opened:
        assert opened.search("embassy")[0].article.id == "embassy-warning.md"


def test_another_model_names_the_rebuild_and_the_rebuild_works(
    khabar: Run, tmp_path: Path, samples_folder: Path
) -> None:
    library = tmp_path / "library"
    khabar("index", samples_folder / "embassy-warning.md", "--library", library)
    refused = khabar("ask", "who?", "--model", "some-other-model", "--library", library)
    assert refused.status == 2
    assert "khabar doctor --rebuild" in refused.err
    rebuilt = khabar("doctor", "--rebuild", "--library", library)
    assert (rebuilt.status, rebuilt.err) == (0, "")


# Evaluation.


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    text = "The bridge over the Khazir opens on 14 May. It took nine years to build."
    question = {
        "id": "q1",
        "question": "When does the bridge open?",
        "answers": [{"text": "14 May", "answer_start": 36}],
    }
    data = {"version": "1.1", "data": [{"title": "t", "paragraphs": [{"context": text, "qas": [question]}]}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_eval_prints_a_table_or_json(khabar: Run, squad: Path) -> None:
    done = khabar("eval", squad, "--json")
    report = json.loads(done.out)
    assert (done.status, report["questions"], "items" in report) == (0, 1, False)
    table = khabar("eval", squad)
    assert table.status == 0
    assert all(re.match(r"\S.*?  \S", line) for line in table.out.splitlines())


def test_eval_asks_an_exam_over_the_library(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    with Library.open(shelf) as library:
        sentence = library.article("embassy-warning.md").text.split("\n")[0]
    exam = tmp_path / "exam.jsonl"
    item = {
        "id": "one", "article": "embassy-warning.md", "type": "who", "question_en": "Who voiced concern about ISIS?",
        "question_ar": "من أعرب عن قلقه من داعش؟", "answer": "The Norvian embassy", "sentence": sentence,
    }  # fmt: skip
    exam.write_text(json.dumps(item) + "\n", encoding="utf-8")
    done = khabar("eval", exam, "--language", "ar", "--json", "--items", "--library", shelf)
    assert done.status == 0
    assert json.loads(done.out)["items"][0]["question"] == "من أعرب عن قلقه من داعش؟"
    refused = khabar("eval", exam, "--paragraphs", exam, "--library", shelf)
    assert (refused.status, refused.err.count("\n")) == (2, 1)
