"""Stories in a real browser: from a list and from an article, by mouse and keyboard, in three languages, on a phone."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from index import Article, Library
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.small_encoder import SmallEncoder

FERRY = (
    "At least 17 people were killed when the ferry Star of Sarvan capsized off Port Lemsa. Commander Yassine Brahmel "
    "said divers were working. Minister Salma Deyrab blamed Delmar Ferries."
)
LATER = (
    "The Star of Sarvan killed 31 people off Port Lemsa, Commander Yassine Brahmel said. Minister Salma Deyrab "
    "suspended Delmar Ferries."
)
ARABIC = (
    "قال القائد ياسين براهمل إن عدد قتلى العبارة نجمة سرفان بلغ 34 قتيلاً قبالة ميناء لمسا. "
    "وقالت الوزيرة سلمى ديراب إن شركة دلمار فيريز خالفت القانون قرب سرفان."
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Library.open(tmp_path_factory.mktemp("desk") / "library", encoder=SmallEncoder()) as library:
        library.add(
            [
                Article.create(
                    "one", FERRY, title="Ferry <b>sinks</b>", source="Wire", published=date(2026, 3, 9), language="en"
                ),
                Article.create(
                    "two", LATER, title="Toll rises", source="Times", published=date(2026, 3, 11), language="en"
                ),
                Article.create(
                    "ar", ARABIC, title="غرق العبارة", source="إذاعة لمسا", published=date(2026, 3, 12), language="ar"
                ),
                Article.create("other", "The bank of Tolm kept its rate, Ina Vorst said.", title="Rate kept"),
            ]
        )
        page = Served(Assistant(library, reader=NothingRead()), client=False)
        yield page
        page.close()


def shelves(chromium: Browser, desk: Served, locale: str = "en", size: dict[str, int] = DESKTOP) -> Visit:
    """Open the library's tab, with its newest stories."""
    visit = Visit(chromium, desk.url, size, locale)
    visit.page.locator('.khabar-to[value="library"]').click()
    expect(visit.page.locator(".khabar-story-newest li")).to_have_count(1)
    return visit


def no_violation(page: Page, where: str) -> None:
    assert Axe().run(page, {"include": [[where]]}).response["violations"] == []


def test_a_story_is_told_and_each_quote_leads_to_its_article_and_back(chromium: Browser, desk: Served) -> None:
    visit = shelves(chromium, desk)
    page = visit.page
    expect(page.locator(".khabar-story-newest small")).to_have_text(
        "3 reports · 3 outlets · 9 March 2026 to 12 March 2026"
    )
    # By the keyboard alone: the heading has the focus once the story has been read.
    page.locator(".khabar-story-newest li .khabar-story").focus()
    page.keyboard.press("Enter")
    heading = page.locator("#khabar-evidence .khabar-heading")
    expect(heading).to_have_text("Ferry <b>sinks</b>")
    expect(heading).to_be_focused()
    story = page.locator("#khabar-evidence .khabar-story-shown")
    assert story.locator("h3").all_text_contents() == ["First report", "What changed", "Who said what", "All reports"]
    expect(story.locator("blockquote").first).to_have_text(FERRY[: FERRY.index(" Commander")])
    assert story.locator(".khabar-story-figure").all_text_contents() == [
        "17 (9 March 2026)", "31 (11 March 2026)", "34 (12 March 2026)",
    ]  # fmt: skip
    expect(story.locator("blockquote[lang=ar]").first).to_have_attribute("dir", "rtl")
    visit.settle()
    no_violation(page, "#khabar-side")
    no_violation(page, "#khabar-library")
    story.get_by_role("button", name="[1]").first.click()
    expect(page.locator("#khabar-quote")).to_have_text(FERRY[: FERRY.index(" Commander")])
    page.get_by_role("button", name="Back to the story").click()
    expect(heading).to_be_focused()
    page.get_by_role("button", name="All stories").last.click()
    expect(page.locator("#khabar-evidence .khabar-story-shown li")).to_have_count(1)
    assert visit.errors == []
    visit.close()


def test_an_article_leads_to_its_story_and_one_that_is_alone_to_none(chromium: Browser, desk: Served) -> None:
    visit = shelves(chromium, desk)
    page = visit.page
    page.locator('.khabar-listing .khabar-open[value="two"]').click()
    page.get_by_role("button", name="The story: 3 reports").click()
    expect(page.locator("#khabar-evidence .khabar-heading")).to_have_text("Ferry <b>sinks</b>")
    page.locator('.khabar-listing .khabar-open[value="other"]').click()
    expect(page.locator(".khabar-title")).to_have_text("Rate kept")
    expect(page.get_by_role("button", name="The story")).to_have_count(0)
    visit.close()


@pytest.mark.parametrize(
    ("locale", "side", "heading"),
    [("ar", "rtl", "أول خبر"), ("fr", "ltr", "Premier article"), ("en", "ltr", "First report")],
)
def test_on_a_phone_a_story_fits_in_every_language(
    chromium: Browser, desk: Served, locale: str, side: str, heading: str
) -> None:
    visit = shelves(chromium, desk, locale, PHONE)
    page = visit.page
    page.locator(".khabar-story-newest li .khabar-story").click()
    story = page.locator("#khabar-evidence .khabar-story-shown")
    expect(story).to_have_attribute("dir", side)
    expect(story.locator("h3").first).to_have_text(heading)
    visit.settle()
    no_violation(page, "#khabar-side")
    # Nothing is wider than the screen, and Escape leads back to what opened it.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert story.evaluate("(shown) => shown.scrollWidth <= shown.clientWidth + 1")
    page.keyboard.press("Escape")
    expect(page.locator(".khabar-story-newest li .khabar-story")).to_be_focused()
    visit.close()


def test_a_story_is_a_filter_of_the_list_and_of_the_names(chromium: Browser, desk: Served) -> None:
    visit = shelves(chromium, desk)
    page = visit.page
    expect(page.locator(".khabar-rows button")).to_have_count(4)
    filters = page.locator("#khabar-library")
    filters.get_by_role("button", name="Filters").click()
    filters.get_by_label("Story").click()
    page.get_by_role("option", name="Ferry <b>sinks</b> (3)").click()
    page.keyboard.press("Escape")
    expect(page.locator(".khabar-rows button")).to_have_count(3)
    names = filters.get_by_label("Who or where")
    names.click()
    expect(page.get_by_role("option", name="Ina Vorst")).to_have_count(0)
    expect(page.get_by_role("option", name="Yassine Brahmel").first).to_be_visible()
    visit.close()
