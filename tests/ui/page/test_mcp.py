"""The endpoints as tools of an MCP server, used by an MCP client over HTTP."""

import ast
import asyncio

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

from qa import Assistant
from tests.support.pages import Served


async def used(url: str) -> tuple[list[str], str]:
    async with (
        streamablehttp_client(f"{url}gradio_api/mcp/") as (reading, writing, _),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        asked = await session.call_tool("ask", {"question": "who disputed the ISIS threat?"})
        return tools, getattr(asked.content[0], "text", "")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_endpoints_are_tools(samples: Assistant) -> None:
    page = Served(samples, mcp_server=True, client=False)
    try:
        tools, text = asyncio.run(used(page.url))
        reading = ["ask", "search", "articles", "article", "add", "remove"]
        assert tools == [*reading, "add_address", "follow", "pause", "unfollow", "feeds"]
        # Gradio writes what a tool returns as Python does.
        answer = ast.literal_eval(text)
        assert answer["citations"][0]["article"]["id"] == "army-denies-warning.txt"
    finally:
        page.close()
