"""What stands across a grid: outlets, days and articles of a library, within the filters."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import Article, Filters, Library
from qa.batch import Across, GridColumn
from qa.batch.columns import MOST_COLUMNS, columns_of
from qa.errors import BatchError
from tests.support.small_encoder import SmallEncoder


def article(id: str, source: str | None, day: int | None, title: str = "News", language: str = "en") -> Article:
    published = date(2025, 3, day) if day else None
    return Article.create(id, "It rained.", title=title, source=source, published=published, language=language)


ARTICLES = [
    article("a", "Karvel Post", 3),
    article("b", "Karvel Post", 3),
    article("c", "وكالة تولم", 2, "مطر", "ar"),
    article("d", None, 5),
    article("e", "Tolm Gazette", None),
]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add(ARTICLES)
        yield library


def names(library: Library, across: Across, filters: Filters | None = None) -> tuple[list[str], int]:
    found = columns_of(library, across, filters or Filters())
    return [column.name for column in found.columns], found.left_out


def test_outlets_stand_across_the_one_with_most_articles_first(small: Library) -> None:
    assert names(small, Across.OUTLETS) == (["Karvel Post", "Tolm Gazette", "وكالة تولم"], 1)


def test_days_stand_across_in_their_order(small: Library) -> None:
    assert names(small, Across.DAYS) == (["2025-03-02", "2025-03-03", "2025-03-05"], 1)


def test_articles_stand_across_by_title_outlet_and_day(small: Library) -> None:
    assert names(small, Across.ARTICLES) == (
        [
            "News · Tolm Gazette",
            "مطر · وكالة تولم · 2025-03-02",
            "News · Karvel Post · 2025-03-03",
            "News · Karvel Post · 2025-03-03 2",
            "News · 2025-03-05",
        ],
        0,
    )


@pytest.mark.parametrize("across", Across)
def test_only_what_passes_the_filters_stands_across(small: Library, across: Across) -> None:
    expected = {"outlets": "وكالة تولم", "days": "2025-03-02", "articles": "مطر · وكالة تولم · 2025-03-02"}
    assert names(small, across, Filters.of(language="ar")) == ([expected[across]], 0)


@pytest.mark.parametrize("across", Across)
def test_too_many_columns_and_none_say_what_to_do(small: Library, across: Across) -> None:
    with pytest.raises(BatchError, match=f"There are no {across} to put across"):
        names(small, across, Filters.of(category="none"))
    many = [
        Article.create(f"m{n}", "It rained.", source=f"Outlet {n}", published=date.fromordinal(730_000 + n))
        for n in range(MOST_COLUMNS + 1)
    ]
    small.add(many)
    with pytest.raises(BatchError) as raised:
        names(small, across, Filters.of(before="2010-01-01"))
    assert str(raised.value) == (
        f"There are {MOST_COLUMNS + 1} {across} to put across; {MOST_COLUMNS} are the most. Narrow them by --source, "
        "--language, --category, --after or --before."
    )
    small.remove(["m0"])
    assert len(names(small, across, Filters.of(before="2010-01-01"))[0]) == MOST_COLUMNS


@pytest.mark.parametrize(
    ("column", "filters", "within"),
    [
        (GridColumn("x", source="Karvel Post"), {}, {"source": "Karvel Post"}),
        (GridColumn("x", source="Karvel Post"), {"source": ["A", "Karvel Post"]}, {"source": "Karvel Post"}),
        (GridColumn("x", source="Karvel Post"), {"source": "A"}, None),
        (GridColumn("x", day=date(2025, 3, 3)), {"language": "ar"}, {"language": "ar", "on": "2025-03-03"}),
        (GridColumn("x", day=date(2025, 3, 3)), {"after": "2025-03-03"}, {"on": "2025-03-03"}),
        (GridColumn("x", day=date(2025, 3, 3)), {"after": "2025-03-04"}, None),
        (GridColumn("x", day=date(2025, 3, 3)), {"before": "2025-03-02"}, None),
        (GridColumn("x", article=ARTICLES[0]), {"source": "Karvel Post"}, {"source": "Karvel Post"}),
        (GridColumn("x", article=ARTICLES[0]), {"language": "ar"}, None),
    ],
)
def test_a_column_narrows_the_filters_of_a_question(
    column: GridColumn, filters: dict[str, object], within: dict[str, object] | None
) -> None:
    expected = None
    if within is not None:
        on = within.pop("on", None)
        expected = Filters.of(**within, **({"after": on, "before": on} if on else {}))  # type: ignore[arg-type]
    assert column.within(Filters.of(**filters)) == expected  # type: ignore[arg-type]
