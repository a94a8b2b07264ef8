"""The endpoints that editors change articles by."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from index.article import Article, Filters
from index.errors import QueryError
from ui.page.api.arguments import ArticleId, Values

if TYPE_CHECKING:
    from index import Library

_Collections = Annotated[
    Values,
    Field(description="Which collections it is in; by default those that it is in, and a new one in none."),
]


class EditingEndpoints:
    """The functions; everything goes in and comes out as JSON."""

    def __init__(self, library: "Library") -> None:
        self._library = library

    def add(
        self,
        id: ArticleId,
        text: Annotated[str, Field(description="Its text, without the title.")],
        title: Annotated[str, Field(description="Its title.")] = "",
        source: Annotated[str | None, Field(description="Its outlet.")] = None,
        url: Annotated[str | None, Field(description="Its address.")] = None,
        byline: Annotated[str | None, Field(description="Who wrote it.")] = None,
        category: Annotated[str | None, Field(description="Its section.")] = None,
        published: Annotated[str | None, Field(description="The day it was published, as 2025-09-28.")] = None,
        collections: _Collections = None,
    ) -> dict[str, Any]:
        """Add a news article to the library, or a new revision of the one with this id."""
        day = Filters.of(after=published).after if published else None
        article = Article.create(
            id, text, title=title, source=source, url=url, byline=byline, category=category, published=day
        )
        named = [collections] if isinstance(collections, str) else collections
        report = self._library.add([article], collections=named)
        if passed_over := [*report.failures, *report.skipped]:
            raise QueryError(passed_over[0].reason)
        return {"added": report.added, "replaced": report.replaced, "unchanged": report.unchanged}

    def remove(self, id: ArticleId) -> dict[str, Any]:
        """Remove a news article from the library with all its revisions."""
        return {"removed": self._library.remove([id])}
