"""What stands across a grid: the outlets, the days or the articles of a library."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from index import Article, Filters, Library
from qa.batch.questions import unlike
from qa.errors import BatchError

# Each is asked every question, and nobody reads across more.
MOST_COLUMNS = 60
_PAGE = 200


class Across(StrEnum):
    """What the columns of a grid are."""

    OUTLETS = "outlets"
    DAYS = "days"
    ARTICLES = "articles"


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column, by its heading: the articles of an outlet, or of a day, or one article."""

    name: str
    source: str | None = None
    day: date | None = None
    article: Article | None = None

    def within(self, filters: Filters) -> Filters | None:
        """Return filters narrowed to the column, None where they leave nothing of it."""
        if self.article is not None:
            return filters if filters.match(self.article) else None
        if self.source is not None:
            is_left = not filters.source or self.source in filters.source
            return replace(filters, source=(self.source,)) if is_left else None
        day = self.day
        is_within = day is not None and (filters.after or day) <= day <= (filters.before or day)
        return replace(filters, after=day, before=day) if is_within else None


@dataclass(frozen=True, slots=True)
class GridColumns:
    """The columns of a grid, and how many articles stand in none: they have no outlet, or no day."""

    columns: tuple[GridColumn, ...]
    left_out: int = 0


def columns_of(library: Library, across: Across, filters: Filters) -> GridColumns:
    """Return what stands across, of the articles that pass the filters: outlets, most articles first; days in order.

    Articles are in the order of their days. Raises `BatchError` where there is nothing, or more than `MOST_COLUMNS`.
    """
    with library.snapshot():
        if across is Across.ARTICLES:
            _check_number(library.extent(filters).articles, across)
            return GridColumns(_articles(library, filters))
        articles = _all(library, filters)
        if across is Across.OUTLETS:
            counts = Counter(article.source for article in articles)
            left_out = counts.pop(None, 0)
            found = [GridColumn(name, source=name) for name, _ in sorted(counts.items(), key=_most_first) if name]
        else:
            days = Counter(article.published for article in articles)
            left_out = days.pop(None, 0)
            found = [GridColumn(day.isoformat(), day=day) for day in sorted(filter(None, days))]
    _check_number(len(found), across)
    return GridColumns(tuple(found), left_out)


def _articles(library: Library, filters: Filters) -> tuple[GridColumn, ...]:
    articles = sorted(_all(library, filters), key=lambda article: (article.published or date.min, article.id))
    names = unlike([_name(article) for article in articles])
    return tuple(GridColumn(name, article=article) for name, article in zip(names, articles, strict=True))


def _name(article: Article) -> str:
    day = article.published.isoformat() if article.published else None
    return " · ".join(part for part in (article.title or article.id, article.source, day) if part)


def _all(library: Library, filters: Filters) -> Iterator[Article]:
    """Yield articles a page at a time: a library's texts may be more than memory holds."""
    place = 0
    while page := library.articles(filters, limit=_PAGE, offset=place):
        yield from page
        place += len(page)


def _most_first(counted: tuple[str | None, int]) -> tuple[int, str]:
    return -counted[1], counted[0] or ""


def _check_number(number: int, across: Across) -> None:
    if not number:
        raise BatchError(
            f"There are no {across} to put across: no article that passes the filters has one. Widen the filters."
        )
    if number > MOST_COLUMNS:
        raise BatchError(
            f"There are {number:,} {across} to put across; {MOST_COLUMNS} are the most. Narrow them by --source, "
            "--language, --category, --after or --before."
        )
