"""The Atom feed of standing questions over HTTP: what is in it, for whom, and that its ids stay."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest

from index import Library
from index.languages.messages import messages_for
from qa import Assistant
from tests.support.pages import Served
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import AT, FOUR, NOTHING, THREE, change, stand
from ui.views.standing.atom import atom_feed

pytestmark = pytest.mark.system

_ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        yield opened


@pytest.fixture
def served(library: Library) -> Iterator[Served]:
    page = Served(Assistant(library), client=False)
    yield page
    page.close()


def get(url: str, language: str = "en") -> tuple[str, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Language": language})
    with urllib.request.urlopen(request) as reply:
        return reply.headers["Content-Type"], reply.read()


def test_the_feed_of_all_questions_and_that_of_one_have_their_changes_newest_first(
    library: Library, served: Served
) -> None:
    toll = stand(library, "How many people died in <Qarfa> & around? 🌊", THREE)
    who = stand(library, "من قال ذلك؟", NOTHING)
    first = change(library, toll, FOUR)
    second = change(library, who, replace(THREE, language="ar"), AT + timedelta(hours=1))
    kind, body = get(f"{served.url}standing.atom")
    assert kind == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(body)
    assert not feed.bozo and feed.version == "atom10"
    assert feed.feed.title == "Standing questions" and feed.feed.author == "Khabar"
    assert [uuid(entry.id) for entry in feed.entries] == [second, first]
    newest, oldest = feed.entries
    assert newest.title == "تغيّر الجواب: من قال ذلك؟"
    assert oldest.title == "The answer has changed: How many people died in <Qarfa> & around? 🌊"
    assert (oldest.updated, newest.updated) == ("2025-11-04T09:30:00Z", "2025-11-04T10:30:00Z")
    # The last thing that happened: a question was added.
    assert feed.feed.updated == f"{who.added:%Y-%m-%dT%H:%M:%SZ}"
    assert "Four people died in Qarfa, Omar Hadi said." in oldest.content[0].value
    assert [link.href for link in oldest.links if link.rel == "related"] == ["https://herald.example/4?a=1&b=2"]
    alone = feedparser.parse(get(f"{served.url}standing.atom?question={toll.name}", "fr")[1])
    assert not alone.bozo and [uuid(entry.id) for entry in alone.entries] == [first]
    assert (alone.feed.title, uuid(alone.feed.id)) == (toll.question, toll.id)
    assert feedparser.parse(get(f"{served.url}standing.atom", "fr")[1]).feed.title == "Questions suivies"


def uuid(urn: str) -> str:
    return urn.removeprefix("urn:uuid:").replace("-", "")


def test_the_ids_stay_wherever_the_feed_is_read(library: Library, served: Served) -> None:
    empty = feedparser.parse(get(f"{served.url}standing.atom")[1])
    assert not empty.bozo and empty.entries == [] and empty.feed.updated == "1970-01-01T00:00:00Z"
    change(library, stand(library, "How many?", THREE), FOUR)
    here = feedparser.parse(get(f"{served.url}standing.atom")[1])
    there = feedparser.parse(get(f"{served.url.replace('127.0.0.1', 'localhost')}standing.atom", "ar")[1])
    assert here.feed.id == there.feed.id == empty.feed.id
    assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]
    (link,) = here.feed.links
    assert (link.rel, link.href) == ("self", f"{served.url}standing.atom")


def test_what_atom_wants_of_a_feed_is_there(library: Library, served: Served) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: each feed and each entry has one id, title and updated, and an author."""
    change(library, stand(library, "How many?", THREE), FOUR)
    root = ElementTree.fromstring(get(f"{served.url}standing.atom")[1])
    assert root.tag == f"{_ATOM}feed" and root.findtext(f"{_ATOM}author/{_ATOM}name") == "Khabar"
    for element in (root, *root.findall(f"{_ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{_ATOM}{name}")) == 1, name
    assert [content.get("type") for content in root.iter(f"{_ATOM}content")] == ["text"]


def test_what_xml_cannot_hold_is_replaced() -> None:
    written = atom_feed([], messages_for("en"), library="x", address="http://h/\x00\x1b\ud800", questions=[])
    (link,) = ElementTree.fromstring(written).findall(f"{_ATOM}link")
    assert link.get("href") == "http://h/\ufffd\ufffd\ufffd"


def test_a_question_that_does_not_stand_is_not_there(library: Library, served: Served) -> None:
    stand(library, "How many?", THREE)
    for asked in ("ffffffff0", "", "%00", "../x"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(f"{served.url}standing.atom?question={asked}")
        assert refused.value.code == 404


def test_behind_a_sign_in_nobody_else_reads_a_feed(library: Library) -> None:
    question = stand(library, "How many people died in Qarfa?", THREE)
    change(library, question, FOUR)
    page = Served(Assistant(library), auth=lambda name, password: password == "right", client=False)
    try:
        for address in ("standing.atom", f"standing.atom?question={question.id}"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                get(page.url + address)
            assert refused.value.code == 401 and b"Qarfa" not in refused.value.read()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = urllib.parse.urlencode({"username": "reader", "password": "right"}).encode()
        browser.open(f"{page.url}login", form).read()
        assert b"Qarfa" in browser.open(f"{page.url}standing.atom").read()
    finally:
        page.close()
