"""Web addresses on the page and over its endpoints, without a browser; the site is served on the loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Feed, Library, LoadError
from index.languages.messages import LANGUAGES, messages_for
from index.web import Web
from tests.support.news_site import conditional, page, rss
from tests.support.small_encoder import SmallEncoder
from tests.support.web_server import Reply, Site, serving
from ui.page.api.addresses import WebEndpoints
from ui.page.evidence import EvidencePanel
from ui.page.originals import Originals
from ui.page.uploads import add_address, follow_address
from ui.state.uploads import UploadProgress
from ui.views.library import adding_html, feeds_html
from ui.views.phrases import period

ENGLISH = messages_for("en")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/feed"] = conditional(rss(served.url, ["/a", "/bad"]), '"1"')
        served.pages["/a"] = page("bridge")
        yield served


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        yield opened


@pytest.fixture
def web(library: Library) -> Web:
    return Web(library, private_hosts=True, pause=0.0)


def test_an_address_is_taken_in_step_by_step_and_has_a_result(site: Site, web: Web) -> None:
    states = list(add_address(web, f"{site.url}/feed", ENGLISH))
    assert states[0] == UploadProgress(file=f"{site.url}/feed")
    fractions = [state.fraction for state in states if state.file]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    (outcome,) = states[-1].done
    assert outcome.added == 1 and [failure.name for failure in outcome.failures] == [f"{site.url}/bad"]
    html = adding_html(states[-1], ENGLISH)
    assert "1 added" in html and "There is nothing at this address (404)" in html


@pytest.mark.parametrize("address", ["", "news", "http://user@news.example/", "http://169.254.169.254/"])
def test_what_is_no_address_is_told(web: Web, address: str) -> None:
    *_, state = add_address(web, address, ENGLISH)
    assert state.done[0].failures and state.done[0].added == 0


def test_an_address_is_followed_and_listed(site: Site, web: Web) -> None:
    *_, state = follow_address(web, f"{site.url}/feed", ENGLISH)
    assert "followed from now on, looked at every 10 minutes" in adding_html(state, ENGLISH)
    html = feeds_html(web.feeds(), ENGLISH)
    assert f"{site.url}/feed" in html and 'data-act="pause"' in html
    web.pause(f"{site.url}/feed")
    assert 'data-act="resume"' in feeds_html(web.feeds(), ENGLISH)


def test_an_address_that_fails_at_once_is_not_followed(site: Site, web: Web) -> None:
    site.pages["/feed"] = Reply(status=500)
    *_, state = follow_address(web, f"{site.url}/feed", ENGLISH)
    assert state.done[0].failures and not state.done[0].note
    assert web.feeds() == [] and feeds_html([], ENGLISH) == ""


def test_nothing_out_of_an_address_is_markup(web: Web) -> None:
    feed = web.follow("http://127.0.0.1:1/<script>&\"'>", 60)
    hostile = Feed(feed.address + "<b>", 60, False, feed.due, problem="<i>")
    html = feeds_html([hostile], ENGLISH)
    assert "<b>" not in html and "<i>" not in html and "<script>" not in html


def test_programs_add_follow_pause_and_list_addresses(site: Site, web: Web) -> None:
    endpoints = WebEndpoints(web)
    added = endpoints.add_address(f"{site.url}/a")
    assert (added["added"], added["reasons"]) == (1, [])
    told = endpoints.follow(f"{site.url}/feed", minutes=5)
    assert told["unchanged"] == 1
    endpoints.pause(f"{site.url}/feed")
    (feed,) = endpoints.feeds()
    assert (feed["address"], feed["minutes"], feed["paused"]) == (f"{site.url}/feed", 5.0, True)
    endpoints.unfollow(f"{site.url}/feed")
    assert endpoints.feeds() == []
    with pytest.raises(LoadError, match="is not followed here"):
        endpoints.unfollow(f"{site.url}/feed")


def test_an_article_that_is_no_longer_at_its_address_says_so(site: Site, web: Web, library: Library) -> None:
    web.index(f"{site.url}/a")
    panel = EvidencePanel(library, Originals(library))
    assert "no longer at its address" not in panel.article(f"{site.url}/a", "en")
    site.pages["/a"] = Reply(status=410)
    web.index(f"{site.url}/a")
    assert "This article is no longer at its address since" in panel.article(f"{site.url}/a", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_often_is_said_in_whole_units(language: str) -> None:
    words = messages_for(language)
    assert "10" in period(words, 600) and "90" in period(words, 90)
    assert period(messages_for("en"), 86_400) == "1 day" and period(messages_for("fr"), 7200).split() == ["2", "heures"]
