"""How the answers to standing questions changed, as an Atom feed for whoever may see the page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from index.errors import QueryError
from index.languages.errors import error_in
from index.languages.messages import messages_accepted
from index.store.access.actors import acting
from index.store.standing.questions import StandingQuestion, StoredChange
from qa.errors import StandingQuestionError
from qa.standing import KeptChange
from qa.standing.asking import kept_change, last_answer
from ui.page.conversation.seen import may_see
from ui.views.standing.atom import MEDIA_TYPE, atom_feed

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index import Library
    from ui.page.sessions import Permissions, Sessions

_PATH = "/standing.atom"
_MOST = 100


class ChangeFeed:
    """The feed of one library's changes, and that of one question alone."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._table = library.standing_questions

    def serve(self, app: "FastAPI", sessions: "Sessions", permissions: "Permissions") -> None:
        """Answer for the feeds in an application, to whoever may see the page."""

        def feed(request: Request) -> Response:
            words = messages_accepted(request.headers.get("accept-language", ""))
            if not sessions.may_enter(request):
                return PlainTextResponse(words.say("page.sign_in"), 401)
            try:
                with acting(permissions.somebody(sessions.name(request))):
                    return self._feed(request, request.query_params.get("question"))
            except QueryError as error:
                # No such question, or no such any more.
                return PlainTextResponse(error_in(words, str(error)), 404)

        # Before Gradio's, which answers for every other address.
        app.router.routes.insert(0, Route(_PATH, feed))

    def _feed(self, request: Request, id: str | None) -> Response:
        words = messages_accepted(request.headers.get("accept-language", ""))
        # A question that is answered by what may not be seen is as one that is not there.
        questions = {question.id: question for question in self._table.all() if self._may_see(question)}
        one = None if id is None else self._table.find(id)
        if one is not None and one.id not in questions:
            raise self._table.not_found(str(id))
        stored = self._table.changes(one.id if one else None, _MOST)
        written = atom_feed(
            [kept for change in stored if change.question in questions and (kept := self._read(questions, change))],
            words,
            library=self._table.library,
            address=str(request.url),
            questions=list(questions.values()),
            question=one,
        )
        return Response(written, media_type=MEDIA_TYPE, headers={"cache-control": "private, no-cache"})

    def _may_see(self, question: StandingQuestion) -> bool:
        if self._library.visible is None:
            return True
        try:
            return may_see(self._library, last_answer(question))
        except StandingQuestionError:
            # Another version's answer: nobody can tell what it names.
            return False

    def _read(self, questions: Mapping[str, StandingQuestion], change: StoredChange) -> KeptChange | None:
        """Read a change; None for one that cannot be read, or that names an article that may not be seen."""
        try:
            kept = kept_change(questions[change.question], change)
        except StandingQuestionError:
            # Another version's: the others are in the feed all the same, and `khabar standing show` says what to do.
            return None
        both = (kept.change.before, kept.change.after)
        return kept if all(may_see(self._library, answer) for answer in both) else None
