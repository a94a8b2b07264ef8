"""How the answers to standing questions changed, as an Atom feed for whoever may see the page."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from index.errors import QueryError
from index.languages.errors import error_in
from index.languages.messages import messages_accepted
from index.store.access.actors import acting
from ui.page.standing.seen import SeenChanges
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
        self._seen = SeenChanges(library)
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
        one = None if id is None else self._seen.find(id)
        written = atom_feed(
            self._seen.changes(one, _MOST),
            messages_accepted(request.headers.get("accept-language", "")),
            library=self._table.library,
            address=str(request.url),
            questions=self._seen.questions(),
            question=one,
        )
        return Response(written, media_type=MEDIA_TYPE, headers={"cache-control": "private, no-cache"})
