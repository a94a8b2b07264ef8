"""Standing questions in a real browser: kept from an answer, told of as they change, by keyboard, and on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from index import Library
from qa import Assistant
from qa.standing import StandingQuestions
from tests.support.collected import FERRY, PARTOUT
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.reading import WholePassages
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import FOUR, THREE, change, stand

ASKED = "When did the Samhar ferry resume?"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Library.open(tmp_path_factory.mktemp("desk") / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
        page = Served(Assistant(library, reader=WholePassages()), client=False, can_mail=True)
        yield page
        page.close()


def test_a_question_is_kept_and_the_open_page_tells_that_its_answer_has_changed(
    chromium: Browser, desk: Served
) -> None:
    visit = Visit(chromium, desk.url, DESKTOP)
    page, library = visit.page, desk.assistant.library
    visit.ask(ASKED)
    page.get_by_role("button", name="Tell me when this changes").focus()
    page.keyboard.press("Enter")
    kept = page.get_by_role("button", name="You are told when this changes")
    expect(kept).to_be_focused()
    page.keyboard.press("Enter")
    shown = page.locator("#khabar-evidence .khabar-standing-shown")
    expect(shown.get_by_role("heading", name=ASKED)).to_be_focused()
    library.remove([FERRY.id])
    library.add([PARTOUT])
    assert len(StandingQuestions(desk.assistant).check().changes) == 1
    page.locator(".khabar-notice .khabar-standing").click()
    sides = shown.locator(".khabar-standing-sides blockquote")
    expect(sides).to_have_text([FERRY.text, PARTOUT.text])
    expect(page.locator(".khabar-notice .khabar-standing")).to_have_count(0)
    visit.settle()
    found = Axe().run(page, {"include": [["#khabar-side"], [".khabar-under"]]}).response["violations"]
    assert [f"{wrong['id']}: {node['html'][:160]}" for wrong in found for node in wrong["nodes"]] == []
    shown.get_by_role("button", name="[1]").last.click()
    expect(page.locator("#khabar-quote")).to_have_text(PARTOUT.text)
    page.get_by_role("button", name="Back to the question").click()
    page.once("dialog", lambda dialog: dialog.accept())
    shown.get_by_role("button", name="Remove").click()
    expect(shown).to_contain_text("No question is kept yet.")
    visit.close()


def test_where_changes_are_sent_is_set_by_keyboard(chromium: Browser, desk: Served) -> None:
    library = desk.assistant.library
    kept = stand(library, "How many died in Qarfa?", THREE)
    visit = Visit(chromium, desk.url, DESKTOP)
    page = visit.page
    page.locator(".khabar-header nav .khabar-standing").click()
    shown = page.locator("#khabar-evidence .khabar-standing-shown")
    shown.get_by_role("button", name="How many died in Qarfa?").first.click()
    webhook = shown.get_by_label("Each change is sent to this web address, signed")
    mail = shown.get_by_label("Each change is sent to this mail address")
    webhook.fill("desk.example/hook")
    mail.fill("layla@example.org")
    mail.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only http:// and https:// addresses are fetched.").first).to_be_visible()
    # What was typed stays, to be put right.
    expect(mail).to_have_value("layla@example.org")
    webhook.fill("https://desk.example/hook")
    shown.get_by_role("button", name="Save").click()
    expect(shown.locator("code")).to_have_text(kept.secret)
    expect(webhook).to_have_value("https://desk.example/hook")
    found = library.standing_questions.find(kept.id)
    assert (found.webhook, found.mail) == ("https://desk.example/hook", "layla@example.org")
    visit.settle()
    wrong = Axe().run(page, {"include": [["#khabar-evidence"]]}).response["violations"]
    assert [f"{each['id']}: {node['html'][:160]}" for each in wrong for node in each["nodes"]] == []
    visit.close()


def test_on_a_phone_in_arabic_they_fit(chromium: Browser, desk: Served) -> None:
    library = desk.assistant.library
    change(library, stand(library, "How many died in Qarfa?", THREE), FOUR)
    visit = Visit(chromium, desk.url, {**PHONE, "width": 320}, "ar")
    visit.page.locator(".khabar-header nav .khabar-standing").click()
    shown = visit.page.locator("#khabar-evidence .khabar-standing-shown")
    expect(shown).to_have_attribute("dir", "rtl")
    expect(shown.get_by_role("button", name="إيقاف مؤقت")).to_be_visible()
    shown.locator("li .khabar-standing").first.click()
    expect(shown.get_by_role("button", name="حفظ")).to_be_visible()
    visit.settle()
    assert Axe().run(visit.page, {"include": [["#khabar-side"]]}).response["violations"] == []
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert shown.evaluate("(shown) => shown.scrollWidth <= shown.clientWidth + 1")
    visit.close()
