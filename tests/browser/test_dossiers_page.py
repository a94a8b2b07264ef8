"""Dossiers in a real browser: pinned, put in order, annotated and saved, by mouse and keyboard, in three languages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from index import Article, Library
from index.store.access.roles import AccessRole
from qa import Answer, Assistant
from tests.support.answers import answer_with, cite
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.people import let_in
from tests.support.small_encoder import SmallEncoder
from ui.server.signin import SignIn

WORD = "long enough"
FERRY = Article.create(
    "ferry-1",
    "The Samhar ferry 🚢 resumed on Monday. Nobody was hurt.",
    title="Ferry service resumes",
    source="Harbour News",
)
BANK = Article.create("بنك", "قال محافظ البنك إن سعر الفائدة ثابت.", title="سعر الفائدة", source="وكالة الضفاف")


class Quoting(Assistant):
    """Quotes both articles, whatever is asked."""

    def stream(self, question: str, **_: object) -> Iterator[Answer]:  # type: ignore[override]
        citations = (cite(FERRY, "Nobody was hurt.", 1), cite(BANK, "سعر الفائدة ثابت", 2))
        yield replace(answer_with("Nobody was hurt [1]. And [2].", citations), question=question)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    for name in ("layla", "omar", "هند"):
        let_in(folder / "people", name, WORD, AccessRole.READER)
    sign_in = SignIn.open(folder / "people")
    with Library.open(folder / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY, BANK])
        page = Served(Quoting(library), auth=sign_in, roles=sign_in.role, client=False)
        yield page
        page.close()


def entered(chromium: Browser, page: Served, name: str, locale: str = "en", size: dict[str, int] = DESKTOP) -> Visit:
    """Sign in under a name, and ask."""
    visit = Visit(chromium, page.url, size, locale, until="input[type=password]")
    visit.page.locator("input").first.fill(name)
    visit.page.locator("input[type=password]").fill(WORD)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".khabar-welcome")
    visit.ask("What happened?")
    return visit


def quotes(page: Page) -> list[str]:
    return page.locator(".khabar-dossiers-shown blockquote").all_text_contents()


def test_quotes_are_pinned_ordered_annotated_and_saved(chromium: Browser, desk: Served, tmp_path: Path) -> None:
    visit = entered(chromium, desk, "layla")
    page = visit.page
    for number in (1, 2):
        page.locator(f'.khabar-pin[value="0:{number}"]').click()
        # What it was pinned to has the focus, and leads there.
        expect(page.locator(f'.khabar-pinned[value="0:{number}"]')).to_be_focused()
    expect(page.locator(".khabar-pinning [role=status]").first).to_have_text("Pinned to My quotes")
    page.keyboard.press("Enter")
    expect(page.locator(".khabar-heading")).to_have_text("My quotes")
    assert quotes(page) == ["Nobody was hurt.", "سعر الفائدة ثابت"]
    # A note that is being written is kept whatever is pressed; by the keyboard alone, the focus stays with the quote.
    page.get_by_label("Note on quote 2").fill("اسأل المحافظ\n<b>again</b>")
    up = page.locator('.khabar-dossier[data-act="up"]')
    expect(up.first).to_be_disabled()
    up.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".khabar-said")).to_have_text("Quote 1 of 2")
    expect(page.locator('.khabar-dossiers-shown li:first-child [data-act="save"]')).to_be_focused()
    assert quotes(page) == ["سعر الفائدة ثابت", "Nobody was hurt."]
    expect(page.get_by_label("Note on quote 1")).to_have_value("اسأل المحافظ\n<b>again</b>")
    assert Axe().run(page, {"include": [["#khabar-side"]]}).response["violations"] == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Markdown").click()
    assert saved.value.suggested_filename == "My-quotes.md"
    assert "\\<b\\>again" in saved.value.path().read_text(encoding="utf-8")
    page.once("dialog", lambda dialog: dialog.accept("Port & bank"))
    page.get_by_role("button", name="Rename").click()
    expect(page.locator(".khabar-heading")).to_have_text("Port & bank")
    page.locator('[data-act="unpin"]').first.click()
    expect(page.locator(".khabar-said")).to_have_text("The quote is unpinned.")
    expect(page.locator(".khabar-heading")).to_be_focused()
    assert quotes(page) == ["Nobody was hurt."]
    page.get_by_role("button", name="All dossiers").click()
    expect(page.locator(".khabar-dossiers-shown li")).to_have_text("Port & bank1 quote · pinned to now")
    page.once("dialog", lambda dialog: dialog.accept("Second"))
    page.get_by_role("button", name="New dossier").click()
    expect(page.locator(".khabar-dossiers-shown")).to_contain_text("No quote is pinned here yet.")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".khabar-dossiers-shown li")).to_have_count(1)
    visit.close()


def test_selected_words_of_an_article_are_pinned_and_show_what_became_of_it(chromium: Browser, desk: Served) -> None:
    visit = entered(chromium, desk, "omar")
    page, library = visit.page, desk.assistant.library
    page.locator('.khabar-cite[value="0:1"]').first.click()
    pin = page.locator(".khabar-pin-selection")
    pin.click()
    expect(pin).to_have_text("Select words in the article first.", use_inner_text=True)
    page.evaluate("""() => {
      const walk = document.createTreeWalker(document.querySelector('.khabar-body'), NodeFilter.SHOW_TEXT);
      const node = walk.nextNode();
      getSelection().setBaseAndExtent(node, node.data.indexOf('resumed'), node, node.data.indexOf('.'));
    }""")
    pin.click()
    expect(page.locator(".khabar-said")).to_have_text("Pinned to My quotes")
    # Behind an emoji, which JavaScript counts twice.
    assert quotes(page) == ["resumed on Monday"]
    # Somebody else's are not there.
    page.get_by_role("button", name="All dossiers").click()
    expect(page.locator(".khabar-dossiers-shown li")).to_have_count(1)
    library.add([replace(FERRY, text="The Samhar ferry sank.")])
    page.locator('[data-act="open"]').click()
    expect(page.locator(".khabar-became")).to_have_text(
        "The article has changed since. The quote stands in it no more."
    )
    page.locator(".khabar-dossiers-shown .khabar-revision").click()
    expect(page.locator(".khabar-body")).to_contain_text("resumed on Monday")
    library.add([FERRY])
    visit.close()


@pytest.mark.parametrize(("locale", "name", "side"), [("ar", "ملفات الاقتباسات", "rtl"), ("fr", "Dossiers", "ltr")])
def test_it_speaks_the_reader_s_language_on_a_phone(
    chromium: Browser, desk: Served, locale: str, name: str, side: str
) -> None:
    visit = entered(chromium, desk, "هند", locale, PHONE)
    page = visit.page
    expect(page.locator("html")).to_have_attribute("dir", side)
    page.locator(".khabar-pin").first.click()
    expect(page.locator(".khabar-pinned")).to_be_focused()
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#khabar-side.khabar-opened .khabar-heading")).to_be_focused()
    page.locator('[data-act="open"]').first.click()
    expect(page.locator(".khabar-dossiers-shown li")).to_have_count(1)
    expect(page.locator(".khabar-dossiers-shown")).to_have_attribute("dir", side)
    expect(page.locator(".khabar-dossiers-shown blockquote")).to_have_attribute("dir", "ltr")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.keyboard.press("Escape")
    expect(page.locator("#khabar-side.khabar-opened")).to_have_count(0)
    visit.close()
