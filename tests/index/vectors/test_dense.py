"""The dense leg is complete and exact about what is there, however far behind the index is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Filters, Library
from tests.support.small_encoder import SmallEncoder


@pytest.fixture
def small(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def articles(start: int, stop: int, language: str = "en") -> list[Article]:
    return [
        Article.create(f"a{n}", f"Report {n} tells of harbour{n} and of nothing else.", language=language)
        for n in range(start, stop)
    ]


def indexes(library: Library) -> list[str]:
    return sorted(folder.name for folder in library.path.rglob("chroma-*"))


def nearest(library: Library, question: str, **filters: str) -> list[str]:
    vector = library.encoder.encode_query(question).vector
    with library.snapshot():
        found = library._dense.search(vector, 3, Filters.of(**filters))
        stored = library._catalog.passages([item.number for item in found], Filters())
    return [stored[item.number].article.id for item in found if item.number in stored]


def test_what_came_after_the_index_is_found_at_once_and_makes_no_new_one(small: Library) -> None:
    small.add(articles(0, 20))
    small.add(articles(20, 40, "ar"))
    assert indexes(small) == ["chroma-1"]
    for number in (0, 19, 20, 39):
        assert nearest(small, f"Report {number} harbour{number}")[0] == f"a{number}"
    assert nearest(small, "harbour3", language="ar")[0] != "a3"


def test_what_has_left_takes_no_place_in_the_results(small: Library) -> None:
    small.add(articles(0, 60))
    small.remove([f"a{n}" for n in range(1, 50)])
    assert indexes(small) == ["chroma-1"]
    assert len(nearest(small, "Report 1 tells of harbour1")) == 3
    assert not {f"a{n}" for n in range(1, 50)} & set(nearest(small, "Report 1 tells of harbour1"))


def test_a_new_index_is_made_when_much_has_come_or_gone_and_the_one_before_stays(small: Library) -> None:
    small.add(articles(0, 20))
    small.add(articles(20, 600))
    assert indexes(small) == ["chroma-1", "chroma-2"]
    small.remove([f"a{n}" for n in range(0, 150)])
    assert indexes(small) == ["chroma-2", "chroma-3"]
    assert small._catalog.gone(0) == []
    assert nearest(small, "Report 599 harbour599")[0] == "a599"
    assert small.doctor(repair=False).ok


def test_a_library_that_was_emptied_finds_nothing_and_fills_again(small: Library) -> None:
    small.add(articles(0, 200))
    small.remove([f"a{n}" for n in range(200)])
    assert nearest(small, "harbour1") == []
    small.add(articles(0, 1))
    assert nearest(small, "harbour0") == ["a0"]
    assert small.doctor(repair=False).ok


def test_other_openings_find_the_same_in_any_state(small: Library, served_at: str | None) -> None:
    small.add(articles(0, 30))
    with Library.open(small.path, encoder=SmallEncoder(), catalog=served_at) as other:
        assert nearest(other, "harbour7")[0] == "a7"
        small.add(articles(30, 700))
        small.remove(["a7"])
        assert nearest(other, "harbour650")[0] == "a650"
        assert "a7" not in nearest(other, "harbour7")
        assert other.generation == small.generation
