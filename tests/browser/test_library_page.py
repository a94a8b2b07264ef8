"""The library's tab, used by a person: finding, adding, removing articles; what a script adds shows up."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from index import Article, Library
from qa import Assistant
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.patience import PATIENCE

HOSTILE = Article.create(
    "hostile <b>", "Nothing but <script>window.hit = 1</script> markup.", title="<img src=x onerror='window.hit=2'>",
    source="[Sky](javascript:hit) \u202eeriW", published=date(2025, 3, 1),
)  # fmt: skip


@pytest.fixture
def shelf(own_samples: Library, samples: Assistant) -> Iterator[Served]:
    own_samples.add([HOSTILE])
    page = Served(Assistant(own_samples, reader=samples.reader), client=False)
    yield page
    page.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_articles_are_found_opened_and_removed(chromium: Browser, shelf: Served, size: dict[str, int]) -> None:
    visit = Visit(chromium, shelf.url, size)
    page = visit.page
    page.get_by_role("button", name="Library").click()
    rows, count = page.locator(".khabar-rows li"), page.locator(".khabar-count")
    expect(count).to_have_text("Articles: 14")
    expect(rows).to_have_count(14)
    expect(page.locator(".khabar-chart svg")).to_have_accessible_name("Articles a month, 2025-03 to 2025-11")
    expect(page.locator(".khabar-chart rect")).to_have_count(9)
    page.fill("#khabar-find textarea, #khabar-find input", "RIVERS cup")
    expect(count).to_have_text("Articles: 1")
    page.fill("#khabar-find textarea, #khabar-find input", "how large was the flood?")
    expect(count).to_have_text("No title has these words. The closest articles:")
    page.fill("#khabar-find textarea, #khabar-find input", "onerror")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("[Sky](javascript:hit)")
    rows.locator("button").click()
    panel = page.locator("#khabar-evidence")
    expect(panel.locator(".khabar-body")).to_have_text(HOSTILE.text)
    page.once("dialog", lambda dialog: dialog.accept())
    panel.get_by_role("button", name="Remove from the library").click()
    expect(panel).to_contain_text("The article has been removed from the library.")
    expect(count).to_have_text("No title has these words. The closest articles:")
    assert "hostile <b>" not in [article.id for article in shelf.assistant.library.articles()]
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    visit.close()


def test_files_are_added_each_with_its_result_and_answer_at_once(
    chromium: Browser, shelf: Served, tmp_path: Path
) -> None:
    good, bad = tmp_path / "bridge.txt", tmp_path / "empty.json"
    good.write_text("Khazir bridge opens\n\nThe Khazir bridge opens on 14 May, engineers said.", encoding="utf-8")
    bad.write_text("{", encoding="utf-8")
    visit = Visit(chromium, shelf.url, DESKTOP)
    page = visit.page
    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name="Add articles").click()
    page.set_input_files("#khabar-files input[type=file]", [good, bad])
    outcomes = page.locator(".khabar-outcomes li")
    expect(outcomes).to_have_count(2)
    expect(outcomes.nth(0)).to_have_text("bridge.txt 1 added")
    expect(outcomes.nth(1)).to_contain_text("not added: ")
    expect(page.locator(".khabar-count")).to_have_text("Articles: 15")
    expect(page.locator(".khabar-header")).to_contain_text("15 articles")
    page.get_by_role("button", name="Chat", exact=True).click()
    expect(visit.ask("When does the Khazir bridge open?")).to_contain_text("14 May")
    visit.close()


def test_what_is_too_large_or_of_another_kind_is_refused_in_words(
    chromium: Browser, shelf: Served, tmp_path: Path
) -> None:
    large, program, good = tmp_path / "large.txt", tmp_path / "tool.exe", tmp_path / "bridge.txt"
    large.write_bytes(b"word " * (50 * 2**20 // 5 + 1))
    program.write_bytes(b"MZ")
    good.write_text("The Khazir bridge opens on 14 May.", encoding="utf-8")
    visit = Visit(chromium, shelf.url, DESKTOP)
    page = visit.page
    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name="Add articles").click()
    page.set_input_files("#khabar-files input[type=file]", [large])
    said = page.get_by_text('File(s) exceed the maximum allowed size of 50.0 Mb: "large.txt"').first
    expect(said).to_be_visible()
    page.set_input_files("#khabar-files input[type=file]", [program])
    expect(page.get_by_text("Invalid file type: tool.exe. Only ").first).to_be_visible()
    # Nothing came of either, and the next file is taken.
    page.set_input_files("#khabar-files input[type=file]", [good])
    expect(page.locator(".khabar-outcomes li")).to_have_text(["bridge.txt 1 added"])
    visit.context.close()


def test_a_program_cannot_upload_what_is_too_large(shelf: Served) -> None:
    files = {"files": ("large.txt", b"word " * (50 * 2**20 // 5 + 1))}
    refused = httpx.post(f"{shelf.url}gradio_api/upload", files=files, trust_env=False, timeout=PATIENCE)
    assert (refused.status_code, refused.text) == (413, "File size exceeded maximum allowed size of 52428800 bytes.")


def test_a_pasted_article_and_one_of_a_script_show_up(chromium: Browser, shelf: Served) -> None:
    visit = Visit(chromium, shelf.url, DESKTOP, locale="ar")
    page = visit.page
    page.get_by_role("button", name="المكتبة").click()
    page.get_by_role("button", name="أضف مقالات").click()
    page.get_by_role("button", name="أو ألصق مقالًا").click()
    page.get_by_label("العنوان").fill("افتتاح جسر الخازر")
    page.get_by_label("النص").fill("يُفتتح جسر الخازر في 14 أيار.")
    page.get_by_role("button", name="أضف المقال").click()
    expect(page.locator(".khabar-outcomes li")).to_have_text("افتتاح جسر الخازر أُضيف 1")
    expect(page.get_by_label("النص")).to_have_value("")
    shelf.assistant.library.add([Article.create("script", "Added by a script.", title="From a script")])
    expect(page.locator(".khabar-rows")).to_contain_text("From a script")
    expect(page.locator(".khabar-count")).to_have_text("المقالات: 16")
    visit.close()
