"""The page behind a sign-in in a real browser: a reader sees nothing that changes the library, an editor all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index import Article, Library
from index.store.access.roles import AccessRole
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import DESKTOP, Served, Visit
from tests.support.people import let_in
from tests.support.small_encoder import SmallEncoder
from ui.server.signin import SignIn

WORD = "long enough"
# Drops an address on the page, as from another window.
DROP = """() => {
  const dropped = new DataTransfer();
  dropped.setData('text/plain', 'https://news.example/a');
  const event = new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true });
  document.querySelector('#khabar-chat').dispatchEvent(event);
}"""


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Served]:
    for role in (AccessRole.READER, AccessRole.EDITOR):
        let_in(tmp_path / "people", role.value, WORD, role)
    sign_in = SignIn.open(tmp_path / "people")
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([Article.create("ferry-1", "The Samhar ferry resumed on Monday.", title="Ferry service resumes")])
        assistant = Assistant(library, reader=NothingRead())
        page = Served(assistant, auth=sign_in, roles=sign_in.role, client=False)
        yield page
        page.close()


def entered(chromium: Browser, page: Served, name: str) -> Visit:
    """Sign in under a name and open the library."""
    visit = Visit(chromium, page.url, DESKTOP, until="input[type=password]")
    visit.page.locator("input").first.fill(name)
    visit.page.locator("input[type=password]").fill(WORD)
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("button", name="Library").click()
    expect(visit.page.locator(".khabar-count")).to_have_text("Articles: 1")
    visit.page.locator(".khabar-rows button").first.click()
    expect(visit.page.locator("#khabar-evidence .khabar-body")).to_be_visible()
    return visit


def test_a_reader_sees_nothing_that_changes_the_library(chromium: Browser, closed: Served) -> None:
    visit = entered(chromium, closed, "reader")
    expect(visit.page.locator("#khabar-find")).to_be_visible()
    for hidden in ("#khabar-add", "#khabar-files", "#khabar-address", "#khabar-paste", ".khabar-remove"):
        expect(visit.page.locator(hidden)).to_have_count(0)
    visit.page.evaluate(DROP)
    visit.page.get_by_role("button", name="Chat", exact=True).click()
    expect(visit.ask("When did the ferry resume?")).to_be_visible()
    visit.close()


def test_an_editor_sees_what_changes_it(chromium: Browser, closed: Served) -> None:
    visit = entered(chromium, closed, "editor")
    expect(visit.page.locator(".khabar-remove")).to_be_visible()
    visit.page.evaluate(DROP)
    expect(visit.page.locator("#khabar-address :is(input, textarea)")).to_have_value("https://news.example/a")
    expect(visit.page.locator("#khabar-files")).to_be_visible()
    visit.close()
