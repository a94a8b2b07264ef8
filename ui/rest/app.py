"""The REST API as an application of its own, and where it stands in the page's."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from index.errors import AccessError
from index.languages.messages import messages_accepted
from index.store.access.actors import Way
from qa.answer import Answer, ArticleRef, Event
from qa.stories import StoryReader
from ui.page.conversation.sharing import SharedTurn, shared_turn
from ui.page.queueing.queue import FairQueue
from ui.rest.calls import Call, gone, last_of
from ui.rest.dossiers import DossierEndpoints
from ui.rest.editing import Editing
from ui.rest.events import MEDIA_TYPE, EventStream
from ui.rest.gate import Gate
from ui.rest.names import NameEndpoints
from ui.rest.openapi import ArticleList, AuditList, PassageList, StoredArticle, documented
from ui.rest.origins import CrossOrigin, WidgetOrigins
from ui.rest.problems import Json, Problem, told
from ui.rest.requests import AddRequest, ArticleRequest, AskRequest, AuditRequest, ListRequest, SearchRequest, day_of
from ui.rest.stories import StoryEndpoints
from ui.rest.widget import widget_routes
from ui.views.plain import AuditLine, FoundPassage, WholeArticle, plain

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from ui.page.app import Page

PREFIX = "/api/v1"


def add_rest(app: FastAPI, assistant: "Assistant", page: "Page", origins: WidgetOrigins | None = None) -> None:
    """Offer the REST API in the page's web application, before what is mounted at its root.

    Its questions wait in the page's queue; who has signed in to the page, or has a bearer token of the library, may
    call it. Pages of other sites may where they are among the `origins`: what they may is in `ui.rest.origins`, and the
    page's application has to let it in. The widget for them is served where there are any.
    """
    register_url_convertor("text", _Text())
    endpoints = _Endpoints(assistant, page.stories, page.questions, app.state.ending)
    api = FastAPI(
        title="Khabar", version="1", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False,
        separate_input_output_schemas=False, generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    api.include_router(endpoints.router())
    api.exception_handler(RequestValidationError)(_invalid)
    api.exception_handler(HTTPException)(_refused)
    gate = Gate(api, app.state.sessions, page.permissions, assistant.library.tokens.find, Way.REST)
    mount = Mount(PREFIX, CrossOrigin(gate, origins) if origins else gate)
    mount.path_regex = re.compile(f"^{PREFIX}/(?P<path>{_Text.regex})$")
    app.router.routes.insert(0, mount)
    if origins:
        app.router.routes[:0] = widget_routes()


class _Text(PathConvertor):
    """The rest of an address, line ends in it too: an id may hold whatever a file's name does."""

    regex = "(?s:.*)"


class _Endpoints:
    """The functions; those that search wait in the queue of questions."""

    def __init__(self, assistant: "Assistant", stories: StoryReader, queue: FairQueue, ending: asyncio.Event) -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._stories = stories
        self._queue = queue
        self._ending = ending
        self._editing = Editing(assistant.library)

    def router(self) -> APIRouter:
        """Return the addresses, each with what it takes and gives."""
        router = APIRouter(route_class=_Route)
        router.post("/ask", response_model=Answer)(self.ask)
        router.get("/search", response_model=PassageList, name="search_by_address")(self.search_by_address)
        router.post("/search", response_model=PassageList)(self.search)
        router.get("/articles", response_model=ArticleList)(self.articles)
        router.get("/articles/{id:text}", response_model=WholeArticle)(self.article)
        edits: Any = {"route_class_override": _EditorsRoute}
        stored: Any = {"response_model": StoredArticle, "responses": {201: {"model": StoredArticle}}}
        router.add_api_route("/articles", self.add, methods=["POST"], **stored, **edits)
        router.add_api_route("/articles/{id:text}", self.remove, methods=["DELETE"], status_code=204, **edits)
        DossierEndpoints(self._library, self._editing).add_to(router)
        router.get("/shared/{id}", response_model=SharedTurn)(self.shared)
        StoryEndpoints(self._library, self._stories, self._queue, self._ending).add_to(router)
        NameEndpoints(self._library).add_to(router)
        router.get("/audit", response_model=AuditList)(self.audit)
        router.get("/openapi.json")(self.openapi)
        return router

    async def ask(self, body: AskRequest, request: Request) -> Response:
        """Answer a question from the news articles with verbatim, cited quotes, or say that they don't say.

        With `Accept: text/event-stream` the answer comes as server-sent events: `progress` when a stage begins,
        `delta` for a piece of text, `answer` at the end, or `error` with a problem in its place. With a chat model
        `extractive` is the answer that is quoted from the articles, and `checked` a sentence that the model finished.
        """
        await run_in_threadpool(body.check)

        def steps(is_wanted: Callable[[], bool]) -> Generator[Event]:
            yield from self._assistant.stream(
                body.question, history=body.turns, is_wanted=is_wanted, interface=body.interface, **body.arguments
            )

        call = Call(self._queue, request.state.asker, steps)
        if MEDIA_TYPE in request.headers.get("accept", "").lower():
            return EventStream(call, self._ending, request.headers.get("accept-language", ""))
        answer = await last_of(call, self._ending, gone(request))
        # What the chain gives last.
        assert isinstance(answer, Answer)
        return Json(answer.to_dict())

    async def search(self, body: SearchRequest, request: Request) -> Response:
        """Find the passages of news articles that are nearest to a question, best first."""
        return await self._found(body, request)

    async def search_by_address(self, query: Annotated[SearchRequest, Query()], request: Request) -> Response:
        """Find the passages of news articles that are nearest to a question, best first."""
        return await self._found(query, request)

    async def _found(self, asked: SearchRequest, request: Request) -> Response:
        await run_in_threadpool(asked.check)

        def steps(_: Callable[[], bool]) -> Generator[list[dict[str, Any]]]:
            found = self._assistant.search(asked.question, filters=asked.filters, limit=asked.limit)
            yield [plain(FoundPassage.found(candidate)) for candidate in found]

        call = Call(self._queue, request.state.asker, steps)
        return Json({"passages": await last_of(call, self._ending, gone(request))})

    def articles(self, query: Annotated[ListRequest, Query()]) -> Response:
        """List news articles, newest first, without their texts; `next_offset` is where the next page begins."""
        limit, offset = query.limit, query.offset
        found = self._library.articles(query.filters, text=query.title, limit=limit + 1, offset=offset)
        listed = [plain(ArticleRef.of(article)) for article in found[:limit]]
        return Json({"articles": listed, "next_offset": offset + limit if len(found) > limit else None})

    def article(self, id: str, query: Annotated[ArticleRequest, Query()]) -> Response:
        """Return a whole news article with its text and the numbers of its revisions."""
        with self._library.snapshot():
            article = WholeArticle.stored(self._library.article(id, query.revision), self._library.revisions(id))
        return Json(plain(article))

    async def add(self, body: AddRequest, request: Request) -> Response:
        """Add a news article, or replace the one of this id, whose earlier state stays as a revision. For editors."""
        article = await run_in_threadpool(lambda: body.article)
        outcome = await self._editing.add(article, body.collections)
        address = f"{request.scope.get('root_path', '')}/articles/{quote(article.id, safe='')}"
        headers = {"location": address} if outcome == "added" else None
        return Json({"id": article.id, "outcome": outcome}, 201 if outcome == "added" else 200, headers=headers)

    async def remove(self, id: str) -> Response:
        """Withdraw a news article with all its revisions. For editors."""
        await self._editing.remove(id)
        return Response(status_code=204)

    def shared(self, id: str, request: Request) -> Response:
        """Return an answer that was shared, by the id of its link, as it was then; nothing is answered anew."""
        found = shared_turn(self._library, id)
        if found is None:
            words = messages_accepted(request.headers.get("accept-language", ""))
            return told(Problem.of(404, words.say("share.unknown")))
        return Json(found.to_dict(), headers={"cache-control": "private, no-store"})

    def audit(self, query: Annotated[AuditRequest, Query()], request: Request) -> Response:
        """List who did what to the library, newest first. For admins."""
        request.state.actor.role.check_may_administer()
        entries = self._library.audit.entries(
            since=day_of(query.since), who=query.who, action=query.action, before=query.before, limit=query.limit + 1
        )
        lines = [AuditLine.of(entry) for entry in entries[: query.limit]]
        further = lines[-1].number if len(entries) > query.limit else None
        return Json({"lines": [line.to_dict() for line in lines], "next_before": further})

    def openapi(self, request: Request) -> Response:
        """Describe this API, as OpenAPI 3.1."""
        return Json(documented(request.app, request.scope.get("root_path", "")))


class _Route(APIRoute):
    """An address whose errors are all told as problems; nothing but those of HTTP goes further up."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (RequestValidationError, HTTPException):
                raise
            except Exception as error:
                return told(Problem.raised(error, request.headers.get("accept-language", "")))

        return answer


class _EditorsRoute(_Route):
    """An address for those alone who may change the library: asked before anything of a call's body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                request.state.actor.role.check_may_edit()
            except AccessError as error:
                return told(Problem.raised(error, request.headers.get("accept-language", "")))
            return await handle(request)

        return answer


def _invalid(_: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if any(each["type"] == "json_invalid" for each in found):
        return told(Problem.of(400, "The body is no JSON. Look at its quotation marks and commas."))
    return told(Problem.invalid(list(found)))


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {
        400: "The body cannot be read as JSON.",
        404: f"There is nothing at this address. {PREFIX}/openapi.json describes what there is.",
        405: f"This address is not asked in this way. {PREFIX}/openapi.json describes how it is.",
    }
    return told(Problem.of(error.status_code, said.get(error.status_code, error.detail)), error.headers)
