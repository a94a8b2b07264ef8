"""Pages, feeds and sitemaps of an invented news site."""

from collections.abc import Sequence

from index import Library
from tests.support.web_server import Asked, Reply, Site

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
<nav><a href="/">Home</a></nav><article><h1>{title}</h1>
<p>{title}: engineers said on Saturday that the {what} was finished after three years of work by the river.</p>
<p>“It cost 48 million dollars,” said Huda Salim, the engineer who led the work on the {what} for the ministry.</p>
<p>Residents of the eastern bank said that they had waited a long time for the {what} and were glad of it.</p>
</article><footer>Copyright 2019</footer></body></html>"""


def page(what: str, head: str = "", etag: str | None = None) -> Reply:
    """Return a page about something, such as a "bridge"."""
    headers = {"Content-Type": "text/html; charset=utf-8", **({"ETag": etag} if etag else {})}
    return Reply(_PAGE.format(title=f"The {what} opens", what=what, head=head).encode(), headers=headers)


def conditional(reply: Reply, etag: str) -> "_Conditional":
    """Return a page that is sent once for a state: whoever knows its ETag gets a 304."""
    return _Conditional(reply, etag)


class _Conditional:
    def __init__(self, reply: Reply, etag: str) -> None:
        self.reply = Reply(reply.body, reply.status, {**reply.headers, "ETag": etag})
        self.etag = etag

    def __call__(self, asked: Asked) -> Reply:
        known = asked.headers.get("If-None-Match") == self.etag
        return Reply(status=304, headers={"ETag": self.etag}) if known else self.reply


def rss(base: str, paths: Sequence[str], updated: str = "Sat, 01 Nov 2025 09:00:00 +0300", body: str = "") -> Reply:
    """Return an RSS feed that names some pages."""
    items = "".join(
        f"<item><title>Item {path}</title><link>{base}{path}</link><pubDate>{updated}</pubDate>"
        f"<description><![CDATA[{body}]]></description></item>"
        for path in paths
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tigris Herald</title>{items}</channel></rss>'
    return Reply(feed.encode(), headers={"Content-Type": "application/rss+xml"})


def sitemap(base: str, paths: Sequence[str], modified: str = "2025-11-01") -> Reply:
    """Return a sitemap that names some pages."""
    urls = "".join(f"<url><loc>{base}{path}</loc><lastmod>{modified}</lastmod></url>" for path in paths)
    text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return Reply(text.encode(), headers={"Content-Type": "application/xml"})


def held_paths(library: Library, site: Site) -> list[str]:
    """Return the ids of a library's articles, sorted; of those that are addresses of the site, the paths."""
    return sorted(article.id.removeprefix(site.url) for article in library.articles())
