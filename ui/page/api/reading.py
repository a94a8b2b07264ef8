"""The endpoints that read what is stored: articles, stories, names."""

from typing import TYPE_CHECKING, Annotated, Any, Unpack

from pydantic import Field

from index.article import Filters
from qa.answer import ArticleRef
from qa.names import mention_list, name_list, quote_list
from qa.question import FilterArguments
from ui.page.api.arguments import ArticleId, Limit, Offset, filtered, page_of, whole
from ui.views.plain import WholeArticle, plain

if TYPE_CHECKING:
    from index import Library

_Kind = Annotated[str | None, Field(description="Only names of this kind: person, body or place.")]
_Bearer = Annotated[str, Field(description="A person, body or place, in any spelling of the name.")]
_Newest = Annotated[bool, Field(description="The newest first, not the oldest.")]


class ReadingEndpoints:
    """The functions; everything goes in and comes out as JSON."""

    def __init__(self, library: "Library") -> None:
        self._library = library

    @filtered(after="title")
    def articles(
        self,
        title: Annotated[str | None, Field(description="Only articles with this in their title.")] = None,
        limit: Limit = 20,
        offset: Offset = 0,
        **filters: Unpack[FilterArguments],
    ) -> list[dict[str, Any]]:
        """List news articles, newest first, without their texts."""
        listed = self._library.articles(Filters.of(**filters), text=title, **page_of(limit, offset))
        return [plain(ArticleRef.of(article)) for article in listed]

    def article(
        self,
        id: ArticleId,
        revision: Annotated[float | None, Field(description="An earlier state of it.")] = None,
    ) -> dict[str, Any]:
        """Return a whole news article with its text and the numbers of its revisions."""
        article = self._library.article(id, whole(revision) if revision else None)
        return plain(WholeArticle.stored(article, self._library.revisions(id)))

    @filtered(after="offset")
    def stories(
        self, limit: Limit = 20, offset: Offset = 0, **filters: Unpack[FilterArguments]
    ) -> list[dict[str, Any]]:
        """List stories, which are news articles that tell of one event, newest first."""
        listed = self._library.stories.entries(Filters.of(**filters), **page_of(limit, offset))
        return [plain(entry) for entry in listed]

    @filtered(after="offset")
    def names(
        self,
        kind: _Kind = None,
        find: Annotated[str, Field(description="Only names that have this in one of their spellings.")] = "",
        limit: Limit = 20,
        offset: Offset = 0,
        **filters: Unpack[FilterArguments],
    ) -> dict[str, Any]:
        """List the people, bodies and places that news articles name, most first, each in all its spellings."""
        chosen = Filters.of(**filters)
        return plain(name_list(self._library, chosen, kind=kind, text=find, **page_of(limit, offset)))

    @filtered(after="offset")
    def mentions(
        self,
        bearer: _Bearer,
        kind: _Kind = None,
        newest: _Newest = False,
        limit: Limit = 20,
        offset: Offset = 0,
        **filters: Unpack[FilterArguments],
    ) -> dict[str, Any]:
        """Tell where news articles name somebody, in any spelling of the name, the oldest first or the newest."""
        chosen = Filters.of(**filters)
        place = page_of(limit, offset)
        return plain(mention_list(self._library, bearer, chosen, kind=kind, newest_first=newest, **place))

    @filtered(after="offset")
    def said(
        self,
        bearer: _Bearer,
        kind: _Kind = None,
        newest: _Newest = False,
        limit: Limit = 20,
        offset: Offset = 0,
        **filters: Unpack[FilterArguments],
    ) -> dict[str, Any]:
        """Tell what somebody said over time, a verbatim quote a sentence, with day, outlet and address."""
        chosen = Filters.of(**filters)
        place = page_of(limit, offset)
        return plain(quote_list(self._library, bearer, chosen, kind=kind, newest_first=newest, **place))
