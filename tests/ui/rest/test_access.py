"""Who may call the REST API: bearer tokens, sessions of the page, and everybody where nobody has to sign in."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote, urlsplit

import httpx
import pytest

from index.store.access.tokens import TokenTable
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client, streamed

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

CALLS = [
    ("POST", "/ask"),
    ("POST", "/search"),
    ("GET", "/search?question=Who"),
    ("GET", "/articles"),
    ("GET", "/articles/ferry-1"),
    ("GET", "/articles/politics%2F2025%2F%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1.html"),
    ("GET", "/openapi.json"),
    ("GET", "/nothing/here"),
]


def call(caller: httpx.Client, method: str, address: str, **headers: str) -> httpx.Response:
    return caller.request(method, address, json={"question": "Who?"} if method == "POST" else None, headers=headers)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def tokens(guarded: Served) -> Iterator[TokenTable]:
    yield guarded.assistant.library.tokens
    guarded.assistant.library.tokens.clear()


@pytest.mark.parametrize(("method", "address"), CALLS)
def test_behind_a_sign_in_each_address_needs_a_token_that_holds(
    guarded: Served, tokens: TokenTable, method: str, address: str
) -> None:
    token = tokens.add("سكربت 🚚", timedelta(days=1))
    with client(guarded.url) as caller:
        refused = call(caller, method, address)
        assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["detail"] == "Sign in, or send a token as Authorization: Bearer TOKEN."
        assert call(caller, method, address, **bearer(token)).status_code == (404 if "nothing" in address else 200)


@pytest.mark.parametrize(("method", "address"), CALLS[:-1])
def test_without_a_sign_in_each_address_is_as_open_as_the_page(page: Served, method: str, address: str) -> None:
    with client(page.url) as caller:
        assert call(caller, method, address).status_code == 200
        # A proxy's own credentials are none of Khabar's.
        assert call(caller, method, address, authorization="Basic bGF5bGE6eA==").status_code == 200
        # Somebody who shows a token learns that it does not hold, also where none is needed.
        refused = call(caller, method, address, **bearer("khabar_revoked"))
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_holds_until_it_is_revoked_and_not_for_one_call_more(guarded: Served, tokens: TokenTable) -> None:
    token, other = tokens.add("script", None), tokens.add("other", None)
    with client(guarded.url, headers=bearer(token)) as caller:
        assert caller.get("/articles").status_code == 200
        tokens.revoke("script")
        assert caller.get("/articles").status_code == 401
        assert caller.get("/articles", headers=bearer(other)).status_code == 200
        # Its name may be had again, and the old token stays what it is.
        tokens.add("script", None)
        assert caller.get("/articles").status_code == 401


def test_a_token_that_is_expired_is_refused(guarded: Served, tokens: TokenTable) -> None:
    held, expired = tokens.add("held", timedelta(days=1)), tokens.add("expired", timedelta(0))
    with client(guarded.url) as caller:
        assert call(caller, "GET", "/articles", **bearer(held)).status_code == 200
        refused = call(caller, "GET", "/articles", **bearer(expired))
    assert refused.status_code == 401
    # What is wrong with it is not told: whether it was ever one is nobody's to find out.
    unknown = httpx.get(f"{guarded.url}api/v1/articles", headers=bearer("khabar_x"), timeout=PATIENCE)
    assert refused.json() == unknown.json()


def test_who_has_signed_in_with_a_browser_may_call_until_signing_out(guarded: Served) -> None:
    with client(guarded.url) as caller:
        assert caller.post(f"{guarded.url}login", data={"username": "layla", "password": "a word"}).status_code == 200
        assert caller.get("/articles").status_code == 200
        with streamed(caller, "Who won?") as events:
            assert [name for name, _ in events][-1] == "answer"
        # A token that does not hold is not made up for by the session.
        assert caller.get("/articles", headers=bearer("khabar_x")).status_code == 401
        caller.get(f"{guarded.url}logout")
        assert caller.get("/articles").status_code == 401


def test_a_token_opens_the_rest_api_and_nothing_else(guarded: Served, tokens: TokenTable) -> None:
    token = tokens.add("script", None)
    with client(guarded.url, headers=bearer(token)) as caller:
        body = {"data": ["Who won?", None, None, None, None, None, "en"]}
        assert caller.post(f"{guarded.url}gradio_api/call/ask", json=body).status_code == 401
        assert caller.get(f"{guarded.url}original?id=ferry-1").status_code == 401


def test_callers_take_turns_by_their_tokens_their_names_or_their_addresses(
    guarded: Served, page: Served, tokens: TokenTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[str] = []
    for served in (guarded, page):
        enter = served.blocks.questions.enter

        def noted(asker, work, enter=enter):  # noqa: ANN001, ANN202
            came.append(asker.person)
            return enter(asker, work)

        monkeypatch.setattr(served.blocks.questions, "enter", noted)
    token = tokens.add("layla", None)
    with client(guarded.url) as caller:
        call(caller, "POST", "/ask", **bearer(token))
        caller.post(f"{guarded.url}login", data={"username": "layla", "password": "a word"})
        call(caller, "POST", "/ask")
    with client(page.url, "127.0.0.9") as caller:
        call(caller, "POST", "/ask")
    # A token's name is nobody's who signs in: two of one name are two.
    assert came == ["token layla", "name layla", "127.0.0.9"]


# What somebody tries who has no token. TOKEN stands for one that holds.
_HEADERS: list[dict[str, str]] = [
    {"authorization": "Bearer"},
    {"authorization": "Bearer\tTOKEN"},
    {"authorization": "Bearer ,"},
    {"authorization": "TOKEN"},
    {"authorization": "Token TOKEN"},
    {"authorization": "Basic TOKEN"},
    {"authorization": "Digest TOKEN"},
    {"authorization": "BearerTOKEN"},
    {"authorization": "Bearer=TOKEN"},
    {"authorization": "Bearer: TOKEN"},
    {"authorization": "Bearer,TOKEN"},
    {"authorization": "Bearer Bearer TOKEN"},
    {"authorization": 'Bearer "TOKEN"'},
    {"authorization": "Bearer TOKEN,TOKEN"},
    {"authorization": "Bearer TOKEN x"},
    {"authorization": "Bearer x TOKEN"},
    {"authorization": "Bearer TOKEN%00"},
    {"authorization": "Bearer TOKENx"},
    {"authorization": "Bearer khabar_"},
    {"authorization": "Bearer khabar_' OR '1'='1"},
    {"authorization": "Bearer khabar_%"},
    {"authorization": "Bearer *"},
    {"authorization": "Bearer null"},
    {"authorization": "Bearer undefined"},
    {"authorization": "Bearer true"},
    {"authorization": "Bearer script"},
    {"authorization": "Bearer " + "a" * 8_000},
    {"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJzY3JpcHQifQ."},
    {"x-authorization": "Bearer TOKEN"},
    {"proxy-authorization": "Bearer TOKEN"},
    {"x-api-key": "TOKEN"},
    {"x-forwarded-user": "layla"},
    {"remote-user": "layla"},
    {"x-forwarded-for": "127.0.0.1"},
    {"x-original-url": "/healthz"},
    {"x-rewrite-url": "/login"},
    {"x-http-method-override": "OPTIONS"},
    {"cookie": "access_token=TOKEN"},
    {"cookie": "access-token=TOKEN"},
    {"cookie": "access-token-ID=TOKEN"},
    {"cookie": "access-token-ID="},
    {"cookie": "access-token-unsecure-ID=null"},
    {"cookie": "access-token-ID=layla"},
    {"cookie": "authorization=Bearer TOKEN"},
]
_ADDRESSES = [
    "/articles?access_token=TOKEN",
    "/articles?token=TOKEN",
    "/articles?authorization=Bearer%20TOKEN",
    "/articles?api_key=TOKEN",
    "/articles#access_token=TOKEN",
    "/articles/..%2farticles",
    "//articles",
    "/articles/",
    "/ARTICLES",
    "/articles;a=b",
    "/./articles",
    "/openapi.json?x=/login",
]


@pytest.mark.parametrize("headers", _HEADERS, ids=lambda headers: str(headers)[:50])
def test_no_header_but_a_bearer_token_lets_anybody_in(
    guarded: Served, tokens: TokenTable, headers: dict[str, str]
) -> None:
    token, cookie = tokens.add("script", None), sessions_id(guarded)
    sent = {name: value.replace("TOKEN", token).replace("ID", cookie) for name, value in headers.items()}
    with client(guarded.url, "127.0.0.1") as caller:
        given = caller.get("/articles", headers=sent)
    assert given.status_code == 401, given.text
    assert token not in given.text
    assert given.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("address", _ADDRESSES)
def test_no_address_lets_anybody_in(guarded: Served, tokens: TokenTable, address: str) -> None:
    token = tokens.add("script", None)
    with client(guarded.url) as caller:
        given = caller.get(address.replace("TOKEN", quote(token)))
    assert given.status_code == 401, given.text
    assert "ferry" not in given.text


def test_a_token_in_the_address_is_refused_also_beside_one_that_holds(guarded: Served, tokens: TokenTable) -> None:
    token = tokens.add("script", None)
    with client(guarded.url, headers=bearer(token)) as caller:
        given = caller.get("/articles", params={"access_token": token})
        assert (given.status_code, "does not go into the address" in given.json()["detail"]) == (401, True)
        assert caller.get("/articles", params={"token": token}).status_code == 422


def test_two_tokens_at_once_are_refused(guarded: Served, tokens: TokenTable) -> None:
    token = tokens.add("script", None)
    with client(guarded.url) as caller:
        headers = [("authorization", f"Bearer {token}"), ("authorization", f"Bearer {token}")]
        assert caller.get("/articles", headers=headers).status_code == 401


@pytest.mark.parametrize("change", ["upper", "cut", "longer", "hash", "base64", "space"])
def test_nothing_but_the_token_itself_is_one(guarded: Served, tokens: TokenTable, change: str) -> None:
    import hashlib

    token = tokens.add("script", None)
    changed = {
        "upper": token.upper(),
        "cut": token[:-1],
        "longer": token + "A",
        "hash": hashlib.sha256(token.encode()).hexdigest(),
        "base64": base64.b64encode(token.encode()).decode(),
        "space": f"{token[:20]} {token[20:]}",
    }[change]
    with client(guarded.url) as caller:
        assert caller.get("/articles", headers=bearer(changed)).status_code == 401
        assert caller.get("/articles", headers={"authorization": f"bEaReR   {token}"}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_sites_page_may_not_call(page: Served, method: str) -> None:
    with client(page.url, headers={"sec-fetch-site": "cross-site"}) as caller:
        given = call(caller, method, "/search?question=Who" if method == "GET" else "/search")
    assert (given.status_code, given.headers["content-type"]) == (403, "application/problem+json")
    assert given.json()["detail"] == "Another site's page may not do this."
    assert not [name for name in given.headers if name.startswith("access-control-")]


def test_an_unsigned_caller_has_no_body_read(guarded: Served) -> None:
    with client(guarded.url) as caller:
        given = caller.post("/ask", content=b"{", headers={"content-type": "application/json"})
        assert given.status_code == 401
        assert caller.post("/ask", content=b"x" * 3_000_000).status_code == 401


def sessions_id(page: Served) -> str:
    """Return what the page's own cookies are named by, which everybody who signs in learns."""
    with client(page.url) as caller:
        caller.post(f"{page.url}login", data={"username": "layla", "password": "a word"})
        (name, *_) = [name for name in caller.cookies if name.startswith("access-token-")]
        caller.get(f"{page.url}logout")
    return name.removeprefix("access-token-").removeprefix("unsecure-")


def test_the_answer_to_a_refusal_says_nothing_of_the_library(guarded: Served) -> None:
    with client(guarded.url) as caller:
        given = caller.get("/articles/ferry-1")
    assert urlsplit(str(given.url)).path == "/api/v1/articles/ferry-1"
    assert set(given.json()) == {"type", "title", "status", "detail"}
