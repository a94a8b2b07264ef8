"""The protocol: tools listed and called, each request for itself, with nothing kept between two of them."""

import json
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import CallToolRequest, CallToolResult, ContentBlock, ServerResult, TextContent, ToolAnnotations
from mcp.types import Tool as ListedTool
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ui.mcp.tools import Tools
from ui.rest.problems import Problem, told

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class ToolServer:
    """An ASGI application that speaks MCP over streamable HTTP, behind a `Gate`.

    It keeps no session: a token that is revoked opens nothing more, and nobody can go on with what another began.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._server: Server[object, Request] = Server("Khabar")
        self._server.list_tools()(self._list)  # type: ignore[no-untyped-call]
        # Not by the decorator, which writes whatever a caller names a tool to the log; the tools check what they take.
        self._server.request_handlers[CallToolRequest] = self._call
        self._manager = StreamableHTTPSessionManager(self._server, stateless=True)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Answer calls for as long as this is entered, once."""
        return self._manager.run()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            # Who would listen for what the server sends by itself: it never does.
            problem = Problem.of(HTTPStatus.METHOD_NOT_ALLOWED, "Tools are listed and called by POST.")
            await told(problem, {"allow": "POST"})(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)

    async def _list(self) -> list[ListedTool]:
        return [
            ListedTool(
                name=tool.name,
                description=tool.description,
                inputSchema=tool.takes,
                annotations=ToolAnnotations(readOnlyHint=not tool.kind.is_change),
            )
            for tool in self._tools.of(self._request.state.actor.role)
        ]

    async def _call(self, call: CallToolRequest) -> ServerResult:
        request = self._request
        try:
            result = await self._tools.call(call.params.name, call.params.arguments or {}, request)
        except Exception as error:
            # Whatever it is, whoever called is told; what is wrong with the server is for its log alone.
            return _content(_said(error, request.headers.get("accept-language", "")), is_error=True)
        text = _whole(json.dumps(result, ensure_ascii=False))
        return _content(text, structured=json.loads(text if isinstance(result, dict) else f'{{"result": {text}}}'))

    @property
    def _request(self) -> Request:
        request = self._server.request_context.request
        assert request is not None
        return request


def _content(text: str, *, structured: dict[str, Any] | None = None, is_error: bool = False) -> ServerResult:
    content: list[ContentBlock] = [TextContent(type="text", text=_whole(text))]
    return ServerResult(CallToolResult(content=content, structuredContent=structured, isError=is_error))


def _whole(text: str) -> str:
    """Return a text that can be sent: half of a character can be in what was asked."""
    return text.encode("utf-8", "replace").decode()


def _said(error: Exception, accepted_languages: str) -> str:
    """Say what was wrong with a call."""
    if isinstance(error, ValidationError):
        problem = Problem.invalid(list(error.errors()))
        return "\n".join(f"{wrong.field}: {wrong.message}" for wrong in problem.errors)
    if isinstance(error, HTTPException):
        return error.detail
    return Problem.raised(error, accepted_languages).detail
