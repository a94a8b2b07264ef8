"""Versions of one article under one id: the newest is taken, within a file and over several."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import Article, Library
from index.ingest import versions
from index.ingest.versions import newest
from index.sources.files import Failure, Loaded, load_file
from tests.support.small_encoder import SmallEncoder

VERSIONS = [
    ("2025-10-01", "The bridge in Basra opened on Tuesday."),
    ("2025-10-03", "The bridge in Basra reopened on Sunday."),
    ("2025-10-02", "The bridge in Basra closed on Friday after an accident."),
]


def line(day: str | None, text: str) -> str:
    return json.dumps({"id": "bridge", "title": "Bridge", "text": text, **({"date": day} if day else {})}) + "\n"


def given(path: Path) -> list[Loaded | Failure]:
    return list(newest(load_file(path, path.parent)))


def test_of_a_crawl_the_newest_version_is_taken_and_each_older_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "crawl.jsonl"
    path.write_text("".join(line(*version) for version in VERSIONS))
    first, second, kept = given(path)
    assert isinstance(kept, Loaded) and kept.article.text == VERSIONS[1][1]
    assert [(item.name, item.skipped) for item in (first, second) if isinstance(item, Failure)] == [
        ("crawl.jsonl:line 1", True),
        ("crawl.jsonl:line 3", True),
    ]
    assert "has a newer version in crawl.jsonl:line 2, which was taken" in second.reason


def test_without_days_the_last_in_the_file_is_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "crawl.jsonl"
    path.write_text("".join(line(None, text) for _, text in VERSIONS))
    assert [item.article.text for item in given(path) if isinstance(item, Loaded)] == [VERSIONS[2][1]]


def test_the_same_version_twice_is_one_article_and_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "crawl.jsonl"
    path.write_text(line(*VERSIONS[0]) * 2)
    assert len(given(path)) == 1


def test_over_several_files_the_newest_stays_however_often_the_folder_is_indexed(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, version in zip(("a.jsonl", "b.jsonl", "c.jsonl"), VERSIONS, strict=True):
        (folder / name).write_text(line(*version))
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        for _ in range(3):
            report = library.sync(folder)
            assert report.ok and len(report.skipped) == (1 if report.added else 2)
            assert library.article("bridge").text == VERSIONS[1][1]
        assert len(library.revisions("bridge")) == 2
        # What was newer is gone: the next newest takes its place.
        (folder / "b.jsonl").unlink()
        library.sync(folder)
        assert library.article("bridge").text == VERSIONS[2][1]


def test_what_is_held_back_is_bounded_by_the_versions_that_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_MOST_CHARACTERS", 1_000)

    def pair(number: int) -> list[Loaded]:
        texts = (("long " * 100, date(2025, 5, 2)), ("short", date(2025, 5, 1)))
        return [
            Loaded(Article.create(str(number), text, published=day), 0.0, place=f"crawl.jsonl:line {place}")
            for place, (text, day) in enumerate(texts)
        ]

    taken = 0

    def counted() -> Iterator[Loaded]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield from pair(number)

    kept = (item for item in newest(counted()) if isinstance(item, Loaded))
    assert next(kept).article.id == "0"
    assert taken <= 4
