"""A link to an answer: made in one browser, opened in another, by people who share nothing but the link."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index import Article, Library
from qa import Assistant
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from ui.server.signin import SignIn, set_password

QUESTION = "who disputed the ISIS threat?"
ARABIC_QUESTION = "متى يفتتح جسر الخازر؟"
BRIDGE = "When does the Khazir bridge open?"
FORMER = "The Khazir bridge opens on 14 May, engineers said on Monday."
DONE = ".bot-row .khabar-answer:not(.khabar-unfinished)"
UNKNOWN = "No answer is kept under this link"


@pytest.fixture
def page(own_samples: Library, samples: Assistant) -> Iterator[Served]:
    bridge = Article.create("bridge", FORMER, title="Bridge opens in May", source="Wire")
    arabic = Article.create("جسر", "قال المهندسون إن جسر الخازر يُفتتح في 14 أيار.", title="جسر الخازر")
    own_samples.add([bridge, arabic])
    served = Served(Assistant(own_samples, reader=samples.reader), client=False)
    yield served
    served.close()


def link_to(visit: Visit, name: str = "Copy link") -> str:
    """Have the newest answer's link copied, and return it."""
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = visit.page.locator(".khabar-share").last
    expect(button).to_have_text(name, use_inner_text=True)
    button.click()
    expect(button).to_have_text(button.locator(".khabar-done").text_content() or "", use_inner_text=True)
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert isinstance(copied, str)
    return copied


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_another_browser_shows_the_same_answer_with_the_same_evidence(
    chromium: Browser, page: Served, size: dict[str, int]
) -> None:
    first = Visit(chromium, page.url, size)
    shown = first.ask(QUESTION).inner_html()
    link = link_to(first)
    assert link.startswith(f"{page.url}?answer=")
    first.close()
    second = Visit(chromium, link, size, until=DONE)
    assert second.page.locator(DONE).inner_html() == shown
    expect(second.page.locator(".khabar-asked")).to_have_text(QUESTION)
    expect(second.page.locator(".khabar-shared")).to_contain_text("An answer that was shared on ")
    mark = second.page.locator("#khabar-quote")
    if size is PHONE:
        second.page.locator(DONE).locator(".khabar-cite").first.click()
        expect(second.page.locator("#khabar-side.khabar-opened")).to_be_visible()
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_text(second.page.locator("q").first.text_content() or "")
    # It is for reading: nothing is asked, changed, judged or kept.
    for name in ("#khabar-question", "#khabar-filters", ".khabar-edit", ".khabar-again", ".khabar-judge"):
        expect(second.page.locator(name)).to_have_count(0)
    assert second.page.evaluate("localStorage.length") == 0
    assert second.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    second.page.keyboard.press("Escape")
    with second.page.expect_navigation():
        second.page.get_by_role("button", name="Ask a question of your own").click()
    expect(second.page.locator(".khabar-welcome")).to_be_visible()
    expect(second.page.locator(".khabar-shared")).to_have_count(0)
    assert second.page.url == page.url
    expect(second.ask(BRIDGE)).to_contain_text("14 May")
    second.close()


def test_it_holds_when_the_article_has_changed_or_is_gone(chromium: Browser, page: Served) -> None:
    library = page.assistant.library
    first = Visit(chromium, page.url, DESKTOP)
    shown = first.ask(BRIDGE).inner_html()
    link = link_to(first)
    first.close()
    library.add([Article.create("bridge", FORMER.replace("14 May", "20 June"), title="Bridge opens in June")])
    second = Visit(chromium, link, DESKTOP, until=DONE)
    panel = second.page.locator("#khabar-evidence")
    assert second.page.locator(DONE).inner_html() == shown
    expect(panel).to_contain_text("The article has changed since")
    expect(panel.locator("#khabar-quote")).to_have_text(FORMER)
    panel.get_by_role("button", name="Show the current version").click()
    expect(panel.locator(".khabar-body")).to_contain_text("20 June")
    second.close()
    library.remove(["bridge"])
    third = Visit(chromium, link, DESKTOP, until=DONE)
    panel = third.page.locator("#khabar-evidence")
    assert third.page.locator(DONE).inner_html() == shown
    expect(panel).to_contain_text("withdrawn from the library")
    expect(panel.locator("blockquote")).to_have_text(FORMER)
    third.close()


def test_a_link_that_leads_nowhere_says_so_and_questions_can_be_asked(chromium: Browser, page: Served) -> None:
    visit = Visit(chromium, f"{page.url}?answer=%3Cb%3E0", DESKTOP)
    expect(visit.page.locator(".khabar-shared")).to_contain_text(UNKNOWN)
    expect(visit.page.locator(".khabar-welcome")).to_be_visible()
    visit.ask(BRIDGE)
    # A reload shows what was asked, and no longer the link.
    visit.reload()
    expect(visit.page.locator(".khabar-asked")).to_have_text(BRIDGE)
    expect(visit.page.locator(".khabar-shared")).to_have_count(0)
    visit.close()


def test_in_arabic(chromium: Browser, page: Served) -> None:
    first = Visit(chromium, page.url, PHONE, locale="ar")
    shown = first.ask(ARABIC_QUESTION).inner_html()
    link = link_to(first, "انسخ الرابط")
    first.close()
    second = Visit(chromium, link, PHONE, locale="ar", until=DONE)
    assert second.page.locator(DONE).inner_html() == shown
    expect(second.page.locator(".khabar-shared")).to_contain_text("جواب شورك في ")
    expect(second.page.locator(".khabar-shared")).to_have_attribute("dir", "rtl")
    expect(second.page.get_by_role("button", name="اطرح سؤالًا من عندك")).to_be_visible()
    second.close()
    nowhere = Visit(chromium, f"{page.url}?answer=nowhere", DESKTOP, locale="ar")
    expect(nowhere.page.locator(".khabar-shared")).to_contain_text("لا جواب محفوظ تحت هذا الرابط")
    nowhere.close()


def test_an_answer_that_was_kept_is_shared_after_a_reload_and_one_that_was_made_up_is_not(
    chromium: Browser, page: Served
) -> None:
    visit = Visit(chromium, page.url, DESKTOP)
    visit.ask(BRIDGE)
    link = link_to(visit)
    visit.reload()
    expect(visit.page.locator(DONE)).to_be_visible()
    assert link_to(visit) == link
    visit.page.evaluate("""() => {
      const key = Object.keys(localStorage).find((name) => name.startsWith('khabar.chat.'));
      localStorage.setItem(key, localStorage.getItem(key).replaceAll('14 May', '31 May'));
    }""")
    visit.reload()
    expect(visit.page.locator(DONE)).to_contain_text("31 May")
    visit.page.locator(".khabar-share").click()
    expect(visit.page.get_by_text("This answer cannot be shared")).to_be_visible()
    expect(visit.page.locator(".khabar-share")).to_have_text("Copy link", use_inner_text=True)
    visit.close()


def test_where_nothing_can_be_copied_the_link_is_shown(chromium: Browser, page: Served) -> None:
    visit = Visit(chromium, page.url, DESKTOP)
    visit.page.evaluate("""() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
      document.execCommand = () => false;
    }""")
    visit.ask(BRIDGE)
    with visit.page.expect_event("dialog") as asked:
        visit.page.once("dialog", lambda dialog: dialog.dismiss())
        visit.page.locator(".khabar-share").click()
    assert asked.value.message == "The link to this answer:"
    assert asked.value.default_value.startswith(f"{page.url}?answer=")
    visit.close()


def test_a_link_lets_nobody_in_who_may_not_enter(chromium: Browser, page: Served, tmp_path: Path) -> None:
    first = Visit(chromium, page.url, DESKTOP)
    shown = first.ask(BRIDGE).inner_html()
    query = link_to(first).partition("?")[2]
    first.close()
    set_password(tmp_path / "readers", "layla", "long enough")
    closed = Served(page.assistant, auth=SignIn.open(tmp_path / "readers"), client=False)
    visit = Visit(chromium, f"{closed.url}?{query}", DESKTOP, until="input[type=password]")
    assert "14 May" not in visit.page.content()
    visit.page.locator("input").first.fill("layla")
    visit.page.locator("input[type=password]").fill("long enough")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(DONE)).to_be_visible()
    assert visit.page.locator(DONE).inner_html() == shown
    visit.context.close()
    closed.close()
