"""Many questions at once in a real browser: from lines and a file, to a table, a grid and a file to keep."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from index import Article, Library
from qa import Assistant
from tests.support.collected import FERRY
from tests.support.gates import HeldReader
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.reading import WholePassages
from tests.support.small_encoder import SmallEncoder

ASKED = "When did the Samhar ferry resume?"
RATE = Article.create(
    "rate", "The bank of Tolm kept its rate, Ina Vorst said.", title="Rate kept", source="Cabinet Wire"
)
READER = HeldReader(WholePassages())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Library.open(tmp_path_factory.mktemp("desk") / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY, RATE])
        page = Served(Assistant(library, reader=READER), client=False)
        yield page
        READER.gate.free.set()
        page.close()


def no_violation(page: Page) -> None:
    found = Axe().run(page, {"include": [["#khabar-batch"], [".khabar-header"]]}).response["violations"]
    assert [f"{wrong['id']}: {node['html'][:160]}" for wrong in found for node in wrong["nodes"]] == []


def test_many_questions_become_a_table_that_can_be_stopped_and_saved(
    chromium: Browser, desk: Served, tmp_path: Path
) -> None:
    READER.gate.free.clear()
    visit = Visit(chromium, desk.url, DESKTOP)
    page = visit.page
    page.get_by_role("button", name="Many questions").click()
    page.locator(".khabar-batch-file").set_input_files(
        {"name": "asked.csv", "mimeType": "text/csv", "buffer": f"question,desk\n{ASKED},news\n".encode()}
    )
    expect(page.locator(".khabar-batch-given")).to_contain_text("asked.csv: 1 question")
    page.locator("#khabar-batch-lines textarea").fill("Who kept the rate?\nWho won?")
    page.get_by_role("button", name="Ask them all").click()
    expect(page.locator("#khabar-batch-out [role=status]")).to_have_text("Asked: 0 of 3")
    # Whoever asks on the page meanwhile waits for none of the others.
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    READER.gate.free.set()
    page.get_by_role("button", name="Ask them all").click()
    expect(page.locator("#khabar-batch-out [role=status]")).to_have_text("Done: 3 of 3 asked.")
    rows = page.locator(".khabar-batch tbody tr")
    expect(rows.first.locator("th, td")).to_have_text(
        [ASKED, "answered", FERRY.text, "", "Harbour News", "3 November 2025"]
    )
    visit.settle()
    no_violation(page)
    rows.first.locator("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#khabar-quote")).to_have_text(FERRY.text)
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert saved.value.suggested_filename == "answers.csv"
    saved.value.save_as(tmp_path / "answers.csv")
    assert f"{ASKED},news,answered" in (tmp_path / "answers.csv").read_text(encoding="utf-8-sig")
    visit.close()


def test_a_grid_fits_a_phone_in_arabic(chromium: Browser, desk: Served) -> None:
    READER.gate.free.set()
    visit = Visit(chromium, desk.url, {**PHONE, "width": 320}, "ar", is_dark=True)
    page = visit.page
    page.get_by_role("button", name="أسئلة كثيرة").click()
    page.locator("#khabar-batch-lines textarea").fill(ASKED)
    page.get_by_label("ما تقوله كل وسيلة").check()
    page.get_by_role("button", name="اطرحها كلها").click()
    expect(page.locator(".khabar-batch thead th")).to_have_text(["السؤال", "Cabinet Wire", "Harbour News"])
    # How sure a cell is, is told by signs that a reader without a model has none of.
    expect(page.locator(".khabar-batch tbody td.khabar-batch-silent")).to_have_count(2)
    visit.settle()
    no_violation(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.close()
