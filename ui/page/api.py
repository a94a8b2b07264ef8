"""What the page offers to programs: the same functions, as named Gradio endpoints; `ui.mcp` makes tools of them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from index.article import Article, Filters
from index.errors import KhabarError, QueryError
from index.languages.messages import DEFAULT, LANGUAGES
from index.store.access.roles import AccessGrant
from qa.answer import ArticleRef, Citation, Role
from qa.stories import StoryReader
from ui.page.queueing.queue import QUESTIONS, caller_waits
from ui.page.sessions import Permissions
from ui.page.web_api import WebEndpoints
from ui.views.plain import FoundPassage, WholeArticle, plain

if TYPE_CHECKING:
    from index.web import Web
    from qa.assistant import Assistant

_MOST = 100
# JSON's numbers are exact below this.
_BEYOND = 2**53


class EndpointKind(Enum):
    """What a function does: ask the models, in the queue of questions; read what is stored; what editors may.

    `FOLLOWS` is for those who may change all of the library, not collections alone.
    """

    ASKS = "asks"
    READS = "reads"
    EDITS = "edits"
    FOLLOWS = "follows"

    @property
    def is_change(self) -> bool:
        """Tell whether it is for editors."""
        return self in (EndpointKind.EDITS, EndpointKind.FOLLOWS)

    def check(self, role: AccessGrant) -> None:
        """Raise `AccessError` where somebody may not call such a function."""
        if self is EndpointKind.FOLLOWS:
            role.check_may_edit_everything()
        elif self is EndpointKind.EDITS:
            role.check_may_edit()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function that programs may call by its name; everything goes in and comes out as JSON."""

    function: Callable[..., Any]
    kind: EndpointKind

    @property
    def name(self) -> str:
        """What it is called by."""
        return str(self.function.__name__)


def endpoints(
    assistant: "Assistant", web: "Web", waits: Callable[[], Callable[[], bool]] = caller_waits
) -> list[Endpoint]:
    """Return what programs may call; `translate` is among it where there is a chat model.

    `waits`, asked inside a call, returns what tells from then on whether whoever called still waits.
    """
    own, addresses = _Endpoints(assistant, waits), WebEndpoints(web)
    kinds: dict[EndpointKind, list[Callable[..., Any]]] = {
        EndpointKind.ASKS: [own.ask, own.search, own.story],
        EndpointKind.READS: [own.articles, own.article, own.stories],
        EndpointKind.EDITS: [own.add, own.remove],
        EndpointKind.FOLLOWS: [
            *(addresses.add_address, addresses.follow, addresses.pause, addresses.unfollow, addresses.feeds)
        ],
    }
    offered = [Endpoint(function, kind) for kind, functions in kinds.items() for function in functions]
    return [*offered, *([Endpoint(own.translate, EndpointKind.ASKS)] if assistant.can_translate else [])]


def offer(assistant: "Assistant", web: "Web", permissions: Permissions) -> None:
    """Add the endpoints to the blocks that are being laid out; those that edit are for whoever may."""
    for endpoint in endpoints(assistant, web):
        function = _telling(endpoint.function)
        if endpoint.kind is EndpointKind.ASKS:
            api(function, api_name=endpoint.name, concurrency_id=QUESTIONS)
        else:
            if endpoint.kind.is_change:
                function = permissions.editing(function, check=endpoint.kind.check)
            api(function, api_name=endpoint.name)


class _Endpoints:
    """The functions."""

    def __init__(self, assistant: "Assistant", waits: Callable[[], Callable[[], bool]]) -> None:
        self._assistant = assistant
        self._waits = waits
        self._library = assistant.library
        self._stories = StoryReader(assistant)

    def ask(
        self,
        question: str,
        language: list[str] | str | None = None,
        source: list[str] | str | None = None,
        category: list[str] | str | None = None,
        after: str | None = None,
        before: str | None = None,
        interface: str = DEFAULT,
    ) -> dict[str, Any]:
        """Answer a question from the news articles with verbatim, cited quotes, or say that they don't say.

        Args:
            question: A question in English, Arabic or another language.
            language: Only articles in these languages, such as "ar".
            source: Only articles of these outlets.
            category: Only articles of these sections.
            after: Only articles from this day on, as 2025-09-28.
            before: Only articles up to this day.
            interface: The language of the answer's own words where Khabar does not speak the question's: "ar".
        """
        return self._assistant.ask(
            question, is_wanted=self._waits(), interface=interface, language=language, source=source,
            category=category, after=after, before=before,
        ).to_dict()  # fmt: skip

    def search(
        self,
        question: str,
        language: list[str] | str | None = None,
        source: list[str] | str | None = None,
        category: list[str] | str | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: float = 10,
    ) -> list[dict[str, Any]]:
        """Find the passages of news articles that are nearest to a question, best first.

        Args:
            question: A question or a few words in any language.
            language: Only articles in these languages, such as "ar".
            source: Only articles of these outlets.
            category: Only articles of these sections.
            after: Only articles from this day on, as 2025-09-28.
            before: Only articles up to this day.
            limit: At most this many passages.
        """
        filters = Filters.of(language=language, source=source, category=category, after=after, before=before)
        found = self._assistant.search(question, filters=filters, limit=max(1, min(_whole(limit), _MOST)))
        return [plain(FoundPassage.found(candidate)) for candidate in found]

    def articles(
        self,
        title: str | None = None,
        language: list[str] | str | None = None,
        source: list[str] | str | None = None,
        category: list[str] | str | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: float = 20,
        offset: float = 0,
    ) -> list[dict[str, Any]]:
        """List news articles, newest first, without their texts.

        Args:
            title: Only articles with this in their title.
            language: Only articles in these languages, such as "ar".
            source: Only articles of these outlets.
            category: Only articles of these sections.
            after: Only articles from this day on, as 2025-09-28.
            before: Only articles up to this day.
            limit: At most this many articles.
            offset: How many to pass over.
        """
        filters = Filters.of(language=language, source=source, category=category, after=after, before=before)
        count, skipped = max(1, min(_whole(limit), _MOST)), max(0, _whole(offset))
        listed = self._library.articles(filters, text=title, limit=count, offset=skipped)
        return [plain(ArticleRef.of(article)) for article in listed]

    def article(self, id: str, revision: float | None = None) -> dict[str, Any]:
        """Return a whole news article with its text and the numbers of its revisions.

        Args:
            id: The article's id.
            revision: An earlier state of it.
        """
        article = self._library.article(id, _whole(revision) if revision else None)
        return plain(WholeArticle.stored(article, self._library.revisions(id)))

    def stories(self, limit: float = 20, offset: float = 0) -> list[dict[str, Any]]:
        """List stories, which are news articles that tell of one event, newest first.

        Args:
            limit: At most this many stories.
            offset: How many to pass over.
        """
        count, skipped = max(1, min(_whole(limit), _MOST)), max(0, _whole(offset))
        return [plain(entry) for entry in self._library.stories.entries(limit=count, offset=skipped)]

    def story(self, id: str) -> dict[str, Any]:
        """Tell a story in verbatim, cited quotes: its first report, what changed, who said what, what is disputed.

        Args:
            id: The story's id, as the list of stories has it.
        """
        return self._stories.read(id, is_wanted=self._waits()).to_dict()

    def add(
        self,
        id: str,
        text: str,
        title: str = "",
        source: str | None = None,
        url: str | None = None,
        byline: str | None = None,
        category: str | None = None,
        published: str | None = None,
        collections: list[str] | str | None = None,
    ) -> dict[str, Any]:
        """Add a news article to the library, or a new revision of the one with this id.

        Args:
            id: The article's id.
            text: Its text, without the title.
            title: Its title.
            source: Its outlet.
            url: Its address.
            byline: Who wrote it.
            category: Its section.
            published: The day it was published, as 2025-09-28.
            collections: Which collections it is in; by default those that it is in, and a new one in none.
        """
        day = Filters.of(after=published).after if published else None
        article = Article.create(
            id, text, title=title, source=source, url=url, byline=byline, category=category, published=day
        )
        named = [collections] if isinstance(collections, str) else collections
        report = self._library.add([article], collections=named)
        if passed_over := [*report.failures, *report.skipped]:
            raise QueryError(passed_over[0].reason)
        return {"added": report.added, "replaced": report.replaced, "unchanged": report.unchanged}

    def remove(self, id: str) -> dict[str, Any]:
        """Remove a news article from the library with all its revisions.

        Args:
            id: The article's id.
        """
        return {"removed": self._library.remove([id])}

    def translate(
        self, id: str, start: float, end: float, language: str = DEFAULT, revision: float | None = None
    ) -> dict[str, Any]:
        """Translate a quote of a news article with the chat model; the translation is no evidence, the quote is.

        Args:
            id: The article's id.
            start: Where the quote begins in the article's text, in characters.
            end: Where it ends.
            language: What to translate it into, such as "en".
            revision: The state of the article that is quoted.
        """
        article = self._library.article(id, _whole(revision) if revision else None)
        first, last = _whole(start), _whole(end)
        if not 0 <= first < last <= len(article.text):
            raise QueryError(f"{id!r} has {len(article.text)} characters: 0 <= start < end <= {len(article.text)}.")
        if language not in LANGUAGES:
            raise QueryError(f"Quotes are translated into one of {', '.join(LANGUAGES)}, not into {language!r}.")
        quote = Citation(
            number=1, role=Role.USED, article=ArticleRef.of(article), revision=_whole(revision or 0), score=0.0,
            quote=article.text[first:last], start=first, end=last, passage_start=first, passage_end=last,
        )  # fmt: skip
        return asdict(self._assistant.translate(quote, language))


def _whole(number: float) -> int:
    if not abs(number) < _BEYOND:
        raise QueryError(f"{number} is no whole number below {_BEYOND:,}.")
    return int(number)


def _telling(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have the caller told in words what was wrong with a call."""
    from functools import wraps

    @wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except KhabarError as error:
            # Gradio hands its own kind of error on to the caller, and no other.
            raise gr.Error(str(error), print_exception=False) from error

    return call
