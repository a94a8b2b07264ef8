"""The page as programs see it: its endpoint and its headers, over real HTTP on this machine."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi.testclient import TestClient
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

from index import Article, Encoder, Library
from qa import Answer, Assistant, Reason
from tests.support.page_calls import calling
from tests.support.pages import Served
from ui.page.app import Page, create_app, web_app

ANSWERED = "How many people were killed in the port of Umm al-Nakhil?"


def untimed(answer: Answer) -> Answer:
    return replace(answer, timings=())


def test_the_endpoint_gives_the_same_answer_as_python(served: Served) -> None:
    assert untimed(served.ask(ANSWERED)) == untimed(served.assistant.ask(ANSWERED))


def test_the_endpoint_takes_filters(served: Served) -> None:
    answer = served.ask("من رفض تحذير السفارة؟", language=["ar"], after="2025-10-01", source="وكالة الضفاف")
    assert answer.filters.language == ("ar",)
    assert {citation.article.source for citation in answer.citations} == {"وكالة الضفاف"}
    assert untimed(answer) == untimed(
        served.assistant.ask("من رفض تحذير السفارة؟", language="ar", after="2025-10-01", source="وكالة الضفاف")
    )


def test_the_endpoints_take_names_collections_stories_and_earlier_turns(served: Served) -> None:
    question = "who disputed the ISIS threat?"
    first = served.client.predict(question, language="ar", name="مهند الزيدي", api_name="/ask")
    assert first["filters"]["name"] == ["مهند الزيدي"]
    turn = {"question": question, "answer": first}
    then = served.client.predict("and when?", history=[turn], api_name="/ask")
    assert then["standalone"] and then["filters"] == first["filters"]
    (entry,) = served.client.predict("person", "مهند الزيدي", api_name="/names")["names"]
    assert served.client.predict(entry["name"], api_name="/said")["name"] == entry
    assert served.client.predict("ISIS", story="999999", api_name="/search") == []
    with pytest.raises(AppError, match="There is no collection nowhere"):
        served.client.predict("ISIS", collection="nowhere", api_name="/search")
    with pytest.raises(AppError, match=r"cannot be read: history\.0\.answer"):
        served.client.predict("and when?", history=[{"question": "who?", "answer": 1}], api_name="/ask")


@pytest.mark.parametrize("values", [["who disputed the ISIS threat?"], ["ISIS", None, None, None, None, None, 3]])
def test_a_program_that_sends_fewer_values_goes_on(served: Served, values: list[object]) -> None:
    with calling(served) as caller:
        asked = caller.http.post("gradio_api/call/search", json={"data": values})
        told = caller.http.get(f"gradio_api/call/search/{asked.json()['event_id']}").text
        assert "event: complete" in told and "army-denies-warning.txt" in told
        asked = caller.http.post("gradio_api/call/search", json={"data": []})
        assert "event: error" in caller.http.get(f"gradio_api/call/search/{asked.json()['event_id']}").text


def test_a_wrong_question_is_told_in_words(served: Served) -> None:
    with pytest.raises(AppError, match="The question is empty"):
        served.ask(" ")
    with pytest.raises(AppError, match="'soon' is not a date"):
        served.ask("who?", after="soon")


def test_nothing_but_the_endpoints_is_offered(served: Served) -> None:
    offered = served.client.view_api(return_format="dict", print_info=False)
    assert isinstance(offered, dict)
    assert list(offered["named_endpoints"]) == [
        *("/ask", "/search", "/story", "/articles", "/article", "/stories", "/names", "/mentions", "/said"),
        *("/add", "/remove", "/add_address", "/follow", "/pause", "/unfollow", "/feeds"),
    ]
    assert offered["unnamed_endpoints"] == {}


def test_passages_and_articles_are_found(served: Served) -> None:
    (best, *_) = served.client.predict("who disputed the ISIS threat?", limit=3, api_name="/search")
    article = served.client.predict(best["id"], api_name="/article")
    assert best["id"] == "army-denies-warning.txt"
    assert article["text"][best["start"] : best["end"]] == best["text"]
    assert [known["number"] for known in article["revisions"]] == [1]
    listed = served.client.predict("Rivers", api_name="/articles")
    assert [found["title"] for found in listed] == ["Samhar Stars to appeal as late header decides Rivers Cup"]
    with pytest.raises(AppError, match="There is no article 'nowhere'"):
        served.client.predict("nowhere", api_name="/article")


def test_articles_are_added_and_removed(tmp_path: Path, encoder: Encoder) -> None:
    with Assistant(Library.open(tmp_path / "library", encoder=encoder)) as assistant:
        page = Served(assistant)
        try:
            text = "The Khazir bridge opens on 14 May, engineers said."
            added = page.client.predict("bridge", text, published="2025-05-01", api_name="/add")
            assert added == {"added": 1, "replaced": 0, "unchanged": 0}
            assert assistant.library.article("bridge").published == date(2025, 5, 1)
            with pytest.raises(AppError, match="'soon' is not a date"):
                page.client.predict("bridge", text, published="soon", api_name="/add")
            assert page.client.predict("bridge", api_name="/remove") == {"removed": 1}
            assert assistant.library.articles() == []
        finally:
            page.close()


def test_the_browser_may_load_nothing_from_elsewhere(served: Served) -> None:
    headers = httpx.get(served.url, trust_env=False).headers
    assert headers["content-security-policy"].startswith("default-src 'self' data: blob: ")
    assert "http" not in headers["content-security-policy"]
    assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("no-referrer", "nosniff")


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:7860", 200), ("LOCALHOST", 200), ("news.example", 200), ("evil.example:7860", 421), ("[", 421)],
)
def test_a_name_that_is_not_the_page_s_own_is_refused(samples: Assistant, host: str, status: int) -> None:
    app = web_app(create_app(samples), hosts=["localhost", "127.0.0.1", "News.example"])
    answered = TestClient(app).get("/gradio_api/app_id", headers={"host": host})
    assert answered.status_code == status
    assert "content-security-policy" in answered.headers
    if status == 421 and host != "[":
        assert answered.text.endswith("KHABAR_HOSTS=evil.example\n")


def test_another_site_s_page_can_send_nothing_here(samples: Assistant) -> None:
    client = TestClient(web_app(create_app(samples)))
    files = {"files": ("a.txt", b"x")}
    for site, status in (("cross-site", 403), ("same-origin", 200), ("none", 200)):
        sent = client.post("/gradio_api/upload", files=files, headers={"sec-fetch-site": site})
        assert sent.status_code == status
    # As a browser says it over plain HTTP.
    for origin, status in (("https://evil.example", 403), ("null", 403), ("http://testserver", 200)):
        sent = client.post("/gradio_api/upload", files=files, headers={"origin": origin})
        assert sent.status_code == status
    assert client.get("/gradio_api/app_id", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_number_that_nothing_can_have_is_told_in_words(served: Served) -> None:
    with pytest.raises(AppError, match=r"1e\+30 is no whole number"):
        served.client.predict("a1", 1e30, api_name="/article")


def test_the_page_names_no_other_host_to_load_from(served: Served) -> None:
    page = httpx.get(served.url, trust_env=False).text
    assert "fonts.googleapis.com" not in page
    theme = httpx.get(f"{served.url}theme.css", trust_env=False).text
    assert "@import" not in theme
    assert {address[:5] for address in re.findall(r"url\([\"']?([^)]*)", theme)} <= {"data:"}


def test_articles_come_and_go_while_the_page_is_up(tmp_path: Path, encoder: Encoder) -> None:
    with Assistant(Library.open(tmp_path / "library", encoder=encoder)) as assistant:
        page = Served(assistant)
        try:
            assert page.ask("When does the Khazir bridge open?").reason is Reason.EMPTY_LIBRARY
            article = Article.create("bridge", "The Khazir bridge opens on 14 May, engineers said.")
            assistant.library.add([article])
            found = page.ask("When does the Khazir bridge open?")
            assert [citation.article.id for citation in found.citations] == ["bridge"]
            assistant.library.remove(["bridge"])
            assert page.ask("When does the Khazir bridge open?").reason is Reason.EMPTY_LIBRARY
        finally:
            page.close()


def test_launched_by_hand_the_page_keeps_its_looks_and_is_not_shared(samples: Assistant) -> None:
    page = create_app(samples)
    assert page.local_url is None
    _, url, share_url = page.launch(prevent_thread_lock=True, quiet=True)
    try:
        assert not share_url
        config = httpx.get(f"{url}config", trust_env=False).json()
        assert "#khabar-evidence" in config["css"]
        assert config["footer_links"] == []
        assert page.analytics_enabled is False
    finally:
        page.close()


@pytest.mark.system
def test_importing_the_page_launches_nothing_and_loads_no_model() -> None:
    script = "import sys, ui.page.app; print([n for n in ('torch', 'chromadb', 'openvino') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"


def test_a_step_says_whole_what_it_changes_of_a_component_and_a_text_by_what_is_added() -> None:
    page, asked = Page(), SimpleNamespace(outputs=["chat", "box"])
    emptied, nothing = {"__type__": "update", "value": "", "stop_btn": True}, {"__type__": "update"}

    def said(*step: object, is_last: bool = False) -> list[object]:
        return page.handle_streaming_diffs(asked, list(step), "a session", "a run", is_last)

    assert said("Searching", emptied) == ["Searching", emptied]
    assert said("Searching, reading", nothing) == [[["append", [], ", reading"]], [["replace", [], nothing]]]
    assert said("Searching, reading", nothing) == [[], []]
    assert said(None, None, is_last=True) == ["Searching, reading", nothing]
