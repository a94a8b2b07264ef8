"""A library of which a reader may see some: articles that are hidden from them, and the ways in that they have."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from index import Article, Filters, Library
from index.store.access.actors import Actor, Way, acting
from index.store.access.grants import grant_of
from qa.answer import Role
from tests.support.answers import answer_with, cite
from tests.support.page_calls import Caller
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.standing import change, stand
from tests.support.tool_calls import called
from ui.page.conversation import sharing
from ui.page.conversation.session import ChatSession, ShownTurn

# What of the hidden articles nobody may read anywhere: words of their titles and texts, a name, their outlet.
HIDDEN = ("Zaltan", "Haddad", "Cabinet Wire", "Undisclosed", "زلطان", "cabinet-affairs")
FERRY = Article.create(
    "ferry-1", "The Samhar ferry resumed on Monday after a week, the harbour master Lena Ortiz said.",
    title="Ferry service resumes", source="Harbour News", category="local", published=date(2025, 11, 24),
)  # fmt: skip
BRIDGE = Article.create(
    "bridge-1", "The bridge of Qarfa opens on Tuesday, mayor Omar Hadi said.", title="Bridge opens",
    source="River Herald", published=date(2025, 11, 20),
)  # fmt: skip
SECRET = Article.create(
    "secret-1", "The Zaltan tanker was seized at Samhar on Monday, minister Dalia Haddad said. Its crew is safe.",
    title="Zaltan tanker seized", source="Cabinet Wire", category="cabinet-affairs", published=date(2025, 11, 25),
)  # fmt: skip
COPY = replace(FERRY, id="copy-1", title="Undisclosed copy of the ferry story", source="Cabinet Wire")
ARABIC = Article.create(
    "secret-ar", "احتجزت السلطات الناقلة زلطان في سمهر يوم الإثنين، وقالت الوزيرة داليا حداد إن الطاقم بخير.",
    title="احتجاز الناقلة زلطان", source="Cabinet Wire", published=date(2025, 11, 25),
)  # fmt: skip
TANKER, ASKED_IN_ARABIC = "Which tanker was seized at Samhar?", "ما الناقلة التي احتجزت في سمهر؟"
ROLES = {"sport": "reader@sport", "wire": "reader@sport,editor@wire", "noor": "admin"}
NONE: list[object] = [[], [], [], [], [], [], None, None]
GREETING: list[object] = [None, None, 20, "", *NONE, *NONE, *NONE]


@dataclass(frozen=True)
class At:
    """Somebody with a browser that has signed in, and with a token of the same rights."""

    page: Served
    caller: Caller
    token: str
    ids: dict[str, str]

    def rest(self, method: str, path: str, body: object = None, **headers: str) -> str:
        """Call the REST API with the token, and return all that is answered."""
        sent = {"authorization": f"Bearer {self.token}", **headers}
        url = f"{self.page.url}api/v1{path}"
        return httpx.request(method, url, json=body, headers=sent, timeout=PATIENCE).text

    def own(self, method: str, path: str, body: object = None) -> str:
        """Call the REST API with the browser's session."""
        return self.caller.http.request(method, f"api/v1{path}", json=body).text

    def tool(self, name: str, /, **arguments: object) -> str:
        """Call a tool with the token."""
        return str(called(self.page.url, name, arguments, authorization=f"Bearer {self.token}"))

    def endpoint(self, name: str, *data: object, way: str = "call") -> str:
        """Call a named endpoint of the page."""
        return str(self.caller.endpoint(name, *data, way=way).said)

    def does(self, name: str, data: list[object], event: object = None, kind: str = "") -> str:
        """Do what a button of the page does."""
        own = [(number, fn) for number, fn in self.page.blocks.fns.items() if fn.api_visibility == "private"]
        # Some are wired to several buttons.
        number = min(number for number, fn in own if fn.name == name and kind in fn.fn.__qualname__)
        return str(self.caller.function(number, data, event).said)

    def opens(self, query: str = "") -> str:
        """Open the page at an address."""
        fresh = Caller(self.page, self.caller.http)
        body = {"data": GREETING, "fn_index": fresh.numbered("greet"), "session_hash": fresh.session}
        event = fresh.http.post(f"gradio_api/queue/join{query}", json=body).json()["event_id"]
        with fresh.http.stream("GET", "gradio_api/queue/data", params={"session_hash": fresh.session}) as stream:
            for line in stream.iter_lines():
                told = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if told.get("msg") == "process_completed" and told["event_id"] == event:
                    return json.dumps(told["output"], ensure_ascii=False)
        raise AssertionError("The page has not opened.")


def filled(library: Library, folder: Path) -> dict[str, str]:
    """Fill a library, and return the ids of what was shared and kept over it by somebody who sees everything."""
    for name in ("sport", "politics", "wire"):
        library.collections.add(name)
    library.add([BRIDGE])
    library.add([FERRY], collections=["sport"])
    library.add([replace(SECRET, text=f"{SECRET.text} It carries grain.")], collections=["politics"])
    library.add([SECRET, COPY, ARABIC], collections=["politics"])
    library.sync(folder / "plans", collections=["politics"])
    quoting = answer_with("Seized [1].", (cite(SECRET, SECRET.text, 1, Role.USED, "Dalia Haddad"),))
    copied = cite(FERRY, FERRY.text, 1, Role.USED, "Lena Ortiz")
    also = answer_with("Resumed [1].", (replace(copied, also_in=(cite(COPY, COPY.text, 2).article,)),))
    noted = answer_with("Resumed [1].", (copied,), notes=("Left out: Zaltan tanker seized (Cabinet Wire)",))
    ids = {}
    with acting(Actor(Way.PAGE, "noor")):
        for name, answer in (("quoting", quoting), ("also", also), ("noted", noted)):
            ids[name] = sharing.share(library, ChatSession(), ShownTurn("What is new?", answer=answer))
    asked = stand(library, "What is new at sea?", answer_with("Resumed [1].", (copied,)))
    change(library, asked, quoting)
    ids["standing"] = asked.id
    story = library.stories.of("secret-1")
    assert story
    ids["story"] = story.id
    with acting(Actor(Way.PAGE, "sport", grant_of("reader@sport,reader@politics"))):
        # When they still saw both.
        dossier = library.dossiers.add("Sea")
        library.dossiers.pin(dossier.id, "secret-1", 0, 10, note="of the port")
        ids["pin"] = library.dossiers.find(dossier.id).pins[0].id
        ids["dossier"] = dossier.id
    return ids


def forged(article: str = "secret-1", within: str = "") -> dict[str, Any]:
    """Return an answer as a browser could claim that it was given: of an article that it names, by such a filter."""
    citation = replace(cite(BRIDGE, BRIDGE.text, 1), article=replace(cite(BRIDGE, BRIDGE.text, 1).article, id=article))
    answer = answer_with("Opens [1].", (citation,))
    return replace(answer, filters=Filters.of(collection=within or None)).to_dict()


def hidden_in(shown: str) -> list[str]:
    """Return the hidden words in what is shown, written out or as JSON may write them."""
    spelt = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), shown)
    return [word for word in HIDDEN if word in shown or word in spelt]
