"""The page's standing questions: what is kept from an answer, what is shown of changes, and who may do what."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from index import Article, Library
from index.languages.messages import LANGUAGES, messages_for
from index.store.access.actors import Actor, Way, acting
from index.store.access.roles import AccessRole
from qa import Assistant
from qa.answer import Answer
from tests.support.reading import WholePassages
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import AT, FOUR, NOTHING, THREE, change, stand
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.page.evidence import EvidencePanel
from ui.page.originals import Originals
from ui.page.sessions import Permissions
from ui.page.standing.part import StandingPart
from ui.page.standing.views import STANDING, StandingViews

FERRY = Article.create(
    "ferry-1", "The Samhar ferry resumed on Monday. Nobody was hurt.", title="Ferry", source="Wire",
    published=date(2025, 11, 3),
)  # fmt: skip
ASKED = "When did the Samhar ferry resume?"


class As(Permissions):
    """Whoever a test says calls."""

    who = Actor(Way.PAGE, "noor", AccessRole.ADMIN)

    def actor(self) -> Actor:
        return self.who


@pytest.fixture
def part(tmp_path: Path) -> Iterator[StandingPart]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        permissions = As()
        views = {STANDING: StandingViews(library, can_mail=True)}
        panel = EvidencePanel(library, Originals(library), permissions, views)
        made = StandingPart(Assistant(library, reader=WholePassages()), panel, permissions, can_mail=True)
        made._panel, made._chat = "panel", "chat"
        yield made


def asked(part: StandingPart) -> ChatSession:
    answer: Answer = part._standing._assistant.ask(ASKED, source="Wire")
    return ChatSession(turns=[ShownTurn(ASKED, answer=answer, is_open=False)])


def told(part: StandingPart, name: str, session: ChatSession, **data: object) -> str:
    """Have the page say something, and return what its panel shows then."""
    given: Any = part._permissions.following(getattr(part, name))(gr.EventData(None, data), session)
    return str(given["panel"] if isinstance(given, dict) else [*given][-1] if name == "keep" else given)


def test_a_question_is_kept_with_its_filters_paused_taken_up_again_and_removed(part: StandingPart) -> None:
    session = asked(part)
    session.show(session.turns[0])
    assert 'class="khabar-stand" value="0">Tell me when this changes<' in session.turns[0].shown
    told(part, "keep", session, place="0")
    (kept,) = part._standing.all()
    assert (kept.question, kept.filters.source) == (ASKED, ("Wire",))
    assert f'value="{kept.id}">You are told when this changes<' in session.turns[0].shown
    # A second press adds nothing.
    told(part, "keep", session, place="0")
    listed = part.show(gr.EventData(None, {"id": ""}), session)
    assert ASKED in listed and "answered · last asked" in listed and "not changed so far · source Wire<" in listed
    assert 'href="standing.atom"' in listed and "Nothing has changed so far." in listed
    assert " · paused" in told(part, "alter", session, act="pause", id=kept.id)
    part._standing._library.add([Article.create("ferry-2", "The ferry resumed on Tuesday.", source="Wire")])
    assert part._standing.check().questions == 0
    # Taken up again it is asked at once.
    assert "paused" not in told(part, "alter", session, act="resume", id=kept.id)
    assert part._standing.find(kept.id).looked.generation == part._standing._library.generation
    assert "No question is kept yet." in told(part, "alter", session, act="remove", id=kept.id)
    assert "No question is kept yet." in told(part, "alter", session, act="remove", id=kept.id)
    assert part._standing.all() == []


HOOK, LAYLA = "https://desk.example/hook", "layla@example.org"


def test_an_editor_says_where_changes_are_sent(part: StandingPart) -> None:
    session = asked(part)
    told(part, "keep", session, place="0")
    (kept,) = part._standing.all()
    shown = part.show(gr.EventData(None, {"id": kept.id}), session)
    assert shown.count('<input type="url" name="webhook" value=""') == shown.count('name="mail" value=""') == 1
    assert kept.secret not in shown

    shown = told(part, "alter", session, act="tell", id=kept.id, webhook=f" {HOOK} ", mail=LAYLA)

    changed = part._standing.find(kept.id)
    assert (changed.webhook, changed.mail, changed.looked) == (HOOK, LAYLA, kept.looked)
    assert f'name="webhook" value="{HOOK}"' in shown and f'name="mail" value="{LAYLA}"' in shown
    assert f'<code dir="ltr">{kept.secret}</code>' in shown
    # Kept once more, it goes on being told there.
    again = asked(part)
    told(part, "keep", again, place="0")
    assert part._standing.find(kept.id) == changed
    told(part, "alter", session, act="tell", id=kept.id, webhook="", mail=LAYLA)
    assert part._standing.find(kept.id).webhook is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"webhook": "ftp://desk.example"}, "Only http:// and https:// addresses are fetched."),
        ({"webhook": "https://"}, "It names no host."),
        ({"mail": "layla"}, "'layla' is no mail address."),
        ({"mail": "layla@example.org\r\nBcc: x@example.org"}, "is no mail address."),
    ],
)
def test_what_is_no_address_is_said_and_nothing_changes(part: StandingPart, data: dict[str, str], said: str) -> None:
    session = ChatSession()
    kept = stand(part._standing._library, "How many died?", THREE)
    with pytest.raises(gr.Error, match=re.escape(said)):
        told(part, "alter", session, act="tell", id=kept.id, **data)
    assert part._standing.find(kept.id) == kept


def test_without_a_mail_server_no_mail_is_offered(part: StandingPart) -> None:
    library, session = part._standing._library, ChatSession(language="fr")
    kept = stand(library, "How many died?", THREE)
    part._can_mail = False
    session.shown = f"{STANDING}{kept.id}"
    shown = StandingViews(library).of(session, lambda html, *_: str(html))
    assert 'name="webhook"' in shown and 'name="mail"' not in shown
    with pytest.raises(gr.Error, match="Pour le courriel, il faut un serveur"):
        told(part, "alter", session, act="tell", id=kept.id, mail=LAYLA)
    # What was set where there was one can still be seen, and taken out.
    part._standing.tell(kept.id, mail=LAYLA)
    assert f'name="mail" value="{LAYLA}"' in StandingViews(library).of(session, lambda html, *_: str(html))
    told(part, "alter", session, act="tell", id=kept.id, mail="")
    assert part._standing.find(kept.id).mail is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_changes_are_sent_is_asked_in_the_reader_s_language(part: StandingPart, language: str) -> None:
    kept = stand(part._standing._library, "How many died?", THREE)
    shown = part.show(gr.EventData(None, {"id": kept.id}), ChatSession(language=language))
    words = messages_for(language)
    assert all(words.say(f"standing.{key}") in shown for key in ("who", "told_webhook", "told_mail", "tell"))


@pytest.mark.parametrize(
    ("name", "data"),
    [("keep", {"place": "0"}), ("alter", {"act": "remove", "id": "x"}), ("alter", {"act": "tell", "id": "x"})],
)
def test_a_reader_looks_and_changes_nothing(part: StandingPart, name: str, data: dict[str, object]) -> None:
    session = asked(part)
    stand(part._standing._library, "How many died?", THREE)
    part._permissions.who = Actor(Way.PAGE, "layla", AccessRole.READER)
    session.may_follow = False
    session.show(session.turns[0])
    assert "khabar-stand" not in session.turns[0].shown
    with pytest.raises(gr.Error, match="Only an editor"):
        told(part, name, session, **data)
    kept = part._standing.tell(part._standing.all()[0].id, webhook=HOOK, mail=LAYLA)
    for id in ("", kept.id):
        shown = part.show(gr.EventData(None, {"id": id}), session)
        assert "How many died?" in shown and "khabar-alter" not in shown
        assert not any(hidden in shown for hidden in (HOOK, LAYLA, kept.secret))


def test_changes_stand_newest_first_and_each_quote_leads_to_its_sentence(part: StandingPart) -> None:
    library, session = part._standing._library, ChatSession()
    library.add([Article.create("flood-Four", FOUR.text, title="Flood in Qarfa", source="River Herald")])
    toll, who = stand(library, "How many <b>died</b>?", THREE), stand(library, "من قال ذلك؟", NOTHING)
    first = change(library, toll, FOUR)
    change(library, who, THREE, AT + timedelta(hours=1))
    assert part.has_news(session)
    listed = part.show(gr.EventData(None, {"id": ""}), session)
    assert not part.has_news(session)
    assert "How many &lt;b&gt;died&lt;/b&gt;?" in listed and "<b>" not in listed
    newest, oldest = listed.split("<ol>")[1].split("</li>")[:2]
    assert "من قال ذلك؟" in newest and "The articles don’t say." in newest
    assert oldest.index("Three people died") < oldest.index(">Now<") < oldest.index("Four people died")
    assert '4 November 2025 · <bdi dir="ltr">09:30 UTC</bdi>' in oldest and "last changed 4 November 2025" in listed
    place = f"{toll.id}:{first}:after:1"
    assert f'value="{place}"' in oldest
    article = part.show(gr.EventData(None, {"id": place}), session)
    assert 'id="khabar-quote"' in article and FOUR.text in article and "Back to the question" in article
    # The article of the answer before was never in this library: its quote is shown as it was kept.
    assert "Three people died" in part.show(gr.EventData(None, {"id": f"{toll.id}:{first}:before:1"}), session)
    for wrong in (f"{toll.id}:{first}:after:9", f"{toll.id}:x:y:z", "zzz"):
        assert "khabar-standing-shown" in part.show(gr.EventData(None, {"id": wrong}), session)


def test_what_quotes_a_hidden_article_is_not_there(part: StandingPart) -> None:
    library = part._standing._library
    library.collections.add("closed")
    library.add([Article.create("flood-Four", FOUR.text, source="River Herald")], collections=["closed"])
    library.hold_to_rights()
    toll = stand(library, "How many died?", NOTHING)
    change(library, toll, FOUR)
    stand(library, "Who hid it?", FOUR)
    from index.store.access.grants import NOTHING as OPEN

    with acting(Actor(Way.PAGE, "layla", OPEN)):
        session = ChatSession()
        shown = part.show(gr.EventData(None, {"id": ""}), session)
        assert not part.has_news(ChatSession())
    assert "Who hid it?" not in shown and "Four people" not in shown
