"""Feeds that move and feeds that end; live pages at an address."""

import threading

import pytest

from index import Library
from index.web.web import Web
from tests.index.web.conftest import Clock
from tests.support.made_files import ENGLISH
from tests.support.news_site import held_paths, page, rss
from tests.support.patience import PATIENCE, until
from tests.support.web_server import Reply, Site

pytestmark = pytest.mark.system


def moving(site: Site, status: int, to: str) -> Reply:
    return Reply(status=status, headers={"Location": to if to.startswith("http") else f"{site.url}{to}"})


@pytest.mark.parametrize("status", [301, 308])
def test_a_feed_that_has_moved_for_good_is_followed_where_it_is_now(
    site: Site, web: Web, shelf: Library, clock: Clock, status: int
) -> None:
    site.pages |= {"/old.xml": moving(site, status, "/between.xml"), "/between.xml": moving(site, status, "/new.xml"),
                   "/new.xml": rss(site.url, ["/a"]), "/a": page("bridge")}  # fmt: skip
    web.follow(f"{site.url}/old.xml", 60)
    look = web.look(f"{site.url}/old.xml")
    assert look is not None and look.report is not None and look.report.added == 1
    assert [(warning.name, warning.reason) for warning in look.report.warnings] == [
        (f"{site.url}/old.xml", f"It has moved for good to {site.url}/new.xml, which is followed from now on.")
    ]
    (feed,) = web.feeds()
    assert (feed.address, feed.period, feed.problem) == (f"{site.url}/new.xml", 60, "")
    clock.move(61)
    assert web.look(feed.address) is not None
    assert site.count("/old.xml") == 1 and site.count("/a") == 1


@pytest.mark.parametrize(("first", "second"), [(302, 301), (307, 308)])
def test_a_feed_that_is_elsewhere_for_a_time_is_followed_where_it_was(
    site: Site, web: Web, first: int, second: int
) -> None:
    site.pages |= {"/old.xml": moving(site, first, "/b.xml"), "/b.xml": moving(site, second, "/new.xml"),
                   "/new.xml": rss(site.url, ["/a"]), "/a": page("bridge")}  # fmt: skip
    web.follow(f"{site.url}/old.xml", 60)
    web.look(f"{site.url}/old.xml")
    assert [feed.address for feed in web.feeds()] == [f"{site.url}/old.xml"]


def test_what_no_longer_leads_to_a_feed_is_followed_where_it_was(site: Site, web: Web) -> None:
    site.pages |= {"/old.xml": moving(site, 301, "/home"), "/home": Reply(b"<html><body></body></html>")}
    web.follow(f"{site.url}/old.xml", 60)
    look = web.look(f"{site.url}/old.xml")
    assert look is not None and look.problem
    assert [feed.address for feed in web.feeds()] == [f"{site.url}/old.xml"]


def test_a_feed_that_moves_to_one_that_is_followed_already_is_one_feed(site: Site, web: Web) -> None:
    site.pages |= {"/old.xml": moving(site, 301, "/new.xml"), "/new.xml": rss(site.url, ["/a"]), "/a": page("bridge")}
    for path in ("/old.xml", "/new.xml"):
        web.follow(f"{site.url}{path}", 60)
    web.look(f"{site.url}/old.xml")
    assert [feed.address for feed in web.feeds()] == [f"{site.url}/new.xml"]


def test_a_feed_that_is_gone_for_good_is_paused_with_the_reason(site: Site, web: Web, clock: Clock) -> None:
    site.pages["/feed"] = rss(site.url, [])
    address = f"{site.url}/feed"
    web.follow(address, 60)
    site.pages["/feed"] = Reply(status=410)
    look = web.look(address)
    assert look is not None and look.problem.startswith("The site says that it is gone for good (410): it is paused.")
    (feed,) = web.feeds()
    assert (feed.paused, feed.problem) == (True, look.problem)
    clock.move(3600)
    assert web.look(address) is None
    web.resume(address)
    (feed,) = web.feeds()
    assert (feed.paused, feed.problem) == (False, "")


def test_a_feed_that_is_not_there_now_is_looked_at_ever_more_seldom(site: Site, web: Web, clock: Clock) -> None:
    address = f"{site.url}/feed"
    web.follow(address, 60)
    look = web.look(address)
    assert look is not None and look.problem == "There is nothing at this address (404). Check it, or remove it."
    (feed,) = web.feeds()
    assert (feed.paused, feed.failures) == (False, 1)


def test_a_feed_that_moves_while_it_is_watched_is_watched_on(site: Site, web: Web, clock: Clock) -> None:
    site.pages |= {"/old.xml": moving(site, 301, "/new.xml"), "/new.xml": rss(site.url, ["/a"]), "/a": page("bridge")}
    address = web.follow(f"{site.url}/old.xml", 60).address
    watching = threading.Thread(target=web.run, args=(lambda look: None, [address]))
    watching.start()
    try:
        until(lambda: site.count("/new.xml") == 1 and web.feeds()[0].address == f"{site.url}/new.xml")
        clock.move(61)
        until(lambda: site.count("/new.xml") == 2)
    finally:
        web.stop()
        watching.join(PATIENCE)
    assert site.count("/old.xml") == 1


# Live blogs.


def test_each_entry_of_a_live_page_is_an_article_of_its_own(site: Site, web: Web, shelf: Library) -> None:
    entries = "".join(
        f"<p><b>{time}</b> {text}</p>" for time, text in zip(("14:30", "12:05", "09:00"), ENGLISH, strict=True)
    )
    head = "<head><title>Live: bridge</title></head>"
    html = f"<html>{head}<body><article><h1>Live: bridge</h1>{entries}</article></body></html>"
    site.pages["/live"] = Reply(html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    assert web.index(f"{site.url}/live").added == 3
    assert held_paths(shelf, site) == ["/live#09:00", "/live#12:05", "/live#14:30"]
    assert {article.url for article in shelf.articles()} == {f"{site.url}/live"}
