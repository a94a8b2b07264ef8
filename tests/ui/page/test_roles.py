"""Readers, editors and admins of a page with a sign-in: what a reader tries by every way in, and what editors do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

from index import Article, Library
from index.store.access.roles import AccessRole
from index.web import Web
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.news_site import page as news_page
from tests.support.page_calls import Caller, calling
from tests.support.pages import Served
from tests.support.people import let_in
from tests.support.small_encoder import SmallEncoder
from tests.support.web_server import Site
from tests.support.web_server import serving as serving_site
from ui.server.signin import SignIn

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

WORD = "long enough"
REFUSED = "Only an editor or an admin may change the library. Ask whoever runs Khabar to do it."
FERRY = Article.create("ferry-1", "The Samhar ferry resumed on Monday.", title="Ferry service resumes")
FOLLOWED = "http://127.0.0.1:1/followed"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving_site() as served:
        served.pages["/a"] = news_page("bridge")
        yield served


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page whose readers have their roles for names; "old" has a line that has lost its role."""
    folder = tmp_path_factory.mktemp("roles")
    people = folder / "people"
    for role in AccessRole:
        let_in(people, role.value, WORD, role)
    let_in(people, "old", WORD, AccessRole.ADMIN)
    people.write_text(people.read_text(encoding="utf-8").removesuffix(":admin\n") + "\n", encoding="utf-8")
    sign_in = SignIn.open(people)
    with Library.open(folder / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        web = Web(library, private_hosts=True, pause=0.0)
        web.follow(FOLLOWED, 600)
        library.tokens.add("script", None)
        assistant = Assistant(library, reader=NothingRead())
        served = Served(assistant, auth=sign_in, roles=sign_in.role, client=False, web=web)
        yield served
        served.close()


def state(page: Served) -> tuple[object, ...]:
    """Return everything of a library that somebody could change."""
    library = page.assistant.library
    articles = [(article.id, article.content_hash) for article in library.articles()]
    feeds = [(feed.address, feed.paused, feed.period) for feed in Web(library).feeds()]
    return library.generation, sorted(articles), feeds, library.tokens.all()


@pytest.fixture
def unchanged(page: Served) -> Iterator[Served]:
    """The page, of which nothing may have changed when a test is over."""
    before = state(page)
    yield page
    assert state(page) == before


# Each endpoint that changes something, or tells what only those see who may change it.
ENDPOINTS: list[tuple[str, list[object]]] = [
    ("add", ["new", "A new article about the port.", "New"]),
    ("add", ["ferry-1", "The ferry never resumed, a reader wrote.", "Replaced"]),
    ("remove", ["ferry-1"]),
    ("add_address", ["SITE/a"]),
    ("follow", ["SITE/a", 10]),
    ("pause", [FOLLOWED, True]),
    ("pause", [FOLLOWED, False]),
    ("unfollow", [FOLLOWED]),
    ("feeds", []),
]
# Each function behind the page's panel and its buttons: its data, and what the button says.
FUNCTIONS: list[tuple[str, str, list[object], object]] = [
    ("add_text", "LibraryPart", [None, "New", "Reader", None, "A new article about the port.", []], None),
    ("add_files", "LibraryPart", [None, "UPLOADED", []], None),
    ("remove", "LibraryPart", [None], {"id": "ferry-1"}),
    ("take_in", "AddressPart", [None, "SITE/a"], None),
    ("begin", "AddressPart", [None, "SITE/a"], None),
    ("change", "AddressPart", [None], {"act": "pause", "address": FOLLOWED}),
    ("change", "AddressPart", [None], {"act": "resume", "address": FOLLOWED}),
    ("change", "AddressPart", [None], {"act": "unfollow", "address": FOLLOWED}),
    ("keep", "StandingPart", [None], {"place": "0"}),
    ("alter", "StandingPart", [None], {"act": "remove", "id": "0"}),
]


def at(site: Site, data: list[object]) -> list[object]:
    return [value.replace("SITE", site.url) if isinstance(value, str) else value for value in data]


def uploaded(caller: Caller, name: str) -> list[object]:
    """Upload a file and return what the page then sends of it."""
    (path,) = caller.http.post("gradio_api/upload", files={"files": (name, b"The bridge opens.")}).json()
    return [{"path": path, "meta": {"_type": "gradio.FileData"}}]


@pytest.mark.parametrize("way", ["call", "call/v2"])
@pytest.mark.parametrize(("name", "data"), ENDPOINTS)
def test_a_reader_calls_no_endpoint_that_changes_anything(
    unchanged: Served, site: Site, name: str, data: list[object], way: str
) -> None:
    with calling(unchanged, "reader", WORD) as reader:
        told = reader.endpoint(name, *at(site, data), way=way)
    assert not told.is_done
    assert REFUSED in told.said and FOLLOWED not in told.said
    assert site.paths() == []


@pytest.mark.parametrize("way", ["run", "api"])
@pytest.mark.parametrize(("name", "data"), ENDPOINTS)
def test_nobody_calls_around_the_queue(unchanged: Served, site: Site, name: str, data: list[object], way: str) -> None:
    with calling(unchanged, "reader", WORD) as reader:
        assert not reader.endpoint(name, *at(site, data), way=way).is_done


@pytest.mark.parametrize(("name", "data"), ENDPOINTS)
def test_a_reader_s_program_is_told_who_may(unchanged: Served, site: Site, name: str, data: list[object]) -> None:
    program = Client(unchanged.url, auth=("reader", WORD), verbose=False)
    with pytest.raises(AppError, match="Only an editor or an admin may change the library"):
        program.predict(*at(site, data), api_name=f"/{name}")


@pytest.mark.parametrize(("name", "kind", "data", "event"), FUNCTIONS)
def test_a_reader_presses_no_button_that_is_not_shown(
    unchanged: Served, site: Site, name: str, kind: str, data: list[object], event: object
) -> None:
    with calling(unchanged, "editor", WORD) as editor, calling(unchanged, "reader", WORD) as reader:
        sent = [uploaded(editor, "a.txt") if value == "UPLOADED" else value for value in at(site, data)]
        told = reader.function(reader.numbered(name, kind), sent, event)
    assert not told.is_done
    assert REFUSED in str(told.said)


def test_whatever_a_reader_calls_of_the_page_nothing_changes(unchanged: Served) -> None:
    event = {"id": "ferry-1", "act": "unfollow", "address": FOLLOWED, "place": "0", "key": "=:ferry-1"}
    with calling(unchanged, "reader", WORD) as reader:
        tried = 0
        for number, known in unchanged.blocks.fns.items():
            tried += 1
            told = reader.function(number, ["ferry-1"] * len(known.inputs), event)
            assert FOLLOWED not in str(told.said)
            assert "khabar-remove" not in str(told.said)
    assert tried >= 40


def test_a_reader_in_an_editor_s_session_does_nothing(unchanged: Served) -> None:
    with calling(unchanged, "editor", WORD) as editor, calling(unchanged, "reader", WORD) as reader:
        opened = editor.function(editor.numbered("greet"), greeting(editor))
        assert opened.is_done and FOLLOWED in str(opened.said)
        reader.session = editor.session
        told = reader.function(reader.numbered("remove", "LibraryPart"), [None], {"id": "ferry-1"})
    assert not told.is_done and "This page was opened by somebody else." in str(told.said)


HEADERS = [
    {"x-forwarded-user": "editor"},
    {"remote-user": "editor"},
    {"x-role": "editor"},
    {"authorization": "Basic ZWRpdG9yOmxvbmcgZW5vdWdo"},
    {"cookie": "role=admin; username=editor"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_a_reader_does_not_become_an_editor_by_saying_so(unchanged: Served, headers: dict[str, str]) -> None:
    with calling(unchanged, "reader", WORD) as reader:
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in reader.http.cookies.jar)
        sent = {**headers, "cookie": "; ".join(filter(None, [cookies, headers.get("cookie", "")]))}
        reply = reader.http.post("gradio_api/call/remove", json={"data": ["ferry-1"]}, headers=sent)
        told = reader.http.get(f"gradio_api/call/remove/{reply.json()['event_id']}").text
    assert REFUSED in told


# What a body may say beside its data, none of which is who calls.
FORGED: list[dict[str, Any]] = [
    {"username": "editor"},
    {"request": {"username": "editor", "headers": {}}},
    {"user": "editor", "role": "admin"},
    {"batched": True},
    {"batched": True, "data": [["ferry-1"]]},
    {"simple_format": True},
    {"event_id": "editor"},
    {"trigger_id": 1},
    {"session_hash": None},
    {"oauth_token": "editor"},
]


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_nothing_in_a_body_says_who_calls(unchanged: Served, forged: dict[str, Any]) -> None:
    with calling(unchanged, "reader", WORD) as reader:
        number = next(number for number, known in unchanged.blocks.fns.items() if known.api_name == "remove")
        told = reader.function(number, **{"data": ["ferry-1"], **forged})
        # Of a batch it is its data that is refused, by Gradio.
        assert REFUSED in str(told.said) or not told.is_done
        reply = reader.http.post("gradio_api/call/remove", json={"data": ["ferry-1"], **forged})
        ended = reader.http.get(f"gradio_api/call/remove/{reply.json()['event_id']}").text if reply.is_success else ""
        assert "event: complete" not in ended


@pytest.mark.parametrize("name", ["Editor", "editor\u200b", "editor:admin", "reader:editor", "editor ", ""])
def test_a_name_that_is_not_in_the_file_does_not_enter(unchanged: Served, name: str) -> None:
    with calling(unchanged) as caller:
        entered = caller.http.post("login", data={"username": name, "password": WORD}).status_code
        # Blanks around a name are no part of it.
        assert entered == (200 if name == "editor " else 422 if not name else 400)


def test_a_reader_uploads_nothing(unchanged: Served) -> None:
    with calling(unchanged, "reader", WORD, **{"accept-language": "fr"}) as reader:
        for address in ("gradio_api/upload", "gradio_api/upload?upload_id=x", "gradio_api/upload/"):
            sent = reader.http.post(address, files={"files": ("a.txt", b"x")}, follow_redirects=True)
            assert sent.status_code == 403
            assert sent.text.startswith("Seul un rédacteur ou un administrateur peut modifier la bibliothèque.")
    with calling(unchanged, "editor", WORD) as editor:
        assert editor.http.post("gradio_api/upload", files={"files": ("a.txt", b"x")}).status_code == 200


@pytest.mark.parametrize(
    ("language", "said"),
    [("ar", "لا يحق تغيير المكتبة إلا لمحرر أو مدير"), ("fr", "Seul un rédacteur"), ("de", "Only an editor")],
)
def test_a_reader_is_told_in_their_own_language(unchanged: Served, language: str, said: str) -> None:
    with calling(unchanged, "reader", WORD, **{"accept-language": language}) as reader:
        assert said in json.loads(reader.endpoint("remove", "ferry-1").said)["error"]


def greeting(caller: Caller) -> list[Any]:
    """Return what a page sends as it is opened: nothing yet in any of its fields."""
    return [None, None, 20, "", *([[], [], [], [], [], [], None, None] * 3)]


@pytest.mark.parametrize(("name", "sees"), [("reader", False), ("editor", True), ("admin", True), ("old", False)])
def test_only_who_may_add_articles_sees_what_adds_them(unchanged: Served, name: str, sees: bool) -> None:
    with calling(unchanged, name, WORD) as caller:
        opened = caller.function(caller.numbered("greet"), greeting(caller))
        assert opened.is_done
        shown = caller.function(caller.numbered("show_article"), [None], {"id": "ferry-1"})
        config = caller.http.get("config").json()
    (adding,) = (each for each in config["components"] if each["props"].get("elem_id") == "khabar-add")
    assert adding["props"]["visible"] is False
    labelled = [each for each in opened.said["data"] if isinstance(each, dict) and each.get("label") == "Add articles"]
    assert [each["visible"] for each in labelled] == [sees]
    assert (FOLLOWED in str(opened.said)) == sees
    assert ("khabar-remove" in str(shown.said)) == sees
    assert "The Samhar ferry resumed" in str(shown.said)


@pytest.mark.parametrize("name", ["editor", "admin"])
def test_who_may_change_the_library_does(page: Served, site: Site, name: str) -> None:
    library, web = page.assistant.library, Web(page.assistant.library)
    with calling(page, name, WORD) as caller:
        assert caller.endpoint("add", f"by-{name}", "A new article about the port.").is_done
        assert library.has(f"by-{name}")
        assert caller.function(caller.numbered("remove", "LibraryPart"), [None], {"id": f"by-{name}"}).is_done
        assert not library.has(f"by-{name}")
        files = uploaded(caller, f"{name}.txt")
        assert caller.function(caller.numbered("add_files", "LibraryPart"), [None, files, []]).is_done
        assert library.has(f"{name}.txt")
        assert caller.endpoint("remove", f"{name}.txt").is_done
        change = caller.numbered("change", "AddressPart")
        assert caller.function(change, [None], {"act": "pause", "address": FOLLOWED}).is_done
        assert [feed.paused for feed in web.feeds()] == [True]
        assert caller.function(change, [None], {"act": "resume", "address": FOLLOWED}).is_done
        assert FOLLOWED in caller.endpoint("feeds").said
        pasted = caller.function(
            caller.numbered("add_text", "LibraryPart"), [None, name, "", None, "The bridge opens.", []]
        )
        assert pasted.is_done
        (added,) = library.articles(text=name)
        assert caller.endpoint("remove", added.id).is_done
        assert caller.function(caller.numbered("take_in", "AddressPart"), [None, f"{site.url}/a"]).is_done
        assert caller.endpoint("remove", f"{site.url}/a").is_done
    assert [article.id for article in library.articles()] == ["ferry-1"]


def test_where_nobody_signs_in_an_open_page_shows_all_also_after_a_restart(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        web = Web(library)
        web.follow(FOLLOWED, 600)
        page = Served(Assistant(library, reader=NothingRead()), client=False, web=web)
        with calling(page) as anybody:
            # Without greeting anybody: the page was open when the server began.
            shown = anybody.function(anybody.numbered("show_article"), [None], {"id": "ferry-1"})
            refreshed = anybody.function(anybody.numbered("refresh"), greeting(anybody))
            assert "khabar-remove" in str(shown.said) and FOLLOWED in str(refreshed.said)
            assert anybody.endpoint("remove", "ferry-1").is_done
        page.close()


def test_a_reader_asks_searches_and_reads(unchanged: Served) -> None:
    with calling(unchanged, "reader", WORD) as reader:
        assert reader.endpoint("ask", "Who won?").is_done
        assert "ferry-1" in reader.endpoint("search", "ferry").said
        assert "ferry-1" in reader.endpoint("articles").said
        assert "The Samhar ferry resumed" in reader.endpoint("article", "ferry-1").said
