"""Adding, replacing and withdrawing articles over REST, by editors alone; and what readers try in their place."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.exceptions import HTTPException

from index import Article, Library
from index.store.access.roles import AccessRole
from qa import Assistant
from tests.support.gates import Held, NothingRead
from tests.support.pages import Served
from tests.support.patience import until
from tests.support.people import let_in
from tests.support.rest_calls import client
from tests.ui.rest.conftest import ODD, shelf
from ui.rest.editing import WAITING, Editing
from ui.server.signin import SignIn

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

WORD = "long enough"
REFUSED = "Only an editor or an admin may change the library. Ask whoever runs Khabar to do it."
BRIDGE = {
    "id": "bridge/2025 جسر",
    "text": "The Khazir bridge opens on 14 May, engineers said.",
    "title": "Bridge opens",
    "source": "Harbour News",
    "url": "https://harbour.example/bridge",
    "byline": "Lena Ortiz",
    "category": "local",
    "published": "2025-05-01",
    "modified": "2025-05-02",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page behind a sign-in, where "reader" and "editor" are what they are called; put back by each test."""
    folder = tmp_path_factory.mktemp("roles")
    for role in (AccessRole.READER, AccessRole.EDITOR):
        let_in(folder / "people", role.value, WORD, role)
    sign_in = SignIn.open(folder / "people")
    with shelf(folder) as library:
        assistant = Assistant(library, reader=NothingRead())
        served = Served(assistant, auth=sign_in, roles=sign_in.role, client=False)
        yield served
        served.close()


@pytest.fixture(scope="module")
def tokens(page: Served) -> dict[str, str]:
    """A token of each role."""
    roles = (AccessRole.READER, AccessRole.EDITOR)
    return {role.value: page.assistant.library.tokens.add(role.value, None, role) for role in roles}


def state(library: Library) -> tuple[object, ...]:
    return library.generation, sorted((each.id, each.content_hash) for each in library.articles()), library.tokens.all()


@pytest.fixture
def unchanged(page: Served, tokens: dict[str, str]) -> Iterator[Served]:
    """The page, of whose library nothing may have changed when a test is over."""
    before = state(page.assistant.library)
    yield page
    assert state(page.assistant.library) == before


@pytest.fixture(params=["token", "session"])
def editor(request: pytest.FixtureRequest, page: Served, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    with signed_in(page, tokens, "editor", request.param) as caller:
        yield caller


@contextmanager
def signed_in(page: Served, tokens: dict[str, str], name: str, by: str) -> Iterator[httpx.Client]:
    """Call with somebody's token, or with the session of who has signed in under a name."""
    with client(page.url) as caller:
        if by == "token":
            caller.headers["authorization"] = f"Bearer {tokens[name]}"
        else:
            caller.post(f"{page.url}login", data={"username": name, "password": WORD}).raise_for_status()
        yield caller


def at(id: str) -> str:
    return f"/articles/{quote(id, safe='')}"


def test_an_article_is_added_replaced_and_withdrawn(page: Served, editor: httpx.Client) -> None:
    library = page.assistant.library
    added = editor.post("/articles", json=BRIDGE)
    assert (added.status_code, added.json()) == (201, {"id": BRIDGE["id"], "outcome": "added"})
    assert added.headers["location"] == f"/api/v1{at(BRIDGE['id'])}"
    stored = library.article(BRIDGE["id"])
    assert stored == Article.create(
        **{**BRIDGE, "published": date(2025, 5, 1), "modified": date(2025, 5, 2)}  # type: ignore[arg-type]
    )
    again = editor.post("/articles", json=BRIDGE)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    replaced = editor.post("/articles", json={**BRIDGE, "text": "The Khazir bridge opens on 20 June."})
    assert (replaced.status_code, replaced.json()["outcome"]) == (200, "replaced")
    assert "location" not in replaced.headers
    whole = editor.get(at(BRIDGE["id"])).json()
    assert whole["text"] == "The Khazir bridge opens on 20 June."
    assert [known["current"] for known in whole["revisions"][:2]] == [True, False]
    gone = editor.delete(at(BRIDGE["id"]))
    assert (gone.status_code, gone.content) == (204, b"")
    for asked in (editor.get(at(BRIDGE["id"])), editor.delete(at(BRIDGE["id"]))):
        assert (asked.status_code, asked.headers["content-type"]) == (404, "application/problem+json")
    assert not library.has(BRIDGE["id"])


@pytest.mark.parametrize("id", [id for id in ODD if id != ".."])
def test_an_article_of_any_id_is_withdrawn_and_can_be_added_again(
    page: Served, tokens: dict[str, str], id: str
) -> None:
    library = page.assistant.library
    before = library.article(id)
    with signed_in(page, tokens, "editor", "token") as caller:
        assert caller.delete(at(id)).status_code == 204
        assert not library.has(id)
        added = caller.post("/articles", json={"id": id, "text": before.text, "title": before.title})
        assert (added.status_code, added.json()["id"]) == (201, id)
        assert added.headers["location"] == f"/api/v1{at(id)}"
        assert caller.get(at(id)).json()["text"] == before.text


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"id": "", "text": "No id."}, 422, "An article needs an id"),
        ({"id": "a", "text": " … "}, 422, "has no text"),
        ({"id": "a"}, 422, "`errors` names them"),
        ({"id": "a", "text": "One.", "published": "soon"}, 422, "`errors` names them"),
        ({"id": "a", "text": "One.", "published": "2025-02-30"}, 422, "'2025-02-30' is not a date"),
        ({"id": "a", "text": "One.", "role": "admin"}, 422, "`errors` names them"),
        ({"id": "a" * 2001, "text": "One."}, 422, "`errors` names them"),
        ({"id": 1, "text": "One."}, 422, "`errors` names them"),
        ([], 422, "`errors` names them"),
        ({"id": "a", "text": "x" * 2**20}, 413, "or a shorter article"),
    ],
)
def test_what_is_no_article_is_told_and_nothing_is_added(
    unchanged: Served, tokens: dict[str, str], body: Any, status: int, detail: str
) -> None:
    with signed_in(unchanged, tokens, "editor", "token") as caller:
        given = caller.post("/articles", json=body)
    assert (given.status_code, given.headers["content-type"]) == (status, "application/problem+json")
    assert detail in given.json()["detail"]


def test_half_a_character_is_no_text(unchanged: Served, tokens: dict[str, str]) -> None:
    with signed_in(unchanged, tokens, "editor", "token") as caller:
        sent = b'{"id": "half \\ud83d", "text": "One text."}'
        given = caller.post("/articles", content=sent, headers={"content-type": "application/json"})
    assert (given.status_code, [each["field"] for each in given.json()["errors"]]) == (422, ["body.id"])


def test_an_older_version_than_a_file_s_is_not_taken(page: Served, tokens: dict[str, str], tmp_path: Path) -> None:
    library = page.assistant.library
    file = tmp_path / "news.jsonl"
    file.write_text('{"id": "dated", "text": "The bridge is open.", "published": "2025-05-02"}\n', encoding="utf-8")
    assert library.sync(file).added == 1
    with signed_in(page, tokens, "editor", "token") as caller:
        given = caller.post("/articles", json={"id": "dated", "text": "Not open yet.", "published": "2025-05-01"})
        assert (given.status_code, given.json()["title"]) == (409, "Conflict")
        assert "has a newer version" in given.json()["detail"]
        assert library.article("dated").text == "The bridge is open."
        assert caller.delete(at("dated")).status_code == 204


# What a reader tries: each is refused, by a token and by a session.
TRIES: list[tuple[str, str, Any, dict[str, str]]] = [
    ("POST", "/articles", BRIDGE, {}),
    ("POST", "/articles", {"id": "ferry-1", "text": "The ferry never resumed, a reader wrote."}, {}),
    ("POST", "/articles?role=editor", BRIDGE, {}),
    ("POST", "/articles", {**BRIDGE, "role": "editor"}, {}),
    ("POST", "/articles", BRIDGE, {"x-role": "editor"}),
    ("POST", "/articles", BRIDGE, {"x-forwarded-user": "editor"}),
    ("POST", "/articles", BRIDGE, {"cookie": "role=editor"}),
    ("POST", "/articles", {}, {}),
    ("POST", "/articles", None, {"x-http-method-override": "DELETE"}),
    ("DELETE", "/articles/ferry-1", None, {}),
    ("DELETE", "/articles/nowhere", None, {}),
    ("DELETE", "/articles/ferry%2D1", None, {}),
    ("DELETE", "/articles/ferry-1?role=admin", None, {}),
    ("DELETE", "/articles/ferry-1", {"role": "admin"}, {}),
    ("DELETE", "/articles/..", None, {}),
    ("DELETE", "/articles/", None, {}),
]


@pytest.mark.parametrize("by", ["token", "session"])
@pytest.mark.parametrize(("method", "address", "body", "headers"), TRIES)
def test_a_reader_is_refused(
    unchanged: Served, tokens: dict[str, str], by: str, method: str, address: str, body: Any, headers: dict[str, str]
) -> None:
    with signed_in(unchanged, tokens, "reader", by) as caller:
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in caller.cookies.jar)
        sent = {**headers, "cookie": "; ".join(filter(None, [cookies, headers.get("cookie")]))}
        sent["content-type"] = "application/json"
        given = caller.request(method, address, json=body, headers=sent)
    # A client takes ".." out of an address by itself: what is left cannot be withdrawn by anybody.
    if address == "/articles/..":
        assert given.status_code in (404, 405)
        return
    assert (given.status_code, given.headers["content-type"]) == (403, "application/problem+json")
    assert given.json() == {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": REFUSED}


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/articles/ferry-1"),
        ("PUT", "/articles/ferry-1"),
        ("PATCH", "/articles/ferry-1"),
        ("POST", "/articles/ferry-1/delete"),
        ("DELETE", "/articles"),
        ("POST", "/feeds"),
        ("GET", "/feeds"),
        ("POST", "/add"),
        ("GET", "/tokens"),
        ("POST", "/tokens"),
        ("DELETE", "/tokens/script"),
        ("GET", "/people"),
        ("GET", "/settings"),
    ],
)
@pytest.mark.parametrize("name", ["reader", "editor"])
def test_there_is_no_other_address_that_changes_anything(
    unchanged: Served, tokens: dict[str, str], name: str, method: str, address: str
) -> None:
    with signed_in(unchanged, tokens, name, "token") as caller:
        given = caller.request(method, address, headers={"content-type": "application/json"})
    assert given.status_code in (404, 405)


@pytest.mark.parametrize(
    "shown",
    [
        "READER:editor", "READER;role=editor", "READER editor", "READER.editor", "editor:READER", "READER,EDITOR",
        "READER\tEDITOR", "editor", "admin", "khabar_editor",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("method", "address"), [("POST", "/articles"), ("DELETE", "/articles/ferry-1")])
def test_no_text_around_a_token_makes_it_an_editor_s(
    unchanged: Served, tokens: dict[str, str], shown: str, method: str, address: str
) -> None:
    token = shown.replace("READER", tokens["reader"]).replace("EDITOR", tokens["editor"])
    with client(unchanged.url, headers={"authorization": f"Bearer {token}"}) as caller:
        given = caller.request(method, address, json=BRIDGE if method == "POST" else None)
    assert given.status_code == 401


def test_a_reader_s_token_is_not_made_up_for_by_an_editor_s_session(unchanged: Served, tokens: dict[str, str]) -> None:
    with signed_in(unchanged, tokens, "editor", "session") as caller:
        given = caller.post("/articles", json=BRIDGE, headers={"authorization": f"Bearer {tokens['reader']}"})
        assert given.status_code == 403
        both = [("authorization", f"Bearer {tokens[name]}") for name in ("reader", "editor")]
        assert caller.delete("/articles/ferry-1", headers=both).status_code == 401


def test_without_a_token_nobody_changes_anything(unchanged: Served) -> None:
    with client(unchanged.url) as caller:
        for given in (caller.post("/articles", json=BRIDGE), caller.delete("/articles/ferry-1")):
            assert (given.status_code, given.headers["www-authenticate"]) == (401, "Bearer")


def test_an_editor_s_token_that_is_revoked_changes_nothing_more(unchanged: Served) -> None:
    table = unchanged.assistant.library.tokens
    token = table.add("gone", None, AccessRole.EDITOR)
    table.revoke("gone")
    with client(unchanged.url, headers={"authorization": f"Bearer {token}"}) as caller:
        assert caller.post("/articles", json=BRIDGE).status_code == 401


def test_an_editor_s_token_opens_the_rest_api_and_nothing_else(unchanged: Served, tokens: dict[str, str]) -> None:
    with signed_in(unchanged, tokens, "editor", "token") as caller:
        for name, data in (("remove", ["ferry-1"]), ("feeds", [])):
            assert caller.post(f"{unchanged.url}gradio_api/call/{name}", json={"data": data}).status_code == 401


@pytest.mark.parametrize("site", ["cross-site"])
def test_another_site_s_page_changes_nothing_with_an_editor_s_session(
    unchanged: Served, tokens: dict[str, str], site: str
) -> None:
    with signed_in(unchanged, tokens, "editor", "session") as caller:
        caller.headers["sec-fetch-site"] = site
        assert caller.post("/articles", json=BRIDGE).status_code == 403
        assert caller.delete("/articles/ferry-1").status_code == 403
        # Nor is it told, where a browser asks before it sends, that it may.
        asked = caller.options("/articles/ferry-1", headers={"access-control-request-method": "DELETE"})
        assert not [name for name in asked.headers if name.startswith("access-control-")]


def test_a_form_of_another_site_is_no_article(unchanged: Served, tokens: dict[str, str]) -> None:
    with signed_in(unchanged, tokens, "editor", "session") as caller:
        assert caller.post("/articles", data={"id": "a", "text": "One."}).status_code == 415


@pytest.mark.parametrize(
    ("language", "said"),
    [("ar", "لا يحق تغيير المكتبة إلا لمحرر أو مدير"), ("fr", "Seul un rédacteur"), ("de", "Only an editor")],
)
def test_a_reader_is_told_in_their_own_language(
    unchanged: Served, tokens: dict[str, str], language: str, said: str
) -> None:
    with signed_in(unchanged, tokens, "reader", "token") as caller:
        assert (
            caller.delete("/articles/ferry-1", headers={"accept-language": language}).json()["detail"].startswith(said)
        )


def test_where_nobody_signs_in_anybody_edits_but_a_reader_s_token_does_not(own_page: Served) -> None:
    token = own_page.assistant.library.tokens.add("reader", None)
    with client(own_page.url) as caller:
        assert caller.post("/articles", json=BRIDGE).status_code == 201
        refused = caller.delete(at(BRIDGE["id"]), headers={"authorization": f"Bearer {token}"})
        assert refused.status_code == 403
        assert caller.delete(at(BRIDGE["id"])).status_code == 204


def test_changes_wait_for_one_another_and_beyond_a_limit_come_again(news: Library, monkeypatch: Any) -> None:
    gate = Held()
    add = news.add

    def held(articles: list[Article], **where: Any) -> object:
        gate.wait(articles[0].id)
        return add(articles, **where)

    monkeypatch.setattr(news, "add", held)

    async def change() -> None:
        editing = Editing(news)
        sent = [
            asyncio.create_task(editing.add(Article.create(f"new-{number}", "One text."))) for number in range(WAITING)
        ]
        await asyncio.to_thread(until, lambda: gate.came)
        with pytest.raises(HTTPException) as crowded:
            await editing.remove("ferry-1")
        assert crowded.value.status_code == 503
        assert gate.came == ["new-0"]
        gate.free.set()
        assert await asyncio.gather(*sent) == ["added"] * WAITING
        assert gate.came == [f"new-{number}" for number in range(WAITING)]
        await editing.remove("ferry-1")

    asyncio.run(change())
    assert not news.has("ferry-1")
