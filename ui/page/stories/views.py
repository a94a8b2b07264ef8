"""What the panel shows of stories, for what a session has open."""

from typing import TYPE_CHECKING

from index.errors import StoryNotFoundError
from ui.page.conversation.session import ChatSession
from ui.page.evidence import View
from ui.page.quotes import quoted_article
from ui.views.stories.panel import stories_html, story_html, story_tools_html

if TYPE_CHECKING:
    from index import Library
    from qa.answer import Citation
    from qa.stories import StoryAccount, StoryReader

# What a session shows that has stories open: this alone for all, before the id of one, and after that the number of one
# of its quotes.
STORIES = "~"
_MOST_LISTED = 50


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
        shown = quoted_article(self._library, citation, account.citations, words)
        return view(shown, session.language, story_tools_html(account.story.id, words))


def _cited(account: "StoryAccount", number: str) -> "Citation | None":
    """Return the citation of a number; None where it is none."""
    is_number = number.isascii() and number.isdecimal() and 0 < len(number) < 5
    return next((citation for citation in account.citations if is_number and citation.number == int(number)), None)
