"""The page for readers and editors of single collections, in a real browser: nothing of another one is on it."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from index import Library
from index.store.access.grants import grant_of
from qa import Assistant
from tests.support.collected import filled
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.reading import WholePassages
from tests.support.small_encoder import SmallEncoder
from ui.server.signin import SignIn, set_password

WORD = "long enough"
ROLES = {"layla": "reader@sport", "omar": "reader@sport,editor@wire,editor@sport", "noor": "admin"}
HIDDEN = ("Budget", "cabinet", "Cabinet Wire")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("collections")
    for name, role in ROLES.items():
        set_password(folder / "people", name, WORD, grant_of(role))
    sign_in = SignIn.open(folder / "people")
    with Library.open(folder / "library", encoder=SmallEncoder()) as library:
        assistant = Assistant(filled(library), reader=WholePassages())
        page = Served(assistant, auth=sign_in, roles=sign_in.role, client=False)
        yield page
        page.close()


def entered(chromium: Browser, page: Served, name: str, locale: str = "en", size: dict[str, int] = DESKTOP) -> Visit:
    visit = Visit(chromium, page.url, size, locale, until="input[type=password]")
    visit.page.locator("input").first.fill(name)
    visit.page.locator("input[type=password]").fill(WORD)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".khabar-welcome")
    return visit


@pytest.mark.parametrize(("locale", "size"), [("en", DESKTOP), ("ar", PHONE), ("fr", DESKTOP)])
def test_a_reader_of_one_collection_sees_nothing_of_another(
    chromium: Browser, desk: Served, locale: str, size: dict[str, int]
) -> None:
    visit = entered(chromium, desk, "layla", locale, size)
    said = visit.ask("Who cut the budget of the ferry?").inner_text()
    visit.page.locator('.khabar-to[value="library"]').click()
    rows = visit.page.locator(".khabar-rows button")
    expect(rows).to_have_count(3)
    said += visit.page.locator("body").inner_text()
    assert "Ferry resumes" in said and [word for word in HIDDEN if word in said] == []
    visit.close()


def test_an_editor_of_two_collections_chooses_where_an_article_goes(chromium: Browser, desk: Served) -> None:
    visit = entered(chromium, desk, "omar")
    page, library = visit.page, desk.assistant.library
    page.locator('.khabar-to[value="library"]').click()
    page.get_by_role("button", name="Add articles").click()
    expect(page.locator("#khabar-address-part")).to_have_count(0)
    page.get_by_role("button", name="Or paste an article").click()
    page.locator("#khabar-paste :is(input, textarea)").first.fill("Bridge opens")
    page.locator("#khabar-paste textarea").last.fill("The bridge of Qarfa opens on Tuesday.")
    page.get_by_role("button", name="Add the article").click()
    expect(page.locator("#khabar-outcomes")).to_contain_text("Say in which of your collections the article belongs")
    # Fading in, a text has less contrast than it comes to have.
    visit.settle()
    found = Axe().run(page, {"include": [["#khabar-into"]]}).response["violations"]
    assert [f"{wrong['id']}: {node['html'][:160]}" for wrong in found for node in wrong["nodes"]] == []
    page.locator("#khabar-into input").click()
    expect(page.get_by_role("option")).to_contain_text(["sport", "wire"])
    page.get_by_role("option", name="wire").click()
    page.locator("#khabar-paste textarea").last.click()
    page.get_by_role("button", name="Add the article").click()
    visit.until(lambda: library.collections.articles("wire"))
    # What is open, and what is in a collection of somebody else's too, is not theirs to withdraw.
    for name, offered in (("Ferry resumes", 0), ("Bridge opens", 1)):
        page.locator(".khabar-rows button", has_text=name).first.click()
        expect(page.locator("#khabar-evidence .khabar-body")).to_be_visible()
        expect(page.locator(".khabar-remove")).to_have_count(offered)
    visit.close()


def test_a_reader_asks_in_a_collection_that_may_be_seen_and_is_offered_no_other(
    chromium: Browser, desk: Served
) -> None:
    visit = entered(chromium, desk, "layla")
    page = visit.page
    page.locator("#khabar-filters > button").click()
    field = page.locator("#khabar-filters").get_by_label("Collection")
    field.click()
    expect(page.get_by_role("option")).to_have_text([re.compile(r"^\W*sport \(2\)$")])
    page.get_by_role("option").click()
    expect(page.locator(".khabar-chip")).to_have_text("collection sport ✕")
    page.keyboard.press("Escape")
    # What is open is in no collection.
    assert "Ferry resumes" not in visit.ask("When did the Samhar ferry resume?").inner_text()
    visit.settle()
    found = Axe().run(page, {"include": [["#khabar-filters"]]}).response["violations"]
    assert [f"{wrong['id']}: {node['html'][:160]}" for wrong in found for node in wrong["nodes"]] == []
    visit.close()
