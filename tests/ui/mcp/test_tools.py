"""The endpoints as tools of an MCP server, used by an MCP client over HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import ui.mcp.app
from index import Article, Library
from index.store.access.roles import AccessRole
from qa import Assistant
from qa.errors import MissingExtraError
from tests.support.gates import HeldRetriever, NothingRead
from tests.support.pages import Served
from tests.support.patience import PATIENCE, until
from tests.support.rest_calls import client
from tests.support.small_encoder import SmallEncoder
from tests.support.tool_calls import called, listed
from ui.mcp.app import add_mcp
from ui.mcp.tools import Tools
from ui.page.app import create_app, web_app

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

FERRY = Article.create("ferry-1", "The Samhar ferry resumed on Monday.", title="Ferry service resumes")
READING = ["ask", "search", "story", "articles", "article", "stories", "names", "mentions", "said"]
EDITING = ["add", "remove", "add_address", "follow", "pause", "unfollow", "feeds"]
ACCEPTS = {"accept": "application/json, text/event-stream"}


def call_of(tool: str, **arguments: object) -> dict[str, object]:
    """Return a call as it is sent."""
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        yield library


@pytest.fixture
def page(library: Library) -> Iterator[Served]:
    served = Served(Assistant(library, reader=NothingRead()), mcp_server=True, client=False)
    yield served
    served.close()


def test_a_question_is_answered_from_the_articles(samples: Assistant) -> None:
    page = Served(samples, mcp_server=True, client=False)
    try:
        asked = called(page.url, "ask", {"question": "who disputed the ISIS threat?"})
        assert json.loads(asked.text) == asked.structured
        assert asked.structured and asked.structured["citations"][0]["article"]["id"] == "army-denies-warning.txt"
    finally:
        page.close()


def test_a_follow_up_hangs_on_the_turns_that_are_sent(samples: Assistant) -> None:
    page = Served(samples, mcp_server=True, client=False)
    try:
        first = called(page.url, "ask", {"question": "who disputed the ISIS threat?", "language": "ar"}).structured
        turn = {"question": "who disputed the ISIS threat?", "answer": first}
        then = called(page.url, "ask", {"question": "and when?", "history": [turn]}).structured
        assert then and then["standalone"] and then["filters"]["language"] == ["ar"]
        refused = called(page.url, "ask", {"question": "and when?", "history": [{"question": "who?", "answer": {}}]})
        assert not refused.is_done
        assert refused.text.startswith("The turns before the question cannot be read: history.0.answer.question:")
        assert not called(page.url, "ask", {"question": "and when?", "history": [turn] * 9}).is_done
    finally:
        page.close()


def test_names_are_listed_named_and_quoted_as_over_rest(page: Served, library: Library) -> None:
    said = '"We have kept our word," the mayor, Rim Tazarout, said on Monday.'
    library.add([Article.create("works", said, source="Wire"), Article.create("rim", "Rim Tazarout won the vote.")])
    sent = {"kind": "person", "find": "tazar"}
    tools = [
        called(page.url, "names", sent),
        called(page.url, "mentions", {"bearer": "rim tazarout", "limit": 1}),
        called(page.url, "said", {"bearer": "Rim Tazarout"}),
    ]
    with client(page.url) as caller:
        rest = [
            caller.get("/names", params=sent),
            caller.get("/names/rim%20tazarout", params={"limit": 1}),
            caller.get("/names/Rim%20Tazarout/said"),
        ]
    assert [tool.structured for tool in tools] == [given.json() for given in rest]
    names, mentions, quotes = (tool.structured or {} for tool in tools)
    assert names["names"][0]["articles"] == 2 and mentions["next_offset"] == 1
    assert [quote["article"]["id"] for quote in quotes["quotes"]] == ["works"]
    assert called(page.url, "names", {**sent, "source": "Wire"}).structured["names"][0]["articles"] == 1  # type: ignore[index]
    assert called(page.url, "mentions", {"bearer": "Nobody"}).text.startswith("Nobody and nothing is called so here.")


def test_every_tool_that_selects_articles_takes_the_same_filters(page: Served, library: Library) -> None:
    library.collections.add("sea")
    library.add([FERRY], collections=["sea"])
    library.add([Article.create("port-1", "The port of Samhar is open.", title="Port opens")])
    takes = {
        tool.name: tool.takes["properties"]
        for tool in Tools(page.assistant, page.blocks, asyncio.Event()).of(AccessRole.ADMIN)
    }
    filters = ("language", "source", "category", "after", "before", "name", "collection", "story")
    for tool in ("ask", "search", "story", "articles", "stories", "names", "mentions", "said"):
        assert [name for name in takes[tool] if name in filters] == [*filters]
        assert all(takes[tool][name]["description"].startswith("Only articles") for name in filters)
    found = called(page.url, "articles", {"collection": "sea"})
    assert [article["id"] for article in json.loads(found.text)] == ["ferry-1"]
    assert "There is no collection" in called(page.url, "search", {"question": "port", "collection": "land"}).text
    (told,) = json.loads(called(page.url, "search", {"question": "port", "collection": ["sea"]}).text)
    assert told["id"] == "ferry-1"


def test_each_endpoint_is_a_tool(page: Served) -> None:
    assert listed(page.url) == [*READING, *EDITING]
    assert called(page.url, "search", {"question": "ferry", "limit": 1}).structured
    (article,) = json.loads(called(page.url, "articles", {"title": "ferry"}).text)
    assert called(page.url, "article", {"id": article["id"]}).structured["text"] == FERRY.text  # type: ignore[index]


def test_a_tool_says_what_it_takes_and_takes_nothing_else(page: Served) -> None:
    told = httpx.post(
        f"{page.url}gradio_api/mcp/", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=ACCEPTS
    ).text
    tools = json.loads(told.partition("data: ")[2])["result"]["tools"]
    article = next(tool for tool in tools if tool["name"] == "article")
    assert article["description"] == "Return a whole news article with its text and the numbers of its revisions."
    assert article["inputSchema"]["properties"]["revision"]["description"] == "An earlier state of it."
    assert article["inputSchema"]["required"] == ["id"]
    assert article["annotations"] == {"readOnlyHint": True}
    wrong = called(page.url, "articles", {"limit": "many", "role": "admin"})
    assert not wrong.is_done
    assert wrong.text.splitlines() == [
        "limit: Input should be a valid number, unable to parse string as a number",
        "role: Unexpected keyword argument",
    ]


def test_articles_are_added_and_withdrawn(page: Served, library: Library) -> None:
    assert called(page.url, "add", {"id": "port-1", "text": "The port is open."}).structured == {
        "added": 1,
        "replaced": 0,
        "unchanged": 0,
    }
    assert library.has("port-1")
    assert called(page.url, "remove", {"id": "port-1"}).structured == {"removed": 1}
    assert not library.has("port-1")


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("article", {"id": "no"}, "There is no article 'no' here. `khabar articles list` shows the ids."),
        ("ask", {"question": " "}, "The question is empty. Ask about something in the articles."),
        ("follow", {"address": "http://x", "minutes": 0}, "A feed is looked at once in 1 seconds at most, not in 0."),
        ("pause", {"address": "ftp://x"}, "Only http:// and https:// addresses are fetched."),
        ("nothing", {}, "There is no tool 'nothing'. Call one of those that are listed."),
    ],
)
def test_what_cannot_be_done_is_said(page: Served, tool: str, arguments: dict[str, object], said: str) -> None:
    refused = called(page.url, tool, arguments)
    assert (refused.is_done, refused.text) == (False, said)


def test_what_is_wrong_with_the_server_is_not_told(page: Served, library: Library, monkeypatch) -> None:  # noqa: ANN001
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret place")

    monkeypatch.setattr(library, "articles", fail)
    failed = called(page.url, "articles")
    assert (failed.is_done, failed.text) == (False, "Khabar failed to answer this. The server's log says why.")


def test_the_server_calls_nobody_whom_a_caller_names(page: Served) -> None:
    came = []
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:

        def wait() -> None:
            try:
                came.append(elsewhere.accept())
            except OSError:
                # Closed, and nobody has come.
                return

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        host = f"127.0.0.1:{elsewhere.getsockname()[1]}"
        for headers in ({"x-forwarded-host": host}, {"host": host}, {"forwarded": f"host={host}"}):
            sent = {**ACCEPTS, **headers}
            told = httpx.post(f"{page.url}gradio_api/mcp/", json=call_of("ask", question="Who?"), headers=sent)
            assert '"isError":false' in told.text
        elsewhere.shutdown(socket.SHUT_RDWR)
    waiting.join(PATIENCE)
    assert came == []


def test_a_question_whose_caller_has_gone_is_not_answered(library: Library) -> None:
    retriever = HeldRetriever(retriever=Assistant(library, reader=NothingRead()).retriever)
    page = Served(Assistant(library, retriever=retriever, reader=NothingRead()), mcp_server=True, client=False)
    try:
        with (
            httpx.Client(timeout=PATIENCE) as caller,
            caller.stream("POST", f"{page.url}gradio_api/mcp", json=call_of("ask", question="Who?"), headers=ACCEPTS),
        ):
            until(lambda: retriever.gate.came)
        (entered,) = [event for job in page.blocks.questions.active_jobs if job for event in job]
        until(lambda: entered.is_left)
    finally:
        retriever.gate.free.set()
        page.close()


def test_a_caller_waits_among_the_page_s_readers(page: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[str] = []
    enter = page.blocks.questions.enter

    def noted(asker, work):  # noqa: ANN001, ANN202
        came.append(asker.person)
        return enter(asker, work)

    monkeypatch.setattr(page.blocks.questions, "enter", noted)
    called(page.url, "search", {"question": "ferry"})
    assert came == ["127.0.0.1"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_tools_are_called_by_post_alone(page: Served, method: str) -> None:
    told = httpx.request(method, f"{page.url}gradio_api/mcp/", headers={**ACCEPTS, "content-type": "application/json"})
    assert (told.status_code, told.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("below", ["sse", "http", "http/", "messages/", "schema", "sse/", "x"])
def test_nothing_else_speaks_for_the_tools(page: Served, below: str) -> None:
    for method in ("GET", "POST"):
        told = httpx.request(method, f"{page.url}gradio_api/mcp/{below}", json=call_of("articles"), headers=ACCEPTS)
        assert told.status_code in (404, 405), told.text
        assert "ferry" not in told.text


@pytest.mark.parametrize(
    ("tool", "field"), [("ask", "question"), ("article", "id"), ("add", "id"), ("\ud800", "id"), ("ask", "\ud800")]
)
def test_half_of_a_character_is_answered(page: Served, tool: str, field: str) -> None:
    sent = {**ACCEPTS, "content-type": "application/json"}
    body = json.dumps(call_of(tool, **{field: "\ud800", "text": "\ud800"} if tool == "add" else {field: "\ud800"}))
    told = httpx.post(f"{page.url}gradio_api/mcp/", content=body, headers=sent)
    assert json.loads(told.text.partition("data: ")[2]).keys() & {"result", "error"}


def test_without_its_package_there_is_no_server(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = Assistant(library, reader=NothingRead())
    page = create_app(assistant)
    monkeypatch.setattr(ui.mcp.app, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'khabar\[mcp\]'"):
        add_mcp(web_app(page), assistant, page)
