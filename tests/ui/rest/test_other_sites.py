"""Pages of sites that nobody named, and calls that no page of another site may make: they read nothing."""

from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.other_sites import CROSS, QUESTION, SITE, cors, preflight
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

OTHERS = [
    "https://other.example",
    "https://sub.site.example",
    "https://site.example.other.example",
    "https://othersite.example",
    "https://site.exampl",
    "https://site.example:8443",
    "https://site.example:443",
    "http://site.example",
    "https://SITE.example",
    "HTTPS://site.example",
    "https://site.example/",
    "https://site.example.",
    "https://site.example%2f",
    "https://name@site.example",
    "https://xn--site-example",
    f"{SITE} https://other.example",
    f"{SITE}, https://other.example",
    f"https://other.example, {SITE}",
    "http://localhost:8124",
    "http://localhost",
    "https://localhost:8123",
    "http://127.0.0.1:8123",
    "null",
    "",
    "*",
    "site.example",
    "//site.example",
    "file://",
    "chrome-extension://site.example",
]


@pytest.mark.parametrize("origin", OTHERS)
def test_a_page_of_another_site_may_neither_ask_nor_read(embedded: Served, link: str, origin: str) -> None:
    with client(embedded.url) as caller:
        for said in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {}):
            headers = {"origin": origin, **said}
            for given in (
                caller.post("/ask", json=QUESTION, headers=headers),
                caller.get(f"/shared/{link}", headers=headers),
            ):
                assert (given.status_code, cors(given)) == (403, {}), given.text
                assert given.headers["content-type"] == "application/problem+json"
        for address, method in (("/ask", "POST"), (f"/shared/{link}", "GET")):
            given = preflight(caller, address, origin, method, "content-type")
            assert (given.status_code, cors(given)) == (403, {})


def test_two_origins_are_none(embedded: Served, link: str) -> None:
    with client(embedded.url) as caller:
        for second in (SITE, "https://other.example", embedded.url.rstrip("/")):
            headers = [("origin", SITE), ("origin", second), ("sec-fetch-site", "cross-site")]
            asked = caller.post("/ask", json=QUESTION, headers=headers)
            assert (asked.status_code, cors(asked)) == (403, {})
            read = caller.get(f"/shared/{link}", headers=headers[:2])
            assert (read.status_code, cors(read)) == (403, {})


@pytest.mark.parametrize(
    ("address", "method", "headers"),
    [
        ("/ask", "GET", ""),
        ("/ask", "PUT", ""),
        ("/ask", "DELETE", ""),
        ("/ask", "post", ""),
        ("/ask", "POST, DELETE", ""),
        ("/ask", "*", ""),
        ("/ask", "", ""),
        ("/ask", "POST", "x-forwarded-for"),
        ("/ask", "POST", "content-type, cookie"),
        ("/ask", "POST", "*"),
        ("/ask", "POST", "x-http-method-override"),
        ("/shared/abc", "POST", ""),
        ("/shared/abc", "DELETE", ""),
        ("/shared/abc", "GET", "content-type"),
    ],
)
def test_nothing_else_may_be_sent(embedded: Served, address: str, method: str, headers: str) -> None:
    with client(embedded.url) as caller:
        given = preflight(caller, address, SITE, method, headers)
    assert (given.status_code, cors(given)) == (403, {})


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "api/v1/search"),
        ("GET", "api/v1/search?question=Who"),
        ("GET", "api/v1/articles"),
        ("POST", "api/v1/articles"),
        ("DELETE", "api/v1/articles/ferry-1"),
        ("GET", "api/v1/articles/ferry-1"),
        ("GET", "api/v1/dossiers"),
        ("POST", "api/v1/dossiers"),
        ("GET", "api/v1/audit"),
        ("GET", "api/v1/openapi.json"),
        ("GET", "api/v1/ask"),
        ("PUT", "api/v1/ask"),
        ("HEAD", "api/v1/ask"),
        ("POST", "api/v1/ask/"),
        ("POST", "api/v1/ask/more"),
        ("POST", "api/v1//ask"),
        ("POST", "api/v1/ASK"),
        ("POST", "api/v1/articles/..%2fask"),
        ("POST", "api/v1/ask%0a"),
        ("POST", "api/v1/ask;a"),
        ("GET", "api/v1/shared"),
        ("GET", "api/v1/shared/"),
        ("GET", "api/v1/shared/ffff/more"),
        ("GET", "api/v1/shared/..%2faudit"),
        ("GET", "api/v1/shared/ffff%0a"),
        ("DELETE", "api/v1/shared/ffff"),
        ("POST", "gradio_api/call/ask"),
        ("POST", "gradio_api/queue/join"),
        ("POST", "gradio_api/upload"),
        ("POST", "login"),
        ("POST", "widget.js"),
        ("POST", "widget/phrases"),
    ],
)
def test_nothing_else_may_be_called_or_read(embedded: Served, method: str, address: str) -> None:
    body = {"json": QUESTION} if method in ("POST", "PUT") else {}
    with httpx.Client(base_url=embedded.url, timeout=PATIENCE) as caller:
        given = caller.request(method, f"{embedded.url}{address}", headers=CROSS, **body)
        assert (given.status_code, cors(given)) == (403, {}), given.text
        asked = preflight(caller, f"{embedded.url}{address}", SITE, "PATCH")
        assert cors(asked) == {} and asked.status_code >= 400
    assert len(embedded.assistant.library.articles(limit=100)) == 10


def test_a_name_that_leads_here_is_refused_first(embedded: Served, link: str) -> None:
    with client(embedded.url) as caller:
        for host in ("site.example", "other.example", "127.0.0.1.other.example"):
            headers = {**CROSS, "host": host}
            for given in (
                caller.post("/ask", json=QUESTION, headers=headers),
                caller.get(f"/shared/{link}", headers=headers),
                caller.options("/ask", headers={**headers, "access-control-request-method": "POST"}),
            ):
                assert (given.status_code, cors(given)) == (421, {})


def test_a_page_that_says_it_is_khabar_s_own_is_believed_by_nobody(embedded_guarded: Served) -> None:
    # The host is the site's, as where a proxy does not say it: a browser still says that the page is another site's.
    with client(embedded_guarded.url) as caller:
        given = caller.post("/ask", json=QUESTION, headers={**CROSS, "host": urlsplit(SITE).netloc})
    assert (given.status_code, cors(given)) == (403, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "news.example.org"])
@pytest.mark.parametrize("origin", ["http://localhost:8123", SITE, "null", "https://sub.news.example.org"])
def test_nothing_of_the_page_can_be_read_by_other_sites(own_page: Served, host: str, origin: str) -> None:
    sent = {"host": host, "origin": origin}
    asking = {**sent, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    with httpx.Client(base_url=own_page.url, timeout=PATIENCE) as caller:
        for address in ("/", "/config", "/gradio_api/info", "/gradio_api/call/ask", "/api/v1/articles", "/healthz"):
            assert cors(caller.get(address, headers=sent)) == {}, address
            refused = caller.options(address, headers=asking)
            assert cors(refused) == {} and refused.status_code >= 400, address


def test_where_no_site_is_named_there_is_no_widget(own_page: Served) -> None:
    with client(own_page.url) as caller:
        for headers in (CROSS, {"origin": SITE, "sec-fetch-site": "same-site"}):
            given = caller.post("/ask", json=QUESTION, headers=headers)
            assert cors(given) == {}
        assert caller.post("/ask", json=QUESTION, headers=CROSS).status_code == 403
        assert cors(preflight(caller, "/ask", SITE, "POST")) == {}
        for address in ("widget.js", "widget/phrases"):
            assert caller.get(f"{own_page.url}{address}").status_code == 404
