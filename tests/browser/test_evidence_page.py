"""The evidence beside the chat: whose it is, the ways to it and back, and the files that articles were read from."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from index import Encoder, Library
from index.sources.formats.pdf.pictures import PagePictures
from qa import Assistant
from tests.support.made_files import pdf
from tests.support.pages import DESKTOP, PHONE, Served, Visit

QUESTION = "who disputed the ISIS threat?"
UNANSWERED = "What is the capital of Mongolia?"
ESCAPE_SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Visit]:
    opened = Visit(chromium, served.url, DESKTOP)
    yield opened
    opened.close()


def test_an_abstention_leaves_no_other_answer_s_evidence_open(visit: Visit) -> None:
    visit.ask(QUESTION)
    expect(visit.page.locator("#khabar-quote")).to_be_visible()
    visit.ask(UNANSWERED)
    expect(visit.page.locator("#khabar-quote")).to_have_count(0)
    expect(visit.page.locator("#khabar-evidence .khabar-idle")).to_be_visible()
    visit.reload()
    expect(visit.page.locator(".bot-row")).to_have_count(2)
    expect(visit.page.locator("#khabar-quote")).to_have_count(0)


def test_of_an_abstention_it_is_asked_whether_an_article_does_say(visit: Visit) -> None:
    visit.ask(UNANSWERED)
    verdict = visit.page.locator(".khabar-verdict")
    expect(verdict.get_by_role("button")).to_have_text(["Right: the articles don’t say", "Wrong: an article does say"])
    verdict.get_by_role("button", name="Wrong: an article does say").click()
    expect(verdict.locator(".khabar-noted")).to_have_text("Noted: Wrong: an article does say.")
    expect(verdict.get_by_role("button")).to_have_text(["Right: the articles don’t say"])


@ESCAPE_SIZES
def test_escape_leads_back_from_the_quote_to_its_marker(
    chromium: Browser, served: Served, size: dict[str, int]
) -> None:
    visit = Visit(chromium, served.url, size)
    answer = visit.ask(QUESTION)
    marker = answer.locator("figcaption .khabar-cite").first
    marker.press("Enter")
    expect(visit.page.locator("#khabar-quote")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(answer.locator(f'.khabar-cite[value="{marker.get_attribute("value")}"]').first).to_be_focused()
    visit.close()


def test_a_button_that_copies_says_so_only_when_it_has(visit: Visit) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    for name, done in (("Copy quote", "Copied"), ("Copy link", "Link copied")):
        button = visit.page.get_by_role("button", name=name, exact=True)
        assert button.get_attribute("title") is None
        place = button.element_handle()
        button.click()
        visit.page.wait_for_function("([button, done]) => button.innerText.trim() === done", arg=[place, done])
        expect(visit.page.locator("body > [role=status]")).to_have_text(done)
        expect(button).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "names"),
    [("en", ("Evidence", "You", "Khabar")), ("ar", ("الدليل", "أنت", "خبر")), ("fr", ("Sources", "Vous", "Khabar"))],
)
def test_screen_readers_find_the_evidence_and_who_says_what(
    chromium: Browser, served: Served, locale: str, names: tuple[str, str, str]
) -> None:
    visit = Visit(chromium, served.url, DESKTOP, locale)
    visit.ask(QUESTION)
    evidence, you, khabar = names
    expect(visit.page.get_by_role("region", name=evidence)).to_be_visible()
    chat = visit.page.locator("#khabar-chat [role=log]")
    expect(chat.get_by_role("heading", level=2)).to_have_text([you, khabar])
    visit.close()


def test_the_steps_are_named_before_they_are_unfolded(visit: Visit) -> None:
    visit.ask(QUESTION)
    expect(visit.page.locator(".khabar-steps summary")).to_have_text(re.compile(r"^How it was answered, in [\d.]+ s$"))


@pytest.fixture
def filed(tmp_path: Path, encoder: Encoder) -> Iterator[Served]:
    folder = tmp_path / "news"
    folder.mkdir()
    pages = [["The harbour of Zanzabar was closed on Friday."], ["The zeppelin of Zanzabar landed on a Tuesday."]]
    (folder / "zeppelin.pdf").write_bytes(pdf(pages))
    (folder / "comet.html").write_text(
        "<title>Comet over Balduin</title><p>A comet passed over the town of Balduin on Monday night, said the "
        "observatory, and was seen by hundreds.<script>window.hit = 1</script></p>",
        encoding="utf-8",
    )
    with Assistant(Library.open(tmp_path / "library", encoder=encoder)) as assistant:
        assert assistant.library.sync(folder).ok
        served = Served(assistant, client=False)
        yield served
        served.close()


def test_a_pdf_opens_at_its_page_and_a_web_page_is_only_saved(chromium: Browser, filed: Served) -> None:
    visit = Visit(chromium, filed.url, DESKTOP)
    original = visit.page.get_by_role("link", name="Open the original file")
    visit.ask("When did the zeppelin of Zanzabar land?")
    expect(original).to_have_attribute("href", "original?id=zeppelin.pdf#page=2")
    got = visit.context.request.get(urljoin(filed.url, "original?id=zeppelin.pdf"))
    assert (got.status, got.headers["content-type"]) == (200, "application/pdf")
    assert got.headers["content-disposition"].startswith("inline")
    visit.ask("What passed over the town of Balduin?")
    expect(original).to_have_attribute("href", "original?id=comet.html")
    with visit.page.expect_download() as download, visit.context.expect_page():
        original.click()
    assert download.value.suggested_filename == "comet.html"
    assert visit.page.evaluate("window.hit") is None
    visit.close()


@ESCAPE_SIZES
def test_the_page_of_a_pdf_is_shown_above_its_quote(
    chromium: Browser, filed: Served, tmp_path: Path, size: dict[str, int]
) -> None:
    visit = Visit(chromium, filed.url, size)
    answer = visit.ask("When did the zeppelin of Zanzabar land?")
    answer.get_by_role("button", name="[1]").first.click()
    picture = visit.page.get_by_role("img", name="Page 2 of the original file, as a picture")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    visit.page.wait_for_function(
        "picture => picture.complete && picture.naturalWidth === 1000", arg=picture.element_handle()
    )
    got = visit.context.request.get(urljoin(filed.url, picture.get_attribute("src") or ""))
    drawn = PagePictures()
    assert [got.body() == drawn.of(tmp_path / "news" / "zeppelin.pdf", number) for number in (1, 2)] == [False, True]
    expect(visit.page.locator(".khabar-sheet")).to_have_attribute("href", "original?id=zeppelin.pdf#page=2")
    above = """picture => {
        const sheet = picture.getBoundingClientRect();
        const quote = document.querySelector('#khabar-quote').getBoundingClientRect();
        return [sheet.bottom <= quote.top, document.body.scrollWidth <= innerWidth];
    }"""
    assert picture.evaluate(above) == [True, True]
    visit.close()


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("ar", "صورة الصفحة 2 من الملف الأصلي"), ("fr", "Page 2 du fichier d’origine, en image")],
)
def test_what_the_picture_shows_is_said_in_the_reader_s_language(
    chromium: Browser, filed: Served, locale: str, shown: str
) -> None:
    visit = Visit(chromium, filed.url, DESKTOP, locale)
    visit.ask("When did the zeppelin of Zanzabar land?")
    expect(visit.page.get_by_role("img", name=shown)).to_be_visible()
    visit.close()


def test_a_page_that_cannot_be_drawn_leaves_the_answer_and_its_article_whole(
    chromium: Browser, filed: Served, tmp_path: Path
) -> None:
    visit = Visit(chromium, filed.url, DESKTOP)
    file = tmp_path / "news" / "zeppelin.pdf"
    file.write_bytes(file.read_bytes()[:600])
    visit.ask("When did the zeppelin of Zanzabar land?")
    expect(visit.page.locator(".khabar-sheet")).to_be_hidden()
    expect(visit.page.locator("#khabar-quote")).to_have_text("The zeppelin of Zanzabar landed on a Tuesday.")
    assert [error for error in visit.errors if "404" not in error] == []
    visit.errors.clear()
    visit.close()
