"""The endpoints that ask the models: questions, searches, stories told, quotes translated."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Unpack

from pydantic import Field

from index.article import Filters
from index.errors import QueryError
from index.languages.messages import DEFAULT, LANGUAGES
from qa.answer import ArticleRef, Citation, Role
from qa.question import FilterArguments
from qa.stories import StoryReader
from ui.page.api.arguments import ArticleId, Limit, filtered, page_of, whole
from ui.state.turns import turns_of
from ui.views.plain import FoundPassage, plain

if TYPE_CHECKING:
    from qa.assistant import Assistant

_Interface = Annotated[
    str,
    Field(
        description="The language of the answer's own words where Khabar does not speak the question's, such as \"ar\"."
    ),
]
_History = Annotated[
    list[dict[str, Any]] | None,
    Field(
        description='The turns before it that it may hang on, oldest first: each {"question": …, "answer": …}, the '
        "answer whole, as this gave it, or null."
    ),
]


class AskingEndpoints:
    """The functions; `waits`, asked inside a call, returns what tells whether whoever called still waits."""

    def __init__(self, assistant: "Assistant", stories: StoryReader, waits: Callable[[], Callable[[], bool]]) -> None:
        self._assistant = assistant
        self._waits = waits
        self._library = assistant.library
        self._stories = stories

    @filtered(after="question")
    def ask(
        self,
        question: Annotated[str, Field(description="A question in English, Arabic or another language.")],
        interface: _Interface = DEFAULT,
        history: _History = None,
        **filters: Unpack[FilterArguments],
    ) -> dict[str, Any]:
        """Answer a question from the news articles with verbatim, cited quotes, or say that they don't say."""
        return self._assistant.ask(
            question, history=turns_of(history or []), is_wanted=self._waits(), interface=interface, **filters
        ).to_dict()

    @filtered(after="question")
    def search(
        self,
        question: Annotated[str, Field(description="A question or a few words in any language.")],
        limit: Limit = 10,
        **filters: Unpack[FilterArguments],
    ) -> list[dict[str, Any]]:
        """Find the passages of news articles that are nearest to a question, best first."""
        found = self._assistant.search(question, filters=Filters.of(**filters), limit=page_of(limit)["limit"])
        return [plain(FoundPassage.found(candidate)) for candidate in found]

    @filtered(after="id")
    def story(
        self,
        id: Annotated[str, Field(description="The story's id, as the list of stories has it.")],
        **filters: Unpack[FilterArguments],
    ) -> dict[str, Any]:
        """Tell a story in verbatim, cited quotes: its first report, what changed, who said what, what is disputed."""
        return self._stories.read(id, is_wanted=self._waits(), **filters).to_dict()

    def translate(
        self,
        id: ArticleId,
        start: Annotated[float, Field(description="Where the quote begins in the article's text, in characters.")],
        end: Annotated[float, Field(description="Where it ends.")],
        language: Annotated[str, Field(description='What to translate it into, such as "en".')] = DEFAULT,
        revision: Annotated[float | None, Field(description="The state of the article that is quoted.")] = None,
    ) -> dict[str, Any]:
        """Translate a quote of a news article with the chat model; the translation is no evidence, the quote is."""
        article = self._library.article(id, whole(revision) if revision else None)
        first, last = whole(start), whole(end)
        if not 0 <= first < last <= len(article.text):
            raise QueryError(f"{id!r} has {len(article.text)} characters: 0 <= start < end <= {len(article.text)}.")
        if language not in LANGUAGES:
            raise QueryError(f"Quotes are translated into one of {', '.join(LANGUAGES)}, not into {language!r}.")
        quote = Citation(
            number=1, role=Role.USED, article=ArticleRef.of(article), revision=whole(revision or 0), score=0.0,
            quote=article.text[first:last], start=first, end=last, passage_start=first, passage_end=last,
        )  # fmt: skip
        return asdict(self._assistant.translate(quote, language))
