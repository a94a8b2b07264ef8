"""What the panel shows of standing questions, for what a session has open."""

from typing import TYPE_CHECKING

from index.errors import QueryError
from ui.page.conversation.session import ChatSession
from ui.page.evidence import View
from ui.page.quotes import quoted_article
from ui.page.standing.seen import SeenChanges
from ui.views.standing.panel import QuotePlace, ShownQuestion, back_html, question_html, questions_html, told_html

if TYPE_CHECKING:
    from index import Library
    from index.store.standing.questions import StandingQuestion
    from qa.answer import Citation
    from qa.standing import KeptChange

# What a session shows that has standing questions open: this alone for all, before the id of one, and after that the
# place of one of its quotes.
STANDING = "!"
_MOST_CHANGES = 30


class StandingViews:
    """Makes the panel's HTML of standing questions and of what has changed."""

    def __init__(self, library: "Library", can_mail: bool = False) -> None:
        self._library = library
        self._can_mail = can_mail
        self._seen = SeenChanges(library)

    def of(self, session: ChatSession, view: View) -> str:
        """Show all questions and changes, one question with its changes, or the article of a quote of one."""
        id, _, place = session.shown.removeprefix(STANDING).partition(":")
        words, language = session.words, session.language
        try:
            one = self._seen.find(id) if id else None
        except QueryError:
            # Removed since, by another page perhaps.
            session.shown, one = STANDING, None
        if one is None:
            shown = [self._shown(question) for question in self._seen.questions()]
            changes = self._seen.changes(limit=_MOST_CHANGES)
            return view(questions_html(shown, changes, words, may_edit=session.may_follow), language, "")
        changes = self._seen.changes(one)
        if found := _cited(changes, QuotePlace.of(place)):
            citation, all_cited = found
            return view(quoted_article(self._library, citation, all_cited, words), language, back_html(one, words))
        shown_one = ShownQuestion(one, changes[0].at if changes else None)
        told = told_html(one, words, can_mail=self._can_mail) if session.may_follow else None
        return view(question_html(shown_one, changes, words, told), language, "")

    def _shown(self, question: "StandingQuestion") -> ShownQuestion:
        newest = self._seen.changes(question, 1)
        return ShownQuestion(question, newest[0].at if newest else None)


def _cited(changes: "list[KeptChange]", place: QuotePlace | None) -> "tuple[Citation, tuple[Citation, ...]] | None":
    """Return the quote of a change that the page names, and all of its answer; None where it is none."""
    for kept in changes:
        if place and kept.id == place.change:
            cited = (kept.change.before if place.is_before else kept.change.after).citations
            return next(((one, cited) for one in cited if one.number == place.number), None)
    return None
