"""Feeds that are followed: when each is looked at, what is fetched again, and what a stop or a crash leaves."""

import threading
from pathlib import Path

import pytest

from index import Library
from index.errors import LoadError, SettingsError
from index.web.web import Look, Web
from tests.index.web.conftest import Clock
from tests.support.news_site import conditional, held_paths, page, rss
from tests.support.patience import PATIENCE, until
from tests.support.small_encoder import SmallEncoder
from tests.support.web_server import Asked, Reply, Site

pytestmark = pytest.mark.system


def test_a_feed_is_looked_at_once_a_period_and_asked_only_for_what_is_new(
    site: Site, web: Web, shelf: Library, clock: Clock
) -> None:
    feed = f"{site.url}/feed"
    site.pages["/feed"], site.pages["/a"] = conditional(rss(site.url, ["/a"]), '"1"'), page("bridge")
    web.follow(feed, 600)
    look = web.look(feed)
    assert look and look.report and look.report.added == 1
    assert web.look(feed) is None
    clock.move(599)
    assert web.look(feed) is None
    clock.move(1)
    look = web.look(feed)
    assert look and look.report and look.report.added == 0
    assert site.paths() == ["/robots.txt", "/feed", "/a", "/feed"]
    assert site.asked[-1].headers["If-None-Match"] == '"1"'


def test_a_new_item_is_fetched_and_a_known_one_only_when_the_feed_says_that_it_changed(
    site: Site, web: Web, shelf: Library, clock: Clock
) -> None:
    feed = f"{site.url}/feed"
    site.pages.update({"/feed": rss(site.url, ["/a"]), "/a": page("bridge"), "/b": page("dam")})
    web.follow(feed, 600)
    web.look(feed)
    site.pages["/feed"] = rss(site.url, ["/b", "/a"])
    clock.move(600)
    web.look(feed)
    assert (site.count("/a"), site.count("/b"), held_paths(shelf, site)) == (1, 1, ["/a", "/b"])
    site.pages["/a"] = page("tunnel")
    site.pages["/feed"] = rss(site.url, ["/b", "/a"], updated="Sat, 01 Nov 2025 13:00:00 +0300")
    clock.move(600)
    look = web.look(feed)
    assert look and look.report and (look.report.replaced, look.report.unchanged) == (1, 1)
    assert "tunnel" in shelf.article(f"{site.url}/a").text


def test_killed_and_started_again_nothing_is_fetched_twice(
    site: Site, web: Web, shelf: Library, clock: Clock, tmp_path: Path
) -> None:
    feed = f"{site.url}/feed"
    site.pages.update({"/feed": conditional(rss(site.url, ["/a"]), '"1"'), "/a": page("bridge")})
    web.follow(feed, 600)
    web.look(feed)
    shelf.close()
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as again:
        other = Web(again, private_hosts=True, pause=0.0, now=clock)
        other.follow(feed, 600)
        assert other.look(feed) is None
        clock.move(600)
        other.look(feed)
    assert site.paths() == ["/robots.txt", "/feed", "/a", "/feed"]


def test_what_could_not_be_had_is_tried_again_and_nothing_else(
    site: Site, web: Web, shelf: Library, clock: Clock
) -> None:
    feed = f"{site.url}/feed"
    site.pages["/feed"] = conditional(rss(site.url, ["/a", "/b"]), '"1"')
    site.pages.update({"/a": page("bridge"), "/b": Reply(status=503)})
    web.follow(feed, 600)
    web.look(feed)
    site.pages["/b"] = page("dam")
    clock.move(600)
    web.look(feed)
    assert (site.count("/a"), site.count("/b"), held_paths(shelf, site)) == (1, 2, ["/a", "/b"])


def test_a_feed_that_fails_is_looked_at_ever_more_seldom_and_not_before_its_server_says(
    site: Site, web: Web, clock: Clock
) -> None:
    feed = f"{site.url}/feed"
    site.pages["/feed"] = Reply(status=500)
    web.follow(feed, 600)
    waits = []
    for _ in range(4):
        look = web.look(feed)
        assert look and look.problem.startswith("The site cannot serve it now (500)")
        (followed,) = web.feeds()
        waits.append((followed.due - clock.time).total_seconds())
        clock.time = followed.due
    assert waits == [600, 1200, 2400, 4800]
    site.pages["/feed"] = rss(site.url, [])
    web.look(feed)
    assert (web.feeds()[0].failures, web.feeds()[0].problem) == (0, "")


def test_feeds_are_listed_paused_resumed_and_removed(site: Site, web: Web, shelf: Library, clock: Clock) -> None:
    feed = f"{site.url}/feed"
    site.pages.update({"/feed": rss(site.url, ["/a"]), "/a": page("bridge")})
    assert web.feeds() == []
    web.follow(feed, 600)
    web.pause(feed)
    assert web.look(feed) is None and [known.paused for known in web.feeds()] == [True]
    web.resume(feed)
    assert web.look(feed) is not None
    web.unfollow(feed)
    assert web.feeds() == [] and held_paths(shelf, site) == ["/a"]
    for act in (web.pause, web.resume, web.unfollow, web.look):
        with pytest.raises(LoadError, match="is not followed here"):
            act(feed)


@pytest.mark.parametrize("period", [0.0, 0.5, -1.0, float("nan"), float("inf")])
def test_a_period_is_a_second_at_least(web: Web, period: float) -> None:
    with pytest.raises(SettingsError):
        web.follow("https://news.example/feed", period)


def test_of_several_who_follow_one_looks(site: Site, shelf: Library, clock: Clock) -> None:
    site.pages["/feed"] = rss(site.url, [])
    webs = [Web(shelf, private_hosts=True, pause=0.0, now=clock) for _ in range(4)]
    webs[0].follow(f"{site.url}/feed", 600)
    threads = [threading.Thread(target=web.look, args=(f"{site.url}/feed",)) for web in webs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert site.count("/feed") == 1


def test_following_goes_on_until_it_is_stopped_and_tells_what_it_did(site: Site, shelf: Library) -> None:
    site.pages.update({"/feed": rss(site.url, ["/a"]), "/a": page("bridge"), "/b": page("dam")})
    stop, told = threading.Event(), list[Look]()
    web = Web(shelf, private_hosts=True, pause=0.0, stop=stop)
    web.follow(f"{site.url}/feed", 1.0)
    following = threading.Thread(target=web.run, args=(told.append,), daemon=True)
    following.start()
    until(lambda: held_paths(shelf, site) == ["/a"], lambda: told)
    site.pages["/feed"] = rss(site.url, ["/b", "/a"])
    until(lambda: held_paths(shelf, site) == ["/a", "/b"], lambda: told)
    stop.set()
    following.join(PATIENCE)
    assert not following.is_alive()
    assert [look.report.added for look in told if look.report] == [1, 1]


def test_a_stop_ends_a_long_feed_before_its_next_request(site: Site, shelf: Library, clock: Clock) -> None:
    stop = threading.Event()
    web = Web(shelf, private_hosts=True, pause=0.0, now=clock, stop=stop)

    def last(asked: Asked) -> Reply:
        stop.set()
        return page("bridge")

    site.pages.update({"/feed": rss(site.url, ["/a", "/b"]), "/a": last, "/b": page("dam")})
    web.follow(f"{site.url}/feed", 600)
    web.run(lambda look: None)
    with pytest.raises(Exception):  # noqa: B017
        web.look(f"{site.url}/feed")
    stop.clear()
    other = Web(shelf, private_hosts=True, pause=0.0, now=clock)
    assert other.look(f"{site.url}/feed") is not None
    assert (site.count("/a"), site.count("/b"), held_paths(shelf, site)) == (1, 1, ["/a", "/b"])
