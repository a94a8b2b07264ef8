"""The stories of a library, to be read: which there are, newest first, and which articles tell one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from index.article import Article, Filters
from index.errors import StoryNotFoundError
from index.store.engines.protocol import Database
from index.store.rows import FIELDS, from_row, to_date
from index.store.sql import story_number, where_clause

# The earliest article first, of one day that which came first; those without a date last.
_EARLIEST = "article.published IS NULL, article.published, article.number"
_MEMBERS = "event_member JOIN article ON article.number = event_member.article"
_COLUMNS = ", ".join(f"article.{name}" for name in FIELDS.split(", "))
_ALL = 2**62


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """A story in a list: the title of its first report, how many there are of how many outlets, and its days.

    `first` and `last` are the days of its earliest and its latest article, None where none has a date.
    """

    id: str
    title: str
    language: str
    reports: int
    outlets: int
    languages: tuple[str, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell of one event, one at least, the earliest first and those without a date last."""

    id: str
    articles: tuple[Article, ...]

    @property
    def entry(self) -> StoryEntry:
        """What a list says of it."""
        days = [article.published for article in self.articles if article.published]
        return StoryEntry(
            self.id,
            self.articles[0].title,
            self.articles[0].language,
            len(self.articles),
            len({article.source for article in self.articles if article.source}),
            tuple(sorted({article.language for article in self.articles})),
            min(days, default=None),
            max(days, default=None),
        )


class StoryIndex:
    """Reads one catalog's stories; of a library that an earlier version wrote, and none may change, it has none.

    `within` narrows filters to what whoever reads may see.
    """

    def __init__(self, database: Database, within: Callable[[Filters | None], Filters]) -> None:
        self._db = database
        self._within = within

    def entries(
        self, filters: Filters | None = None, *, least: int = 2, limit: int | None = None, offset: int = 0
    ) -> list[StoryEntry]:
        """Return the stories that `least` or more of the articles that pass the filters tell, the newest first.

        A story's day is that of its latest article; those without one come last.
        """
        if not self._there():
            return []
        where, values = where_clause(self._within(filters), "article.")
        with self._db.snapshot():
            found = self._db.all(
                f"SELECT event FROM {_MEMBERS} WHERE {where} GROUP BY event HAVING count(*) >= ? "
                "ORDER BY max(published) IS NULL, max(published) DESC, event DESC LIMIT ? OFFSET ?",
                *values, least, _ALL if limit is None else limit, offset,
            )  # fmt: skip
            return [self._entry(story, where, values) for (story,) in found]

    def count(self, filters: Filters | None = None, *, least: int = 2) -> int:
        """Count the stories that `entries` would return."""
        if not self._there():
            return 0
        where, values = where_clause(self._within(filters), "article.")
        row = self._db.one(
            f"SELECT count(*) FROM (SELECT event FROM {_MEMBERS} WHERE {where} GROUP BY event HAVING count(*) >= ?) "
            "AS told", *values, least,
        )  # fmt: skip
        return int(row[0]) if row else 0

    def find(self, id: str, filters: Filters | None = None) -> Story:
        """Return a story by its id, with those of its articles that pass the filters.

        Raises `StoryNotFoundError` where there is none, or none of its articles passes.
        """
        number = story_number(id)
        articles = self._articles(number, filters) if number is not None and self._there() else ()
        if number is None or not articles:
            raise StoryNotFoundError("There is no such story here. The list of stories shows which there are.")
        return Story(str(number), articles)

    def of(self, article_id: str, filters: Filters | None = None) -> Story | None:
        """Return the story that an article is in, with those articles that pass the filters; None where none does."""
        if not self._there():
            return None
        seen, values = where_clause(self._within(None), "article.")
        row = self._db.one(f"SELECT event FROM {_MEMBERS} WHERE article.id = ? AND {seen}", article_id, *values)
        articles = self._articles(row[0], filters) if row else ()
        return Story(str(row[0]), articles) if row and articles else None

    def _articles(self, story: int, filters: Filters | None) -> tuple[Article, ...]:
        where, values = where_clause(self._within(filters), "article.")
        rows = self._db.all(
            f"SELECT {_COLUMNS} FROM {_MEMBERS} WHERE event = ? AND {where} ORDER BY {_EARLIEST}", story, *values
        )
        return tuple(from_row(row) for row in rows)

    def _entry(self, story: int, where: str, values: Sequence[object]) -> StoryEntry:
        """Return what a list says of a story, without its articles' texts."""
        rows = self._db.all(
            f"SELECT article.title, article.language, article.source, article.published FROM {_MEMBERS} "
            f"WHERE event = ? AND {where} ORDER BY {_EARLIEST}", story, *values,
        )  # fmt: skip
        days = [row[3] for row in rows if row[3]]
        return StoryEntry(
            str(story), rows[0][0], rows[0][1], len(rows), len({row[2] for row in rows if row[2]}),
            tuple(sorted({row[1] for row in rows})),
            to_date(min(days, default=None)), to_date(max(days, default=None)),
        )  # fmt: skip

    def _there(self) -> bool:
        return self._db.has("event_member")
