"""What an address brings belongs to its collections: now, when it is followed, and where it has moved to."""

import pytest

from index import Library, QueryError
from index.web.web import Web
from tests.index.web.conftest import Clock
from tests.support.news_site import page, rss
from tests.support.web_server import Reply, Site

pytestmark = pytest.mark.system


def where(shelf: Library, site: Site) -> dict[str, list[str]]:
    found = {article.id: sorted(shelf.collections.of(article.id)) for article in shelf.articles()}
    return {id.removeprefix(site.url): names for id, names in found.items()}


def test_what_a_followed_address_brings_later_is_where_it_brought_to(
    site: Site, web: Web, shelf: Library, clock: Clock
) -> None:
    for name in ("wire", "desk"):
        shelf.collections.add(name)
    feed = f"{site.url}/feed"
    site.pages.update({"/feed": rss(site.url, ["/a"]), "/a": page("bridge"), "/b": page("dam"), "/c": page("tunnel")})
    assert web.index(feed, collections=["wire"]).added == 1
    web.follow(feed, 600)
    shelf.assign([f"{site.url}/a"], ["desk"])
    site.pages["/feed"] = rss(site.url, ["/b", "/a"])
    clock.move(600)
    look = web.look(feed)
    assert look and look.report and look.report.added == 1
    assert where(shelf, site) == {"/a": ["desk"], "/b": ["wire"]}
    # It has moved for good, and is followed there.
    site.pages["/feed"] = Reply(status=301, headers={"Location": f"{site.url}/moved"})
    site.pages["/moved"] = rss(site.url, ["/c", "/b", "/a"])
    for address in (feed, f"{site.url}/moved"):
        clock.move(6000)
        web.look(address)
    assert where(shelf, site) == {"/a": ["desk"], "/b": ["wire"], "/c": ["wire"]}
    assert shelf.collections.of_source(f"{site.url}/moved") == {"wire"}


def test_a_name_that_is_no_collection_s_is_refused_before_anything_is_fetched(site: Site, web: Web) -> None:
    with pytest.raises(QueryError, match="There is no collection sprot"):
        web.index(f"{site.url}/a", collections=["sprot"])
    assert site.paths() == []
