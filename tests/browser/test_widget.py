"""The widget in the page of another site: a shared answer and a question box, as its visitors meet them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect

from index import Encoder, Library
from index.languages.messages import messages_for
from qa import Assistant
from tests.support.embedding_site import EmbeddingSite, SiteVisit
from tests.support.pages import DESKTOP, PHONE, Served

NARROW = {"width": 320, "height": 640}
QUESTION = "who disputed the ISIS threat?"
UNKNOWN = "What is the capital of Mongolia?"
BOTH = '<khabar-quote share="{link}"><a href="/">An answer</a></khabar-quote><khabar-ask></khabar-ask>'
ASKING = {
    "en": (QUESTION, "Open at the sentence"),
    "ar": ("كم بلغ عدد قتلى انفجار ميناء أم النخيل؟", "افتح عند الجملة"),
    "fr": ("Combien de personnes sont mortes dans l'explosion du port d'Oum al-Nakhil ?", "Ouvrir à la phrase"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[EmbeddingSite]:
    opened = EmbeddingSite()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(
    tmp_path_factory: pytest.TempPathFactory, indexed: Path, encoder: Encoder, samples: Assistant, site: EmbeddingSite
) -> Iterator[Served]:
    folder = shutil.copytree(indexed, tmp_path_factory.mktemp("own") / "library")
    with Assistant(Library.open(folder, encoder=encoder), reader=samples.reader) as assistant:
        served = Served(assistant, client=False, origins=(site.origin,))
        site.khabar = served.url
        yield served
        served.close()


def shared(page: Served, question: str = QUESTION, **changes: Any) -> str:
    """Share an answer, with some of its fields as they are given, and return the id of its link."""
    answer = {**page.assistant.ask(question).to_dict(), **changes}
    return page.assistant.library.shared.keep({"question": question, "answer": answer, "translations": []}).id


@pytest.fixture(scope="module")
def link(page: Served) -> str:
    return shared(page)


def no_violation(visit: SiteVisit) -> None:
    found = Axe().run(visit.page).response["violations"]
    assert [f"{wrong['id']}: {node['html'][:160]}" for wrong in found for node in wrong["nodes"]] == []


@pytest.mark.parametrize(
    ("size", "is_dark"),
    [(DESKTOP, False), (PHONE, True), (NARROW, False)],
    ids=["desktop-light", "phone-dark", "narrow-light"],
)
def test_both_elements_show_an_answer_without_a_violation(
    chromium: Browser, page: Served, site: EmbeddingSite, link: str, size: dict[str, int], is_dark: bool
) -> None:
    visit = SiteVisit(chromium, site, BOTH.format(link=link), size, is_dark=is_dark)
    card = visit.page.locator("khabar-quote section")
    expect(card.locator("h2")).to_have_text(QUESTION)
    answer = page.assistant.ask(QUESTION)
    cited = answer.used[0]
    expect(card.locator("blockquote").first).to_have_text(cited.quote)
    expect(card.locator("blockquote").first).to_have_attribute("lang", cited.article.language)
    assert card.locator("blockquote").first.evaluate("quote => getComputedStyle(quote).direction") == "rtl"
    caption = card.locator("figcaption").first
    expect(caption).to_contain_text(cited.article.source or "")
    assert cited.article.published is not None and cited.speaker is not None
    expect(caption.locator("time")).to_have_attribute("datetime", cited.article.published.isoformat())
    expect(caption.locator("strong")).to_have_text(cited.speaker.name)
    # An article without an address of its own is opened where the link leads.
    whole = f"{page.url}?answer={link}"
    expect(caption.get_by_role("link", name="Open at the sentence")).to_have_attribute("href", whole)
    turn = visit.ask(UNKNOWN)
    expect(turn.locator(".not_found")).to_have_text("no answer")
    expect(turn).to_contain_text("No answer was found in the articles.")
    turn.locator("summary").click()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    ground = visit.page.locator("khabar-ask section").evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground == ("rgb(15, 23, 42)" if is_dark else "rgb(255, 255, 255)")
    no_violation(visit)
    # Nothing but this Khabar and the site itself is asked for anything.
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(page.url).netloc, urlsplit(site.origin).netloc}
    visit.close()


@pytest.mark.parametrize("language", ASKING)
def test_a_question_is_answered_in_the_visitor_s_language(
    chromium: Browser, page: Served, site: EmbeddingSite, language: str
) -> None:
    question, opens = ASKING[language]
    visit = SiteVisit(chromium, site, "<khabar-ask></khabar-ask>", PHONE, lang=language)
    section = visit.page.locator("khabar-ask section")
    expect(section).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(section).to_have_attribute("lang", language)
    turn = visit.ask(question)
    answer = page.assistant.ask(question)
    assert answer.used
    expect(turn.locator(".state")).to_have_text(messages_for(language).say(f"state.{answer.state.value}"))
    for citation, shown in zip(answer.used, turn.locator("blockquote").all(), strict=False):
        expect(shown).to_have_text(citation.quote)
        expect(shown).to_have_attribute("lang", citation.article.language)
    opened = [citation for citation in answer.used if citation.article.url]
    if opened:
        address = turn.get_by_role("link", name=opens).first.get_attribute("href") or ""
        begin = quote(" ".join(opened[0].quote.split()[:2]), safe="").replace("-", "%2D")
        assert address.startswith(f"{opened[0].article.url}#:~:text={begin}")
    no_violation(visit)
    visit.close()


def test_a_follow_up_hangs_on_what_was_asked(chromium: Browser, page: Served, site: EmbeddingSite) -> None:
    visit = SiteVisit(chromium, site, '<khabar-ask lang="en"></khabar-ask>', DESKTOP)
    expect(visit.ask(QUESTION).locator("blockquote").first).to_be_visible()
    turn = visit.ask("and when?")
    expect(turn).to_contain_text("Understood as: ")
    expect(turn.locator(".soft").first).to_contain_text("ISIS")
    visit.close()


def test_the_keyboard_alone_asks_stops_and_goes_from_part_to_part(
    chromium: Browser, page: Served, site: EmbeddingSite
) -> None:
    visit = SiteVisit(chromium, site, "<khabar-ask></khabar-ask>", DESKTOP)
    focused = "document.activeElement.shadowRoot?.activeElement?.outerHTML ?? document.activeElement.localName"
    expect(visit.box).to_be_visible()
    visit.page.keyboard.press("Tab")
    assert str(visit.page.evaluate(focused)).startswith("<textarea")
    visit.page.keyboard.type("what happened")
    visit.page.keyboard.press("Shift+Enter")
    visit.page.keyboard.type("in the port?")
    assert visit.box.input_value() == "what happened\nin the port?"
    visit.page.keyboard.press("Tab")
    assert str(visit.page.evaluate(focused)) == "<button>Ask</button>"
    # Nothing comes of this one until it is stopped.
    visit.page.route("**/api/v1/ask", lambda _: None)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("khabar-ask [role=status]")).to_have_text("Waiting for its turn…")
    expect(visit.page.locator("khabar-ask button")).to_have_text("Stop")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("khabar-ask button")).to_have_text("Ask")
    expect(visit.page.locator("khabar-ask [role=log]")).to_be_hidden()
    assert visit.box.input_value() == "what happened\nin the port?"
    assert str(visit.page.evaluate(focused)).startswith("<textarea")
    visit.page.unroute("**/api/v1/ask")
    turn = visit.ask(UNKNOWN)
    summary = turn.locator("summary")
    expect(summary).to_be_visible()
    visit.page.keyboard.press("Shift+Tab")
    assert str(visit.page.evaluate(focused)).startswith("<summary")
    visit.page.keyboard.press("Enter")
    expect(turn.locator("details")).to_have_attribute("open", "")
    visit.page.keyboard.press("Escape")
    expect(turn.locator("details")).not_to_have_attribute("open", "")
    assert str(visit.page.evaluate(focused)).startswith("<summary")
    visit.page.keyboard.press("Shift+Tab")
    assert 'role="log"' in str(visit.page.evaluate(focused))
    visit.page.keyboard.press("Escape")
    assert str(visit.page.evaluate(focused)).startswith("<textarea")
    visit.close()


def test_what_is_only_perhaps_an_answer_is_shown_as_such(chromium: Browser, page: Served, site: EmbeddingSite) -> None:
    body = f'<khabar-quote share="{shared(page, state="perhaps")}" lang="fr"></khabar-quote>'
    visit = SiteVisit(chromium, site, body, PHONE)
    expect(visit.page.locator("khabar-quote .perhaps")).to_have_text("incertain")
    no_violation(visit)
    visit.close()


def test_markup_in_a_question_or_an_answer_is_text(chromium: Browser, page: Served, site: EmbeddingSite) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'>"
    answer = page.assistant.ask(QUESTION).to_dict()
    (cited, *_) = answer["citations"]  # type: ignore[misc]
    for field in ("title", "source", "byline", "category"):
        cited["article"][field] = evil
    cited |= {"quote": evil, "start": 0, "end": len(evil), "role": "used"}
    cited["article"] |= {"url": "javascript:alert(3)", "language": evil}
    cited["speaker"] = {"name": evil, "start": 0, "end": 1, "role": evil, "verb": None, "kind": None}
    kinds = ("text", "speaker", "name", "quote")
    changes = {
        "citations": [cited], "standalone": evil, "notes": [evil], "text": evil, "language": evil, "others": [],
        "short": {"text": evil, "number": cited["number"], "start": 0, "end": 4},
        "segments": [{"kind": kind, "text": evil, "number": cited["number"]} for kind in kinds],
    }  # fmt: skip
    visit = SiteVisit(chromium, site, "<khabar-ask></khabar-ask>", DESKTOP)

    def answered(route: Route) -> None:
        written = json.dumps({**answer, **changes})
        route.fulfill(
            status=200, body=f"event: answer\ndata: {written}\n\n",
            headers={"access-control-allow-origin": site.origin, "content-type": "text/event-stream"},
        )  # fmt: skip

    visit.page.route("**/api/v1/ask", answered)
    turn = visit.ask(evil)
    expect(turn.locator("blockquote")).to_have_text(evil)
    expect(turn.locator("h3")).to_have_text(evil)
    assert turn.locator("img, script, a").count() == 0
    visit.close()


def test_nobody_else_looks_into_the_elements(chromium: Browser, page: Served, site: EmbeddingSite, link: str) -> None:
    visit = SiteVisit(chromium, site, BOTH.format(link=link), DESKTOP, is_closed=True)
    visit.page.wait_for_function("document.querySelector('khabar-ask').clientHeight > 100")
    for name in ("khabar-ask", "khabar-quote"):
        assert visit.page.evaluate(f"document.querySelector('{name}').shadowRoot") is None
    visit.close()


def test_a_link_that_leads_nowhere_says_so_in_the_page_s_language(
    chromium: Browser, page: Served, site: EmbeddingSite
) -> None:
    body = '<khabar-quote share="abc"></khabar-quote><khabar-quote share="<b>"></khabar-quote>'
    visit = SiteVisit(chromium, site, body, PHONE, lang="ar")
    for number in (0, 1):
        expect(visit.page.locator("khabar-quote section").nth(number)).to_contain_text("لا جواب محفوظ تحت هذا الرابط")
    # The one that could be asked for was not found.
    assert all("404" in error for error in visit.errors) and len(visit.errors) == 1
    visit.errors.clear()
    visit.close()


def test_on_a_site_that_is_not_named_what_the_page_has_stays(
    chromium: Browser, page: Served, site: EmbeddingSite, link: str
) -> None:
    other = EmbeddingSite()
    other.khabar = page.url
    visit = SiteVisit(chromium, other, BOTH.format(link=link), DESKTOP)
    turn = visit.ask(QUESTION)
    expect(turn.locator(".error")).to_contain_text("The server cannot be reached.")
    assert visit.box.input_value() == QUESTION
    expect(visit.page.get_by_role("link", name="An answer")).to_be_visible()
    expect(visit.page.locator("khabar-quote section")).to_have_count(0)
    assert visit.errors and all("CORS" in error or "Failed to load" in error for error in visit.errors)
    visit.errors.clear()
    visit.close()
    other.close()
