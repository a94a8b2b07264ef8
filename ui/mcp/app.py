"""The MCP server as an application of its own, and where it stands in the page's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from index.store.access.actors import Way
from qa.errors import MissingExtraError
from ui.page.queueing.overload import TOOLS
from ui.rest.gate import Gate

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.assistant import Assistant
    from ui.page.app import Page


def add_mcp(app: "FastAPI", assistant: "Assistant", page: "Page") -> None:
    """Offer the page's endpoints to language models in its web application, before what is mounted at its root.

    Behind a sign-in each call has to show a bearer token of the library, and does what the token's role may. Raises
    `MissingExtraError` where the package that this needs is not installed.
    """
    if find_spec("mcp") is None:
        raise MissingExtraError("An MCP server needs another package: pip install 'khabar[mcp]'.")
    from ui.mcp.server import ToolServer
    from ui.mcp.tools import Tools

    server = ToolServer(Tools(assistant, page, app.state.ending))
    gate = Gate(server, app.state.sessions, page.permissions, assistant.library.tokens.find, Way.MCP)
    # Nothing redirects from one to the other: a client would lose what it sends on the way.
    app.router.routes[:0] = [Route(TOOLS, gate), Route(f"{TOOLS}/", gate)]
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: "FastAPI") -> AsyncIterator[Any]:
        async with before(served) as state, server.running():
            yield state

    app.router.lifespan_context = lifespan
