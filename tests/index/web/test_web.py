"""Web pages into a library: each an article known by its address, and one story one article."""

import pytest

from index import Library
from index.web.web import Web
from tests.index.web.conftest import Clock
from tests.support.made_files import ENGLISH, pdf
from tests.support.news_site import conditional, held_paths, page, rss, sitemap
from tests.support.web_server import Reply, Site

pytestmark = pytest.mark.system


# A page.


def test_a_page_is_an_article_known_by_its_address(site: Site, web: Web, shelf: Library) -> None:
    site.pages["/bridge?utm_source=x"] = page("bridge")
    report = web.index(f"{site.url}/bridge?utm_source=x#top")
    assert (report.added, report.failures) == (1, ())
    (article,) = shelf.articles()
    assert (article.id, article.url) == (f"{site.url}/bridge",) * 2
    assert article.title == "The bridge opens" and "48 million" in article.text


def test_a_page_that_is_as_it_was_is_unchanged_and_one_that_has_changed_a_new_revision(
    site: Site, web: Web, shelf: Library
) -> None:
    site.pages["/a"] = conditional(page("bridge"), '"1"')
    web.index(f"{site.url}/a")
    assert web.index(f"{site.url}/a").unchanged == 1
    assert site.asked[-1].headers["If-None-Match"] == '"1"'
    site.pages["/a"] = conditional(page("dam"), '"2"')
    assert web.index(f"{site.url}/a").replaced == 1
    assert [revision.number for revision in shelf.revisions(f"{site.url}/a")] == [2, 1]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_has_vanished_is_kept_and_marked(
    site: Site, web: Web, shelf: Library, clock: Clock, status: int
) -> None:
    address = f"{site.url}/a"
    site.pages["/a"] = page("bridge")
    web.index(address)
    assert shelf.visits.gone(address) is None
    site.pages["/a"] = Reply(status=status)
    report = web.index(address)
    assert (report.removed, report.failures) == (0, ())
    assert [warning.reason for warning in report.warnings] == [
        f"It is no longer there ({status}). Its article is kept, and marked."
    ]
    assert held_paths(shelf, site) == ["/a"] and shelf.visits.gone(address) == clock.time
    site.pages["/a"] = page("bridge")
    web.index(address)
    assert shelf.visits.gone(address) is None


def test_an_article_that_was_removed_comes_back_when_its_address_is_given_again(
    site: Site, web: Web, shelf: Library
) -> None:
    site.pages["/a"] = conditional(page("bridge"), '"1"')
    web.index(f"{site.url}/a")
    shelf.remove([f"{site.url}/a"])
    assert web.index(f"{site.url}/a").added == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=404), "There is nothing at this address (404). Check it."),
        (Reply(status=403), "The site does not give it out (403)."),
        (Reply(status=500), "The site cannot serve it now (500). Try again later."),
        (Reply(status=429, headers={"Retry-After": "900"}), "The site cannot serve it now (429)."),
        (Reply(b"<html><body></body></html>", headers={"Content-Type": "text/html"}), "No article is found"),
        (Reply(b"\x00\x01\x02" * 99, headers={"Content-Type": "image/png"}), "It is binary data"),
        (Reply(b""), "It is empty."),
    ],
)
def test_an_address_without_an_article_ends_in_a_reason(site: Site, web: Web, reply: Reply, reason: str) -> None:
    site.pages["/a"] = reply
    (failure,) = web.index(f"{site.url}/a").failures
    assert failure.reason.startswith(reason)


def test_an_address_that_is_none_or_not_public_ends_in_a_reason(shelf: Library) -> None:
    for address in ("ftp://news.example/", "http://127.0.0.1/", "http://169.254.169.254/"):
        (failure,) = Web(shelf).index(address).failures
        assert failure.name == address and failure.reason


def test_a_text_file_and_json_lines_are_read_as_files_are(site: Site, web: Web, shelf: Library) -> None:
    site.pages["/a.txt"] = Reply(b"The whale\n\nThe whale was seen near the harbour.\n")
    site.pages["/b.jsonl"] = Reply(b'{"text": "Otters came.", "id": "o1"}\n{"text": "Herons went."}\n')
    assert web.index(f"{site.url}/a.txt").added == 1
    assert web.index(f"{site.url}/b.jsonl").added == 2
    assert held_paths(shelf, site) == ["/a.txt", "/b.jsonl#2", "o1"]


def test_a_pdf_is_read_as_a_file_is_and_its_quotes_have_pages(site: Site, web: Web, shelf: Library) -> None:
    body = pdf([["Bridge opens in Basra", "", ENGLISH[0]], [ENGLISH[1]]])
    site.pages["/release.pdf"] = Reply(body, headers={"Content-Type": "application/pdf"})
    assert web.index(f"{site.url}/release.pdf").added == 1
    (article,) = shelf.articles()
    assert article.url == article.id == f"{site.url}/release.pdf"
    assert article.page_of(len(article.text) - 1) == 2


def test_a_page_s_encoding_may_be_told_by_its_server(site: Site, web: Web, shelf: Library) -> None:
    text = page("bridge").body.decode().replace('<meta charset="utf-8">', "").replace("Huda Salim", "هدى سالم")
    site.pages["/a"] = Reply(text.encode("cp1256"), headers={"Content-Type": "text/html; charset=windows-1256"})
    web.index(f"{site.url}/a")
    assert "هدى سالم" in shelf.articles()[0].text


def test_a_page_without_an_article_names_its_feed(site: Site, web: Web) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    body = f"<html><head>{link}</head><body></body></html>".encode()
    site.pages["/"] = Reply(body, headers={"Content-Type": "text/html"})
    (failure,) = web.index(f"{site.url}/").failures
    assert failure.reason.endswith(f"It names a feed, though: {site.url}/feed.xml")


# One story, one article.


def test_a_story_from_a_feed_and_from_a_sitemap_is_one_article_and_is_fetched_once(
    site: Site, web: Web, shelf: Library
) -> None:
    site.pages["/feed"] = rss(site.url, ["/story?utm_medium=rss&amp;id=7"])
    site.pages["/map"] = sitemap(site.url, ["/story?id=7"])
    site.pages["/story?utm_medium=rss&id=7"] = site.pages["/story?id=7"] = page("bridge")
    assert web.index(f"{site.url}/feed").added == 1
    report = web.index(f"{site.url}/map")
    assert (report.added, report.unchanged, report.failures) == (0, 1, ())
    assert held_paths(shelf, site) == ["/story?id=7"]
    assert sum("story" in path for path in site.paths()) == 1


def test_the_page_s_own_canonical_address_counts_where_it_is_of_the_same_site(
    site: Site, web: Web, shelf: Library
) -> None:
    link = '<link rel="canonical" href="{}">'
    site.pages["/amp/bridge"] = page("bridge", link.format(f"{site.url}/news/bridge"))
    site.pages["/news/bridge"] = page("bridge", link.format(f"{site.url}/news/bridge"))
    site.pages["/foreign"] = page("dam", link.format("https://evil.example/dam"))
    site.pages["/news/careless"] = page("port", link.format(f"{site.url}/news/"))
    site.pages["/home"] = page("road", link.format(f"{site.url}/"))
    for path in ("/amp/bridge", "/news/bridge", "/foreign", "/news/careless", "/home"):
        assert not web.index(site.url + path).failures
    assert held_paths(shelf, site) == ["/foreign", "/home", "/news/bridge", "/news/careless"]
