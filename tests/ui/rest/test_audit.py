"""The audit log of a served library: who did what by the page, REST and MCP, and who may read it over REST."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from index import Article, Library
from index.store.access.roles import AccessRole
from index.web import Web
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.live_server import khabar
from tests.support.live_server import serving as serving_library
from tests.support.news_site import page as news_page
from tests.support.page_calls import calling
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.people import let_in
from tests.support.rest_calls import client
from tests.support.small_encoder import SmallEncoder
from tests.support.tool_calls import called
from tests.support.web_server import serving as serving_site
from ui.server.refused import CountedSignIn
from ui.server.signin import SignIn, set_password

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

WORD = "long enough"
REFUSED = "Only an admin may read the audit log. Ask whoever runs Khabar to look it up."
PORT = {"id": "port-1", "text": "The port is open."}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    """A page behind a sign-in, whose people have their roles for names, with the tools, and one article."""
    people = tmp_path / "people"
    for role in AccessRole:
        let_in(people, role.value, WORD, role)
    sign_in = SignIn.open(people)
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([Article.create("ferry-1", "The Samhar ferry resumed on Monday.")])
        web = Web(library, private_hosts=True, pause=0.0)
        door = CountedSignIn(sign_in, library.audit)
        assistant = Assistant(library, reader=NothingRead())
        served = Served(assistant, auth=door, roles=sign_in.role, mcp_server=True, client=False, web=web)
        served.door = door  # type: ignore[attr-defined]
        yield served
        served.close()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@contextmanager
def signed_in(page: Served, name: str) -> Iterator[httpx.Client]:
    with client(page.url) as caller:
        caller.post(f"{page.url}login", data={"username": name, "password": WORD}).raise_for_status()
        yield caller


def told(page: Served) -> list[tuple[str, str, str, str, str]]:
    """Return who did what since the page was opened, the oldest first."""
    entries = [*reversed(page.assistant.library.audit.entries())][1:]
    return [
        (each.actor.name, each.actor.role.value, each.actor.way.value, each.action.value, each.object)
        for each in entries
    ]


def test_what_programs_change_is_theirs_by_the_way_they_came(page: Served) -> None:
    token = page.assistant.library.tokens.add("import", None, AccessRole.EDITOR)
    with client(page.url, headers=bearer(token)) as caller:
        assert caller.post("/articles", json=PORT).status_code == 201
        assert caller.post("/articles", json={**PORT, "text": "The port is closed."}).status_code == 200
        assert caller.delete("/articles/port-1").status_code == 204
        # What is refused, or was there already, is no change.
        assert caller.delete("/articles/port-1").status_code == 404
    assert called(page.url, "add", PORT, **bearer(token)).is_done
    assert called(page.url, "add", PORT, **bearer(token)).is_done
    with signed_in(page, "editor") as browser:
        assert browser.delete("/articles/port-1").status_code == 204
    assert told(page) == [
        ("", "admin", "python", "token-added", "import"),
        ("token import", "editor", "rest", "added", "port-1"),
        ("token import", "editor", "rest", "replaced", "port-1"),
        ("token import", "editor", "rest", "withdrawn", "port-1"),
        ("token import", "editor", "mcp", "added", "port-1"),
        ("editor", "editor", "rest", "withdrawn", "port-1"),
    ]


def test_what_people_change_on_the_page_is_theirs(page: Served) -> None:
    with calling(page, "editor", WORD) as editor:
        pasted = [None, "New", "Reader", None, "A new article about the port.", []]
        assert editor.function(editor.numbered("add_text", "LibraryPart"), list(pasted)).is_done
        (path,) = editor.http.post("gradio_api/upload", files={"files": ("a.txt", b"The bridge opens.")}).json()
        files = [{"path": path, "meta": {"_type": "gradio.FileData"}}]
        assert editor.function(editor.numbered("add_files", "LibraryPart"), [None, files, []]).is_done
        assert editor.function(editor.numbered("remove", "LibraryPart"), [None], {"id": "a.txt"}).is_done
    with calling(page, "admin", WORD) as admin:
        assert admin.endpoint("add", "port-1", "The port is open.").is_done
    (_, *_, pasted_id), *rest = told(page)
    assert pasted_id.startswith("pasted-")
    assert rest == [
        ("editor", "editor", "page", "added", "a.txt"),
        ("editor", "editor", "page", "withdrawn", "a.txt"),
        ("admin", "admin", "page", "added", "port-1"),
    ]
    assert told(page)[0][:4] == ("editor", "editor", "page", "added")


def test_a_reader_who_shares_an_answer_is_written_down_without_the_question(page: Served) -> None:
    with calling(page, "reader", WORD) as reader:
        asked = ["Who met the minister?", None, [], [], [], [], [], [], None, None]
        assert reader.function(reader.numbered("respond"), list(asked)).is_done
        assert reader.function(reader.numbered("share"), [None], {"place": "0"}).is_done
        # What is asked is nobody's business.
        assert reader.endpoint("ask", "Who met the minister?").is_done
    ((who, role, way, action, of),) = told(page)
    assert (who, role, way, action) == ("reader", "reader", "page", "shared")
    assert len(of) == 8
    assert "minister" not in str(page.assistant.library._catalog.database.all("SELECT * FROM audit"))


def test_a_followed_address_brings_its_articles_by_itself(page: Served) -> None:
    library = page.assistant.library
    with serving_site() as site, calling(page, "editor", WORD) as editor:
        site.pages["/a"] = news_page("bridge")
        assert editor.endpoint("add_address", f"{site.url}/a").is_done
        assert [line[:4] for line in told(page)] == [("editor", "editor", "page", "added")]
        site.pages["/b"] = news_page("ferry")
        web = Web(library, private_hosts=True, pause=0.0)
        web.follow(f"{site.url}/b", 600)
        web.run(lambda _: web.stop())
        assert told(page)[-1][:4] == ("", "admin", "feed", "added")


def test_sign_ins_that_fail_are_counted_without_what_was_typed(page: Served) -> None:
    door: CountedSignIn = page.door  # type: ignore[attr-defined]
    secret = "correct horse battery"
    for name, times in (("reader", 3), ("admin", 1), (secret, 2), ("READER", 1)):
        for _ in range(times):
            sent = httpx.post(f"{page.url}login", data={"username": name, "password": secret}, timeout=PATIENCE)
            assert sent.status_code == 400
    with signed_in(page, "reader"):
        pass
    assert told(page) == []
    door.write()
    door.write()
    lines = [line for line in page.assistant.library.audit.entries() if line.action.value == "sign-in-failed"]
    assert {line.object: line.count for line in lines} == {"reader": 3, "admin": 1, "": 3}
    assert {(line.actor.name, line.actor.role.value, line.actor.way.value) for line in lines} == {
        ("", "reader", "page")
    }
    assert secret not in str(page.assistant.library._catalog.database.all("SELECT * FROM audit"))


def test_what_cannot_be_written_down_now_is_counted_on(page: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.errors import LibraryError

    door: CountedSignIn = page.door  # type: ignore[attr-defined]
    assert not door("reader", "wrong")

    def fail(*_: object) -> None:
        raise LibraryError("Busy.")

    with monkeypatch.context() as broken:
        broken.setattr(page.assistant.library.audit, "record", fail)
        door.write()
    assert not door("reader", "wrong")
    door.write()
    assert [line.count for line in page.assistant.library.audit.entries(limit=1)] == [2]


def listed(caller: httpx.Client, **query: Any) -> tuple[list[str], int | None]:
    given = caller.get("/audit", params=query)
    assert given.status_code == 200, given.text
    return [line["object"] for line in given.json()["lines"]], given.json()["next_before"]


def test_an_admin_reads_the_log_page_by_page(page: Served) -> None:
    token = page.assistant.library.tokens.add("import", None, AccessRole.EDITOR)
    with client(page.url, headers=bearer(token)) as caller:
        caller.post("/articles", json=PORT)
        caller.delete("/articles/port-1")
    with signed_in(page, "admin") as admin:
        objects, further = listed(admin, limit=3)
        assert objects == ["port-1", "port-1", "import"]
        assert listed(admin, limit=3, before=further) == (["ferry-1"], None)
        assert listed(admin, who="token import", action="withdrawn") == (["port-1"], None)
        assert listed(admin, since="2999-01-01") == ([], None)
        newest = admin.get("/audit", params={"limit": 1}).json()["lines"][0]
        assert {name: newest[name] for name in ("who", "role", "way", "action", "object", "count")} == {
            "who": "token import",
            "role": "editor",
            "way": "rest",
            "action": "withdrawn",
            "object": "port-1",
            "count": 1,
        }
        assert newest["at"].endswith("+00:00")


@pytest.mark.parametrize("query", [{"action": "read"}, {"since": "2025-02-30"}, {"limit": 0}, {"role": "admin"}])
def test_a_wrong_query_is_refused(page: Served, query: dict[str, Any]) -> None:
    with signed_in(page, "admin") as admin:
        assert admin.get("/audit", params=query).status_code == 422


def test_nobody_but_an_admin_reads_the_log(page: Served) -> None:
    token = page.assistant.library.tokens.add("import", None, AccessRole.EDITOR)
    with client(page.url) as nobody:
        assert nobody.get("/audit").status_code == 401
        refused = nobody.get("/audit", headers=bearer(token))
        assert (refused.status_code, refused.json()["detail"]) == (403, REFUSED)
    for name in ("reader", "editor"):
        with signed_in(page, name) as caller:
            refused = caller.get("/audit", headers={"accept-language": "fr"})
            assert refused.status_code == 403
            assert refused.json()["detail"].startswith("Seul un administrateur peut lire le journal d’audit.")
            for method in ("POST", "DELETE", "PUT", "PATCH"):
                assert caller.request(method, "/audit", json={}).status_code == 405


def test_nothing_is_changed_in_the_log_over_the_network(page: Served) -> None:
    with signed_in(page, "admin") as admin:
        for method in ("POST", "DELETE", "PUT", "PATCH"):
            assert admin.request(method, "/audit", json={}).status_code == 405


def test_a_real_server_and_its_commands_keep_one_log(own_samples: Library, tmp_path: Path) -> None:
    folder, people = own_samples.path, tmp_path / "people.txt"
    set_password(people, "layla", WORD, AccessRole.EDITOR)
    token = khabar(folder, "tokens", "add", "import", "--role", "editor").stdout.strip()
    with serving_library(folder, "--auth-file", people, "--mcp") as (process, url):
        sent = httpx.post(f"{url}/login", data={"username": "layla", "password": "wrong"}, timeout=PATIENCE)
        assert sent.status_code == 400
        assert called(url, "add", PORT, **bearer(token)).is_done
        process.terminate()
        process.wait(PATIENCE)
    lines = [line.split("\t")[1:] for line in khabar(folder, "audit", "--since", "2025-11-01").stdout.splitlines()]
    assert lines[:2] == [
        ["-", "reader", "page", "sign-in-failed", "layla", "1"],
        ["token import", "editor", "mcp", "added", "port-1", "1"],
    ]
    assert lines[2][1:] == ["admin", "command", "token-added", "import", "1"]
