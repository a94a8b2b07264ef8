"""What pages of other sites may do: ask, and show a shared answer, where the site is named; attacked in every way."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from index.store.access.roles import AccessRole
from index.store.access.tokens import TokenTable
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client, events
from tests.ui.rest.conftest import serving, shelf

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

SITE, SECOND = "https://site.example", "http://localhost:8123"
# What a browser says of a call by a page of the site.
CROSS = {"origin": SITE, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
QUESTION = {"question": "<img src=x onerror=alert(1)> من؟"}
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


def cors(given: httpx.Response) -> dict[str, str]:
    """Return a response's headers of CORS; credentials are never allowed, and nothing is to be remembered."""
    assert "access-control-allow-credentials" not in given.headers
    assert "set-cookie" not in given.headers
    return {name: value for name, value in given.headers.items() if name.startswith("access-control-")}


def preflight(caller: httpx.Client, address: str, origin: str, method: str, headers: str = "") -> httpx.Response:
    sent = {"origin": origin, "access-control-request-method": method, "sec-fetch-site": "cross-site"}
    extra = {"access-control-request-headers": headers} if headers else {}
    return caller.options(address, headers={**sent, **extra})


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def shared(page: Served) -> str:
    """Share an answer, and return its id."""
    answer = page.assistant.ask(QUESTION["question"]).to_dict()
    content = {"question": QUESTION["question"], "answer": answer, "translations": []}
    return page.assistant.library.shared.keep(content).id


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page for everybody; for reading only."""
    folder, hosts = tmp_path_factory.mktemp("open"), ("127.0.0.1", "localhost")
    with shelf(folder) as library, serving(library, origins=(SITE, SECOND), hosts=hosts) as served:
        yield served


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page behind a sign-in, where layla has "a word"."""
    folder = tmp_path_factory.mktemp("guarded")
    with shelf(folder) as library, serving(library, guarded=True, origins=(SITE, SECOND)) as served:
        yield served


@pytest.fixture(scope="module")
def link(page: Served) -> str:
    return shared(page)


@pytest.fixture
def tokens(guarded: Served) -> Iterator[TokenTable]:
    yield guarded.assistant.library.tokens
    guarded.assistant.library.tokens.clear()


def test_a_page_of_the_site_asks_and_reads_the_answer(page: Served) -> None:
    with client(page.url) as caller:
        given = caller.post("/ask", json=QUESTION, headers=CROSS)
        assert (given.status_code, cors(given)) == (200, {"access-control-allow-origin": SITE})
        assert given.json()["question"] == QUESTION["question"]
        # Markup is data: nobody who opens this as a page runs it.
        assert given.headers["content-type"] == "application/json"
        assert given.headers["x-content-type-options"] == "nosniff"
        assert "origin" in given.headers["vary"].lower()
        with caller.stream("POST", "/ask", json=QUESTION, headers={**CROSS, "accept": "text/event-stream"}) as stream:
            assert cors(stream) == {"access-control-allow-origin": SITE}
            assert [name for name, _ in events(stream.iter_lines())][-1] == "answer"
        # What is wrong is told as well.
        wrong = caller.post("/ask", json={"question": " "}, headers={**CROSS, "accept-language": "fr"})
        assert (wrong.status_code, cors(wrong)) == (422, {"access-control-allow-origin": SITE})
        assert wrong.json()["detail"].startswith("La question est vide")
        unread = caller.post("/ask", content=b"{", headers={**CROSS, "content-type": "text/plain"})
        assert (unread.status_code, cors(unread)) == (415, {"access-control-allow-origin": SITE})


def test_a_page_of_the_site_shows_what_the_link_s_page_shows(page: Served, link: str) -> None:
    with client(page.url) as caller:
        given = caller.get(f"/shared/{link}", headers=CROSS)
        assert (given.status_code, cors(given)) == (200, {"access-control-allow-origin": SITE})
        found = given.json()
        assert set(found) == {"id", "at", "question", "answer", "translations"}
        assert (found["id"], found["question"]) == (link, QUESTION["question"])
        assert found["answer"]["searched"] == page.assistant.ask(QUESTION["question"]).to_dict()["searched"]
        unknown = caller.get("/shared/ffff", headers={**CROSS, "accept-language": "ar"})
        assert (unknown.status_code, cors(unknown)) == (404, {"access-control-allow-origin": SITE})
        assert unknown.json()["detail"].startswith("لا جواب محفوظ تحت هذا الرابط")
        # And so do programs, which have no origin, and Khabar's own pages.
        assert caller.get(f"/shared/{link}").json() == found
        own = {"origin": page.url.rstrip("/"), "sec-fetch-site": "same-origin"}
        assert caller.get(f"/shared/{link}", headers=own).json() == found


@pytest.mark.parametrize(
    ("address", "method", "headers", "asked"),
    [
        ("/ask", "POST", "authorization, content-type", "content-type"),
        ("/ask", "POST", "authorization, content-type", "Authorization,Content-Type"),
        ("/shared/abc", "GET", "authorization", "authorization"),
    ],
)
def test_a_browser_that_asks_first_is_told_what_it_may_send(
    page: Served, address: str, method: str, headers: str, asked: str
) -> None:
    with client(page.url) as caller:
        given = preflight(caller, address, SITE, method, asked)
    assert given.status_code == 204
    assert cors(given) == {
        "access-control-allow-origin": SITE,
        "access-control-allow-methods": method,
        "access-control-allow-headers": headers,
        "access-control-max-age": "600",
    }
    assert given.headers["vary"] == "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


@pytest.mark.parametrize("origin", OTHERS)
def test_a_page_of_another_site_may_neither_ask_nor_read(page: Served, link: str, origin: str) -> None:
    with client(page.url) as caller:
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


def test_two_origins_are_none(page: Served, link: str) -> None:
    with client(page.url) as caller:
        for second in (SITE, "https://other.example", page.url.rstrip("/")):
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
def test_nothing_else_may_be_sent(page: Served, address: str, method: str, headers: str) -> None:
    with client(page.url) as caller:
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
def test_nothing_else_may_be_called_or_read(page: Served, method: str, address: str) -> None:
    body = {"json": QUESTION} if method in ("POST", "PUT") else {}
    with httpx.Client(base_url=page.url, timeout=PATIENCE) as caller:
        given = caller.request(method, f"{page.url}{address}", headers=CROSS, **body)
        assert (given.status_code, cors(given)) == (403, {}), given.text
        asked = preflight(caller, f"{page.url}{address}", SITE, "PATCH")
        assert cors(asked) == {} and asked.status_code >= 400
    assert len(page.assistant.library.articles(limit=100)) == 10


def test_who_has_signed_in_is_nobody_on_another_site(guarded: Served) -> None:
    link = shared(guarded)
    with client(guarded.url) as caller:
        caller.post(f"{guarded.url}login", data={"username": "layla", "password": "a word"}).raise_for_status()
        assert caller.get(f"/shared/{link}").status_code == 200
        assert caller.post("/ask", json=QUESTION).status_code == 200
        for headers in (CROSS, {**CROSS, "origin": SECOND}, {"origin": SITE}, {"origin": SITE, "cookie": "a=b"}):
            for given in (
                caller.post("/ask", json=QUESTION, headers=headers),
                caller.get(f"/shared/{link}", headers=headers),
            ):
                assert given.status_code == 401, given.text
                assert given.headers["www-authenticate"] == "Bearer"
                # The widget can say why.
                assert cors(given) == {"access-control-allow-origin": headers["origin"]}
                assert given.json()["detail"] == "Send a token as Authorization: Bearer TOKEN."


def test_a_site_s_token_opens_two_calls_from_its_pages_and_nothing_else(guarded: Served, tokens: TokenTable) -> None:
    link = shared(guarded)
    token = tokens.add("site", timedelta(days=1), origin=SITE)
    with client(guarded.url, headers=bearer(token)) as caller:
        assert caller.post("/ask", json=QUESTION, headers=CROSS).status_code == 200
        assert caller.get(f"/shared/{link}", headers=CROSS).status_code == 200
        for headers in (
            {},
            {"origin": SECOND, "sec-fetch-site": "cross-site"},
            {"origin": guarded.url.rstrip("/"), "sec-fetch-site": "same-origin"},
            {"referer": f"{SITE}/page"},
            {"x-forwarded-host": "site.example"},
            {"sec-fetch-site": "same-origin", "origin": SITE},
        ):
            assert caller.post("/ask", json=QUESTION, headers=headers).status_code == 401, headers
            assert caller.get(f"/shared/{link}", headers=headers).status_code == 401, headers
        for method, address in (
            ("GET", "/articles"),
            ("GET", "/articles/ferry-1"),
            ("DELETE", "/articles/ferry-1"),
            ("GET", "/search?question=Who"),
            ("GET", "/dossiers"),
            ("GET", "/audit"),
            ("GET", "/openapi.json"),
        ):
            assert caller.request(method, address).status_code == 401
            assert caller.request(method, address, headers=CROSS).status_code == 403
        tokens.revoke("site")
        assert caller.post("/ask", json=QUESTION, headers=CROSS).status_code == 401


def test_another_token_is_none_in_a_page_of_a_site(guarded: Served, tokens: TokenTable) -> None:
    shown = [
        tokens.add("reader", None),
        tokens.add("editor", None, AccessRole.EDITOR),
        tokens.add("second", None, origin=SECOND),
        tokens.add("unnamed", None, origin="https://unnamed.example"),
        tokens.add("expired", timedelta(0), origin=SITE),
        "khabar_",
    ]
    with client(guarded.url) as caller:
        for token in shown:
            given = caller.post("/ask", json=QUESTION, headers={**CROSS, **bearer(token)})
            assert (given.status_code, cors(given)) == (401, {"access-control-allow-origin": SITE})
        # A site that is named no more has no token either.
        unnamed = {**CROSS, "origin": "https://unnamed.example", **bearer(shown[3])}
        assert caller.post("/ask", json=QUESTION, headers=unnamed).status_code == 403
        held = tokens.add("site", None, origin=SITE)
        address = f"/ask?access_token={held}"
        assert caller.post(address, json=QUESTION, headers={**CROSS, **bearer(held)}).status_code == 401
        # Where nobody needs one too.
        assert caller.post("/ask", json=QUESTION, headers={**CROSS, **bearer(held)}).status_code == 200


def test_a_name_that_leads_here_is_refused_first(page: Served, link: str) -> None:
    with client(page.url) as caller:
        for host in ("site.example", "other.example", "127.0.0.1.other.example"):
            headers = {**CROSS, "host": host}
            for given in (
                caller.post("/ask", json=QUESTION, headers=headers),
                caller.get(f"/shared/{link}", headers=headers),
                caller.options("/ask", headers={**headers, "access-control-request-method": "POST"}),
            ):
                assert (given.status_code, cors(given)) == (421, {})


def test_a_page_that_says_it_is_khabar_s_own_is_believed_by_nobody(guarded: Served) -> None:
    # The host is the site's, as where a proxy does not say it: a browser still says that the page is another site's.
    with client(guarded.url) as caller:
        given = caller.post("/ask", json=QUESTION, headers={**CROSS, "host": urlsplit(SITE).netloc})
    assert (given.status_code, cors(given)) == (403, {})


def test_visitors_take_turns_by_their_addresses_and_are_counted_for_the_site(
    page: Served, guarded: Served, tokens: TokenTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[tuple[str, str]] = []
    for served in (page, guarded):
        enter = served.blocks.questions.enter

        def noted(asker, work, enter=enter):  # noqa: ANN001, ANN202
            came.append((asker.person, asker.site))
            return enter(asker, work)

        monkeypatch.setattr(served.blocks.questions, "enter", noted)
    token = tokens.add("site", None, origin=SITE)
    for served, address in ((page, "127.0.0.2"), (page, "127.0.0.3"), (guarded, "127.0.0.2")):
        headers = {**CROSS, **(bearer(token) if served is guarded else {})}
        with client(served.url, address) as caller:
            assert caller.post("/ask", json=QUESTION, headers=headers).status_code == 200
    assert came == [("127.0.0.2", SITE), ("127.0.0.3", SITE), ("127.0.0.2", SITE)]


def test_the_script_is_everybody_s_and_kept_until_it_changes(guarded: Served) -> None:
    with httpx.Client(base_url=guarded.url, timeout=PATIENCE) as caller:
        given = caller.get("/widget.js", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"})
        assert (given.status_code, given.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
        assert cors(given) == {"access-control-allow-origin": "*"}
        assert given.headers["cross-origin-resource-policy"] == "cross-origin"
        assert given.headers["cache-control"] == "public, max-age=3600"
        etag = given.headers["etag"]
        assert etag.startswith('"') and etag.endswith('"')
        for known in (etag, f'"x", {etag}', f"W/{etag}", "*"):
            again = caller.get("/widget.js", headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert caller.get("/widget.js", headers={"if-none-match": '"x"'}).content == given.content
        # The policy of the page is what it was.
        page = caller.get("/").headers["content-security-policy"]
        assert given.headers["content-security-policy"] == page
        assert "connect-src 'self' data: blob:;" in page and "frame-ancestors 'self'" in page


def test_the_script_is_small_and_has_no_way_to_put_in_markup_or_keep_anything(guarded: Served) -> None:
    script = httpx.get(f"{guarded.url}widget.js", timeout=PATIENCE).text
    assert len(script.encode()) < 15_000
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "cookie", "localStorage"):
        assert word not in script.replace("no cookie is sent", ""), word
    assert "https://" not in script and "credentials: 'omit'" in script


@pytest.mark.parametrize(
    ("query", "header", "language", "direction", "ask"),
    [
        ("?language=ar", "", "ar", "rtl", "اسأل"),
        ("?language=ar-IQ", "fr", "ar", "rtl", "اسأل"),
        ("?language=fr", "ar", "fr", "ltr", "Demander"),
        ("?language=", "fr-CA,fr;q=0.9", "fr", "ltr", "Demander"),
        ("", "ar", "ar", "rtl", "اسأل"),
        ("?language=xx<script>", "", "en", "ltr", "Ask"),
    ],
)
def test_the_phrases_are_those_of_the_catalogues(
    guarded: Served, query: str, header: str, language: str, direction: str, ask: str
) -> None:
    given = httpx.get(f"{guarded.url}widget/phrases{query}", headers={"accept-language": header}, timeout=PATIENCE)
    said = given.json()
    assert (said["language"], said["direction"], said["ask"]) == (language, direction, ask)
    assert len(said["months"]) == 12 and all(said.values())
    assert (given.headers["vary"], cors(given)) == ("Accept-Language", {"access-control-allow-origin": "*"})
    assert "<script>" not in given.text


def test_where_no_site_is_named_there_is_no_widget(own_page: Served) -> None:
    with client(own_page.url) as caller:
        for headers in (CROSS, {"origin": SITE, "sec-fetch-site": "same-site"}):
            given = caller.post("/ask", json=QUESTION, headers=headers)
            assert cors(given) == {}
        assert caller.post("/ask", json=QUESTION, headers=CROSS).status_code == 403
        assert cors(preflight(caller, "/ask", SITE, "POST")) == {}
        for address in ("widget.js", "widget/phrases"):
            assert caller.get(f"{own_page.url}{address}").status_code == 404


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
