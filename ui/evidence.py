"""What the evidence panel shows: an article out of the library, at a quote of an answer."""

import itertools
from typing import TYPE_CHECKING

from index.errors import ArticleNotFoundError
from index.text import direction, question_language
from qa.answer import Answer, Citation
from qa.matching import latin, matches
from ui import panels
from ui.library_words import library_words_for
from ui.page_words import PageWords, page_words_for
from ui.render import Gloss, article_html, quoted_html
from ui.session import Session
from ui.shelves import shelf_tools_html
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
            number, _, id = session.shown[1:].partition(":")
            return self.article(id, language, int(number) if _is_number(number) else None)
        place, _, number = session.shown.partition(":")
        if not place:
            return self.latest(language)
        turn = session.turn(place)
        if turn is None or turn.answer is None or not _is_number(number):
            return self.message(words_for(language).forgotten, language)
        return self.cited(turn.answer, int(number), place, language)

    def cited(self, answer: Answer, number: int, key: str, language: str) -> str:
        """Show the article of the answer's citation `number`, at its quote, in the revision it was read from.

        Of an article that has been withdrawn the quote is shown as the answer holds it.
        """
        words, page = words_for(language), page_words_for(language)
        current = next((citation for citation in answer.citations if citation.number == number), None)
        if current is None:
            return self.message(words.forgotten, language)
        tools = panels.tools_html(answer, current, key, page)
        try:
            article = self._library.article(current.article.id, current.revision)
            newest = self._library.revisions(current.article.id)[0]
        except ArticleNotFoundError:
            # Withdrawn since it was quoted, with all its revisions.
            return self._view(quoted_html(current, language=language, notice=words.withdrawn), language, tools)
        changed = newest.number != current.revision
        same = [
            citation
            for citation in answer.citations
            if (citation.article.id, citation.revision) == (current.article.id, current.revision)
        ]
        before, glosses = self._help(answer.question, current, page)
        shown = article_html(
            article, same, current, language=language, notice=words.newer_revision if changed else "",
            after_notice=panels.current_html(article.id, page) if changed else "", before_text=before, glosses=glosses,
        )  # fmt: skip
        return self._view(shown, language, tools)

    def _help(self, question: str, current: Citation, words: PageWords) -> tuple[str, list[Gloss]]:
        """Return what helps to read a quote that is in another language than the question: HTML, and marked words."""
        quote, article = current.quote, current.article
        if question_language(question) == article.language:
            return "", []
        met = matches(self._library.encoder, question, quote)
        asked = [Gloss(m.asked.start, m.asked.end, quote[m.met.start : m.met.end]) for m in met]
        shift = current.start
        marked = [Gloss(m.met.start + shift, m.met.end + shift, question[m.asked.start : m.asked.end]) for m in met]
        said = [current.speaker.name if current.speaker else None, article.source]
        names = {name: latin(name) for name in said if name and direction(name) == "rtl"}
        return panels.help_html(question, asked, names, words), marked

    def article(self, id: str, language: str, revision: int | None = None) -> str:
        """Show an article by itself, and what can be done with it."""
        try:
            article, revisions = self._library.article(id, revision), self._library.revisions(id)
        except ArticleNotFoundError:
            # Withdrawn since the page listed it.
            return self.message(words_for(language).withdrawn, language)
        shown = revision or next((known.number for known in revisions if known.current), 0)
        tools = shelf_tools_html(article, revisions, shown, library_words_for(language))
        return self._view(article_html(article, (), None, language=language), language, tools)

    def latest(self, language: str) -> str:
        """Show what the panel is for, and the newest articles."""
        return self._view(panels.idle_html(self._library.articles(limit=_LATEST), words_for(language)), language)

    def message(self, message: str, language: str) -> str:
        """Show one sentence in place of an article."""
        return self._view(panels.message_html(message, words_for(language)), language)

    def _view(self, content: str, language: str, tools: str = "") -> str:
        return panels.evidence_html(content, page_words_for(language), next(self._views), tools)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < len(text) < 5
