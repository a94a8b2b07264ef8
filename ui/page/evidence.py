"""What the evidence panel shows: an article out of the library, at a quote of an answer."""

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from markupsafe import Markup

from index.analysis import direction, question_language
from index.errors import ArticleNotFoundError, DossierNotFoundError
from index.languages.messages import Messages, messages_for
from index.store.access.actors import acting
from qa.answer import Answer, Citation
from qa.verification.glosses import latin, matches
from ui.page.conversation.session import ChatSession
from ui.page.originals import Originals
from ui.page.sessions import Permissions
from ui.views import page as panels
from ui.views.article_body import Gloss
from ui.views.dossiers.panel import dossier_html, dossiers_html, pin_selection_html
from ui.views.html import article_html, quoted_html
from ui.views.library import shelf_tools_html
from ui.views.markup import NOTHING
from ui.views.names.anchors import anchors_of
from ui.views.stories.panel import of_story_html

if TYPE_CHECKING:
    from index import Library


_LATEST = 8
# What a session shows that has dossiers open: this alone for all, or before the id of one.
DOSSIERS = "#"


# Shows content in the panel, in a language, below tools.
View = Callable[[Markup, str, str], str]


class PanelView(Protocol):
    """Shows in the panel what a part of the page has opened."""

    def of(self, session: ChatSession, view: View) -> str:
        """Return the panel's HTML for what the session shows, made by `view`."""
        ...


class EvidencePanel:
    """Makes the panel's HTML; `views` show what parts of the page open, by what `ChatSession.shown` begins with."""

    def __init__(
        self,
        library: "Library",
        originals: Originals,
        permissions: Permissions | None = None,
        views: Mapping[str, PanelView] | None = None,
    ) -> None:
        self._library = library
        self._others = views or {}
        self._originals = originals
        self._permissions = permissions or Permissions()
        self._views = itertools.count(1)

    def of(self, session: ChatSession) -> str:
        """Show what the session has open: a citation, an article, what a part shows, or else the newest articles."""
        language = session.language
        if session.shown.startswith(DOSSIERS):
            return self.dossiers(session)
        if other := self._others.get(session.shown[:1]):
            return other.of(session, self.view)
        if session.shown.startswith("="):
            number, _, id = session.shown[1:].partition(":")
            revision = int(number) if _is_number(number) else None
            return self.article(id, language, revision, may_edit=session.may_edit)
        place, _, number = session.shown.partition(":")
        if not place:
            return self.latest(language)
        turn = session.turn(place)
        if turn is None or turn.answer is None or not _is_number(number):
            return self.message(messages_for(language).say("evidence.forgotten"), language)
        return self.cited(turn.answer, int(number), place, language)

    def dossiers(self, session: ChatSession, said: str = "") -> str:
        """Show the dossiers, or the one that is open, of whoever calls; `said` is what has happened to it."""
        words, id = session.words, session.shown.removeprefix(DOSSIERS)
        table, actor = self._library.dossiers, self._permissions.actor()
        with acting(actor):
            if id:
                try:
                    return self.view(dossier_html(table.find(id), words, said), session.language)
                except DossierNotFoundError:
                    # Deleted since: the others are shown.
                    session.shown = DOSSIERS
            shown = dossiers_html(table.all(), session.dossier, actor.name, words)
        return self.view(shown, session.language)

    def cited(self, answer: Answer, number: int, key: str, language: str) -> str:
        """Show the article of the answer's citation `number`, at its quote, in the revision it was read from.

        Of an article that has been withdrawn the quote is shown as the answer holds it.
        """
        words = messages_for(language)
        current = next((citation for citation in answer.citations if citation.number == number), None)
        if current is None:
            return self.message(words.say("evidence.forgotten"), language)
        tools = panels.tools_html(answer, current, key, words)
        try:
            article = self._library.article(current.article.id, current.revision)
            newest = self._library.revisions(current.article.id)[0]
        except ArticleNotFoundError:
            # Withdrawn since it was quoted, with all its revisions.
            notice = words.say("article.withdrawn")
            return self.view(quoted_html(current, language=language, notice=notice), language, tools)
        changed = newest.number != current.revision
        tools += self._story_of(article.id, words) + pin_selection_html(article.id, current.revision, words)
        same = [
            citation
            for citation in answer.citations
            if (citation.article.id, citation.revision) == (current.article.id, current.revision)
        ]
        before, glosses = self._help(answer.question, current, words)
        shown = article_html(
            article,
            same,
            current,
            language=language,
            notice=words.say("article.changed") if changed else self._gone(article.id, words),
            after_notice=panels.current_html(article.id, words) if changed else NOTHING,
            before_text=before,
            glosses=glosses,
            file=None if changed else self._originals.link(article.id, current.page),
            sheet=None if changed else self._originals.picture(article.id, current.page),
            names=() if changed else anchors_of(self._library.names.in_article(article.id), words),
        )
        return self.view(shown, language, tools)

    def _help(self, question: str, current: Citation, words: Messages) -> tuple[Markup, list[Gloss]]:
        """Return what helps to read a quote that is in another language than the question: HTML, and marked words."""
        quote, article = current.quote, current.article
        if question_language(question) == current.language:
            return NOTHING, []
        met = matches(self._library.encoder, question, quote)
        asked = [Gloss(m.asked.start, m.asked.end, quote[m.met.start : m.met.end]) for m in met]
        shift = current.start
        marked = [Gloss(m.met.start + shift, m.met.end + shift, question[m.asked.start : m.asked.end]) for m in met]
        said = [current.speaker.name if current.speaker else None, article.source]
        names = {name: latin(name) for name in said if name and direction(name) == "rtl"}
        return panels.help_html(question, asked, names, words, language=current.language), marked

    def article(self, id: str, language: str, revision: int | None = None, *, may_edit: bool = True) -> str:
        """Show an article by itself, and what can be done with it; withdrawn only by whoever `may_edit`."""
        try:
            article, revisions = self._library.article(id, revision), self._library.revisions(id)
        except ArticleNotFoundError:
            # Withdrawn since the page listed it.
            return self.message(messages_for(language).say("article.withdrawn"), language)
        shown = revision or next((known.number for known in revisions if known.current), 0)
        words = messages_for(language)
        may_edit = may_edit and self._library.may_change(id)
        tools = shelf_tools_html(article, revisions, shown, words, may_edit=may_edit)
        tools += self._story_of(article.id, words) + pin_selection_html(article.id, shown, words)
        is_current = any(known.current and known.number == shown for known in revisions)
        file = self._originals.link(id) if is_current else None
        names = anchors_of(self._library.names.in_article(id), words) if is_current else ()
        html = article_html(article, (), None, language=language, notice=self._gone(id, words), file=file, names=names)
        return self.view(html, language, tools)

    def _story_of(self, id: str, words: Messages) -> Markup:
        """Offer the way to an article's story."""
        story = self._library.stories.of(id)
        return of_story_html(story.entry if story else None, words)

    def _gone(self, id: str, words: Messages) -> str:
        """Say since when an article is no longer at the web address it came from, or ""."""
        gone = self._library.visits.gone(id)
        return words.say("article.gone", day=gone.date()) if gone else ""

    def latest(self, language: str) -> str:
        """Show what the panel is for, and the newest articles."""
        return self.view(panels.idle_html(self._library.articles(limit=_LATEST), messages_for(language)), language)

    def message(self, message: str, language: str) -> str:
        """Show one sentence in place of an article."""
        return self.view(panels.message_html(message, messages_for(language)), language)

    def view(self, content: Markup, language: str, tools: str = NOTHING) -> str:
        """Show what the panel is to hold, below its tools."""
        return panels.evidence_html(content, messages_for(language), next(self._views), tools)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < len(text) < 5
