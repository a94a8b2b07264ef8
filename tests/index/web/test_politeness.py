"""Fetching as a guest: what robots.txt forbids, and a server that asks to wait."""

import pytest

from index import Library
from index.web.web import Web
from tests.index.web.conftest import Clock
from tests.support.news_site import page
from tests.support.web_server import Reply, Site

pytestmark = pytest.mark.system


def test_what_robots_txt_forbids_is_not_fetched(site: Site, web: Web) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\nUser-agent: Khabar\nDisallow: /no-khabar\n")
    site.pages.update({"/private/a": page("bridge"), "/no-khabar/b": page("dam")})
    assert web.index(f"{site.url}/private/a").added == 1
    (failure,) = web.index(f"{site.url}/no-khabar/b").failures
    assert "robots.txt" in failure.reason
    assert site.paths() == ["/robots.txt", "/private/a"]


def test_robots_txt_that_cannot_be_read_forbids_everything_for_now(site: Site, web: Web) -> None:
    site.pages.update({"/robots.txt": Reply(status=503), "/a": page("bridge")})
    (failure,) = web.index(f"{site.url}/a").failures
    assert failure.reason.startswith("The site's robots.txt cannot be read now") and site.count("/a") == 0
    site.pages["/robots.txt"] = Reply(b"")
    assert web.index(f"{site.url}/a").added == 1


def test_robots_txt_is_kept_for_a_day_whoever_asks(site: Site, web: Web, shelf: Library, clock: Clock) -> None:
    site.pages.update({"/a": page("bridge"), "/b": page("dam")})
    web.index(f"{site.url}/a")
    Web(shelf, private_hosts=True, pause=0.0, now=clock).index(f"{site.url}/b")
    assert site.count("/robots.txt") == 1
    clock.move(25 * 3600)
    web.index(f"{site.url}/a")
    assert site.count("/robots.txt") == 2


def test_retry_after_is_kept_to(site: Site, web: Web, clock: Clock) -> None:
    site.pages["/feed"] = Reply(status=429, headers={"Retry-After": "7200"})
    web.follow(f"{site.url}/feed", 600)
    web.look(f"{site.url}/feed")
    assert (web.feeds()[0].due - clock.time).total_seconds() == 7200
    assert web.index(f"{site.url}/a").failures[0].reason.startswith("The site asks to be left alone.")
