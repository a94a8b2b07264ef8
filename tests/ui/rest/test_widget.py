"""What pages of the sites that are named may do: ask, and show a shared answer; and the script for it."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from index.store.access.roles import AccessRole
from index.store.access.tokens import TokenTable
from tests.support.other_sites import CROSS, QUESTION, SECOND, SITE, bearer, cors, preflight, shared
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client, events

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@pytest.fixture
def tokens(embedded_guarded: Served) -> Iterator[TokenTable]:
    yield embedded_guarded.assistant.library.tokens
    embedded_guarded.assistant.library.tokens.clear()


def test_a_page_of_the_site_asks_and_reads_the_answer(embedded: Served) -> None:
    with client(embedded.url) as caller:
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


def test_a_page_of_the_site_shows_what_the_link_s_page_shows(embedded: Served, link: str) -> None:
    with client(embedded.url) as caller:
        given = caller.get(f"/shared/{link}", headers=CROSS)
        assert (given.status_code, cors(given)) == (200, {"access-control-allow-origin": SITE})
        found = given.json()
        assert set(found) == {"id", "at", "question", "answer", "translations"}
        assert (found["id"], found["question"]) == (link, QUESTION["question"])
        assert found["answer"]["searched"] == embedded.assistant.ask(QUESTION["question"]).to_dict()["searched"]
        unknown = caller.get("/shared/ffff", headers={**CROSS, "accept-language": "ar"})
        assert (unknown.status_code, cors(unknown)) == (404, {"access-control-allow-origin": SITE})
        assert unknown.json()["detail"].startswith("لا جواب محفوظ تحت هذا الرابط")
        # And so do programs, which have no origin, and Khabar's own pages.
        assert caller.get(f"/shared/{link}").json() == found
        own = {"origin": embedded.url.rstrip("/"), "sec-fetch-site": "same-origin"}
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
    embedded: Served, address: str, method: str, headers: str, asked: str
) -> None:
    with client(embedded.url) as caller:
        given = preflight(caller, address, SITE, method, asked)
    assert given.status_code == 204
    assert cors(given) == {
        "access-control-allow-origin": SITE,
        "access-control-allow-methods": method,
        "access-control-allow-headers": headers,
        "access-control-max-age": "600",
    }
    assert given.headers["vary"] == "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


def test_who_has_signed_in_is_nobody_on_another_site(embedded_guarded: Served) -> None:
    link = shared(embedded_guarded)
    with client(embedded_guarded.url) as caller:
        caller.post(f"{embedded_guarded.url}login", data={"username": "layla", "password": "a word"}).raise_for_status()
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


def test_a_site_s_token_opens_two_calls_from_its_pages_and_nothing_else(
    embedded_guarded: Served, tokens: TokenTable
) -> None:
    link = shared(embedded_guarded)
    token = tokens.add("site", timedelta(days=1), origin=SITE)
    with client(embedded_guarded.url, headers=bearer(token)) as caller:
        assert caller.post("/ask", json=QUESTION, headers=CROSS).status_code == 200
        assert caller.get(f"/shared/{link}", headers=CROSS).status_code == 200
        for headers in (
            {},
            {"origin": SECOND, "sec-fetch-site": "cross-site"},
            {"origin": embedded_guarded.url.rstrip("/"), "sec-fetch-site": "same-origin"},
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


def test_another_token_is_none_in_a_page_of_a_site(embedded_guarded: Served, tokens: TokenTable) -> None:
    shown = [
        tokens.add("reader", None),
        tokens.add("editor", None, AccessRole.EDITOR),
        tokens.add("second", None, origin=SECOND),
        tokens.add("unnamed", None, origin="https://unnamed.example"),
        tokens.add("expired", timedelta(0), origin=SITE),
        "khabar_",
    ]
    with client(embedded_guarded.url) as caller:
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


def test_visitors_take_turns_by_their_addresses_and_are_counted_for_the_site(
    embedded: Served, embedded_guarded: Served, tokens: TokenTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[tuple[str, str]] = []
    for served in (embedded, embedded_guarded):
        enter = served.blocks.questions.enter

        def noted(asker, work, enter=enter):  # noqa: ANN001, ANN202
            came.append((asker.person, asker.site))
            return enter(asker, work)

        monkeypatch.setattr(served.blocks.questions, "enter", noted)
    token = tokens.add("site", None, origin=SITE)
    for served, address in ((embedded, "127.0.0.2"), (embedded, "127.0.0.3"), (embedded_guarded, "127.0.0.2")):
        headers = {**CROSS, **(bearer(token) if served is embedded_guarded else {})}
        with client(served.url, address) as caller:
            assert caller.post("/ask", json=QUESTION, headers=headers).status_code == 200
    assert came == [("127.0.0.2", SITE), ("127.0.0.3", SITE), ("127.0.0.2", SITE)]


def test_the_script_is_everybody_s_and_kept_until_it_changes(embedded_guarded: Served) -> None:
    with httpx.Client(base_url=embedded_guarded.url, timeout=PATIENCE) as caller:
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


def test_the_script_is_small_and_has_no_way_to_put_in_markup_or_keep_anything(embedded_guarded: Served) -> None:
    script = httpx.get(f"{embedded_guarded.url}widget.js", timeout=PATIENCE).text
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
    embedded_guarded: Served, query: str, header: str, language: str, direction: str, ask: str
) -> None:
    given = httpx.get(
        f"{embedded_guarded.url}widget/phrases{query}", headers={"accept-language": header}, timeout=PATIENCE
    )
    said = given.json()
    assert (said["language"], said["direction"], said["ask"]) == (language, direction, ask)
    assert len(said["months"]) == 12 and all(said.values())
    assert (given.headers["vary"], cors(given)) == ("Accept-Language", {"access-control-allow-origin": "*"})
    assert "<script>" not in given.text
