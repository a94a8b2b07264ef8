"""Tools called by a client of MCP's own, over real HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Called:
    """What a call of a tool came to: the text that a language model reads, and the same for programs."""

    is_done: bool
    text: str
    structured: dict[str, Any] | None


def listed(url: str, **headers: str) -> list[str]:
    """Return the names of the tools that somebody with such headers is offered."""

    async def use(session: ClientSession) -> list[str]:
        return [tool.name for tool in (await session.list_tools()).tools]

    return _with_session(url, headers, use)


def called(url: str, tool: str, arguments: dict[str, Any] | None = None, **headers: str) -> Called:
    """Call one tool."""

    async def use(session: ClientSession) -> Called:
        result = await session.call_tool(tool, arguments or {})
        return Called(not result.isError, getattr(result.content[0], "text", ""), result.structuredContent)

    return _with_session(url, headers, use)


def _with_session(url: str, headers: dict[str, str], use: Callable[[ClientSession], Awaitable[T]]) -> T:
    async def run() -> T:
        address = f"{url.rstrip('/')}/gradio_api/mcp/"
        async with (
            streamablehttp_client(address, headers=headers) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            return await use(session)

    return asyncio.run(run())
