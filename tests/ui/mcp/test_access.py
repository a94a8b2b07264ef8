"""Who may call the tools behind a sign-in: whoever shows a token, as far as its role goes."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from index import Article, Library
from index.store.access.roles import AccessRole
from index.store.access.tokens import TokenTable
from index.web import Web
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.people import let_in
from tests.support.rest_calls import client
from tests.support.small_encoder import SmallEncoder
from tests.support.tool_calls import called, listed
from ui.server.signin import SignIn

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

WORD = "long enough"
REFUSED = "Only an editor or an admin may change the library. Ask whoever runs Khabar to do it."
FERRY = Article.create("ferry-1", "The Samhar ferry resumed on Monday.", title="Ferry service resumes")
FOLLOWED = "http://127.0.0.1:1/followed"
READING = ["ask", "search", "story", "articles", "article", "stories", "names", "mentions", "said"]
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "articles", "arguments": {}}}
ACCEPTS = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page behind a sign-in, with the tools; its people have their roles for names."""
    folder = tmp_path_factory.mktemp("mcp")
    people = folder / "people"
    for role in AccessRole:
        let_in(people, role.value, WORD, role)
    sign_in = SignIn.open(people)
    with Library.open(folder / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        web = Web(library, private_hosts=True, pause=0.0)
        web.follow(FOLLOWED, 600)
        assistant = Assistant(library, reader=NothingRead())
        served = Served(assistant, auth=sign_in, roles=sign_in.role, mcp_server=True, client=False, web=web)
        yield served
        served.close()


@pytest.fixture
def tokens(page: Served) -> Iterator[TokenTable]:
    yield page.assistant.library.tokens
    page.assistant.library.tokens.clear()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def post(page: Served, path: str = "", **headers: str) -> httpx.Response:
    """Send one call, without a client that would say anything else."""
    address = f"{page.url}gradio_api/mcp{path}"
    return httpx.post(address, json=CALL, headers={**ACCEPTS, **headers}, timeout=PATIENCE)


def test_who_shows_a_token_calls_the_tools(page: Served, tokens: TokenTable) -> None:
    token = tokens.add("سكربت 🚚", timedelta(days=1))
    assert listed(page.url, **bearer(token)) == READING
    assert '"ferry-1"' in called(page.url, "articles", **bearer(token)).text
    assert called(page.url, "search", {"question": "ferry"}, **bearer(token)).is_done


@pytest.mark.parametrize("path", ["", "/", "?tools=articles", "/?x=/login"])
def test_without_a_token_nothing_is_told(page: Served, tokens: TokenTable, path: str) -> None:
    tokens.add("script", None)
    for method in ("POST", "GET", "HEAD", "OPTIONS", "DELETE", "PUT"):
        told = httpx.request(method, f"{page.url}gradio_api/mcp{path}", json=CALL, headers=ACCEPTS)
        assert (told.status_code, told.headers["www-authenticate"]) == (401, "Bearer")
        assert method == "HEAD" or told.json() == {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": "Send a token as Authorization: Bearer TOKEN.",
        }


def test_a_client_without_a_token_gets_nowhere(page: Served) -> None:
    with pytest.raises(BaseExceptionGroup) as raised:
        listed(page.url)
    assert raised.group_contains(httpx.HTTPStatusError, match="401")


# What somebody tries who has no token. TOKEN stands for one that holds, ID for what the page's cookies are named by.
HEADERS: list[dict[str, str]] = [
    {"authorization": "Bearer"},
    {"authorization": "TOKEN"},
    {"authorization": "Token TOKEN"},
    {"authorization": "Basic TOKEN"},
    {"authorization": "Basic ZWRpdG9yOmxvbmcgZW5vdWdo"},
    {"authorization": "BearerTOKEN"},
    {"authorization": "Bearer TOKENx"},
    {"authorization": "Bearer Bearer TOKEN"},
    {"authorization": "Bearer TOKEN x"},
    {"authorization": "Bearer script"},
    {"authorization": "Bearer HASH"},
    {"authorization": "Bearer " + "a" * 8_000},
    {"authorization": "Bearer khabar_' OR '1'='1"},
    {"x-authorization": "Bearer TOKEN"},
    {"proxy-authorization": "Bearer TOKEN"},
    {"x-hf-authorization": "Bearer TOKEN"},
    {"mcp-session-id": "TOKEN"},
    {"x-api-key": "TOKEN"},
    {"x-gradio-user": "mcp"},
    {"x-forwarded-user": "editor"},
    {"x-forwarded-for": "127.0.0.1"},
    {"x-original-url": "/healthz"},
    {"x-http-method-override": "OPTIONS"},
    {"cookie": "access-token-ID=TOKEN"},
    {"cookie": "access-token-unsecure-ID=editor"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: str(headers)[:50])
def test_no_header_but_a_bearer_token_lets_anybody_in(
    page: Served, tokens: TokenTable, headers: dict[str, str]
) -> None:
    import hashlib

    token = tokens.add("script", None)
    values = {"TOKEN": token, "ID": cookie_id(page), "HASH": hashlib.sha256(token.encode()).hexdigest()}
    sent = dict(headers)
    for name, value in values.items():
        sent = {header: written.replace(name, value) for header, written in sent.items()}
    told = post(page, **sent)
    assert told.status_code == 401, told.text
    assert told.headers["www-authenticate"].startswith("Bearer")
    assert token not in told.text and "ferry" not in told.text


@pytest.mark.parametrize(
    "address",
    ["?access_token=TOKEN", "/?access_token=TOKEN", "?token=TOKEN", "?authorization=Bearer%20TOKEN", "/TOKEN"],
)
def test_a_token_in_the_address_opens_nothing(page: Served, tokens: TokenTable, address: str) -> None:
    token = tokens.add("script", None)
    told = post(page, address.replace("TOKEN", quote(token)))
    assert told.status_code in (401, 404, 405) and "ferry" not in told.text
    if address.partition("=")[0].endswith("access_token"):
        # It is in logs and histories by now: it is not good beside the header either.
        assert post(page, address.replace("TOKEN", quote(token)), **bearer(token)).status_code == 401


def test_two_tokens_at_once_are_refused(page: Served, tokens: TokenTable) -> None:
    token = tokens.add("script", None)
    headers = [("authorization", f"Bearer {token}")] * 2
    assert httpx.post(f"{page.url}gradio_api/mcp/", json=CALL, headers=[*headers, *ACCEPTS.items()]).status_code == 401


def test_a_token_holds_until_it_is_revoked_and_not_for_one_call_more(page: Served, tokens: TokenTable) -> None:
    token = tokens.add("script", None)
    assert post(page, **bearer(token)).status_code == 200
    tokens.revoke("script")
    refused = post(page, **bearer(token))
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    tokens.add("script", None)
    assert post(page, **bearer(token)).status_code == 401


def test_what_is_wrong_with_a_token_is_not_told(page: Served, tokens: TokenTable) -> None:
    expired, revoked = tokens.add("expired", timedelta(0)), tokens.add("revoked", None)
    tokens.revoke("revoked")
    told = [post(page, **bearer(token)) for token in (expired, revoked, "khabar_x")]
    assert {(each.status_code, each.text) for each in told} == {(401, told[0].text)}


def test_a_browser_s_sign_in_opens_no_tool(page: Served, tokens: TokenTable) -> None:
    token = tokens.add("script", None)
    with httpx.Client(base_url=page.url, timeout=PATIENCE, headers=ACCEPTS) as browser:
        browser.post("login", data={"username": "editor", "password": WORD}).raise_for_status()
        assert browser.get("gradio_api/app_id").status_code == 200
        assert browser.post("gradio_api/mcp/", json=CALL).status_code == 401
        # Beside a reader's token it makes nobody an editor.
        remove = {**CALL, "params": {"name": "remove", "arguments": {"id": "ferry-1"}}}
        told = browser.post("gradio_api/mcp/", json=remove, headers=bearer(token))
    assert REFUSED in told.text and page.assistant.library.has("ferry-1")


EDITS: list[tuple[str, dict[str, object]]] = [
    ("add", {"id": "new", "text": "A new article about the port."}),
    ("add", {"id": "ferry-1", "text": "The ferry never resumed, a reader wrote."}),
    ("remove", {"id": "ferry-1"}),
    ("add_address", {"address": FOLLOWED}),
    ("follow", {"address": FOLLOWED}),
    ("pause", {"address": FOLLOWED}),
    ("pause", {"address": FOLLOWED, "paused": False}),
    ("unfollow", {"address": FOLLOWED}),
    ("feeds", {}),
]


@pytest.mark.parametrize(("tool", "arguments"), EDITS)
def test_a_reader_s_token_changes_nothing(
    page: Served, tokens: TokenTable, tool: str, arguments: dict[str, object]
) -> None:
    token, library = tokens.add("script", None), page.assistant.library
    before = library.generation, Web(library).feeds()
    # Neither by name, nor by what the list of tools is asked for.
    for url in (page.url, f"{page.url}gradio_api/mcp/?tools={tool}"):
        refused = called(url.partition("gradio_api")[0], tool, arguments, **bearer(token), **{"x-role": "editor"})
        assert (refused.is_done, refused.text) == (False, REFUSED)
    assert (library.generation, Web(library).feeds()) == before


def test_an_editor_s_token_changes_the_library(page: Served, tokens: TokenTable) -> None:
    token, library = tokens.add("import", None, AccessRole.EDITOR), page.assistant.library
    assert "remove" in listed(page.url, **bearer(token))
    assert called(page.url, "add", {"id": "port-1", "text": "The port is open."}, **bearer(token)).is_done
    assert library.has("port-1")
    assert FOLLOWED in called(page.url, "feeds", **bearer(token)).text
    assert called(page.url, "remove", {"id": "port-1"}, **bearer(token)).is_done
    assert not library.has("port-1")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    ],
    ids=str,
)
def test_another_site_s_page_calls_no_tool(page: Served, tokens: TokenTable, headers: dict[str, str]) -> None:
    told = post(page, **headers, **bearer(tokens.add("script", None)))
    assert told.status_code == 403 and "ferry" not in told.text
    assert not [name for name in told.headers if name.startswith("access-control-")]


def test_the_page_s_own_origin_may(page: Served, tokens: TokenTable) -> None:
    assert post(page, origin=page.url.rstrip("/"), **bearer(tokens.add("script", None))).status_code == 200


def test_an_unknown_caller_has_no_body_read(page: Served, tokens: TokenTable) -> None:
    large = b"x" * 3_000_000
    address, sent = f"{page.url}gradio_api/mcp/", {**ACCEPTS, "content-type": "application/json"}
    assert httpx.post(address, content=large, headers=sent).status_code == 401
    known = {**sent, **bearer(tokens.add("script", None))}
    assert httpx.post(address, content=large, headers=known).status_code == 413
    text = {**known, "content-type": "text/plain"}
    assert httpx.post(address, content=b"{}", headers=text).status_code == 415


def test_a_token_still_opens_neither_the_page_nor_its_endpoints(page: Served, tokens: TokenTable) -> None:
    with httpx.Client(base_url=page.url, headers=bearer(tokens.add("import", None, AccessRole.EDITOR))) as caller:
        assert caller.post("gradio_api/call/remove", json={"data": ["ferry-1"]}).status_code == 401
        assert caller.get("config").status_code == 401


def cookie_id(page: Served) -> str:
    """Return what the page's own cookies are named by, which everybody who signs in learns."""
    with client(page.url) as caller:
        caller.post(f"{page.url}login", data={"username": "reader", "password": WORD})
        (name, *_) = [name for name in caller.cookies if name.startswith("access-token-")]
    return name.removeprefix("access-token-").removeprefix("unsecure-")
