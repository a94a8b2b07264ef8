"""The library's tab takes web addresses, by a person in a browser; the site is served on the loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index import Encoder, Library
from index.web import Web
from qa import Assistant
from tests.support.news_site import conditional, page, rss
from tests.support.pages import DESKTOP, Served, Visit
from tests.support.web_server import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/feed"] = conditional(rss(served.url, ["/a"]), '"1"')
        served.pages["/a"] = page("bridge")
        yield served


@pytest.fixture
def shelf(tmp_path: Path, encoder: Encoder) -> Iterator[Served]:
    with Assistant(Library.open(tmp_path / "library", encoder=encoder)) as assistant:
        served = Served(assistant, web=Web(assistant.library, private_hosts=True, pause=0.0))
        yield served
        served.close()


def test_an_address_is_added_followed_paused_and_given_up(chromium: Browser, shelf: Served, site: Site) -> None:
    visit = Visit(chromium, shelf.url, DESKTOP)
    shown = visit.page
    shown.get_by_role("button", name="Library").click()
    shown.get_by_role("button", name="Add articles").click()
    shown.get_by_role("button", name="An address").click()
    field = shown.get_by_label("Page, feed or sitemap")
    outcome, followed = shown.locator(".khabar-outcomes li"), shown.locator(".khabar-feeds li")
    field.fill("http://169.254.169.254/latest/")
    shown.get_by_role("button", name="Add what is there").click()
    expect(outcome).to_contain_text("No host on the public internet has this address.")
    expect(field).to_have_value("http://169.254.169.254/latest/")
    field.fill(f"{site.url}/a")
    shown.get_by_role("button", name="Add what is there").click()
    expect(outcome).to_have_text(f"{site.url}/a 1 added")
    expect(field).to_have_value("")
    field.fill(f"{site.url}/feed")
    shown.get_by_role("button", name="Follow", exact=True).click()
    expect(outcome).to_contain_text("followed from now on, looked at every 10 minutes")
    expect(followed).to_contain_text(f"{site.url}/feed")
    followed.get_by_role("button", name="Pause").click()
    expect(followed).to_contain_text("paused")
    followed.get_by_role("button", name="Resume").click()
    expect(followed).not_to_contain_text("paused")
    followed.get_by_role("button", name="Unfollow").click()
    expect(followed).to_have_count(0)
    expect(shown.locator(".khabar-rows")).to_contain_text("The bridge opens")
    visit.close()
