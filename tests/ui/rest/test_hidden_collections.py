"""A reader of one collection tries to see what is in another, by every way in: nothing of it is ever shown."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from index import Library
from index.store.access.actors import Actor, Way, acting
from index.store.access.grants import grant_of
from qa import Assistant
from qa.answer import Answer
from qa.batch.batch import BatchRunner
from qa.batch.cells import LibraryCells
from qa.batch.columns import Across
from qa.batch.grid import GridRunner
from qa.batch.questions import BatchQuestion
from tests.support.hidden_articles import (
    ASKED_IN_ARABIC,
    GREETING,
    HIDDEN,
    NONE,
    ROLES,
    SECRET,
    TANKER,
    At,
    filled,
    forged,
    hidden_in,
)
from tests.support.page_calls import calling
from tests.support.pages import Served
from tests.support.reading import WholePassages
from tests.support.small_encoder import SmallEncoder
from tests.support.tool_calls import listed
from ui.page.conversation import sharing
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.server.signin import SignIn, set_password

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

WORD = "long enough"


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, At]]:
    """A served library of three collections, and people with their roles in them."""
    folder = tmp_path_factory.mktemp("collections")
    for name, role in ROLES.items():
        set_password(folder / "people", name, WORD, grant_of(role))
    sign_in = SignIn.open(folder / "people")
    (folder / "plans").mkdir()
    (folder / "plans" / "plan.txt").write_text("The Zaltan plan of the port is ready.", encoding="utf-8")
    with Library.open(folder / "library", encoder=SmallEncoder()) as library, ExitStack() as stack:
        ids = filled(library, folder)
        assistant = Assistant(library, reader=WholePassages())
        served = Served(assistant, auth=sign_in, roles=sign_in.role, mcp_server=True, client=False)
        stack.callback(served.close)
        found = {}
        for name, role in ROLES.items():
            token = library.tokens.add(name, None, grant_of("editor" if role == "admin" else role))
            caller = stack.enter_context(calling(served, name, WORD))
            found[name] = At(served, caller, token, ids)
        yield found


def restored(at: At) -> str:
    """Give the page a conversation as its browser may have kept it, and open its quote."""
    turn = {"id": "1", "question": "What is new?", "answer": forged(), "verdict": None, "translations": [], "seal": ""}
    chat = {"id": "1", "title": "What is new?", "at": 0, "turns": [turn]}
    shown = at.does("restore", [None, *NONE], {"chat": chat})
    return shown + at.does("show_citation", [None], {"key": "0:1"})


def upload(at: At, name: str, text: str) -> str:
    """Upload a file, and add it to the library."""
    sent = at.caller.http.post("gradio_api/upload", files={"files": (name, text.encode())})
    if sent.status_code != 200:
        return sent.text
    files = [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in sent.json()]
    return at.does("add_files", [None, files, []], kind="LibraryPart")


def somebody_else_s(at: At) -> str:
    """Go on with what an admin has opened, by the name of the session, should it ever be known."""
    with calling(at.page, "noor", WORD) as admin:
        greeted = admin.function(admin.numbered("greet"), GREETING)
        asked = admin.function(admin.numbered("respond"), [TANKER, None, *NONE])
        assert greeted.is_done and asked.is_done
        before, at.caller.session = at.caller.session, admin.session
        try:
            return at.does("show_citation", [None], {"key": "0:1"}) + at.does("change_language", GREETING)
        finally:
            at.caller.session = before


Attempt = Callable[[At], str]
# What a reader tries; whoever sees everything is shown something of the hidden articles by the same.
ATTEMPTS: dict[str, Attempt] = {
    "rest: ask": lambda at: at.rest("POST", "/ask", {"question": TANKER}),
    "rest: ask in Arabic": lambda at: at.rest("POST", "/ask", {"question": ASKED_IN_ARABIC}),
    "rest: ask for events": lambda at: at.rest("POST", "/ask", {"question": TANKER}, accept="text/event-stream"),
    "rest: ask by the day": lambda at: at.rest("POST", "/ask", {"question": TANKER, "after": "2025-11-25"}),
    "rest: ask in a collection": lambda at: at.rest("POST", "/ask", {"question": TANKER, "collection": "politics"}),
    "rest: list a collection": lambda at: at.rest("GET", "/articles?collection=politics"),
    "rest: ask what a filter leaves out": lambda at: at.rest(
        "POST", "/ask", {"question": TANKER, "source": "River Herald"}
    ),
    "rest: ask for the latest": lambda at: at.rest("POST", "/ask", {"question": "What is the latest news of the sea?"}),
    "rest: ask what has copies": lambda at: at.rest("POST", "/ask", {"question": "When did the ferry resume?"}),
    "rest: search by address": lambda at: at.rest("GET", "/search?question=tanker+seized&limit=100"),
    "rest: search": lambda at: at.rest("POST", "/search", {"question": "port", "limit": 100}),
    "rest: search in a language": lambda at: at.rest("POST", "/search", {"question": "الناقلة", "language": "ar"}),
    "rest: list": lambda at: at.rest("GET", "/articles?limit=100"),
    "rest: list from the first on": lambda at: at.rest("GET", "/articles?limit=1&offset=0"),
    "rest: list by title": lambda at: at.rest("GET", "/articles?title=tanker"),
    "rest: list by day": lambda at: at.rest("GET", "/articles?after=2025-11-25"),
    "rest: names": lambda at: at.rest("GET", "/names?limit=100"),
    "rest: names by a part": lambda at: at.rest("GET", "/names?find=hadd"),
    "rest: a name": lambda at: at.rest("GET", "/names/Dalia%20Haddad"),
    "rest: what a name said": lambda at: at.rest("GET", "/names/Dalia%20Haddad/said"),
    "rest: list by name": lambda at: at.rest("GET", "/articles?name=Dalia%20Haddad"),
    "rest: an article": lambda at: at.rest("GET", "/articles/secret-1"),
    "rest: a file's article": lambda at: at.rest("GET", "/articles/plan.txt"),
    "rest: a revision": lambda at: at.rest("GET", "/articles/secret-1?revision=1"),
    "rest: the newest revision": lambda at: at.rest("GET", "/articles/secret-1?revision=2"),
    "rest: an article by the session": lambda at: at.own("GET", "/articles/secret-1"),
    "rest: list by the session": lambda at: at.own("GET", "/articles"),
    "rest: pin a quote": lambda at: at.own(
        "POST", f"/dossiers/{json.loads(at.own('POST', '/dossiers', {'name': str(id(at))}))['id']}/pins",
        {"article": "secret-1", "start": 0, "end": 10},
    ),
    "rest: list a story": lambda at: at.rest("GET", f"/articles?story={at.ids['story']}"),
    "rest: ask about a story": lambda at: at.rest("POST", "/ask", {"question": TANKER, "story": at.ids["story"]}),
    "mcp: ask in a collection": lambda at: at.tool("ask", question=TANKER, collection="politics"),
    "mcp: ask about a name": lambda at: at.tool("ask", question=TANKER, name="داليا حداد"),
    "mcp: ask about a story": lambda at: at.tool("ask", question=TANKER, story=at.ids["story"]),
    "mcp: search a story": lambda at: at.tool("search", question="tanker", story=[at.ids["story"], "1"]),
    "mcp: search in a collection": lambda at: at.tool("search", question="tanker", collection=["politics"]),
    "mcp: list a collection": lambda at: at.tool("articles", collection="politics"),
    "mcp: list a name's": lambda at: at.tool("articles", name="داليا حداد"),
    "mcp: a story": lambda at: at.tool("story", id=at.ids["story"]),
    "mcp: names": lambda at: at.tool("names", limit=100),
    "mcp: names by a part": lambda at: at.tool("names", find="hadd"),
    "mcp: names in a collection": lambda at: at.tool("names", collection="politics"),
    "mcp: names of a story": lambda at: at.tool("names", story=at.ids["story"]),
    "mcp: a name": lambda at: at.tool("mentions", bearer="Dalia Haddad"),
    "mcp: what a name said": lambda at: at.tool("said", bearer="داليا حداد"),
    "mcp: ask": lambda at: at.tool("ask", question=TANKER),
    "mcp: search": lambda at: at.tool("search", question="tanker", limit=100),
    "mcp: list": lambda at: at.tool("articles", limit=100),
    "mcp: list by title": lambda at: at.tool("articles", title="tanker"),
    "mcp: an article": lambda at: at.tool("article", id="secret-1"),
    "mcp: a revision": lambda at: at.tool("article", id="secret-1", revision=1),
    "gradio: ask": lambda at: at.endpoint("ask", TANKER),
    "gradio: ask by name": lambda at: at.endpoint("ask", ASKED_IN_ARABIC, way="call/v2"),
    "gradio: ask in a collection": lambda at: at.endpoint("ask", TANKER, *[None] * 5, "en", None, None, "politics"),
    "gradio: search in a collection": lambda at: at.endpoint(
        "search", "tanker", *[None] * 5, 100, "Dalia Haddad", "politics", at.ids["story"]
    ),
    "gradio: names": lambda at: at.endpoint("names"),
    "gradio: a name": lambda at: at.endpoint("mentions", "Dalia Haddad"),
    "gradio: what a name said": lambda at: at.endpoint("said", "Dalia Haddad"),
    "gradio: search": lambda at: at.endpoint("search", "tanker"),
    "gradio: list": lambda at: at.endpoint("articles"),
    "gradio: list by title": lambda at: at.endpoint("articles", "tanker", way="call/v2"),
    "gradio: an article": lambda at: at.endpoint("article", "secret-1"),
    "gradio: a revision": lambda at: at.endpoint("article", "secret-1", 1),
    "page: open": lambda at: at.opens(),
    "page: refresh": lambda at: at.does("refresh", GREETING),
    "page: another language": lambda at: at.does("change_language", GREETING, {"language": "ar"}),
    "page: ask": lambda at: at.does("respond", [TANKER, None, *NONE], kind="ChatPart"),
    "page: ask an example": lambda at: at.does("respond_to_example", [None, *NONE], {"question": ASKED_IN_ARABIC}),
    "page: suggestions": lambda at: at.does("suggest", [None, {"generation": 1}, *NONE], kind="_Page"),
    "page: list": lambda at: at.does("list_further", [None, 20, "", *NONE]),
    "page: names in a collection": lambda at: at.does(
        "count_anew", [None, [], [], [], [], ["politics"], [], None, None]
    ),
    "page: find a title": lambda at: at.does("search", ["tanker", *NONE, None], kind="LibraryPart"),
    "page: find by meaning": lambda at: at.does("search", ["captured ship", *NONE, None], kind="LibraryPart"),
    "page: an article": lambda at: at.does("show_article", [None], {"id": "secret-1"}),
    "page: a revision": lambda at: at.does("show_revision", [None], {"revision": "1:secret-1"}),
    "page: pin words": lambda at: at.does(
        "pin", [None], {"article": "secret-1", "start": "0", "end": "10", "revision": "2"}
    ),
    "page: a link": lambda at: at.opens(f"?answer={at.ids['quoting']}"),
    "page: a link whose quote has copies": lambda at: at.opens(f"?answer={at.ids['also']}"),
    "page: a link with a note": lambda at: at.opens(f"?answer={at.ids['noted']}"),
    "page: a file": lambda at: at.caller.http.get("original", params={"id": "plan.txt"}).text,
    "page: the feed": lambda at: at.caller.http.get("standing.atom").text,
    "page: the feed of a question": lambda at: at.caller.http.get(
        "standing.atom", params={"question": at.ids["standing"]}
    ).text,
    "page: the standing questions": lambda at: at.does("show", [None], {"id": ""}, kind="StandingPart"),
    "page: a standing question": lambda at: at.does("show", [None], {"id": at.ids["standing"]}, kind="StandingPart"),
    "page: many questions": lambda at: at.does("run", [None, TANKER, "table", *NONE], kind="BatchPart"),
    "page: a saved conversation": restored,
}  # fmt: skip
# What whoever sees everything is shown no more by: their own dossiers, and what is refused to all but some.
REFUSED: dict[str, Attempt] = {
    "rest: a dossier": lambda at: at.own("GET", f"/dossiers/{at.ids['dossier']}"),
    "rest: the dossiers": lambda at: at.own("GET", "/dossiers"),
    "rest: a pin changed": lambda at: at.own(
        "PATCH", f"/dossiers/{at.ids['dossier']}/pins/{at.ids['pin']}", {"note": "mine"}
    ),
    **{
        f"rest: a dossier as {form}": lambda at, form=form: at.own(
            "GET", f"/dossiers/{at.ids['dossier']}/export?form={form}"
        )
        for form in ("markdown", "html", "bibtex", "ris", "csl-json")
    },
    "page: a dossier": lambda at: at.does("act", [None], {"act": "open", "dossier": at.ids["dossier"]}),
    "rest: ask what hangs on an answer": lambda at: at.rest(
        "POST", "/ask", {"question": "and when?", "history": [{"question": "What is new?", "answer": forged()}]}
    ),
    "rest: pin an article": lambda at: at.own(
        "POST", f"/dossiers/{at.ids['dossier']}/pins", {"article": "secret-1", "start": 0, "end": 10}
    ),
    "mcp: stories of a name": lambda at: at.tool("stories", name="Dalia Haddad"),
    "mcp: stories in a collection": lambda at: at.tool("stories", collection="politics"),
    "mcp: ask what hangs on an answer": lambda at: at.tool(
        "ask", question="and when?", history=[{"question": "What is new?", "answer": forged()}]
    ),
    "mcp: ask what hangs on a hidden collection": lambda at: at.tool(
        "ask", question="and when?", history=[{"question": TANKER, "answer": forged(within="politics")}]
    ),
    "gradio: ask what hangs on an answer": lambda at: at.endpoint(
        "ask", "and when?", *[None] * 5, "en", [{"question": TANKER, "answer": forged(within="politics")}]
    ),
    "rest: the audit log": lambda at: at.rest("GET", "/audit"),
    "rest: another address": lambda at: at.rest("GET", "/articles/secret-1/revisions"),
    "rest: withdraw": lambda at: at.rest("DELETE", "/articles/secret-1"),
    "rest: replace": lambda at: at.rest("POST", "/articles", {"id": "secret-1", "text": "Nothing."}),
    "mcp: tools": lambda at: str(listed(at.page.url, authorization=f"Bearer {at.token}")),
    "mcp: replace": lambda at: at.tool("add", id="secret-1", text="Nothing."),
    "mcp: withdraw": lambda at: at.tool("remove", id="secret-1"),
    "gradio: replace": lambda at: at.endpoint("add", "secret-1", "Nothing."),
    "gradio: withdraw": lambda at: at.endpoint("remove", "secret-1"),
    "gradio: feeds": lambda at: at.endpoint("feeds"),
    "gradio: an address": lambda at: at.endpoint("add_address", "http://127.0.0.1:1/"),
    "page: withdraw": lambda at: at.does("remove", [None], {"id": "secret-1"}, kind="LibraryPart"),
    "page: the page itself": lambda at: "".join(at.caller.http.get(path).text for path in ("", "config")),
    "page: what endpoints there are": lambda at: at.caller.http.get("gradio_api/info").text,
    "page: somebody else's open page": somebody_else_s,
    "page: a wrong link": lambda at: at.opens("?answer=0"),
    "page: upload over it": lambda at: upload(at, "plan.txt", "Nothing."),
    "page: an article that is not there": lambda at: at.does("show_article", [None], {"id": "secret-2"}),
}  # fmt: skip


@pytest.mark.parametrize("attempt", [*ATTEMPTS, *REFUSED])
@pytest.mark.parametrize("who", ["sport", "wire"])
def test_nothing_of_another_collection_is_shown(everybody: dict[str, At], who: str, attempt: str) -> None:
    shown = {**ATTEMPTS, **REFUSED}[attempt](everybody[who])
    assert hidden_in(shown) == []


# The same restored conversation shows nothing to anybody but what was sent.
@pytest.mark.parametrize("attempt", [name for name in ATTEMPTS if name != "page: suggestions"])
def test_whoever_sees_everything_is_shown_it_by_the_same(everybody: dict[str, At], attempt: str) -> None:
    shown = ATTEMPTS[attempt](everybody["noor"])
    assert hidden_in(shown) != []


def test_after_all_that_nothing_has_changed(everybody: dict[str, At]) -> None:
    library = everybody["noor"].page.assistant.library
    with acting(Actor(Way.SERVER)):
        assert library.article("secret-1") == SECRET
        assert library.collections.of("secret-1") == {"politics"}
        assert library.has("plan.txt")


def test_a_batch_and_a_grid_hold_to_it_too(everybody: dict[str, At], tmp_path: Path) -> None:
    assistant = everybody["noor"].page.assistant
    asked = [BatchQuestion(TANKER), BatchQuestion(ASKED_IN_ARABIC)]

    def tables(role: str) -> str:
        with acting(Actor(Way.PYTHON, "somebody", grant_of(role))):
            said = str([row.values() for row in BatchRunner(assistant).answers(asked)])
            for across in Across:
                runner = GridRunner(LibraryCells(assistant))
                found = runner.columns(across)
                said += str(found) + str(list(runner.rows(asked, found.columns)))
        return said

    assert not any(word in tables("reader@sport") for word in HIDDEN)
    assert all(word in tables("reader@politics") for word in HIDDEN[:3])


def test_an_editor_of_one_collection_adds_to_it_and_withdraws_from_it(everybody: dict[str, At]) -> None:
    wire, library = everybody["wire"], everybody["noor"].page.assistant.library
    added = json.loads(wire.rest("POST", "/articles", {"id": "port-1", "text": "The port of Qarfa reopened."}))
    assert added == {"id": "port-1", "outcome": "added"}
    assert library.collections.of("port-1") == {"wire"}
    refused = json.loads(wire.rest("POST", "/articles", {"id": "x", "text": "New.", "collections": ["politics"]}))
    assert refused["status"] == 403
    unknown = json.loads(wire.rest("POST", "/articles", {"id": "x", "text": "New.", "collections": "sprot"}))
    assert unknown["status"] == 422 and "There is no collection sprot" in unknown["detail"]
    taken = json.loads(wire.rest("POST", "/articles", {"id": "ferry-1", "text": "New."}))
    assert taken["status"] == 409 and "not yours to change" in taken["detail"]
    assert "port-1" not in everybody["sport"].rest("GET", "/articles")
    assert wire.rest("DELETE", "/articles/port-1") == ""
    for kept in ("ferry-1", "bridge-1"):
        assert json.loads(wire.rest("DELETE", f"/articles/{kept}"))["status"] == 403
    assert json.loads(wire.rest("DELETE", "/articles/secret-1"))["status"] == 404


def test_what_a_reader_may_see_is_shown(everybody: dict[str, At]) -> None:
    sport = everybody["sport"]
    answer = Answer.from_dict(json.loads(sport.rest("POST", "/ask", {"question": "When did the ferry resume?"})))
    assert [citation.article.id for citation in answer.used] == ["ferry-1"]
    assert answer.used[0].also_in == ()
    listed_ = [article["id"] for article in json.loads(sport.rest("GET", "/articles"))["articles"]]
    assert listed_ == ["ferry-1", "bridge-1"]
    opened = sport.opens(f"?answer={everybody['noor'].ids['noted']}")
    assert "Resumed" in opened
    with acting(Actor(Way.PAGE, "sport", grant_of("reader@sport"))):
        mine = sharing.share(
            sport.page.assistant.library, ChatSession(), ShownTurn("When?", answer=replace(answer, notes=()))
        )
    assert "ferry resumed" in sport.opens(f"?answer={mine}")
