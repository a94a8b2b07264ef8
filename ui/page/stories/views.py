"""What the panel shows of stories, for what a session has open."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from markupsafe import Markup

from index.errors import ArticleNotFoundError, StoryNotFoundError
from index.languages.messages import Messages
from ui.page.conversation.session import ChatSession
from ui.views.html import article_html, quoted_html
from ui.views.stories.panel import stories_html, story_html, story_tools_html

if TYPE_CHECKING:
    from index import Library
    from qa.answer import Citation
    from qa.stories import StoryAccount, StoryReader

# What a session shows that has stories open: this alone for all, before the id of one, and after that the number of one
# of its quotes.
STORIES = "~"
_MOST_LISTED = 50
# Shows content in the panel, in a language, below tools.
View = Callable[[Markup, str, str], str]


class StoryViews:
    """Makes the panel's HTML of stories; without a reader there is the list alone."""

    def __init__(self, library: "Library", reader: "StoryReader | None") -> None:
        self._library = library
        self._reader = reader

    def of(self, session: ChatSession, view: View) -> str:
        """Show all stories, one, or the article of one of its quotes; raises what the reader raises."""
        id, _, number = session.shown.removeprefix(STORIES).partition(":")
        words = session.words
        try:
            account = self._reader.read(id) if id and self._reader else None
        except StoryNotFoundError:
            # Its articles have been withdrawn since.
            session.shown, account = STORIES, None
        if account is None:
            listed = stories_html(self._library.stories.entries(limit=_MOST_LISTED), words)
            return view(listed, session.language, "")
        citation = _cited(account, number)
        if citation is None:
            return view(story_html(account, words), session.language, "")
        return view(self._quoted(account, citation, words), session.language, story_tools_html(account.story.id, words))

    def _quoted(self, account: "StoryAccount", citation: "Citation", words: Messages) -> Markup:
        """Show the article of a quote, in the revision that was read."""
        try:
            article = self._library.article(citation.article.id, citation.revision)
        except ArticleNotFoundError:
            # Withdrawn since it was quoted, with all its revisions.
            return quoted_html(citation, language=words.language, notice=words.say("article.withdrawn"))
        same = [other for other in account.citations if other.article.id == citation.article.id]
        return article_html(article, same, citation, language=words.language)


def _cited(account: "StoryAccount", number: str) -> "Citation | None":
    """Return the citation of a number; None where it is none."""
    is_number = number.isascii() and number.isdecimal() and 0 < len(number) < 5
    return next((citation for citation in account.citations if is_number and citation.number == int(number)), None)
