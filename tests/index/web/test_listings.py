"""Feeds and sitemaps into a library: each form of them, and broken or hostile ones."""

import gzip
import json
from datetime import date

import pytest

from index import Library
from index.web.web import Web
from tests.support.news_site import page, rss, sitemap
from tests.support.web_server import Reply, Site

pytestmark = pytest.mark.system

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title>
<entry><title>Bridge</title><link href="/a"/><updated>2025-11-01T09:00:00Z</updated><author><name>Sara Hamid</name>
</author><published>2025-10-30T09:00:00Z</published></entry><entry><title>No link</title></entry></feed>"""
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{url}/a</loc><news:news><news:publication>
<news:name>Herald</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-10-30</news:publication_date><news:title>Bridge</news:title></news:news></url></urlset>"""
INDEX = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{url}/map1.xml.gz</loc></sitemap><sitemap><loc>{url}/map2.xml</loc></sitemap></sitemapindex>"""


def test_atom_gives_what_the_page_does_not_say(site: Site, web: Web, shelf: Library) -> None:
    site.pages["/feed"], site.pages["/a"] = Reply(ATOM.encode()), page("bridge")
    report = web.index(f"{site.url}/feed")
    (article,) = shelf.articles()
    assert (article.byline, article.source, article.published) == ("Sara Hamid", "Herald", date(2025, 10, 30))
    assert [failure.reason for failure in report.failures] == ["1 of its entries name no address."]


def test_a_json_feed_is_read(site: Site, web: Web, shelf: Library) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Herald",
        "items": [{"id": "1", "url": f"{site.url}/a", "date_published": "2025-10-30T09:00:00Z",
                   "authors": [{"name": "Sara Hamid"}, 7]}, {"id": "2"}, "no object"],
    }  # fmt: skip
    site.pages["/feed.json"], site.pages["/a"] = Reply(json.dumps(feed).encode()), page("bridge")
    web.index(f"{site.url}/feed.json")
    (article,) = shelf.articles()
    assert (article.byline, article.source, article.published) == ("Sara Hamid", "Herald", date(2025, 10, 30))


def test_a_news_sitemap_and_an_index_of_sitemaps_are_read(site: Site, web: Web, shelf: Library) -> None:
    site.pages["/index.xml"] = Reply(INDEX.format(url=site.url).encode())
    site.pages["/map1.xml.gz"] = Reply(gzip.compress(NEWS.format(url=site.url).encode()))
    site.pages["/map2.xml"] = sitemap(site.url, ["/b", "/c"])
    site.pages.update({"/a": page("bridge"), "/b": page("dam"), "/c": Reply(status=404)})
    report = web.index(f"{site.url}/index.xml")
    assert report.added == 2 and [failure.name for failure in report.failures] == [f"{site.url}/c"]
    assert shelf.article(f"{site.url}/a").published == date(2025, 10, 30)
    assert shelf.article(f"{site.url}/a").source == "Herald"


def test_a_story_that_its_site_keeps_to_itself_is_taken_as_the_feed_carries_it(
    site: Site, web: Web, shelf: Library
) -> None:
    story = "<p>The bridge over the river was opened by the minister on Saturday, after years of work.</p>" * 9
    site.pages["/feed"] = rss(site.url, ["/a", "/b"], body=story)
    site.pages.update({"/a": Reply(status=403), "/b": Reply(b"<html><body></body></html>")})
    report = web.index(f"{site.url}/feed")
    assert (report.added, report.failures) == (2, ())
    assert "opened by the minister" in shelf.article(f"{site.url}/a").text


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><rss version="2.0"><channel>',
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss>&c;</rss>',
        b'{"version": "https://jsonfeed.org/version/1", "items": 7}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"[" * 100_000,
        b"\x1f\x8b damaged",
        gzip.compress(b"<urlset>" + bytes(400_000_000)),
        b"<rss" + b">" * 100_000,
    ],
)
def test_a_broken_or_exploding_feed_ends_in_a_reason(site: Site, web: Web, body: bytes) -> None:
    site.pages["/feed"] = Reply(body)
    report = web.index(f"{site.url}/feed")
    assert report.added == 0 and len(report.failures) == 1


def laughs(root: str, within: str) -> bytes:
    """Return XML whose entities multiply to a billion."""
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    entities = f'<!DOCTYPE x [<!ENTITY e0 "ha">{grown}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    return f'<?xml version="1.0"?>{entities}<{root}>{within.format("&e9;&file;")}</{root}>'.encode()


@pytest.mark.parametrize(
    "body",
    [
        laughs("rss", "<channel><item><title>{}</title><link>http://127.0.0.1:1/</link></item></channel>"),
        laughs("urlset", "<url><loc>http://127.0.0.1:1/{}</loc></url>"),
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + b"<url>" * 100_000,
    ],
)
def test_entities_are_neither_multiplied_nor_files(site: Site, web: Web, shelf: Library, body: bytes) -> None:
    site.pages["/feed"] = Reply(body)
    web.index(f"{site.url}/feed")
    assert shelf.articles() == []


def test_sitemaps_that_name_each_other_end(site: Site, web: Web) -> None:
    loop = "<sitemapindex><sitemap><loc>{url}/loop</loc></sitemap></sitemapindex>"
    site.pages["/loop"] = Reply(loop.format(url=site.url).encode())
    report = web.index(f"{site.url}/loop")
    assert report.failures and site.count("/loop") <= 4


def test_a_feed_that_leads_inside_is_refused_item_by_item(site: Site, web: Web, shelf: Library) -> None:
    site.pages["/feed"] = rss("", ["http://169.254.169.254/latest/", "ftp://x.example/", f"{site.url}/a"])
    site.pages["/a"] = page("bridge")
    report = web.index(f"{site.url}/feed")
    assert report.added == 1
    assert {failure.name for failure in report.failures} >= {"http://169.254.169.254/latest/"}
