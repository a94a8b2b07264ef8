"""What the evidence panel shows: an article out of the library, at a quote of an answer."""

import itertools
from typing import TYPE_CHECKING

from index.errors import ArticleNotFoundError
from qa.answer import Answer
from ui import panels
from ui.page_words import page_words_for
from ui.render import article_html
from ui.session import Session
from ui.words import words_for

if TYPE_CHECKING:
    from index import Library


_LATEST = 8


class Evidence:
    """Makes the panel's HTML."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._views = itertools.count(1)

    def of(self, session: Session) -> str:
        """Show what the session has open: a citation, an article, or else the newest articles."""
        language = session.language
        if session.shown.startswith("="):
            return self.article(session.shown[1:], language)
        place, _, number = session.shown.partition(":")
        if not place:
            return self.latest(language)
        turn = session.turn(place)
        if turn is None or turn.answer is None or not (number.isascii() and number.isdecimal() and len(number) < 4):
            return self.message(words_for(language).forgotten, language)
        return self.cited(turn.answer, int(number), place, language)

    def cited(self, answer: Answer, number: int, key: str, language: str) -> str:
        """Show the article of the answer's citation `number`, at its quote, in the revision it was read from."""
        words = words_for(language)
        current = next((citation for citation in answer.citations if citation.number == number), None)
        if current is None:
            return self.message(words.forgotten, language)
        tools = panels.tools_html(answer, current, key, page_words_for(language))
        try:
            article = self._library.article(current.article.id, current.revision)
            newest = self._library.revisions(current.article.id)[0]
        except ArticleNotFoundError:
            return self._view(panels.message_html(words.withdrawn, words), language, tools)
        notice = "" if newest.number == current.revision else words.newer_revision
        same = [citation for citation in answer.citations if citation.revision == current.revision]
        return self._view(article_html(article, same, current, language=language, notice=notice), language, tools)

    def article(self, id: str, language: str, revision: int | None = None) -> str:
        """Show an article by itself."""
        try:
            article = self._library.article(id, revision)
        except ArticleNotFoundError:
            return self.message(words_for(language).withdrawn, language)
        return self._view(article_html(article, (), None, language=language), language)

    def latest(self, language: str) -> str:
        """Show what the panel is for, and the newest articles."""
        return self._view(panels.idle_html(self._library.articles(limit=_LATEST), words_for(language)), language)

    def message(self, message: str, language: str) -> str:
        """Show one sentence in place of an article."""
        return self._view(panels.message_html(message, words_for(language)), language)

    def _view(self, content: str, language: str, tools: str = "") -> str:
        return panels.evidence_html(content, page_words_for(language), next(self._views), tools)
