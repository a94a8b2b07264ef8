"""What the panel shows of many questions: the article of a quote in their table."""

from typing import TYPE_CHECKING

from qa.answer import ArticleRef, Citation, Role
from qa.batch import BatchAnswer
from ui.page.conversation.session import ChatSession
from ui.page.evidence import View
from ui.page.quotes import quoted_article
from ui.views import page as panels

if TYPE_CHECKING:
    from index import Library

# What a session shows that has a quote of the table open, before its row and column.
BATCH = "*"


class BatchViews:
    """Makes the panel's HTML of a quote in the table."""

    def __init__(self, library: "Library") -> None:
        self._library = library

    def of(self, session: ChatSession, view: View) -> str:
        """Show the article of the quote, in the revision that was read."""
        answer, words = session.batch.answer(session.shown.removeprefix(BATCH)), session.words
        citation = _citation(answer) if answer else None
        if citation is None:
            return view(panels.message_html(words.say("evidence.forgotten"), words), session.language, "")
        return view(quoted_article(self._library, citation, [citation], words), session.language, "")


def _citation(answer: BatchAnswer) -> Citation | None:
    """Return the quote of an answer as its article is shown by; None where it quotes nothing."""
    if answer.article is None or answer.quote is None or answer.start is None or answer.end is None:
        return None
    article = ArticleRef(
        answer.article, answer.title or "", answer.outlet, answer.day, "und", answer.url, byline=None, category=None
    )
    return Citation(
        1, Role.USED, article, answer.revision or 1, answer.quote, answer.start, answer.end, answer.start, answer.end,
        answer.confidence,
    )  # fmt: skip
