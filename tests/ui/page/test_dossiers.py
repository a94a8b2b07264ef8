"""What the page does with dossiers, whatever it is told by whoever calls."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from index import Article, Library
from index.store.access.actors import Actor, Way, acting
from index.store.access.roles import AccessRole
from tests.support.answers import answer_with, cite
from tests.support.small_encoder import SmallEncoder
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.page.dossiers.part import DossierPart
from ui.page.evidence import EvidencePanel
from ui.page.originals import Originals
from ui.page.sessions import Permissions

FERRY = Article.create("ferry-1", "The Samhar ferry resumed on Monday. Nobody was hurt.", title="Ferry <b>resumes</b>")
LAYLA, OMAR = Actor(Way.PAGE, "layla", AccessRole.READER), Actor(Way.PAGE, "omar", AccessRole.READER)


class As(Permissions):
    """Whoever a test says calls."""

    who = LAYLA

    def actor(self) -> Actor:
        return self.who


@pytest.fixture
def part(tmp_path: Path) -> Iterator[DossierPart]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        permissions = As()
        made = DossierPart(library, EvidencePanel(library, Originals(library), permissions), permissions)
        made._panel, made._chat = "panel", "chat"
        yield made


def told(part: DossierPart, name: str, session: ChatSession, **data: object) -> str:
    """Have the page say something, and return what its panel shows then."""
    given = part._permissions.known(getattr(part, name))(gr.EventData(None, data), session)
    return str(given.get("panel", "")) if given else ""


def answered() -> ChatSession:
    answer = answer_with("Nobody was hurt [1].", (cite(FERRY, "Nobody was hurt.", 1),))
    return ChatSession(turns=[ShownTurn("?", answer=answer, is_open=False)])


def test_a_quote_is_pinned_and_what_is_noted_is_shown_as_text(part: DossierPart) -> None:
    session = answered()
    told(part, "pin", session, key="0:1")
    with acting(LAYLA):
        (entry,) = part._table.all()
        (pin,) = part._table.find(entry.id).pins
    assert (entry.name, pin.quote) == ("My quotes", "Nobody was hurt.")
    assert "Pinned to <button" in session.turns[0].shown
    note = "</textarea><script>alert(1)</script>\u202e"
    shown = told(part, "act", session, act="open", dossier=entry.id, notes=f'{{"{pin.id}": "{note}"}}')
    assert (
        "<script>" not in shown and "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;\u202e</textarea>" in shown
    )
    assert "Ferry &lt;b&gt;resumes&lt;/b&gt;" in shown


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pin", {"key": "9:1"}), ("pin", {"key": "0:x"}), ("pin", {"key": ["0:1"]}),
        ("act", {"act": "pinned", "key": "0:1"}),
        ("act", {"act": "list", "notes": "["}), ("act", {"act": "list", "notes": "[1]"}),
        ("act", {"act": 7}), ("act", {}),
        ("note", {"notes": '{"x": 1}', "dossier": "x"}),
    ],
)  # fmt: skip
def test_what_means_nothing_does_nothing(part: DossierPart, name: str, data: dict[str, object]) -> None:
    if name == "pin" and not isinstance(data["key"], str):
        with pytest.raises(gr.Error):
            told(part, name, answered(), **data)
    else:
        told(part, name, answered(), **data)
    with acting(LAYLA):
        assert [entry.quotes for entry in part._table.all()] in ([], [0])


@pytest.mark.parametrize("act", ["open", "rename", "delete", "unpin", "up", "down", "save"])
def test_nobody_s_page_reaches_another_s_dossier(part: DossierPart, act: str) -> None:
    session = answered()
    told(part, "pin", session, key="0:1")
    with acting(LAYLA):
        (entry,) = part._table.all()
        before = part._table.find(entry.id)
    part._permissions.who = OMAR  # type: ignore[attr-defined]
    (pin,) = before.pins
    data = {"dossier": entry.id, "pin": pin.id, "text": "mine", "notes": f'{{"{pin.id}": "mine"}}'}
    with pytest.raises(gr.Error, match="There is no such dossier here"):
        told(part, "act", session, act=act, **data)
    with pytest.raises(gr.Error):
        told(part, "note", session, **data)
    # Nor does a page that had it open, and is another person's now.
    assert "Nobody was hurt" not in part._evidence.of(session) or not session.shown.startswith("#")
    session.shown = f"#{entry.id}"
    assert "Nobody was hurt" not in part._evidence.of(session)
    # What is pinned then is pinned to one's own.
    told(part, "pin", session, key="0:1")
    with acting(OMAR):
        assert [entry.owner for entry in part._table.all()] == ["omar"]
    with acting(LAYLA):
        assert part._table.find(entry.id) == before
